-- ARGV: ref, namespace, id, owner, then name and value of each field
-- Returns 'ok', the time and the agent, or 'forbidden'.
local ref, namespace, id, owner = unpack(ARGV, 1, 4)
local agent, registered_at = key('agent:' .. ref), iso(now_ms)
local known = heard(ref)
if known then
  if not belongs_to(ref, owner) then return { 'forbidden' } end
  registered_at = redis.call('HGET', agent, 'registered_at')
end
redis.call('UNLINK', agent)
redis.call('HSET', agent, 'namespace', namespace, 'id', id, 'owner', owner, 'registered_at', registered_at, unpack(ARGV, 5))
redis.call('SADD', key('agents:in:' .. split(ref)), id)
if beat(ref) or not known then tell_agent(namespace, id, 'online') end
return { 'ok', now_ms, shown(ref) }
