-- Tells those who are there, and keeps it for those who are not.
-- KEYS: the log (stream)
-- ARGV: how many events to keep, channel, message, then name and value of each field of the log
-- Returns the id.
local id = redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'timestamp', iso(now_ms), unpack(ARGV, 4))
redis.call('PUBLISH', ARGV[2], ARGV[3])
return id
