-- Writes a call's snapshot together with its events.
-- KEYS: 1 calls (hash id → JSON), 2 journal (stream)
-- ARGV: 1 call id, 2 JSON or '' to forget the call, 3 journal entries to keep, 4… events (JSON)
-- Returns 1.
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
end
append(KEYS[2], ARGV[3], 4)
return 1
