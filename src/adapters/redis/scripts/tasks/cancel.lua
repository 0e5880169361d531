-- ARGV: ref of the task, reason, by whom
local function cancel(task, reason)
  local changes = ended('cancelled', reason)
  if task.holder ~= '' then changes.lease_end = 'cancel' end
  take(task, 'cancel', ARGV[3], reason, changes)
end

local task = load(ARGV[1])
if not task then return { 'not_found' } end
if task.state == 'cancelled' then return answer('ok', task) end
if not allows('cancel', task) then return answer('conflict', task) end
cancel(task, ARGV[2])
-- First its own dependents by id, then those of each that was cancelled; calls of calls would be too deep for a long chain.
local cancelled, first = { task }, 1
while cancelled[first] do
  local gone = cancelled[first]
  local refs = redis.call('SMEMBERS', key('task-dependents:' .. gone._ref))
  table.sort(refs, precedes)
  for _, ref in ipairs(refs) do
    local dependent = load(ref)
    if dependent and allows('unblock', dependent) then
      cancel(dependent, DEPENDENCY_BEFORE .. gone._id .. DEPENDENCY_AFTER)
      cancelled[#cancelled + 1] = dependent
    end
  end
  first = first + 1
end
return answer('ok', task)
