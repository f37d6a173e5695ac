-- Takes a lease that is free, lapsed or one's own. Its epoch rises whenever it changes hands and is never forgotten.
-- KEYS: 1 leases (hash name → '<epoch> <until ms> <owner>')
-- ARGV: 1 name, 2 owner, 3 ttl ms
-- Returns {1 when it is mine or else 0, epoch, owner}.
local time = now()
local epoch, until_ms, owner = 0, 0, ''
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if stored then
  epoch, until_ms, owner = string.match(stored, '^(%d+) (%d+) (.*)$')
end
if owner ~= ARGV[2] then
  if tonumber(until_ms) > time then
    return { 0, tonumber(epoch), owner }
  end
  epoch = epoch + 1
end
redis.call('HSET', KEYS[1], ARGV[1], string.format('%d %d %s', epoch, time + ARGV[3], ARGV[2]))
return { 1, tonumber(epoch), ARGV[2] }
