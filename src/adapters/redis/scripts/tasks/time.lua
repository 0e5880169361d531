-- What time does to tasks. Comes after `task`.
local function lose(task)
  local losses = task.losses + 1
  local changes = { holder = '', lease_until = '', lease_end = 'lose', losses = losses }
  if task.max_losses == '' or losses < tonumber(task.max_losses) then
    ready(task, changes)
  else
    changes.state = 'dead'
    changes.reason = LOST_TOO_OFTEN
    changes.finished_at = now_ms
  end
  take(task, 'lose', STORE, nil, changes)
end

local function open(task) take(task, 'open', STORE, nil, { offered_to = '', offer_until = '' }) end

-- One step; returns whether there was one. The end of a lease comes first, then the deadline, then the end of a pause or an offer.
local function move(task)
  if allows('lose', task) then
    if not over(task.lease_until) then return false end
    lose(task)
  elseif allows('overdue', task) and over(task.deadline) then
    take(task, 'overdue', STORE, nil, ended('dead', DEADLINE_OVER))
  elseif allows('due', task) and over(task.due_at) then
    take(task, 'due', STORE, nil, ready(task, { due_at = '' }))
  elseif allows('open', task) and over(task.offer_until) then
    open(task)
  else
    return false
  end
  return true
end

-- Moves at most so many tasks of these namespaces, those first whose time came first. Returns how many.
local function tick(spaces, limit)
  local due = {}
  for _, space in ipairs(spaces) do
    local found = redis.call('ZRANGE', key('tasks:timers:' .. space), '-inf', now_ms, 'BYSCORE', 'LIMIT', 0, limit, 'WITHSCORES')
    for i = 1, #found, 2 do due[#due + 1] = { ref = found[i], space = space, at = tonumber(found[i + 1]) } end
  end
  table.sort(due, function(a, b) return a.at < b.at end)
  local moved = math.min(#due, limit)
  for i = 1, moved do
    local task = load(due[i].ref)
    if task then
      while move(task) do end
    else
      -- Somebody deleted it by hand.
      redis.call('ZREM', key('tasks:timers:' .. due[i].space), due[i].ref)
    end
  end
  return moved
end
