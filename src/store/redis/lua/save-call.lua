-- Writes a call's snapshot together with its events and with what of it waits for an agent.
-- KEYS: 1 calls (hash id → JSON), 2 journal (stream), 3 tickets (hash id → owner, a line, JSON)
-- ARGV: 1 channel, 2 sender, 3 1 when the sender hears it or else 0,
--       4 call id, 5 JSON or '' to forget the call, 6 owner, 7 how many tickets changed, 8… id and JSON or '' of each,
--       then journal entries to keep, then events (JSON)
-- Returns 1.
if ARGV[5] == '' then
  redis.call('HDEL', KEYS[1], ARGV[4])
else
  redis.call('HSET', KEYS[1], ARGV[4], ARGV[5])
end
local tickets = tonumber(ARGV[7])
local rest = 8 + 2 * tickets
for i = 8, rest - 1, 2 do
  if ARGV[i + 1] == '' then redis.call('HDEL', KEYS[3], ARGV[i])
  else redis.call('HSET', KEYS[3], ARGV[i], ARGV[6] .. '\n' .. ARGV[i + 1]) end
end
append(KEYS[2], ARGV[rest], rest + 1)
if tickets > 0 then
  publish(ARGV[1], ARGV[2], ARGV[3], 'tickets', ARGV[6], unpack(ARGV, 8, rest - 1))
end
return 1
