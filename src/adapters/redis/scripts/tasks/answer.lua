-- ARGV: ref of the task, answer, by whom
local task = load(ARGV[1])
if not task then return { 'not_found' } end
if not allows('answer', task) then return answer('conflict', task) end
take(task, 'answer', ARGV[3], ARGV[2], ready(task, { answer = ARGV[2] }))
return answer('ok', task)
