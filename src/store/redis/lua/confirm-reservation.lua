-- Lets a hold that has not lapsed last so long from now.
-- KEYS: 1 holds (hash agent → '<fence> <until ms> <call>'), 2 held (hash call → agents, a line each)
-- ARGV: 1 call id, 2 fence, 3 ttl ms
-- Returns 1 when it was there, else 0.
local time = now()
for _, hold in ipairs(agents_held(KEYS[1], KEYS[2], ARGV[1], time)) do
  if hold.fence == ARGV[2] then
    redis.call('HSET', KEYS[1], hold.agent, string.format('%d %d %s', hold.fence, time + ARGV[3], ARGV[1]))
    return 1
  end
end
return 0
