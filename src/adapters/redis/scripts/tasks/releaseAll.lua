-- ARGV: namespace (percent-encoded), agent, '1' where it died, agent that what it held is offered to or '', ms of the offer or ''
-- Returns how many it held.
-- Its tasks among those of a hash; not what somebody deleted by hand.
local function tasks_in(place)
  local tasks = {}
  local agents = redis.call('HGETALL', key('tasks:' .. place .. ':' .. ARGV[1]))
  for i = 1, #agents, 2 do
    if agents[i + 1] == ARGV[2] then tasks[#tasks + 1] = load(agents[i]) end
  end
  return tasks
end

local held = tasks_in('held')
for _, task in ipairs(held) do
  if ARGV[3] == '1' or over(task.lease_until) then
    lose(task)
  else
    -- Whoever takes the work over released it, not its holder.
    local by = ARGV[4] == '' and task.holder or ARGV[4]
    take(task, 'release', by, nil, ready(task, {
      holder = '', lease_until = '', lease_end = 'release', next_agent = ARGV[4], next_offer_ms = ARGV[5],
    }))
  end
end
for _, task in ipairs(tasks_in('offers')) do open(task) end
for _, task in ipairs(tasks_in('promised')) do
  set(task, { next_agent = '', next_offer_ms = '' })
  redis.call('HDEL', key('tasks:promised:' .. ARGV[1]), task._ref)
end
return #held
