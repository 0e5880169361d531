-- KEYS: the token (hash), ids of all (set)
-- ARGV: its id, what is done with it, then of `add` fields and values, of `expire` and `used` the time (ms)
-- returns 1, and 0 where nothing was done
local id, what = ARGV[1], ARGV[2]
local known = redis.call('EXISTS', KEYS[1]) == 1
if what == 'add' then
  if known then return 0 end
  redis.call('HSET', KEYS[1], unpack(ARGV, 3))
  redis.call('SADD', KEYS[2], id)
  return 1
end
if not known then return 0 end
if what == 'remove' then
  redis.call('UNLINK', KEYS[1])
  redis.call('SREM', KEYS[2], id)
elseif what == 'expire' then
  local before = tonumber(redis.call('HGET', KEYS[1], 'expires_at') or '')
  if not before or before > tonumber(ARGV[3]) then redis.call('HSET', KEYS[1], 'expires_at', ARGV[3]) end
elseif what == 'used' then
  local before = tonumber(redis.call('HGET', KEYS[1], 'used_at') or '')
  if not before or before < tonumber(ARGV[3]) then redis.call('HSET', KEYS[1], 'used_at', ARGV[3]) end
end
return 1
