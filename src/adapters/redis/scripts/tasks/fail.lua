-- own ARGV: reason, '1' where it may be tried again, ms until then or '' for the policy's pause, share of that pause
if not live then
  local again = last and task.lease_end == 'fail'
  return answer(again and 'ok' or 'stale_lease', task)
end
local failures = task.failures + 1
local changes = { holder = '', lease_until = '', lease_end = 'fail', failures = failures, reason = ARGV[4] }
-- Most retries, first pause (ms), factor, longest pause (ms).
local max, base, factor, cap = string.match(task.retry, '(%S+) (%S+) (%S+) (%S+)')
if ARGV[5] == '1' and failures <= tonumber(max) then
  -- Nothing times infinity would be no number.
  local longest = tonumber(base) == 0 and 0 or math.min(cap, base * factor ^ task.failures)
  changes.state = 'retry_wait'
  changes.due_at = now_ms + (tonumber(ARGV[6]) or math.floor(ARGV[7] * longest))
else
  changes.state = 'dead'
  changes.finished_at = now_ms
end
take(task, 'fail', task.holder, ARGV[4], changes)
return answer('ok', task)
