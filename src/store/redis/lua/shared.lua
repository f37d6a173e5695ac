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

-- Tells the other processes. Who hears the channel himself and is alone is not told what he has just done.
local function publish(channel, sender, hears, ...)
  local heard = redis.call('PUBSUB', 'NUMSUB', channel)[2]
  if heard > tonumber(hears) then
    redis.call('PUBLISH', channel, table.concat({ sender, ... }, '\n'))
  end
end

-- A lease is stored as `<epoch> <until ms> <owner>`. Gives 1 when it is now the owner's or else 0, the epoch, and whose it is.
local function take_lease(leases, name, owner, ttl, time)
  local epoch, until_ms, holder = 0, 0, ''
  local stored = redis.call('HGET', leases, name)
  if stored then
    epoch, until_ms, holder = string.match(stored, '^(%d+) (%d+) (.*)$')
  end
  if holder ~= owner then
    if tonumber(until_ms) > time then return 0, tonumber(epoch), holder end
    epoch = epoch + 1
  end
  redis.call('HSET', leases, name, string.format('%d %d %s', epoch, time + ttl, owner))
  return 1, tonumber(epoch), owner
end

-- The agents whom a call holds, a line each; what has lapsed is taken away on sight.
-- holds (hash agent → '<fence> <until ms> <call>'), held (hash call → agents, a line each)
local function agents_held(holds, held, call, time)
  local agents = {}
  for agent in string.gmatch(redis.call('HGET', held, call) or '', '[^\n]+') do
    local hold = redis.call('HGET', holds, agent)
    local fence, until_ms, holder = string.match(hold or '', '^(%d+) (%d+) (.*)$')
    if holder == call and tonumber(until_ms) > time then
      agents[#agents + 1] = { agent = agent, fence = fence }
    elseif holder == call then
      redis.call('HDEL', holds, agent)
    end
  end
  return agents
end

local function write_held(held, call, agents)
  local names = {}
  for i = 1, #agents do names[i] = agents[i].agent end
  if #names == 0 then redis.call('HDEL', held, call)
  else redis.call('HSET', held, call, table.concat(names, '\n')) end
end
