-- own ARGV: '1' and a note, or '0' and '', agent that it is offered to or '', ms of the offer or ''
if not live then return answer('stale_lease', task) end
local changes = { holder = '', lease_until = '', lease_end = 'release', next_agent = ARGV[6], next_offer_ms = ARGV[7] }
local note = ARGV[4] == '1' and ARGV[5] or nil
if note then changes.note = note end
take(task, 'release', task.holder, note, ready(task, changes))
return answer('ok', task)
