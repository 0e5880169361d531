-- What the log holds after a position, at one moment.
-- KEYS: the log (stream), its position (string), entries that were written anew, by position (hash)
-- ARGV: position, at most so many entries
-- Returns the log's own position, then the entries; those that are no longer kept are missing.
local position = tonumber(redis.call('GET', KEYS[2]) or '0')
local first = ARGV[1] + 1
if position < first then return { position, {} } end
local last = math.min(position, ARGV[1] + ARGV[2])
local kept = redis.call('XRANGE', KEYS[1], first .. '-0', last .. '-0')
if #kept == last - first + 1 then return { position, kept } end
local found = {}
local next = 1
for at = first, last do
  if kept[next] and kept[next][1] == at .. '-0' then
    found[#found + 1] = kept[next]
    next = next + 1
  else
    local entry = redis.call('HGET', KEYS[3], at)
    if entry then found[#found + 1] = { at .. '-0', { 'entry', entry } } end
  end
end
return { position, found }
