-- ARGV: refs
-- Returns the fields of each, none of one that is not there or over.
local found = {}
for i, ref in ipairs(ARGV) do found[i] = over(ref) and {} or redis.call('HGETALL', key('context:' .. ref)) end
return found
