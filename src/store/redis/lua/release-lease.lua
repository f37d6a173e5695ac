-- Gives a lease back, if it is one's own; its epoch stays known.
-- KEYS: 1 leases (hash name → '<epoch> <until ms> <owner>')
-- ARGV: 1 name, 2 owner
-- Returns 1 when it was given back, else 0.
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if not stored then return 0 end
local epoch, owner = string.match(stored, '^(%d+) %d+ (.*)$')
if owner ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], epoch .. ' 0 ')
return 1
