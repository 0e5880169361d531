-- What the log holds after a position, at one moment.
-- KEYS: the log (stream), its position (string)
-- ARGV: position, at most so many entries
-- Returns the log's own position, then the entries.
local position = tonumber(redis.call('GET', KEYS[2]) or '0')
if position <= tonumber(ARGV[1]) then return { position, {} } end
return { position, redis.call('XRANGE', KEYS[1], (ARGV[1] + 1) .. '-0', '+', 'COUNT', ARGV[2]) }
