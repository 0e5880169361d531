-- ARGV: space, id, fence, agent, life in ms
-- Returns the claim as JSON and its end (score); nil where it is not held.
local space, id, fence, agent, ttl_ms = unpack(ARGV)
local json = held(space, id, fence, agent)
if not json then return nil end
local ends = seconds(now_ms + ttl_ms)
redis.call('ZADD', key('files:until:' .. space), ends, id)
return { json, ends }
