-- How a search index stands to the central log.
-- KEYS: what is known of the index (hash), memories by the position of their last change (sorted set)
-- ARGV: ms after which its use is noted again
-- Returns 1 when all may search there, and how many memories have changed since it was written.
local known = redis.call('HMGET', KEYS[1], 'position', 'open', 'used')
if not known[3] then return { 0, redis.call('ZCARD', KEYS[2]) } end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if now - known[3] > tonumber(ARGV[1]) then redis.call('HSET', KEYS[1], 'used', now) end
return { tonumber(known[2] or '0'), redis.call('ZCOUNT', KEYS[2], '(' .. (known[1] or '0'), '+inf') }
