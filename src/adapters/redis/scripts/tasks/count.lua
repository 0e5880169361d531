-- ARGV: '1' for all namespaces, then lists, each after its count: namespaces (percent-encoded), states
-- Returns how many there are in each state, then each of the totals of the namespaces (hash).
list_at = 2
local spaces, states = list(), list()
if ARGV[1] == '1' then spaces = redis.call('SMEMBERS', key('tasks:namespaces')) end
local counts, totals = {}, {}
for i, state in ipairs(states) do
  counts[i] = 0
  for _, space in ipairs(spaces) do
    counts[i] = counts[i] + (state == HELD and redis.call('HLEN', key('tasks:held:' .. space))
      or redis.call('ZCARD', key('tasks:state:' .. space .. ':' .. state)))
  end
end
for i, space in ipairs(spaces) do totals[i] = redis.call('HGETALL', key('tasks:totals:' .. space)) end
return { counts, totals }
