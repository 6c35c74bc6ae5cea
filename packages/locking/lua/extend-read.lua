-- Renews a read lock while it is still held on every resource, whatever the intents: a long request must not lose its
-- lease in the middle.
--
-- Four keys per resource, i = 1, 5, 9, ...:
-- KEYS[i]    writer   unused
-- KEYS[i+1]  readers  sorted set: value of a holder -> its expiry in ms of this server's clock
-- KEYS[i+2]  intent   unused
-- KEYS[i+3]  waiting  unused
-- ARGV[1]    value of the holder
-- ARGV[2]    lease in ms, from now
-- Returns    #KEYS = all renewed, 0 = no longer held, nothing renewed

local value, lease = ARGV[1], tonumber(ARGV[2])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

for i = 1, #KEYS, 4 do
  local expiry = redis.call('ZSCORE', KEYS[i + 1], value)
  if not expiry or tonumber(expiry) <= now then
    return 0
  end
end

for i = 1, #KEYS, 4 do
  redis.call('ZADD', KEYS[i + 1], now + lease, value)
  if redis.call('PTTL', KEYS[i + 1]) < lease then
    redis.call('PEXPIRE', KEYS[i + 1], lease)
  end
end
return #KEYS
