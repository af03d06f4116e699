-- Takes a lock that nobody holds. Its token is made as versions are.
-- KEYS[1]: the lock. KEYS[2]: its last token. ARGV[1]: the owner. ARGV[2]: milliseconds to live.
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 0
end
local time = redis.call('TIME')
local token = math.max(tonumber(redis.call('GET', KEYS[2]) or '0') + 1, time[1] * 1000000 + time[2])
local text = string.format('%.0f', token)
redis.call('SET', KEYS[2], text)
redis.call('SET', KEYS[1], text .. ':' .. ARGV[1], 'NX', 'PX', ARGV[2])
return token
