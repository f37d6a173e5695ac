-- Holds an agent for a call: neither may be held already, and the agent's document moves on as in save-agent.
-- KEYS: 1 agents (hash id → '<version> <JSON>'), 2 holds by call (hash call → '<fence> <until ms> <agent>'),
--       3 holds by agent (hash agent → call), 4 fence (counter), 5 journal (stream)
-- ARGV: 1 call id, 2 agent id, 3 version read, 4 JSON of the agent, 5 ttl ms, 6 journal entries to keep, 7… events (JSON)
-- Returns {1, fence, new version}, {0, 'agent-taken'} or {0, 'call-taken'}.
local time = now()

-- A hold that has lapsed is taken away on sight.
local function is_held(call)
  local hold = call and redis.call('HGET', KEYS[2], call)
  if not hold then return false end
  local until_ms, agent = string.match(hold, '^%d+ (%d+) (.*)$')
  if tonumber(until_ms) > time then return true end
  redis.call('HDEL', KEYS[2], call)
  redis.call('HDEL', KEYS[3], agent)
  return false
end

local stored = redis.call('HGET', KEYS[1], ARGV[2])
if not is_current(stored, tonumber(ARGV[3])) or is_held(redis.call('HGET', KEYS[3], ARGV[2])) then
  return { 0, 'agent-taken' }
end
if is_held(ARGV[1]) then
  return { 0, 'call-taken' }
end
local version = version_of(stored) + 1
local fence = redis.call('INCR', KEYS[4])
redis.call('HSET', KEYS[1], ARGV[2], version .. ' ' .. ARGV[4])
redis.call('HSET', KEYS[2], ARGV[1], string.format('%d %d %s', fence, time + ARGV[5], ARGV[2]))
redis.call('HSET', KEYS[3], ARGV[2], ARGV[1])
append(KEYS[5], ARGV[6], 7)
return { 1, fence, version }
