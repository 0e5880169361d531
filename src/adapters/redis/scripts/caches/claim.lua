--[[ Claims an entry for whoever computes it.
KEYS[1]  claim  string, its holder
KEYS[2…] sets of the tags
ARGV[1]  holder
ARGV[2]  ttl, ms
ARGV[3]  member for the tags
returns  1, or 0 while another has it ]]
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
tag(2, ARGV[3], ARGV[2])
return 1
