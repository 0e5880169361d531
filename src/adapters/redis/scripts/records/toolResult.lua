-- Reads a result and counts whether it was there.
-- KEYS: the result (string), the counts (hash)
-- ARGV: the tool
-- Returns the result, or nil.
local found = redis.call('GET', KEYS[1])
redis.call('HINCRBY', KEYS[2], ARGV[1] .. (found and ':hits' or ':misses'), 1)
return found
