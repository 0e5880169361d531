-- ARGV: ref of the task, by whom, its owner, its title, its key or '', agent that it is offered to or '', ms of the offer or '', count of its
--   dependencies, their ids, then name and value of each field that it is submitted with
local ref, by, owner, title, once, offered_to, offer_ms = unpack(ARGV, 1, 7)
list_at = 8
local dependencies = list()
local task = named(ref)
for i = list_at, #ARGV, 2 do task[ARGV[i]] = ARGV[i + 1] end

local keys = key('tasks:keys:' .. task._space)
local same = once ~= '' and redis.call('HGET', keys, once)
if same then return answer('known', load(task._space .. ':' .. same)) end
local known = load(ref)
if known then
  local spec = cjson.decode(known.spec)
  local again = spec.owner == owner and spec.title == title and known.payload == task.payload
  return answer(again and 'known' or 'taken', known)
end

-- What could refuse it is looked at before anything is written.
local open, needed = 0, {}
for _, id in ipairs(dependencies) do
  local other = task._space .. ':' .. id
  local state = redis.call('HGET', key('task:' .. other), 'state')
  if not state then return { 'not_found', id } end
  if state == 'cancelled' then return answer('cancelled', load(other)) end
  if not needed[id] and state ~= 'completed' then open = open + 1 end
  needed[id] = true
end
for id in pairs(needed) do redis.call('SADD', key('task-dependents:' .. task._space .. ':' .. id), ref) end

task.state, task.version, task.created_at, task.updated_at = 'blocked', 1, now_ms, now_ms
task.next_agent, task.next_offer_ms = offered_to, offer_ms
if open > 0 then task.open_dependencies = open end
if open == 0 then
  for field, value in pairs(ready(task, {})) do task[field] = value end
end
for field, value in pairs(task) do
  if value == '' then task[field] = nil end
end
redis.call('HSET', key('task:' .. ref), unpack(flat_of(task)))
if once ~= '' then redis.call('HSET', keys, once, task._id) end
redis.call('SADD', key('tasks:namespaces'), task._space)
redis.call('ZADD', key('tasks:owner:' .. task._space .. ':' .. owner), now_ms, ref)
enter(task)
set_timer(task)
list_state(task)
tell(task, SUBMIT, nil, by, nil, '')
return answer('created', task)
