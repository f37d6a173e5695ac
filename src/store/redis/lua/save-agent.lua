-- Writes an agent's document and its events if nobody else has written since, and tells the other processes.
-- KEYS: 1 agents (hash id → '<version> <JSON>'), 2 journal (stream)
-- ARGV: 1 channel, 2 sender, 3 1 when the sender hears it or else 0,
--       4 agent id, 5 version read, 6 JSON or '' to remove, 7 journal entries to keep, 8… events (JSON)
-- Returns {1, new version}, or {0, stored document or ''} when the version is stale.
local stored = redis.call('HGET', KEYS[1], ARGV[4])
if not is_current(stored, tonumber(ARGV[5])) then
  return { 0, stored or '' }
end
local version = version_of(stored) + 1
redis.call('HSET', KEYS[1], ARGV[4], version .. ' ' .. ARGV[6])
append(KEYS[2], ARGV[7], 8)
publish(ARGV[1], ARGV[2], ARGV[3], 'agent', ARGV[4], version .. ' ' .. ARGV[6])
return { 1, version }
