-- Comes before every script of tasks, after the clock, `publish` and the rules (MACHINE, AGEING, TOTALS, …: adapters/redis/work/taskRules.ts).
-- KEYS[1] is what comes before the name of every key; all of them are in one slot. A task is called by its `ref`, `<namespace>:<id>`, the
-- namespace percent-encoded.
local call, prefix = redis.call, KEYS[1]
local function key(name) return prefix .. name end

-- Known while the script runs, and in no hash.
local OWN = { _ref = true, _space = true, _id = true, _score = true, _taken = true }

-- A field that a task has not is empty, a count 0.
local COUNTS = { fence = '0', failures = '0', losses = '0', open_dependencies = '0' }
local EMPTY = { __index = function(_, field) return COUNTS[field] or '' end }

local function named(ref)
  local space, id = string.match(ref, '^([^:]*):(.*)')
  return setmetatable({ _ref = ref, _space = space, _id = id }, EMPTY)
end

-- All of it: one look at the whole hash costs less than one at most of its fields. nil: it is not there.
local function load(ref)
  local flat = call('HGETALL', key('task:' .. ref))
  if not flat[1] then return nil end
  local task = named(ref)
  for i = 1, #flat, 2 do task[flat[i]] = flat[i + 1] end
  return task
end

-- Names and values in turn.
local function flat_of(task)
  local flat, n = {}, 0
  for field, value in pairs(task) do
    if not OWN[field] then
      flat[n + 1], flat[n + 2] = field, value
      n = n + 2
    end
  end
  return flat
end

-- What a caller gets: the task as it is now, or as it refuses, with the time.
local function answer(code, task) return { code, flat_of(task), now_ms } end

local function allows(event, task) return MACHINE[event .. '<' .. task.state] end

