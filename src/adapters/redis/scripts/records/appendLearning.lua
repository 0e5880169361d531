-- KEYS: the queue (stream)
-- ARGV: greatest age in ms, the two groups, how many entries to keep, then name and value of each field
-- Returns the id.
return redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[4], '*', 'timestamp', iso(now_ms), unpack(ARGV, 5))
