-- ARGV: ended at or before (ms), how many at most, '1' where refs are given, then lists, each after its count: states, namespaces
--   (percent-encoded; none: all) or refs
-- Returns how many were removed.
local before, limit = ARGV[1], tonumber(ARGV[2])
list_at = 4
local states, given = list(), list()

local function is_needed(ref)
  for _, dependent in ipairs(redis.call('SMEMBERS', key('task-dependents:' .. ref))) do
    local state = redis.call('HGET', key('task:' .. dependent), 'state')
    if state and MACHINE['unblock<' .. state] then return true end
  end
  return false
end

local function remove(task)
  local ref, space, spec = task._ref, task._space, cjson.decode(task.spec)
  for _, id in ipairs(spec.dependsOn) do redis.call('SREM', key('task-dependents:' .. space .. ':' .. id), ref) end
  if spec.idempotencyKey ~= cjson.null then redis.call('HDEL', key('tasks:keys:' .. space), spec.idempotencyKey) end
  redis.call('ZREM', key('tasks:owner:' .. space .. ':' .. spec.owner), ref)
  redis.call('ZREM', key('tasks:state:' .. space .. ':' .. task.state), ref)
  redis.call('ZREM', key('tasks:ended:' .. space .. ':' .. task.state), ref)
  -- What was completed is counted by those that are there, and these.
  if task.state == 'completed' then redis.call('HINCRBY', key('tasks:totals:' .. space), 'purged', 1) end
  redis.call('UNLINK', key('task:' .. ref), key('task-history:' .. ref))
  -- What still waits for it keeps that: a task of the same id may come.
  if task.state == 'completed' then redis.call('UNLINK', key('task-dependents:' .. ref)) end
end

-- Those that ended first. index: where it is listed, nil where it was named.
local ended = {}
local function add(ref, at, index) ended[#ended + 1] = { ref = ref, at = tonumber(at), index = index } end
if ARGV[3] == '1' then
  local wanted = {}
  for _, state in ipairs(states) do wanted[state] = true end
  for _, ref in ipairs(given) do
    local task = load(ref)
    if task and wanted[task.state] and task.finished_at ~= '' and tonumber(task.finished_at) <= tonumber(before) then
      add(ref, task.finished_at)
    end
  end
else
  if #given == 0 then given = redis.call('SMEMBERS', key('tasks:namespaces')) end
  for _, space in ipairs(given) do
    for _, state in ipairs(states) do
      local index = key('tasks:ended:' .. space .. ':' .. state)
      local offset, kept = 0, 0
      repeat
        local found = redis.call('ZRANGE', index, '-inf', before, 'BYSCORE', 'LIMIT', offset, limit, 'WITHSCORES')
        for i = 1, #found, 2 do
          if kept < limit and not is_needed(found[i]) then
            kept = kept + 1
            add(found[i], found[i + 1], index)
          end
        end
        offset = offset + limit
      until #found < 2 * limit or kept >= limit
    end
  end
end
table.sort(ended, function(a, b)
  if a.at ~= b.at then return a.at < b.at end
  return precedes(string.match(a.ref, ':(.*)'), string.match(b.ref, ':(.*)'))
end)

local removed = 0
for _, one in ipairs(ended) do
  if removed < limit and not is_needed(one.ref) then
    local task = load(one.ref)
    if task then
      remove(task)
      removed = removed + 1
    else
      -- Somebody deleted it by hand.
      redis.call('ZREM', one.index, one.ref)
    end
  end
end
return removed
