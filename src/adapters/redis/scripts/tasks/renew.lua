-- own ARGV: ms or '' for the task's own, progress or '', '1' and a note, or '0'
if not live then return answer('stale_lease', task) end
local lease_until = now_ms + (tonumber(ARGV[4]) or task.lease_ms)
local progress = ARGV[5] ~= '' and tonumber(ARGV[5]) ~= tonumber(task.progress) and ARGV[5]
local note = ARGV[6] == '1' and ARGV[7] or nil
if progress or (note and note ~= rawget(task, 'note')) then
  local changes = { lease_until = lease_until }
  if progress then changes.progress = progress end
  if note then changes.note = note end
  take(task, 'renew', task.holder, note, changes)
else
  local before = moves_at(task)
  set(task, { lease_until = lease_until })
  set_timer(task, before)
end
return answer('ok', task)
