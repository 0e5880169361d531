-- Appends changes to the log, if nobody else has since the caller looked, and keeps the memories' state beside it.
-- KEYS: the log (stream), its position (string), the memories by the position of their last change (sorted set)
-- ARGV: position the caller knows, entries to keep, then for each change:
--   entry, id of the memory, its key (hash), key of its old versions (hash),
--   count of fields, name and value of each, count of versions, number and JSON of each
-- Returns 1 when they were appended, 0 when the log is elsewhere.
local position = tonumber(redis.call('GET', KEYS[2]) or '0')
if position ~= tonumber(ARGV[1]) then return 0 end

-- A script that fails half way is not taken back: whatever could make it fail is looked at before anything is written.
local function expect(key, wanted)
  local found = redis.call('TYPE', key).ok
  if found ~= 'none' and found ~= wanted then
    error({ err = 'WRONGTYPE ' .. key .. ' is a ' .. found .. ', not a ' .. wanted })
  end
end
expect(KEYS[1], 'stream')
expect(KEYS[3], 'zset')

local at = 3
local function take(count)
  local taken = {}
  for i = 1, count do taken[i] = ARGV[at + i - 1] end
  at = at + count
  return taken
end

local changes = {}
while at <= #ARGV do
  local entry, id, memory, versions = unpack(take(4))
  expect(memory, 'hash')
  expect(versions, 'hash')
  local fields = take(2 * tonumber(take(1)[1]))
  local old = take(2 * tonumber(take(1)[1]))
  changes[#changes + 1] = { entry, id, memory, versions, fields, old }
end

for _, change in ipairs(changes) do
  local entry, id, memory, versions, fields, old = unpack(change)
  position = position + 1
  redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[2], position .. '-0', 'entry', entry)
  redis.call('SET', KEYS[2], position)
  redis.call('ZADD', KEYS[3], position, id)
  redis.call('UNLINK', memory)
  redis.call('HSET', memory, 'position', position, unpack(fields))
  for i = 1, #old, 2 do redis.call('HSET', versions, old[i], old[i + 1]) end
end
return 1
