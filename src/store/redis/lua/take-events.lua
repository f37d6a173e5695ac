-- Gives a consumer events: those that were revived, those that somebody took and never finished, then new ones.
-- KEYS: 1 journal (stream), 2 revived (stream), 3 dead letters (stream)
-- ARGV: 1 group, 2 consumer, 3 how many, 4 ms after which what was taken has lapsed, 5 tries after which an event is dead
-- Returns { 1, (from: 'j' journal or 'r' revived, id, tries, event)… }; { 0 } when there is no such group.
local group, consumer, limit, lapsed, most = ARGV[1], ARGV[2], tonumber(ARGV[3]), ARGV[4], tonumber(ARGV[5])
local taken = { 1 }

local function give(from, entry, tries)
  local fields = entry[2]
  taken[#taken + 1] = from
  taken[#taken + 1] = entry[1]
  taken[#taken + 1] = tries
  taken[#taken + 1] = fields[2]
end

local function count() return (#taken - 1) / 4 end

-- What has lapsed goes to this consumer, or to the dead letters.
local function take_lapsed(from, stream)
  local start = '-'
  while count() < limit do
    local pending = redis.call('XPENDING', stream, group, 'IDLE', lapsed, start, '+', 100)
    if #pending == 0 then return end
    for _, entry in ipairs(pending) do
      local id, tries = entry[1], entry[4]
      if count() < limit then
        local claimed = redis.call('XCLAIM', stream, group, consumer, lapsed, id)
        if claimed[1] and tries >= most then
          redis.call('XADD', KEYS[3], 'MAXLEN', '~', 100000, '*', 'e', claimed[1][2][2], 'tries', tries, 'from', id)
          redis.call('XACK', stream, group, id)
        elseif claimed[1] then
          give(from, claimed[1], tries + 1)
        else
          redis.call('XACK', stream, group, id) -- trimmed away: nobody can do it any more
        end
      end
      start = '(' .. id
    end
  end
end

local function take_new(from, stream)
  if count() >= limit then return end
  local found = redis.call('XREADGROUP', 'GROUP', group, consumer, 'COUNT', limit - count(), 'STREAMS', stream, '>')
  if not found then return end
  for _, entry in ipairs(found[1][2]) do give(from, entry, 1) end
end

local groups = redis.call('EXISTS', KEYS[1]) == 1 and redis.call('XINFO', 'GROUPS', KEYS[1]) or {}
local known = false
for _, info in ipairs(groups) do if info[2] == group then known = true end end
if not known then return { 0 } end

if redis.call('EXISTS', KEYS[2]) == 1 then
  take_lapsed('r', KEYS[2])
  take_new('r', KEYS[2])
end
take_lapsed('j', KEYS[1])
take_new('j', KEYS[1])
return taken
