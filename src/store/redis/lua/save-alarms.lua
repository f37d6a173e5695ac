-- Writes alarms together with their events, while the writer has the lease.
-- KEYS: 1 alarms (hash id → JSON), 2 journal (stream), 3 leases (hash name → '<epoch> <until ms> <owner>')
-- ARGV: 1 lease, 2 owner, 3 how many alarms changed, 4… id and JSON or '' of each,
--       then journal entries to keep, then events (JSON)
-- Returns 1, or 0 when the lease is in other hands or has lapsed, and then nothing was written.
local until_ms, holder = string.match(redis.call('HGET', KEYS[3], ARGV[1]) or '', '^%d+ (%d+) (.*)$')
if holder ~= ARGV[2] or tonumber(until_ms) <= now() then return 0 end
local rest = 4 + 2 * tonumber(ARGV[3])
for i = 4, rest - 1, 2 do
  if ARGV[i + 1] == '' then redis.call('HDEL', KEYS[1], ARGV[i])
  else redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
end
append(KEYS[2], ARGV[rest], rest + 1)
return 1
