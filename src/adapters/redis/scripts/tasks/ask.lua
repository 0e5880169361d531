-- own ARGV: question
if not live then return answer('stale_lease', task) end
redis.call('HDEL', key('task:' .. task._ref), 'answer')
task.answer = nil
take(task, 'ask', task.holder, ARGV[4], {
  state = 'input_required', holder = '', lease_until = '', lease_end = 'ask', question = ARGV[4],
  next_agent = task.holder, next_offer_ms = task.lease_ms,
})
return answer('ok', task)
