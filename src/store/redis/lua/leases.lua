-- Lists the leases that somebody holds.
-- KEYS: 1 leases (hash name → '<epoch> <until ms> <owner>')
-- ARGV: none
-- Returns {name, owner, name, owner, …}.
local time, held = now(), {}
local leases = redis.call('HGETALL', KEYS[1])
for i = 1, #leases, 2 do
  local until_ms, owner = string.match(leases[i + 1], '^%d+ (%d+) (.*)$')
  if tonumber(until_ms) > time then
    held[#held + 1] = leases[i]
    held[#held + 1] = owner
  end
end
return held
