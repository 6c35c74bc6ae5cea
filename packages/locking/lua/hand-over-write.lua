-- Hands a write lock on from the request that holds it to another one of the same process: nobody comes in between.
--
-- Four keys per resource, i = 1, 5, 9, ...:
-- KEYS[i]    writer   string: the value of the holder
-- KEYS[i+1]  readers  unused
-- KEYS[i+2]  intent   string: the claim of a waiting writer
-- KEYS[i+3]  waiting  sorted set: claim -> its expiry in ms of this server's clock
-- ARGV[1]    value of the holder, a line feed, value of the next one: <attempt>:<since ms>:<patience ms>:<claim>
-- ARGV[2]    lease of the next one in ms
-- Returns    #KEYS = all handed on, 0 = no longer held, nothing handed on

local holder, value = string.match(ARGV[1], '^(.-)\n(.+)$')

for i = 1, #KEYS, 4 do
  if redis.call('GET', KEYS[i]) ~= holder then
    return 0
  end
end

local claim = string.match(value, '^%d+:%d+:%d+:(.+)$')
for i = 1, #KEYS, 4 do
  redis.call('SET', KEYS[i], value, 'PX', ARGV[2])
  if redis.call('GET', KEYS[i + 2]) == claim then
    redis.call('DEL', KEYS[i + 2])
  end
  redis.call('ZREM', KEYS[i + 3], claim)
end
return #KEYS
