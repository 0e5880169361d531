-- Memories that changed after a position, as they are now, at one moment.
-- KEYS: the log's position (string), the memories by the position of their last change (sorted set)
-- ARGV: position, at most so many, what comes before and after an id in the key of a memory and of its old versions
-- Returns the log's own position, then for each memory: position, its fields, its old versions.
local head = tonumber(redis.call('GET', KEYS[1]) or '0')
local found = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
local states = {}
for i = 1, #found, 2 do
  local memory = ARGV[3] .. found[i]
  states[#states + 1] = {
    found[i + 1], redis.call('HGETALL', memory), redis.call('HVALS', memory .. ARGV[4])
  }
end
return { head, states }
