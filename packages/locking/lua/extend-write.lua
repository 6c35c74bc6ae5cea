-- Renews a write lock while it is still held on every resource.
--
-- Four keys per resource, i = 1, 5, 9, ...:
-- KEYS[i]    writer   string: the value of the holder
-- KEYS[i+1]  readers  unused
-- KEYS[i+2]  intent   unused
-- KEYS[i+3]  waiting  unused
-- ARGV[1]    value of the holder
-- ARGV[2]    lease in ms, from now
-- Returns    #KEYS = all renewed, 0 = no longer held, nothing renewed

for i = 1, #KEYS, 4 do
  if redis.call('GET', KEYS[i]) ~= ARGV[1] then
    return 0
  end
end

for i = 1, #KEYS, 4 do
  redis.call('PEXPIRE', KEYS[i], ARGV[2])
end
return #KEYS
