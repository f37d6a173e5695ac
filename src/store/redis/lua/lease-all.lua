-- Takes or renews many leases, each as lease does.
-- KEYS: 1 leases (hash name → '<epoch> <until ms> <owner>')
-- ARGV: 1 owner, 2 ttl ms, 3… names
-- Returns {name, owner, name, owner, …}.
local time, list = now(), {}
for i = 3, #ARGV do
  local _, _, owner = take_lease(KEYS[1], ARGV[i], ARGV[1], ARGV[2], time)
  list[#list + 1] = ARGV[i]
  list[#list + 1] = owner
end
return list
