-- ARGV: space, namespace, agent
-- Returns how many it held.
local space, namespace, agent = unpack(ARGV)
drop_ended(space)
local released = 0
local claims = redis.call('HGETALL', key('files:in:' .. space))
for i = 1, #claims, 2 do
  if is_of(claims[i + 1], agent) then
    drop(space, claims[i])
    tell_files(namespace, claims[i], 'released', agent)
    released = released + 1
  end
end
return released
