-- Removes what a request left while it waited: its own intent and its place among the waiting. Idempotent.
--
-- Four keys per resource, i = 1, 5, 9, ...:
-- KEYS[i]    writer   unused
-- KEYS[i+1]  readers  unused
-- KEYS[i+2]  intent   string: the claim of a waiting writer
-- KEYS[i+3]  waiting  sorted set: claim -> its expiry in ms of this server's clock
-- ARGV[1]    claim
-- Returns    #KEYS, always

for i = 1, #KEYS, 4 do
  if redis.call('GET', KEYS[i + 2]) == ARGV[1] then
    redis.call('DEL', KEYS[i + 2])
  end
  redis.call('ZREM', KEYS[i + 3], ARGV[1])
end
return #KEYS
