-- Appends changes to the log, if nobody else has since the caller looked, and keeps the memories' state beside it.
-- KEYS: the log (stream), its position (string), the memories by the position of their last change (sorted set), entries that were
--   written anew, by position (hash), id of the store (string)
-- ARGV: position the caller knows, entries to keep, id of the store the caller follows, then for each change:
--   entry, id of the memory, its key (hash), key of its old versions (hash),
--   'drop' where its vectors go, 'conceal' where what the log has said of it goes too, text by which its entries are known, count of
--   those that are written anew, text by which each is known and the entry, count of fields, name and value of each, count of versions,
--   number and JSON of each
-- Returns nothing when they were appended; 0 where it is another store; else some of what others have appended after the caller's position.
if redis.call('GET', KEYS[5]) ~= ARGV[3] then return 0 end
local position = tonumber(redis.call('GET', KEYS[2]) or '0')
if position ~= tonumber(ARGV[1]) then
  return redis.call('XRANGE', KEYS[1], (ARGV[1] + 1) .. '-0', '+', 'COUNT', 100)
end

-- A script that fails half way is not taken back: whatever could make it fail is looked at before anything is written.
local function expect(key, wanted)
  local found = redis.call('TYPE', key).ok
  if found ~= 'none' and found ~= wanted then
    error({ err = 'WRONGTYPE ' .. key .. ' is a ' .. found .. ', not a ' .. wanted })
  end
end
expect(KEYS[1], 'stream')
expect(KEYS[3], 'zset')
expect(KEYS[4], 'hash')

-- Refused half way, an entry would stand in the log of which its memory knows nothing.
local function demand(command, ...)
  if not redis.acl_check_cmd(command, ...) then
    error({ err = "NOPERM this user has no permissions to run the '" .. command .. "' command" })
  end
end
demand('xadd', KEYS[1], '*', 'entry', '')
demand('xdel', KEYS[1], '0-0')
demand('set', KEYS[2], '')
demand('zadd', KEYS[3], 0, '')
demand('hkeys', KEYS[4])
demand('hdel', KEYS[4], '')

-- What the log has said of memories that are sensitive now: by the text by which a memory's entries are known, the position from which it
-- is, and its entries that are written anew, by the text by which each is known.
local concealed = {}
local odd = {}

local function remember(mark, from, first, last)
  local anew = {}
  for i = first, last, 2 do anew[ARGV[i]] = ARGV[i + 1] end
  concealed[mark] = { from = from, anew = anew }
  if string.find(mark, '\\', 1, true) then odd[#odd + 1] = mark end
end

local function markOf(entry)
  for _, mark in ipairs(odd) do
    if string.find(entry, mark, 1, true) then return mark end
  end
  return string.match(entry, '"memory_id":"[^"\\]*"') or ''
end

-- A stream's entries cannot be changed. Of one that is not known to the caller, others take the outcome.
local function conceal()
  local start = '-'
  repeat
    local found = redis.call('XRANGE', KEYS[1], start, '+', 'COUNT', 1000)
    for _, one in ipairs(found) do
      local at = tonumber(string.match(one[1], '^%d+'))
      local entry = one[2][2]
      local memory = concealed[markOf(entry)]
      if memory and at < memory.from then
        local new = memory.anew[string.match(entry, '"id":"[^"\\]*"') or '']
        redis.call('XDEL', KEYS[1], one[1])
        if new then redis.call('HSET', KEYS[4], at, new) end
      end
      start = '(' .. one[1]
    end
  until #found < 1000
  for _, at in ipairs(redis.call('HKEYS', KEYS[4])) do
    if tonumber(at) < position - ARGV[2] then redis.call('HDEL', KEYS[4], at) end
  end
end

-- The arguments of each change are read where they stand: each of these is the place of the first of several.
local changes = {}
local at = 4
while at <= #ARGV do
  local memory, versions = ARGV[at + 2], ARGV[at + 3]
  expect(memory, 'hash')
  expect(versions, 'hash')
  demand('unlink', memory, memory .. ':vectors')
  demand('hset', memory, '', '')
  local anew = at + 7
  local fields = anew + 2 * ARGV[at + 6] + 1
  local old = fields + 2 * ARGV[fields - 1] + 1
  changes[#changes + 1] = { at, anew, fields, old }
  at = old + 2 * ARGV[old - 1]
end

for i, change in ipairs(changes) do
  local at, anew, fields, old = unpack(change)
  local entry, id, memory, versions = ARGV[at], ARGV[at + 1], ARGV[at + 2], ARGV[at + 3]
  if ARGV[at + 4] == 'conceal' then remember(ARGV[at + 5], position + 1, anew, fields - 2) end
  if ARGV[at + 4] ~= 'keep' then redis.call('UNLINK', memory .. ':vectors') end
  local last = changes[i + 1] and changes[i + 1][1] - 1 or #ARGV
  position = position + 1
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], position .. '-0', 'entry', entry)
  redis.call('SET', KEYS[2], position)
  redis.call('ZADD', KEYS[3], position, id)
  redis.call('UNLINK', memory)
  redis.call('HSET', memory, 'position', position, unpack(ARGV, fields, old - 2))
  -- A call takes some thousand values at most.
  for first = old, last, 2000 do
    redis.call('HSET', versions, unpack(ARGV, first, math.min(first + 1999, last)))
  end
end
-- Once for all of them: it reads the whole log.
if next(concealed) then conceal() end
return nil
