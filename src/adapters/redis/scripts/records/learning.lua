-- Comes before the scripts of the learning queue: both groups are there, and nothing that is too old.
-- KEYS: the queue (stream)
-- ARGV: greatest age in ms, the two groups
local groups = {}
if redis.call('EXISTS', KEYS[1]) == 1 then
  for _, group in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do groups[group[2]] = true end
end
for i = 2, 3 do
  if not groups[ARGV[i]] then redis.call('XGROUP', 'CREATE', KEYS[1], ARGV[i], '$', 'MKSTREAM') end
end
redis.call('XTRIM', KEYS[1], 'MINID', ms_ago(ARGV[1]))
