-- ARGV: space, namespace, id, fence, agent
-- Returns 1, or 0 where it is not held.
local space, namespace, id, fence, agent = unpack(ARGV)
if not held(space, id, fence, agent) then return 0 end
drop(space, id)
tell_files(namespace, id, 'released', agent)
return 1
