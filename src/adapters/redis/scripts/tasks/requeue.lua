-- ARGV: ref of the task, by whom
local task = load(ARGV[1])
if not task then return { 'not_found' } end
if not allows('requeue', task) then return answer('conflict', task) end
-- Those that are still to be completed, and can be; one that was completed may be purged.
local open, never, seen = 0, nil, {}
for _, id in ipairs(cjson.decode(task.spec).dependsOn) do
  local state = not seen[id] and redis.call('HGET', key('task:' .. task._space .. ':' .. id), 'state')
  if state and state ~= 'completed' and state ~= 'cancelled' then open = open + 1 end
  if not seen[id] and (state == 'cancelled' or not state and not never) then never = id end
  seen[id] = true
end
if open < tonumber(task.open_dependencies) then return { 'never', never } end
local changes = { failures = 0, losses = 0, deadline = '', finished_at = '' }
if tonumber(task.open_dependencies) > 0 then changes.state = 'blocked' else ready(task, changes) end
take(task, 'requeue', ARGV[2], nil, changes)
return answer('ok', task)
