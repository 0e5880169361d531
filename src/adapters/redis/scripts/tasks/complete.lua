-- own ARGV: result (JSON), metrics (JSON)
if not live then
  local again = last and task.lease_end == 'complete'
  return answer(again and 'ok' or 'stale_lease', task)
end
take(task, 'complete', task.holder, nil, {
  state = 'completed', holder = '', lease_until = '', lease_end = 'complete', result = ARGV[4], metrics = ARGV[5],
  finished_at = now_ms,
})
for _, ref in ipairs(redis.call('SMEMBERS', key('task-dependents:' .. task._ref))) do
  local dependent = load(ref)
  local left = dependent and dependent.open_dependencies - 1
  if dependent and allows('unblock', dependent) and left == 0 then
    take(dependent, 'unblock', STORE, nil, ready(dependent, { open_dependencies = 0 }))
  elseif dependent and dependent.state ~= 'cancelled' then
    set(dependent, { open_dependencies = left })
  end
end
return answer('ok', task)
