-- ARGV: principal, then of each context its ref and when the one that was looked at had been shared
-- Returns how many it had not acknowledged.
local field = 'acknowledged:' .. ARGV[1]
local acknowledged = 0
for i = 2, #ARGV, 2 do
  local context = key('context:' .. ARGV[i])
  if still(ARGV[i], ARGV[i + 1]) and redis.call('HEXISTS', context, field) == 0 then
    redis.call('HSET', context, field, iso(now_ms))
    tell_context(ARGV[i], 'acknowledged', '')
    acknowledged = acknowledged + 1
  end
end
return acknowledged
