-- Put in front of every script of this folder.

-- Milliseconds by Redis' own clock, the one clock that all processes share.
local function now()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

-- Appends ARGV[first] and all after it to the journal, of which about `keep` entries stay.
local function append(journal, keep, first)
  for i = first, #ARGV do
    redis.call('XADD', journal, 'MAXLEN', '~', keep, '*', 'e', ARGV[i])
  end
end

-- An agent's document is stored as `<version> <JSON>`; a removed one as `<version> `, so that no version comes twice.
local function version_of(document)
  return document and tonumber(string.match(document, '^%d+')) or 0
end

local function is_removed(document)
  return not document or string.match(document, '^%d+ $') ~= nil
end

-- A writer who has read nothing, or has read that the agent was removed, says 0.
local function is_current(document, version)
  if is_removed(document) then return version == 0 end
  return version == version_of(document)
end
