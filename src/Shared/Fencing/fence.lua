-- A write that a fencing token guards. Redis runs a script as one step: nothing comes between the check and the write.
-- KEYS[1]  the newest token seen for the lock    KEYS[2]  the key that is written
-- ARGV[1]  the token    ARGV[2]  set | delete    ARGV[3]  the value    ARGV[4]  its time to live in ms, or nothing
-- Answers the newest token seen: the writer's own when it was let through. Tokens are compared as decimal strings, because
-- numbers in Lua lose digits above 2^53.
local newest = redis.call('GET', KEYS[1])
local token = ARGV[1]
if newest and (#newest > #token or (#newest == #token and newest > token)) then
  return newest
end
if newest ~= token then
  redis.call('SET', KEYS[1], token)
end
if ARGV[2] == 'delete' then
  redis.call('DEL', KEYS[2])
elseif ARGV[4] == '' then
  redis.call('SET', KEYS[2], ARGV[3])
else
  redis.call('SET', KEYS[2], ARGV[3], 'PX', ARGV[4])
end
return token
