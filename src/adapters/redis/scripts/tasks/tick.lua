-- ARGV: how many at most
-- Returns how many were moved, when the next one moves, or nothing, and the time.
local spaces = redis.call('SMEMBERS', key('tasks:namespaces'))
local moved = tick(spaces, tonumber(ARGV[1]))
local next_at
for _, space in ipairs(spaces) do
  local at = tonumber(redis.call('ZRANGE', key('tasks:timers:' .. space), 0, 0, 'WITHSCORES')[2])
  if at and (not next_at or at < next_at) then next_at = at end
end
return { moved, next_at or '', now_ms }
