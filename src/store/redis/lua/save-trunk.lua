-- Writes how a trunk fares together with its events.
-- KEYS: 1 trunks (hash name → JSON), 2 journal (stream)
-- ARGV: 1 name, 2 JSON, 3 journal entries to keep, 4… events (JSON)
-- Returns 1.
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
append(KEYS[2], ARGV[3], 4)
return 1
