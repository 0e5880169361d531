-- Adds or replaces what a conversation holds, and lists it.
-- KEYS: the record (string), its index (zset, score = unix time)
-- ARGV: member of the index, life in ms (0: without end), text
local life = tonumber(ARGV[2])
redis.call('SET', KEYS[1], ARGV[3])
if life > 0 then redis.call('PEXPIRE', KEYS[1], life) end
redis.call('ZADD', KEYS[2], score, ARGV[1])
