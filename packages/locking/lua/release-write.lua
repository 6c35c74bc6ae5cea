-- Gives a write lock back. Idempotent: what is not held (any more) counts as released.
-- Of those who wait it calls the writer that came first, else all readers: it publishes the id of the writer's claim on
-- the channel eden:lock:turns:<its process>, or the key of the waiting on eden:lock:openings.
-- The intent stays: Redlock also calls this after every refused attempt, and the intent must outlive the attempt.
-- It goes when the lock is taken (acquire-write) and when the request is over (withdraw).
--
-- Four keys per resource, i = 1, 5, 9, ...:
-- KEYS[i]    writer   string: the value of the holder
-- KEYS[i+1]  readers  unused
-- KEYS[i+2]  intent   unused
-- KEYS[i+3]  waiting  sorted set: claim -> its expiry in ms of this server's clock
-- ARGV[1]    value of the holder
-- Returns    #KEYS, always

local function came_before(one, other)
  return one.since < other.since or (one.since == other.since and one.id < other.id)
end

local function call_next(waiting)
  local time = redis.call('TIME')
  local now = time[1] * 1000 + math.floor(time[2] / 1000)
  local alive = redis.call('ZRANGEBYSCORE', waiting, now, '+inf')
  local first
  for _, member in ipairs(alive) do
    local claim = cjson.decode(member)
    if claim.mode == 'write' and (not first or came_before(claim, first)) then
      first = claim
    end
  end
  if first then
    redis.call('PUBLISH', 'eden:lock:turns:' .. first.process, first.id)
  elseif #alive > 0 then
    redis.call('PUBLISH', 'eden:lock:openings', waiting)
  end
end

for i = 1, #KEYS, 4 do
  if redis.call('GET', KEYS[i]) == ARGV[1] then
    redis.call('DEL', KEYS[i])
    if redis.call('EXISTS', KEYS[i + 3]) == 1 then
      call_next(KEYS[i + 3])
    end
  end
end
return #KEYS
