--[[ Ends a claim of this holder.
KEYS[1] claim
ARGV[1] holder ]]
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('UNLINK', KEYS[1]) end
