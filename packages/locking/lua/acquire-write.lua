-- Takes the write lock of every resource, or of none.
-- Refused while another writer or a live reader is there; then it leaves its intent, which keeps new readers out, and
-- publishes the key of it on the channel eden:lock:intents, so that processes give back the leases their readers share.
-- An intent never refuses a writer: two writers whose intents lie on different masters would wait for ever.
--
-- Where only readers are in the way the intent goes to every resource, else readers that take turns would keep some
-- resource busy for ever. Where a writer is in the way it goes to that writer's resources only: the others stay open
-- to readers for as long as that writer works.
--
-- Four keys per resource, i = 1, 5, 9, ...:
-- KEYS[i]    writer   string: the value of the holder
-- KEYS[i+1]  readers  sorted set: value of a holder -> its expiry in ms of this server's clock
-- KEYS[i+2]  intent   string: the claim of a waiting writer
-- KEYS[i+3]  waiting  sorted set: claim -> its expiry in ms of this server's clock
-- ARGV[1]    value of the holder: <attempt>:<since ms>:<patience ms>:<claim>
-- ARGV[2]    lease in ms
-- Returns    #KEYS = all taken, 0 = none taken

local value, lease = ARGV[1], ARGV[2]

local function nobody_is_there()
  for i = 1, #KEYS, 4 do
    if redis.call('EXISTS', KEYS[i], KEYS[i + 1], KEYS[i + 2], KEYS[i + 3]) > 0 then
      return false
    end
  end
  return true
end

-- The way that nearly all go.
if nobody_is_there() then
  for i = 1, #KEYS, 4 do
    redis.call('SET', KEYS[i], value, 'PX', lease)
  end
  return #KEYS
end

local patience, claim = string.match(value, '^%d+:%d+:(%d+):(.+)$')
patience = tonumber(patience)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function wait_at(key)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  redis.call('ZADD', key, now + patience, claim)
  if redis.call('PTTL', key) < patience then
    redis.call('PEXPIRE', key, patience)
  end
end

-- One intent keeps readers out, whosever it is. Only its writer says it again, else all who wait would keep shouting.
local function leave_intent(key)
  local other = redis.call('GET', key)
  if other and other ~= claim then
    return
  end
  redis.call('SET', key, claim, 'PX', patience)
  redis.call('PUBLISH', 'eden:lock:intents', key)
end

local writers, readers = {}, {}
for i = 1, #KEYS, 4 do
  redis.call('ZREMRANGEBYSCORE', KEYS[i + 1], '-inf', now)
  if redis.call('EXISTS', KEYS[i]) == 1 then
    writers[i] = true
  elseif redis.call('EXISTS', KEYS[i + 1]) == 1 then
    readers[i] = true
  end
end

if next(writers) or next(readers) then
  for i = 1, #KEYS, 4 do
    if writers[i] or not next(writers) then
      leave_intent(KEYS[i + 2])
    end
    if writers[i] or readers[i] then
      wait_at(KEYS[i + 3])
    end
  end
  return 0
end

for i = 1, #KEYS, 4 do
  redis.call('SET', KEYS[i], value, 'PX', lease)
  if redis.call('GET', KEYS[i + 2]) == claim then
    redis.call('DEL', KEYS[i + 2])
  end
  redis.call('ZREM', KEYS[i + 3], claim)
end
return #KEYS
