-- KEYS: the log of events (stream)
-- ARGV: what channels begin with, how many events to keep, type, message, then name and value of each field of the log
-- Returns the id.
return publish(KEYS[1], ARGV[1], ARGV[2], ARGV[3], ARGV[4], unpack(ARGV, 5))
