-- ARGV: limit, offset, agent or '', owner or '', then lists, each after its count: namespaces (percent-encoded; none: all), states
-- Returns the count of all, and the fields of those on the page.
local limit, offset, agent, owner = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3], ARGV[4]
list_at = 5
local spaces, states, wanted = list(), list(), {}
if #spaces == 0 then spaces = redis.call('SMEMBERS', key('tasks:namespaces')) end
for _, state in ipairs(states) do wanted[state] = true end

local total, found = 0, {}
local function add(ref, created_at)
  found[#found + 1] = { ref = ref, at = tonumber(created_at), id = string.match(ref, ':(.*)') }
end

local function of_agent(space)
  for _, place in ipairs({ 'held', 'offers' }) do
    local agents = redis.call('HGETALL', key('tasks:' .. place .. ':' .. space))
    for i = 1, #agents, 2 do
      local task = agents[i + 1] == agent and load(agents[i])
      if task and wanted[task.state] and (owner == '' or cjson.decode(task.spec).owner == owner) then
        total = total + 1
        add(agents[i], task.created_at)
      end
    end
  end
end

-- Of one owner in one state: few are found by what both indexes name, many by looking through the newest ones.
local function of_owner_in(owned, index)
  local count = redis.call('ZINTERCARD', 2, owned, index)
  total = total + count
  if count <= 1000 then
    local some = redis.call('ZINTER', 2, owned, index, 'AGGREGATE', 'MAX', 'WITHSCORES')
    for i = 1, #some, 2 do add(some[i], some[i + 1]) end
    return
  end
  local first, last = 0, #found + limit + offset
  repeat
    local some = redis.call('ZREVRANGE', index, first, first + 99, 'WITHSCORES')
    for i = 1, #some, 2 do
      if #found < last and redis.call('ZSCORE', owned, some[i]) then add(some[i], some[i + 1]) end
    end
    first = first + 100
  until #some < 200 or #found >= last
end

local function of_owner(space)
  local owned = key('tasks:owner:' .. space .. ':' .. owner)
  for _, state in ipairs(states) do
    if state ~= HELD then of_owner_in(owned, key('tasks:state:' .. space .. ':' .. state)) end
  end
  if wanted[HELD] then
    for _, ref in ipairs(redis.call('HKEYS', key('tasks:held:' .. space))) do
      local at = redis.call('ZSCORE', owned, ref)
      if at then
        total = total + 1
        add(ref, at)
      end
    end
  end
end

local function of_states(space)
  for _, state in ipairs(states) do
    local index = key('tasks:state:' .. space .. ':' .. state)
    total = total + redis.call('ZCARD', index)
    local some = redis.call('ZREVRANGE', index, 0, limit + offset - 1, 'WITHSCORES')
    for i = 1, #some, 2 do add(some[i], some[i + 1]) end
  end
  if wanted[HELD] then
    for _, ref in ipairs(redis.call('HKEYS', key('tasks:held:' .. space))) do
      total = total + 1
      add(ref, redis.call('HGET', key('task:' .. ref), 'created_at') or 0)
    end
  end
end

for _, space in ipairs(spaces) do
  if agent ~= '' then of_agent(space) elseif owner ~= '' then of_owner(space) else of_states(space) end
end
table.sort(found, function(a, b)
  if a.at ~= b.at then return a.at > b.at end
  return precedes(b.id, a.id)
end)
local tasks = {}
for i = offset + 1, math.min(offset + limit, #found) do
  local task = load(found[i].ref)
  -- Nothing where somebody deleted it by hand.
  if task then tasks[#tasks + 1] = flat_of(task) end
end
return { total, tasks }
