-- Returns the time, then each agent whose silence became that of one who is offline; and removes who is forgotten.
local taken = { now_ms }
local function silent_for(index, ms) return redis.call('ZRANGEBYSCORE', key(index), '-inf', seconds(now_ms - ms)) end
for _, ref in ipairs(silent_for('agents:watched', OFFLINE_MS)) do
  redis.call('ZREM', key('agents:watched'), ref)
  local agent = key('agent:' .. ref)
  -- Unless somebody deleted it by hand.
  if redis.call('EXISTS', agent) == 1 then
    taken[#taken + 1] = { redis.call('ZSCORE', key('agents:heartbeats'), ref) or seconds(0), redis.call('HGETALL', agent) }
    tell_agent(redis.call('HGET', agent, 'namespace'), redis.call('HGET', agent, 'id'), 'offline')
  end
end
for _, ref in ipairs(silent_for('agents:heartbeats', FORGOTTEN_MS)) do drop(ref) end
return taken
