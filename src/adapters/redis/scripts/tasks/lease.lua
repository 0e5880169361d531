-- What the holder of a lease may do. Comes after `task`.
-- ARGV: ref of the task, fence, id of the lease, then the script's own
local task = load(ARGV[1])
if not task then return { 'not_found' } end
local last = task.fence == ARGV[2] and task.lease_id == ARGV[3]
local live = last and allows('renew', task) and not over(task.lease_until)
