-- Comes before every script of agents, claims on files and contexts, after the clock and `publish`.
-- KEYS[1] is what comes before the name of every key; all of them are in one slot. A `space` is a namespace, percent-encoded, and a `ref`
-- is `<space>:<id>`.
local function key(name) return KEYS[1] .. name end

local function split(ref) return string.match(ref, '^([^:]*):(.*)$') end

-- A time in ms as a score.
local function seconds(ms) return string.format('%.3f', ms / 1000) end

local function tell_change(type, namespace, subject, change, agent, audience)
  tell_work(key('events:log'), key('events:'), EVENTS_KEPT, type, namespace, subject, change, agent, audience or '')
end
