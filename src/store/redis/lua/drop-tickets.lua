-- Takes away tickets that still have this owner, and tells the other processes.
-- KEYS: 1 tickets (hash id → owner, a line, JSON)
-- ARGV: 1 channel, 2 sender, 3 1 when the sender hears it or else 0, 4 owner, 5… ids
-- Returns 1.
for i = 5, #ARGV do
  local stored = redis.call('HGET', KEYS[1], ARGV[i])
  if stored and string.match(stored, '^[^\n]*') == ARGV[4] then
    redis.call('HDEL', KEYS[1], ARGV[i])
    publish(ARGV[1], ARGV[2], ARGV[3], 'tickets', ARGV[4], ARGV[i], '')
  end
end
return 1
