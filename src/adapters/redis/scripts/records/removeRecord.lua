-- KEYS: the record, then its indexes (zsets)
-- ARGV: member of the indexes
redis.call('UNLINK', KEYS[1])
for i = 2, #KEYS do redis.call('ZREM', KEYS[i], ARGV[1]) end
