-- ARGV: ref, namespace, id, owner
-- Returns 'ok', 'forbidden' or 'not_found'.
if not heard(ARGV[1]) then return 'not_found' end
if not belongs_to(ARGV[1], ARGV[4]) then return 'forbidden' end
drop(ARGV[1])
tell_agent(ARGV[2], ARGV[3], 'removed')
return 'ok'
