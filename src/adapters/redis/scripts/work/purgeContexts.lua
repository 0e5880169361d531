-- ARGV: how many at most
-- Returns how many were over and are removed.
local ended = redis.call('ZRANGEBYSCORE', key('contexts:ends'), '-inf', seconds(now_ms), 'LIMIT', 0, ARGV[1])
for _, ref in ipairs(ended) do drop(ref) end
return #ended
