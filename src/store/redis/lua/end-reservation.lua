-- Ends a hold, if it is still the one that is meant.
-- KEYS: 1 holds (hash agent → '<fence> <until ms> <call>'), 2 held (hash call → agents, a line each)
-- ARGV: 1 call id, 2 fence
-- Returns 1 when it was ended, 0 when there was no such hold.
local agents, left = agents_held(KEYS[1], KEYS[2], ARGV[1], now()), {}
for i = 1, #agents do
  if agents[i].fence == ARGV[2] then redis.call('HDEL', KEYS[1], agents[i].agent)
  else left[#left + 1] = agents[i] end
end
write_held(KEYS[2], ARGV[1], left)
return #agents - #left
