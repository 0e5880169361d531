-- Tells those who are there, and keeps it for those who are not. Comes before every script that something is told by.
-- log: its key (stream), channels: what their names begin with, kept: how many events stay, message: JSON, then the log's fields.
-- Returns the id.
local function publish(log, channels, kept, type, message, ...)
  local id = redis.call('XADD', log, 'MAXLEN', '~', kept, '*', 'timestamp', iso(now_ms), ...)
  redis.call('PUBLISH', channels .. type, message)
  return id
end

-- An event with two fields, of which one names a node.
local function tell(log, channels, kept, type, node, field, value)
  local message = '{"node":' .. cjson.encode(node) .. ',"' .. field .. '":' .. cjson.encode(value) .. '}'
  return publish(log, channels, kept, type, message, 'type', type, 'node', node, field, value)
end

-- How agents work together has changed. agent: '' for none, audience: JSON, '' for everybody in the namespace.
local function tell_work(log, channels, kept, type, namespace, subject, change, agent, audience)
  local message = cjson.encode({ namespace = namespace, subject = subject, change = change, agent = agent })
  if audience == '' then
    return publish(log, channels, kept, type, message, 'type', type, 'namespace', namespace, 'subject', subject,
      'change', change, 'agent', agent)
  end
  return publish(log, channels, kept, type, message, 'type', type, 'namespace', namespace, 'subject', subject,
    'change', change, 'agent', agent, 'audience', audience)
end
