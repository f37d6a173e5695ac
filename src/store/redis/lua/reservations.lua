-- Lists the holds that have not lapsed.
-- KEYS: 1 holds by call (hash call → '<fence> <until ms> <agent>')
-- ARGV: none
-- Returns {call, agent, fence, call, agent, fence, …}.
local time, held = now(), {}
local holds = redis.call('HGETALL', KEYS[1])
for i = 1, #holds, 2 do
  local fence, until_ms, agent = string.match(holds[i + 1], '^(%d+) (%d+) (.*)$')
  if tonumber(until_ms) > time then
    held[#held + 1] = holds[i]
    held[#held + 1] = agent
    held[#held + 1] = fence
  end
end
return held
