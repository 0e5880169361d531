-- Counts how often memories are used, for all machines.
-- KEYS: counts by id (hash), last uses by id (hash), ids by the order in which they were counted (sorted set), where that is (string)
-- ARGV: where the caller is, totals at most, then id, key of the memory (hash), count and time (ms) of each
-- Returns where the totals end, whether there are more, then id, count and last use of each.
for i = 3, #ARGV, 4 do
  local id, memory, count, at = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  if redis.call('HEXISTS', KEYS[1], id) == 0 then
    redis.call('HSET', KEYS[1], id, redis.call('HGET', memory, 'access_count') or 0)
  end
  redis.call('HINCRBY', KEYS[1], id, count)
  if tonumber(at) > tonumber(redis.call('HGET', KEYS[2], id) or '0') then redis.call('HSET', KEYS[2], id, at) end
  redis.call('ZADD', KEYS[3], redis.call('INCR', KEYS[4]), id)
end
local found = redis.call('ZRANGEBYSCORE', KEYS[3], '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, ARGV[2])
local totals = {}
local to = tonumber(ARGV[1])
for i = 1, #found, 2 do
  local id = found[i]
  to = tonumber(found[i + 1])
  totals[#totals + 1] = { id, redis.call('HGET', KEYS[1], id), redis.call('HGET', KEYS[2], id) or '0' }
end
return { to, #found == 2 * ARGV[2] and 1 or 0, totals }
