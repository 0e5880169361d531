-- KEYS: heartbeat of the node (string), the node (hash), active nodes (set)
-- ARGV: the node's name, its load as JSON, life of the heartbeat in ms
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
redis.call('SADD', KEYS[3], ARGV[1])
if redis.call('HGET', KEYS[2], 'status') == 'offline' then redis.call('HSET', KEYS[2], 'status', 'online') end
