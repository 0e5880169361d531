-- Adds or replaces the fields of a record, stamps it, and lists it.
-- KEYS: the record (hash), then its indexes (zsets, score = unix time)
-- ARGV: member of the indexes, life in ms (0: without end), name of the time's field, then name and value of each field
local life = tonumber(ARGV[2])
redis.call('HSET', KEYS[1], ARGV[3], iso(now_ms), unpack(ARGV, 4))
if life > 0 then redis.call('PEXPIRE', KEYS[1], life) end
for i = 2, #KEYS do
  redis.call('ZADD', KEYS[i], score, ARGV[1])
  if life > 0 then redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', '(' .. (now_ms - life) / 1000) end
end
