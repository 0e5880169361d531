-- ARGV: ref of the task, agent that it is offered to or '', ms of the offer or '', by whom
local task = load(ARGV[1])
if not task then return { 'not_found' } end
if not allows('assign', task) then return answer('conflict', task) end
-- Who waits already keeps its place.
local score = task.state == 'ready' and
  (call('ZSCORE', queue_of(task._space, task.signature), task._ref)
    or call('ZSCORE', key('tasks:offered:' .. task._space .. ':' .. task.offered_to), task._ref))
local agent = ARGV[2] ~= '' and ARGV[2] or nil
local changes = ready(task, { due_at = '', next_agent = ARGV[2], next_offer_ms = ARGV[3] })
if score then task._score = score end
take(task, 'assign', ARGV[4], agent, changes)
return answer('ok', task)
