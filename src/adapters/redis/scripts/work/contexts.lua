-- Comes before the scripts of contexts: `context:{ref}` (hash), `contexts:readers:{space}:{reader}` (zset, ref by time),
-- `contexts:ends` (zset, ref by end).

-- Whether its time is over.
local function over(ref)
  local ends = redis.call('ZSCORE', key('contexts:ends'), ref)
  return ends and tonumber(ends) <= now_ms / 1000
end

-- Whether it is the one that was looked at, which had been shared at that time.
local function still(ref, created_at)
  return redis.call('HGET', key('context:' .. ref), 'created_at') == created_at and not over(ref)
end

local function index_of(ref, reader) return key('contexts:readers:' .. split(ref) .. ':' .. reader) end

local function drop(ref)
  local readers = redis.call('HGET', key('context:' .. ref), 'readers')
  for _, reader in ipairs(cjson.decode(readers or '[]')) do redis.call('ZREM', index_of(ref, reader), ref) end
  redis.call('UNLINK', key('context:' .. ref))
  redis.call('ZREM', key('contexts:ends'), ref)
end

-- agent: '' for none.
local function tell_context(ref, change, agent)
  local namespace, id, owner, to = unpack(redis.call('HMGET', key('context:' .. ref), 'namespace', 'id', 'owner', 'to'))
  tell_change('context', namespace, id, change, agent, '{"owner":' .. cjson.encode(owner) .. ',"to":' .. to .. '}')
end
