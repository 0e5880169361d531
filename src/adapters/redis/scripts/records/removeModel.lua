-- KEYS: the model (hash), its usage (hash), model by node (hash), the log of events (stream)
-- ARGV: what channels begin with, how many events to keep, the model's name
redis.call('UNLINK', KEYS[1], KEYS[2])
local active = redis.call('HGETALL', KEYS[3])
for i = 1, #active, 2 do
  if active[i + 1] == ARGV[3] then
    redis.call('HDEL', KEYS[3], active[i])
    tell(KEYS[4], ARGV[1], ARGV[2], 'model_updated', active[i], 'model', '')
  end
end
