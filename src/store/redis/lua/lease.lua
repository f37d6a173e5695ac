-- Takes a lease that is free, lapsed or one's own. Its epoch rises whenever it changes hands and is never forgotten.
-- KEYS: 1 leases (hash name → '<epoch> <until ms> <owner>')
-- ARGV: 1 name, 2 owner, 3 ttl ms
-- Returns {1 when it is mine or else 0, epoch, owner}.
local mine, epoch, owner = take_lease(KEYS[1], ARGV[1], ARGV[2], ARGV[3], now())
return { mine, epoch, owner }
