-- Ends a hold, if it is still the one that is meant.
-- KEYS: 1 holds by call (hash call → '<fence> <until ms> <agent>'), 2 holds by agent (hash agent → call)
-- ARGV: 1 call id, 2 fence
-- Returns 1 when it was ended, 0 when there was no such hold.
local hold = redis.call('HGET', KEYS[1], ARGV[1])
if not hold then return 0 end
local fence, agent = string.match(hold, '^(%d+) %d+ (.*)$')
if fence ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], agent)
return 1
