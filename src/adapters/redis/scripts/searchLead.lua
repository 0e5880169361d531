-- Takes the right to write a search index, or renews it; for 0 ms: gives it back.
-- KEYS: what is known of the index (hash)
-- ARGV: token of who asks, ms that it lasts
-- Returns the position the index stands at, and 1 when all may search there, or nothing while another has the right, or to whom gives back what it has not.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local known = redis.call('HMGET', KEYS[1], 'token', 'until', 'position', 'open')
if known[1] and known[1] ~= ARGV[1] and tonumber(known[2]) > now then return nil end
if ARGV[2] == '0' and known[1] ~= ARGV[1] then return nil end
redis.call('HSET', KEYS[1], 'token', ARGV[1], 'until', now + ARGV[2], 'used', now)
return { tonumber(known[3] or '0'), tonumber(known[4] or '0') }
