-- Writes an agent's document and its events if nobody else has written since.
-- KEYS: 1 agents (hash id → '<version> <JSON>'), 2 journal (stream)
-- ARGV: 1 agent id, 2 version read, 3 JSON or '' to remove, 4 journal entries to keep, 5… events (JSON)
-- Returns {1, new version}, or {0, stored document or ''} when the version is stale.
local stored = redis.call('HGET', KEYS[1], ARGV[1])
if not is_current(stored, tonumber(ARGV[2])) then
  return { 0, stored or '' }
end
local version = version_of(stored) + 1
redis.call('HSET', KEYS[1], ARGV[1], version .. ' ' .. ARGV[3])
append(KEYS[2], ARGV[4], 5)
return { 1, version }
