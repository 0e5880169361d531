-- ARGV: agent, ms of the leases or '' for the tasks' own, '1' where ids are named, then lists, each after its count: ids of the leases,
--   namespaces (percent-encoded), capabilities (percent-encoded), refs of the tasks that are named
-- Returns for each claimed task the id of its lease and its fields.
local agent, lease_ms = ARGV[1], tonumber(ARGV[2])
list_at = 4
local leases, spaces = list(), list()
for _, capability in ipairs(list()) do can[capability] = true end

tick(spaces, MOVED_BY_CLAIM)
local claimed = {}

local function claim(task)
  local lease = leases[#claimed + 1]
  take(task, 'claim', agent, nil, {
    state = 'leased', fence = task.fence + 1, holder = agent, lease_until = now_ms + (lease_ms or task.lease_ms),
    lease_id = lease, lease_end = '', offered_to = '', offer_until = '', progress = '',
  })
  claimed[#claimed + 1] = { lease, flat_of(task) }
end

-- If it can be claimed by this agent, and there is a lease left.
local function try(ref)
  local task = #claimed < #leases and load(ref)
  if not task or not allows('claim', task) or not able(task.signature) or over(task.deadline) then return end
  if task.offered_to == '' or task.offered_to == agent or over(task.offer_until) then claim(task) end
end

if ARGV[3] == '1' then
  for _, ref in ipairs(list()) do try(ref) end
  return claimed
end

for _, one in ipairs(offered_to(spaces, agent)) do try(one.ref) end
if #claimed == #leases then return claimed end

-- The first task of each set of capabilities that the agent has, the smallest scores first: no more of them than tasks are wanted, and what
-- ties with the last.
local heads = {}
local function look(space)
  local wanted, first = #heads + #leases - #claimed, 0
  repeat
    local some = redis.call('ZRANGE', key('tasks:heads:' .. space), first, first + 63, 'WITHSCORES')
    for i = 1, #some, 2 do
      local score = tonumber(some[i + 1])
      if heads[wanted] and score > heads[wanted].score then return end
      if able(some[i]) then heads[#heads + 1] = { score = score, space = space, signature = some[i], taken = {} } end
    end
    first = first + 64
  until #some < 128
end
for _, space in ipairs(spaces) do look(space) end

-- The next ref of a head, and its score in `score`. Those that were taken stay in the queue until the end.
local function ref_of(head)
  if not head.queue or not head.queue[head.at] then
    local from = #head.taken
    local last = from + #leases - #claimed - 1
    head.queue = redis.call('ZRANGE', queue_of(head.space, head.signature), from, last, 'WITHSCORES')
    head.at = 1
  end
  head.score = tonumber(head.queue[head.at + 1]) or head.score
  return head.queue[head.at]
end

local function comes_before(a, b)
  if a.score ~= b.score then return a.score < b.score end
  local one, other = ref_of(a), ref_of(b)
  -- An empty queue, which somebody deleted by hand, comes first: it goes then.
  if not one or not other then return not one end
  return before(a.score, one, b.score, other)
end

local touched = {}
while #heads > 0 and #claimed < #leases do
  local first = 1
  for i = 2, #heads do
    if comes_before(heads[i], heads[first]) then first = i end
  end
  local head = heads[first]
  local ref = ref_of(head)
  local task = ref and load(ref)
  if task and allows('claim', task) then
    task._taken = true
    if not move(task) then claim(task) end
  end
  touched[head] = true
  head.taken[#head.taken + 1] = ref
  head.at = head.at + 2
  if not ref or #claimed < #leases and not ref_of(head) then table.remove(heads, first) end
end
for head in pairs(touched) do
  if #head.taken > 0 then redis.call('ZREM', queue_of(head.space, head.signature), unpack(head.taken)) end
  note_head(head.space, head.signature)
end
return claimed
