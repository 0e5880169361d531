-- Puts an entry into the sets of its tags, KEYS from `first` on, which live as long as it does at least.
local function tag(first, member, ttl)
  for i = first, #KEYS do
    redis.call('SADD', KEYS[i], member)
    if redis.call('PTTL', KEYS[i]) < tonumber(ttl) then redis.call('PEXPIRE', KEYS[i], ttl) end
  end
end
