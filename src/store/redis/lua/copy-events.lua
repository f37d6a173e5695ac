-- Copies entries of a stream behind those of another, with their ids; some with another event.
-- KEYS: 1 from (stream), 2 to (stream)
-- ARGV: 1 id before the first, 2 id of the last, 3… id and event (JSON) of each that changes
-- Returns how many.
local changed = {}
for i = 3, #ARGV, 2 do changed[ARGV[i]] = ARGV[i + 1] end
local entries = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], ARGV[2])
for _, entry in ipairs(entries) do
  local fields = entry[2]
  if changed[entry[1]] then fields[2] = changed[entry[1]] end
  redis.call('XADD', KEYS[2], entry[1], unpack(fields))
end
return #entries
