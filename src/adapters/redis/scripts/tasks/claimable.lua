-- ARGV: agent, limit, then lists, each after its count: namespaces (percent-encoded), capabilities (percent-encoded)
-- Returns the count of what a claim would give this agent, and the fields of the first of it.
local agent, limit = ARGV[1], tonumber(ARGV[2])
list_at = 3
local spaces = list()
for _, capability in ipairs(list()) do can[capability] = true end

tick(spaces, MOVED_BY_CLAIM)
local total, tasks = 0, {}

local offered = offered_to(spaces, agent)
for _, one in ipairs(offered) do
  local task = load(one.ref)
  if task and allows('claim', task) and able(task.signature) and not over(task.deadline) then
    total = total + 1
    if #tasks < limit then tasks[#tasks + 1] = flat_of(task) end
  end
end

local open = {}
for _, space in ipairs(spaces) do
  for _, signature in ipairs(redis.call('ZRANGE', key('tasks:heads:' .. space), 0, -1)) do
    if able(signature) then
      local queue = queue_of(space, signature)
      total = total + redis.call('ZCARD', queue)
      if #tasks < limit then add_range(open, queue, limit - #tasks - 1) end
    end
  end
end
for _, one in ipairs(in_order(open)) do
  if #tasks == limit then break end
  local task = load(one.ref)
  if task and allows('claim', task) and not over(task.deadline) then tasks[#tasks + 1] = flat_of(task) end
end
return { total, tasks }
