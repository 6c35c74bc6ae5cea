-- Removes what a request left while it waited: its own intent and its place among the waiting. Idempotent.
-- Where only the intent was in the way of others, they are called: it publishes the key of the waiting on the channel
-- eden:lock:openings.
--
-- Four keys per resource, i = 1, 5, 9, ...:
-- KEYS[i]    writer   string: the value of the holder
-- KEYS[i+1]  readers  unused
-- KEYS[i+2]  intent   string: the claim of a waiting writer
-- KEYS[i+3]  waiting  sorted set: claim -> its expiry in ms of this server's clock
-- ARGV[1]    claim
-- Returns    #KEYS, always

for i = 1, #KEYS, 4 do
  redis.call('ZREM', KEYS[i + 3], ARGV[1])
  if redis.call('GET', KEYS[i + 2]) == ARGV[1] then
    redis.call('DEL', KEYS[i + 2])
    if redis.call('EXISTS', KEYS[i]) == 0 and redis.call('EXISTS', KEYS[i + 3]) == 1 then
      redis.call('PUBLISH', 'eden:lock:openings', KEYS[i + 3])
    end
  end
end
return #KEYS
