-- What an agent is asked for, and in which order it gets it. Comes after `time`.
local can = {}
local function able(signature)
  for capability in string.gmatch(signature, '[^,]+') do
    if not can[capability] then return false end
  end
  return true
end

-- The smallest score first, ties by id: `a` and `b` are refs.
local function before(a_score, a, b_score, b)
  if a_score ~= b_score then return a_score < b_score end
  return precedes(string.match(a, ':(.*)'), string.match(b, ':(.*)'))
end

local function add_range(items, queue, last)
  local found = redis.call('ZRANGE', queue, 0, last, 'WITHSCORES')
  for i = 1, #found, 2 do items[#items + 1] = { ref = found[i], score = tonumber(found[i + 1]) } end
end

local function in_order(items)
  table.sort(items, function(a, b) return before(a.score, a.ref, b.score, b.ref) end)
  return items
end

-- What only this agent may claim, first things first.
local function offered_to(spaces, agent)
  local offered = {}
  for _, space in ipairs(spaces) do add_range(offered, key('tasks:offered:' .. space .. ':' .. agent), -1) end
  return in_order(offered)
end
