-- ARGV: ref, when the context that was looked at had been shared, the agent that shared it
-- Returns 1, or 0 where it is gone.
if not still(ARGV[1], ARGV[2]) then return 0 end
tell_context(ARGV[1], 'revoked', ARGV[3])
drop(ARGV[1])
return 1
