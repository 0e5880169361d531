-- ARGV: 'refs', 'spaces' or 'all', then the refs or spaces
-- Returns the time, then each agent that is there.
local refs = {}
if ARGV[1] == 'all' then
  refs = redis.call('ZRANGE', key('agents:heartbeats'), 0, -1)
elseif ARGV[1] == 'refs' then
  refs = { unpack(ARGV, 2) }
else
  for i = 2, #ARGV do
    for _, id in ipairs(redis.call('SMEMBERS', key('agents:in:' .. ARGV[i]))) do refs[#refs + 1] = ARGV[i] .. ':' .. id end
  end
end
local found = { now_ms }
for _, ref in ipairs(refs) do
  if heard(ref) then found[#found + 1] = shown(ref) end
end
return found
