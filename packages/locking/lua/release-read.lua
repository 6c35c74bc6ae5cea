-- Gives a read lock back. Idempotent: what is not held (any more) counts as released.
-- The last reader calls the writer that came first of those who wait: it publishes the id of its claim on the channel
-- eden:lock:turns:<its process>.
--
-- Four keys per resource, i = 1, 5, 9, ...:
-- KEYS[i]    writer   unused
-- KEYS[i+1]  readers  sorted set: value of a holder -> its expiry in ms of this server's clock
-- KEYS[i+2]  intent   unused
-- KEYS[i+3]  waiting  sorted set: claim -> its expiry in ms of this server's clock
-- ARGV[1]    value of the holder
-- Returns    #KEYS, always

local function came_before(one, other)
  return one.since < other.since or (one.since == other.since and one.id < other.id)
end

local function call_writer(waiting, now)
  local first
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', waiting, now, '+inf')) do
    local claim = cjson.decode(member)
    if claim.mode == 'write' and (not first or came_before(claim, first)) then
      first = claim
    end
  end
  if first then
    redis.call('PUBLISH', 'eden:lock:turns:' .. first.process, first.id)
  end
end

for i = 1, #KEYS, 4 do
  if redis.call('ZREM', KEYS[i + 1], ARGV[1]) == 1 and redis.call('EXISTS', KEYS[i + 3]) == 1 then
    local time = redis.call('TIME')
    local now = time[1] * 1000 + math.floor(time[2] / 1000)
    if redis.call('ZCOUNT', KEYS[i + 1], now, '+inf') == 0 then
      call_writer(KEYS[i + 3], now)
    end
  end
end
return #KEYS
