-- Comes before the scripts of claims on files: `files:in:{space}` (hash, JSON by id), `files:until:{space}` (zset, id by end).
local function drop(space, id)
  redis.call('HDEL', key('files:in:' .. space), id)
  redis.call('ZREM', key('files:until:' .. space), id)
end

local function drop_ended(space)
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', key('files:until:' .. space), '-inf', seconds(now_ms))) do drop(space, id) end
end

-- Whether the claim is this agent's, and under this fence, where one is given.
local function is_of(json, agent, fence)
  local readable, claim = pcall(cjson.decode, json)
  return readable and type(claim) == 'table' and claim.agent == agent and (not fence or claim.fence == tonumber(fence))
end

-- The claim as JSON, where this agent still holds it under this fence.
local function held(space, id, fence, agent)
  drop_ended(space)
  local json = redis.call('HGET', key('files:in:' .. space), id)
  if json and is_of(json, agent, fence) then return json end
end

local function tell_files(namespace, id, change, agent) tell_change('files', namespace, id, change, agent) end
