-- Gives the dead letters of a group out again.
-- KEYS: 1 dead letters (stream), 2 revived (stream)
-- ARGV: 1 group
-- Returns how many.
local dead = redis.call('XRANGE', KEYS[1], '-', '+')
if #dead == 0 then return 0 end
if redis.call('EXISTS', KEYS[2]) == 0 then redis.call('XGROUP', 'CREATE', KEYS[2], ARGV[1], '0', 'MKSTREAM') end
for _, entry in ipairs(dead) do redis.call('XADD', KEYS[2], '*', 'e', entry[2][2]) end
redis.call('DEL', KEYS[1])
return #dead
