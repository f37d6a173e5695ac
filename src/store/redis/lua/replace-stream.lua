-- Puts a copy of a stream in its place: first what came behind the last entry that was copied, then its groups with all they have in hand.
-- KEYS: 1 stream, 2 its copy
-- ARGV: 1 id of the last entry copied, 2 at most so many that came behind it
-- Returns 1; 0, and nothing was changed, when more came than that.
local function fields_of(info)
  local fields = {}
  for i = 1, #info, 2 do fields[info[i]] = info[i + 1] end
  return fields
end

local function copy_pending(group)
  local start = '-'
  while true do
    local page = redis.call('XPENDING', KEYS[1], group, start, '+', 500)
    for _, entry in ipairs(page) do
      redis.call('XCLAIM', KEYS[2], group, entry[2], 0, entry[1], 'IDLE', entry[3], 'RETRYCOUNT', entry[4], 'FORCE', 'JUSTID')
    end
    if #page < 500 then return end
    start = '(' .. page[#page][1]
  end
end

local stream = fields_of(redis.call('XINFO', 'STREAM', KEYS[1]))
local tail = redis.call('XRANGE', KEYS[1], '(' .. ARGV[1], '+', 'COUNT', ARGV[2] + 1)
if #tail > tonumber(ARGV[2]) then return 0 end
for _, entry in ipairs(tail) do redis.call('XADD', KEYS[2], entry[1], unpack(entry[2])) end
-- Since Redis 7 a stream counts what was ever added, of which the lag of its groups is reckoned.
local added = stream['entries-added']
if added then
  redis.call('XSETID', KEYS[2], stream['last-generated-id'], 'ENTRIESADDED', added, 'MAXDELETEDID', stream['max-deleted-entry-id'])
else
  redis.call('XSETID', KEYS[2], stream['last-generated-id'])
end
for _, info in ipairs(redis.call('XINFO', 'GROUPS', KEYS[1])) do
  local group = fields_of(info)
  local name, read = group['name'], group['entries-read']
  if read then redis.call('XGROUP', 'CREATE', KEYS[2], name, group['last-delivered-id'], 'ENTRIESREAD', read)
  else redis.call('XGROUP', 'CREATE', KEYS[2], name, group['last-delivered-id']) end
  for _, each in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], name)) do
    redis.call('XGROUP', 'CREATECONSUMER', KEYS[2], name, fields_of(each)['name'])
  end
  copy_pending(name)
end
redis.call('UNLINK', KEYS[1])
redis.call('RENAME', KEYS[2], KEYS[1])
return 1
