-- ARGV: ref, owner, '1' where it has no task now, then name and value of each field that is new
-- Returns 'ok', the time and the agent, or 'forbidden' or 'not_found'.
local ref, agent = ARGV[1], key('agent:' .. ARGV[1])
if not heard(ref) then return { 'not_found' } end
-- Mostly there is nothing new: one look is enough then.
local flat = redis.call('HGETALL', agent)
local fields = {}
for i = 1, #flat, 2 do fields[flat[i]] = flat[i + 1] end
if fields.owner ~= ARGV[2] then return { 'forbidden' } end
if ARGV[3] == '1' then redis.call('HDEL', agent, 'current_task') end
if ARGV[4] then redis.call('HSET', agent, unpack(ARGV, 4)) end
if ARGV[3] == '1' or ARGV[4] then flat = redis.call('HGETALL', agent) end
if beat(ref) then tell_agent(fields.namespace, fields.id, 'online') end
return { 'ok', now_ms, { seconds(now_ms), flat } }
