-- Comes before the scripts of agents.

-- When it was last heard of, as a score; nil: it is not there, or forgotten.
local function heard(ref)
  local at = redis.call('ZSCORE', key('agents:heartbeats'), ref)
  if at and tonumber(at) > (now_ms - FORGOTTEN_MS) / 1000 then return at end
end

local function belongs_to(ref, owner) return redis.call('HGET', key('agent:' .. ref), 'owner') == owner end

-- Notes that it lives. Returns whether it had been told to be offline, or never been told of.
local function beat(ref)
  redis.call('ZADD', key('agents:heartbeats'), seconds(now_ms), ref)
  return redis.call('ZADD', key('agents:watched'), seconds(now_ms), ref) == 1
end

local function tell_agent(namespace, id, change) tell_change('agent', namespace, id, change, id) end

-- What a caller gets of one.
local function shown(ref) return { heard(ref) or seconds(0), redis.call('HGETALL', key('agent:' .. ref)) } end

local function drop(ref)
  local space, id = split(ref)
  redis.call('UNLINK', key('agent:' .. ref))
  redis.call('ZREM', key('agents:heartbeats'), ref)
  redis.call('ZREM', key('agents:watched'), ref)
  redis.call('SREM', key('agents:in:' .. space), id)
end
