-- KEYS: heartbeat of the node (string), the node (hash), active nodes (set), the log of events (stream)
-- ARGV: what channels begin with, how many events to keep, the node's name, 1 to leave a node alone that has a heartbeat
-- Returns 1 when it was active and is no longer.
if ARGV[4] == '1' and redis.call('EXISTS', KEYS[1]) == 1 then return 0 end
redis.call('UNLINK', KEYS[1])
if redis.call('EXISTS', KEYS[2]) == 1 then redis.call('HSET', KEYS[2], 'status', 'offline') end
local left = redis.call('SREM', KEYS[3], ARGV[3])
if left == 1 then tell(KEYS[4], ARGV[1], ARGV[2], 'node_status', ARGV[3], 'status', 'offline') end
return left
