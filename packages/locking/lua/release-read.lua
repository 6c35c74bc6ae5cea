-- Gives a read lock back. Idempotent: what is not held (any more) counts as released.
--
-- Four keys per resource, i = 1, 5, 9, ...:
-- KEYS[i]    writer   unused
-- KEYS[i+1]  readers  sorted set: value of a holder -> its expiry in ms of this server's clock
-- KEYS[i+2]  intent   unused
-- KEYS[i+3]  waiting  unused
-- ARGV[1]    value of the holder
-- Returns    #KEYS, always

for i = 1, #KEYS, 4 do
  redis.call('ZREM', KEYS[i + 1], ARGV[1])
end
return #KEYS
