-- Lists among the arguments, each after its count. Where the next one begins is in `list_at`, which the script sets to the first.
local list_at
local function list()
  local items = {}
  for i = 1, tonumber(ARGV[list_at]) do items[i] = ARGV[list_at + i] end
  list_at = list_at + #items + 1
  return items
end
