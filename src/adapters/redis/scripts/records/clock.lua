-- Comes before every script of records: the server's time, as the scripts write it.
local clock = redis.call('TIME')
-- Unix time in seconds, with six decimals: the score of the indexes.
local score = string.format('%d.%06d', clock[1], clock[2])
local now_ms = clock[1] * 1000 + math.floor(clock[2] / 1000)

-- Milliseconds since the epoch, >= 0, as ISO 8601 in UTC. The calendar is counted from 1 March of year 0, so that the leap day ends a year:
-- Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days.
local function iso(ms)
  local seconds = math.floor(ms / 1000)
  local days = math.floor(seconds / 86400) + 719468
  local era = math.floor(days / 146097)
  local day = days % 146097
  local year = math.floor((day - math.floor(day / 1460) + math.floor(day / 36524) - math.floor(day / 146096)) / 365)
  day = day - (365 * year + math.floor(year / 4) - math.floor(year / 100))
  local month = math.floor((5 * day + 2) / 153)
  day = day - math.floor((153 * month + 2) / 5) + 1
  month = month < 10 and month + 3 or month - 9
  year = year + era * 400 + (month <= 2 and 1 or 0)
  local second = seconds % 86400
  return string.format('%04d-%02d-%02dT%02d:%02d:%02d.%03dZ', year, month, day,
    math.floor(second / 3600), math.floor(second / 60) % 60, second % 60, ms % 1000)
end

-- What was before this is too old: as a whole number, which Lua would else write as 1.7e+12.
local function ms_ago(ms) return string.format('%.0f', now_ms - ms) end
