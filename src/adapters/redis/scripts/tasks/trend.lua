-- ARGV: '1' for all namespaces, how many hours, then lists, each after its count: namespaces (percent-encoded), ended states
-- Returns for each state how many ended in each of the last hours, the one that ends now last.
list_at = 3
local hours = tonumber(ARGV[2])
local spaces, states = list(), list()
if ARGV[1] == '1' then spaces = redis.call('SMEMBERS', key('tasks:namespaces')) end
local ended = {}
for i, state in ipairs(states) do
  ended[i] = {}
  for hour = 1, hours do
    -- Of a clock that went back what is yet to come counts as now.
    local after, until_ms = '(' .. ms_ago((hours - hour + 1) * 3600000), hour == hours and '+inf' or ms_ago((hours - hour) * 3600000)
    local count = 0
    for _, space in ipairs(spaces) do
      count = count + redis.call('ZCOUNT', key('tasks:ended:' .. space .. ':' .. state), after, until_ms)
    end
    ended[i][hour] = count
  end
end
return ended
