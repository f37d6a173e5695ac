-- Holds an agent for a call: he may not be held already nor the call hold more than it may, and the agent's document moves
-- on as in save-agent.
-- KEYS: 1 agents (hash id → '<version> <JSON>'), 2 holds (hash agent → '<fence> <until ms> <call>'),
--       3 held (hash call → agents, a line each), 4 fence (counter), 5 journal (stream)
-- ARGV: 1 channel, 2 sender, 3 1 when the sender hears it or else 0, 4 call id, 5 agent id, 6 version read,
--       7 JSON of the agent, 8 ttl ms, 9 agents that the call may hold, 10 journal entries to keep, 11… events (JSON)
-- Returns {1, fence, new version}, {0, 'agent-taken'} or {0, 'call-taken'}.
local time = now()
local call, agent = ARGV[4], ARGV[5]

local function is_held()
  local until_ms, holder = string.match(redis.call('HGET', KEYS[2], agent) or '', '^%d+ (%d+) (.*)$')
  if not holder then return false end
  if tonumber(until_ms) > time then return true end
  write_held(KEYS[3], holder, agents_held(KEYS[2], KEYS[3], holder, time))
  return false
end

local stored = redis.call('HGET', KEYS[1], agent)
if not is_current(stored, tonumber(ARGV[6])) or is_held() then
  return { 0, 'agent-taken' }
end
local agents = agents_held(KEYS[2], KEYS[3], call, time)
if #agents >= tonumber(ARGV[9]) then
  return { 0, 'call-taken' }
end
local version = version_of(stored) + 1
local fence = redis.call('INCR', KEYS[4])
redis.call('HSET', KEYS[1], agent, version .. ' ' .. ARGV[7])
redis.call('HSET', KEYS[2], agent, string.format('%d %d %s', fence, time + ARGV[8], call))
agents[#agents + 1] = { agent = agent }
write_held(KEYS[3], call, agents)
append(KEYS[5], ARGV[10], 11)
publish(ARGV[1], ARGV[2], ARGV[3], 'agent', agent, version .. ' ' .. ARGV[7])
return { 1, fence, version }
