-- Lists the holds that have not lapsed.
-- KEYS: 1 holds (hash agent → '<fence> <until ms> <call>')
-- ARGV: none
-- Returns {call, agent, fence, call, agent, fence, …}.
local time, list = now(), {}
local holds = redis.call('HGETALL', KEYS[1])
for i = 1, #holds, 2 do
  local fence, until_ms, call = string.match(holds[i + 1], '^(%d+) (%d+) (.*)$')
  if tonumber(until_ms) > time then
    list[#list + 1] = call
    list[#list + 1] = holds[i]
    list[#list + 1] = fence
  end
end
return list
