-- KEYS: heartbeat of the node (string), the node (hash), active nodes (set), the log of events (stream)
-- ARGV: what channels begin with, how many events to keep, the node's name, its load as JSON, life of the heartbeat in ms
redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
local joins = redis.call('SADD', KEYS[3], ARGV[3]) == 1
local status = redis.call('HGET', KEYS[2], 'status') or 'online'
if status == 'offline' then
  status = 'online'
  redis.call('HSET', KEYS[2], 'status', status)
end
if joins then tell(KEYS[4], ARGV[1], ARGV[2], 'node_status', ARGV[3], 'status', status) end
