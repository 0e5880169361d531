-- ARGV: 'spaces' or 'all', then the spaces
-- Returns for each the space, the fence of its last claim, and of each live claim the id, the claim as JSON and its end (score).
local spaces = ARGV[1] == 'all' and redis.call('HKEYS', key('files:fences')) or { unpack(ARGV, 2) }
local found = {}
for i, space in ipairs(spaces) do
  local live = redis.call('ZRANGEBYSCORE', key('files:until:' .. space), '(' .. seconds(now_ms), '+inf', 'WITHSCORES')
  local claims = {}
  for j = 1, #live, 2 do
    claims[#claims + 1] = { live[j], redis.call('HGET', key('files:in:' .. space), live[j]), live[j + 1] }
  end
  found[i] = { space, tonumber(redis.call('HGET', key('files:fences'), space) or 0) or 0, claims }
end
return found
