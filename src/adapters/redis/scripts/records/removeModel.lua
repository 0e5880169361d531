-- KEYS: the model (hash), its usage (hash), model by node (hash)
-- ARGV: the model's name
redis.call('UNLINK', KEYS[1], KEYS[2])
local active = redis.call('HGETALL', KEYS[3])
for i = 1, #active, 2 do
  if active[i + 1] == ARGV[1] then redis.call('HDEL', KEYS[3], active[i]) end
end
