-- KEYS: model by node (hash), the log of events (stream)
-- ARGV: what channels begin with, how many events to keep, the node, the model or nothing for none
if ARGV[4] ~= '' then
  redis.call('HSET', KEYS[1], ARGV[3], ARGV[4])
elseif redis.call('HDEL', KEYS[1], ARGV[3]) == 0 then
  return
end
tell(KEYS[2], ARGV[1], ARGV[2], 'model_updated', ARGV[3], 'model', ARGV[4])
