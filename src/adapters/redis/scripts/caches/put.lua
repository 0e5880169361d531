--[[ Stores an entry, and ends the claim on it.
KEYS[1]  entry  string
KEYS[2]  claim  string, its holder
KEYS[3…] sets of the tags
ARGV[1]  value
ARGV[2]  ttl, ms
ARGV[3]  holder who must have the claim; empty: nobody need have it
ARGV[4]  member for the tags
returns  1, or 0 when the claim was lost ]]
if ARGV[3] ~= '' and redis.call('GET', KEYS[2]) ~= ARGV[3] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
redis.call('UNLINK', KEYS[2])
tag(3, ARGV[4], ARGV[2])
return 1
