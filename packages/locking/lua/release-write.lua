-- Gives a write lock back. Idempotent: what is not held (any more) counts as released.
-- The intent stays: Redlock also calls this after every refused attempt, and the intent must outlive the attempt.
-- It goes when the lock is taken (acquire-write) and when the request is over (withdraw).
--
-- Four keys per resource, i = 1, 5, 9, ...:
-- KEYS[i]    writer   string: the value of the holder
-- KEYS[i+1]  readers  unused
-- KEYS[i+2]  intent   unused
-- KEYS[i+3]  waiting  unused
-- ARGV[1]    value of the holder
-- Returns    #KEYS, always

for i = 1, #KEYS, 4 do
  if redis.call('GET', KEYS[i]) == ARGV[1] then
    redis.call('DEL', KEYS[i])
  end
end
return #KEYS
