-- Forgets journal entries before an id, but none that a group has not taken, or has in hand.
-- KEYS: 1 journal (stream)
-- ARGV: 1 id
-- Returns 1.
local function less(a, b)
  local a_ms, a_seq = string.match(a, '(%d+)-(%d+)')
  local b_ms, b_seq = string.match(b, '(%d+)-(%d+)')
  if a_ms ~= b_ms then return tonumber(a_ms) < tonumber(b_ms) end
  return tonumber(a_seq) < tonumber(b_seq)
end

local before = ARGV[1]
if redis.call('EXISTS', KEYS[1]) == 0 then return 1 end
for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local field = {}
  for i = 1, #info, 2 do field[info[i]] = info[i + 1] end
  local oldest = redis.call('XPENDING', KEYS[1], field['name'])[2] or field['last-delivered-id']
  if less(oldest, before) then before = oldest end
end
redis.call('XTRIM', KEYS[1], 'MINID', '~', before)
return 1