-- Whether one text comes first by its bytes, which the server's locale may order in another way.
local function precedes(a, b)
  for i = 1, math.min(#a, #b) do
    local x, y = string.byte(a, i), string.byte(b, i)
    if x ~= y then return x < y end
  end
  return #a < #b
end

local function over(time) return time ~= '' and tonumber(time) <= now_ms end

-- Texts may be known and empty.
local TEXTS = { note = true, question = true, answer = true, reason = true }

-- Sets fields by name; only what changes is written.
local function set(task, changes)
  local flat, n = { 'HSET', key('task:' .. task._ref) }, 2
  for field, value in pairs(changes) do
    if task[field] ~= value or TEXTS[field] then
      flat[n + 1], flat[n + 2] = field, value
      n = n + 2
      task[field] = value
    end
  end
  if n > 2 then call(unpack(flat)) end
end

-- The tasks that wait for anybody with these capabilities.
local function queue_of(space, signature) return key('tasks:ready:' .. space .. ':' .. signature) end

-- For each set of capabilities the score of the first task, by which a claim finds it.
local function note_head(space, signature)
  local first = call('ZRANGE', queue_of(space, signature), 0, 0, 'WITHSCORES')
  if first[1] then
    call('ZADD', key('tasks:heads:' .. space), first[2], signature)
  else
    call('ZREM', key('tasks:heads:' .. space), signature)
  end
end

local function wait(task)
  call('ZADD', queue_of(task._space, task.signature), task._score, task._ref)
  call('ZADD', key('tasks:heads:' .. task._space), 'LT', task._score, task.signature)
end

local function wait_no_more(task)
  call('ZREM', queue_of(task._space, task.signature), task._ref)
  note_head(task._space, task.signature)
end

-- Every task is in one of four places, or in none: held by an agent, offered to one, promised to one, waiting for anybody.
local function enter(task)
  if task.holder ~= '' then
    call('HSET', key('tasks:held:' .. task._space), task._ref, task.holder)
  elseif task.offered_to ~= '' then
    call('HSET', key('tasks:offers:' .. task._space), task._ref, task.offered_to)
    call('ZADD', key('tasks:offered:' .. task._space .. ':' .. task.offered_to), task._score, task._ref)
  elseif task.next_agent ~= '' then
    call('HSET', key('tasks:promised:' .. task._space), task._ref, task.next_agent)
  elseif allows('claim', task) then
    wait(task)
  end
end

local function leave(task)
  if task.holder ~= '' then
    call('HDEL', key('tasks:held:' .. task._space), task._ref)
  elseif task.offered_to ~= '' then
    local offered = key('tasks:offered:' .. task._space .. ':' .. task.offered_to)
    task._score = call('ZSCORE', offered, task._ref)
    call('ZREM', offered, task._ref)
    call('HDEL', key('tasks:offers:' .. task._space), task._ref)
  elseif task.next_agent ~= '' then
    call('HDEL', key('tasks:promised:' .. task._space), task._ref)
  elseif allows('claim', task) and task._taken ~= true then
    wait_no_more(task)
  end
end

-- When time moves it next; nil: never.
local function moves_at(task)
  local at = tonumber(task.lease_until) or tonumber(task.due_at) or tonumber(task.offer_until)
  local deadline = allows('overdue', task) and tonumber(task.deadline)
  if deadline and (not at or deadline < at) then return deadline end
  return at
end

local function set_timer(task, before)
  local at = moves_at(task)
  local timers = key('tasks:timers:' .. task._space)
  if at and at ~= before then call('ZADD', timers, at, task._ref) end
  if before and not at then call('ZREM', timers, task._ref) end
end

-- Those that are held are listed by that.
local function list_state(task, from)
  local state = key('tasks:state:' .. task._space .. ':')
  if from and from ~= HELD then call('ZREM', state .. from, task._ref) end
  if task.state ~= HELD then call('ZADD', state .. task.state, task.created_at, task._ref) end
  local total = TOTALS[task.state]
  if total then call('HINCRBY', key('tasks:totals:' .. task._space), total, 1) end
end

local function list_ended(task, from, before)
  local ended = key('tasks:ended:' .. task._space .. ':')
  if before ~= '' then call('ZREM', ended .. from, task._ref) end
  if task.finished_at ~= '' then call('ZADD', ended .. task.state, task.finished_at, task._ref) end
end

-- from: nil where it is submitted, note: nil for none, held_by: who held it before, or ''.
local function tell(task, event, from, by, note, held_by)
  local line = cjson.encode({ now_ms, event, from or cjson.null, task.state, by, tonumber(task.fence), note or cjson.null })
  local history = key('task-history:' .. task._ref)
  if call('RPUSH', history, line) > HISTORY_KEPT then call('LTRIM', history, -HISTORY_KEPT, -1) end
  local agent = task.holder ~= '' and task.holder or held_by ~= '' and held_by or task.offered_to
  local namespace = task._space
  if string.find(namespace, '%', 1, true) then
    namespace = string.gsub(namespace, '%%(%x%x)', function(hex) return string.char(tonumber(hex, 16)) end)
  end
  tell_work(key('events:log'), key('events:'), EVENTS_KEPT, 'task', namespace, task._id, task.state, agent, '')
end

-- Takes a step of the machine. changes: fields by name. The caller has looked whether it is allowed; a step that the machine has not is a bug.
local function take(task, event, by, note, changes)
  local from, finished, held_by, before = task.state, task.finished_at, task.holder, moves_at(task)
  local to = changes.state or from
  if not (allows(event, task) and MACHINE[event .. '>' .. to]) then
    error({ err = event .. ' leads from ' .. from .. ' to ' .. to .. ', which the state machine has not' })
  end
  local moves = to ~= from or changes.offered_to
  if moves then leave(task) end
  changes.version = task.version + 1
  changes.updated_at = now_ms
  set(task, changes)
  if moves then enter(task) end
  set_timer(task, before)
  if to ~= from then list_state(task, from) end
  if changes.finished_at then list_ended(task, from, finished) end
  if event == 'lose' then call('HINCRBY', key('tasks:totals:' .. task._space), 'lost', 1) end
  tell(task, event, from, by, note, held_by)
end

-- The fields of a task that is ready from now on.
local function ready(task, changes)
  task._score = now_ms + AGEING[task.priority]
  changes.state = 'ready'
  changes.offered_to = changes.next_agent or task.next_agent
  local ms = changes.next_offer_ms or task.next_offer_ms
  changes.offer_until = ms == '' and '' or now_ms + ms
  changes.next_agent = ''
  changes.next_offer_ms = ''
  return changes
end

-- Fields of what has ended, as far as they are known.
local function ended(state, reason)
  return {
    state = state, reason = reason, finished_at = now_ms, holder = '', lease_until = '', offered_to = '', offer_until = '',
    next_agent = '', next_offer_ms = '', due_at = '',
  }
end
