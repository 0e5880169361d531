-- ARGV: ref, when it ends (score) or '', the agent that shares, keys of its readers as JSON, then name and value of each field
-- Returns the time, nil where the id is taken.
local ref, ends, from, readers = unpack(ARGV, 1, 4)
if redis.call('EXISTS', key('context:' .. ref)) == 1 then
  if not over(ref) then return nil end
  drop(ref)
end
redis.call('HSET', key('context:' .. ref), 'created_at', iso(now_ms), 'readers', readers, unpack(ARGV, 5))
for _, reader in ipairs(cjson.decode(readers)) do redis.call('ZADD', index_of(ref, reader), score, ref) end
if ends ~= '' then redis.call('ZADD', key('contexts:ends'), ends, ref) end
redis.call('SADD', key('contexts:namespaces'), (split(ref)))
tell_context(ref, 'shared', from)
return now_ms
