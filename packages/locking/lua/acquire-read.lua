-- Takes the read lock of every resource, or of none.
-- Refused while a writer holds one of them, or has left its intent there. Who is refused shows among the waiting.
--
-- Four keys per resource, i = 1, 5, 9, ...:
-- KEYS[i]    writer   string: the value of the holder
-- KEYS[i+1]  readers  sorted set: value of a holder -> its expiry in ms of this server's clock
-- KEYS[i+2]  intent   string: the claim of a waiting writer
-- KEYS[i+3]  waiting  sorted set: claim -> its expiry in ms of this server's clock
-- ARGV[1]    value of the holder: <attempt>:<since ms>:<patience ms>:<claim>
-- ARGV[2]    lease in ms
-- Returns    #KEYS = all taken, 0 = none taken

local value, lease = ARGV[1], tonumber(ARGV[2])
local patience, claim = string.match(value, '^%d+:%d+:(%d+):(.+)$')
patience = tonumber(patience)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- A sorted set lives as long as its longest member may.
local function add(key, member, duration)
  redis.call('ZREMRANGEBYSCORE', key, '-inf', now)
  redis.call('ZADD', key, now + duration, member)
  if redis.call('PTTL', key) < duration then
    redis.call('PEXPIRE', key, duration)
  end
end

local refused = false
for i = 1, #KEYS, 4 do
  if redis.call('EXISTS', KEYS[i], KEYS[i + 2]) > 0 then
    refused = true
    add(KEYS[i + 3], claim, patience)
  end
end
if refused then
  return 0
end

for i = 1, #KEYS, 4 do
  add(KEYS[i + 1], value, lease)
  redis.call('ZREM', KEYS[i + 3], claim)
end
return #KEYS
