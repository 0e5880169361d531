-- Puts documents of a search index in the place of what was there, for whoever has the right to write it.
-- KEYS: what is known of the index (hash), ids of documents without a vector (set)
-- ARGV: token, ms that the right lasts on, position the index must stand at, position it stands at afterwards,
--   1 when all may search there from now on, what comes before an id in the key of a document, then for each:
--   id, 1 when it has no vector yet, count of its fields and values (0: it is gone), name and value of each
-- Returns 1 when they were written, 0 when the right or the position is another.
local known = redis.call('HMGET', KEYS[1], 'token', 'position')
if known[1] ~= ARGV[1] or tonumber(known[2] or '0') ~= tonumber(ARGV[3]) then return 0 end
-- A script that fails half way is not taken back: the one key of another type that could make it fail is looked at first.
redis.call('SCARD', KEYS[2])

local at = 7
while at <= #ARGV do
  local id, lacking, count = ARGV[at], ARGV[at + 1], tonumber(ARGV[at + 2])
  local document = ARGV[6] .. id
  redis.call('UNLINK', document)
  if count > 0 then redis.call('HSET', document, unpack(ARGV, at + 3, at + 2 + count)) end
  redis.call(lacking == '1' and 'SADD' or 'SREM', KEYS[2], id)
  at = at + 3 + count
end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('HSET', KEYS[1], 'position', ARGV[4], 'until', now + ARGV[2])
if ARGV[5] == '1' then redis.call('HSET', KEYS[1], 'open', 1) end
return 1
