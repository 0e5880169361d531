-- ARGV: id of a memory as JSON, '=' and a topic, a principal; each may be '' for any; then count of the spaces or '' for all, the spaces,
--   then keys of the reader
-- Returns refs and their scores in turn, of those that may share that memory, have that topic, and that the principal has not acknowledged;
-- the same one may come more than once.
local memory, topic, principal, count, spaces = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4]), {}
if count then
  for i = 1, count do spaces[i] = ARGV[i + 4] end
else
  spaces = redis.call('SMEMBERS', key('contexts:namespaces'))
end

-- Contents are long: whoever asks for few is not sent all.
local function is_wanted(ref)
  if memory == '' and topic == '' and principal == '' then return true end
  local fields = redis.call('HMGET', key('context:' .. ref), 'session', 'memory_ids', 'topic', 'acknowledged:' .. principal)
  local session, memory_ids, of, acknowledged = unpack(fields)
  if memory ~= '' and not session and not string.find(memory_ids or '', memory, 1, true) then return false end
  return (topic == '' or topic == '=' .. (of or '')) and (principal == '' or not acknowledged)
end

local found = {}
for _, space in ipairs(spaces) do
  for i = (count or 0) + 5, #ARGV do
    local listed = redis.call('ZRANGE', index_of(space .. ':', ARGV[i]), 0, -1, 'WITHSCORES')
    for j = 1, #listed, 2 do
      if is_wanted(listed[j]) then
        found[#found + 1] = listed[j]
        found[#found + 1] = listed[j + 1]
      end
    end
  end
end
return found
