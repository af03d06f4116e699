-- Writes a value with a version, if need be only over an expected one. Versions are microseconds of the server's clock, or one more than
-- the last where that is ahead: they go on growing after the server lost everything.
-- KEYS[1]: a hash of value and version. ARGV[1]: the value. ARGV[2]: the expected version, 0 for none, or empty for any.
local current = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
if ARGV[2] ~= '' and tonumber(ARGV[2]) ~= current then
  return 0
end
local time = redis.call('TIME')
local version = math.max(current + 1, time[1] * 1000000 + time[2])
redis.call('HMSET', KEYS[1], 'value', ARGV[1], 'version', string.format('%.0f', version))
return version
