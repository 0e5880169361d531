-- ARGV: space, namespace, fence of the last claim that was looked at, id, agent, life in ms, the claim as JSON without fence and time
-- Returns the fence and the time; nil where somebody has claimed something since.
local space, namespace, seen, id, agent, ttl_ms, json = unpack(ARGV)
if (redis.call('HGET', key('files:fences'), space) or '0') ~= seen then return nil end
drop_ended(space)
local fence = redis.call('HINCRBY', key('files:fences'), space, 1)
local claim = string.format('{"fence":%d,"claimed_at":"%s",', fence, iso(now_ms)) .. string.sub(json, 2)
redis.call('HSET', key('files:in:' .. space), id, claim)
redis.call('ZADD', key('files:until:' .. space), seconds(now_ms + ttl_ms), id)
tell_files(namespace, id, 'claimed', agent)
return { fence, now_ms }
