-- Takes a name out of the index whose record is gone.
-- KEYS: the record (string), its index (zset)
-- ARGV: member of the index
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('ZREM', KEYS[2], ARGV[1]) end
