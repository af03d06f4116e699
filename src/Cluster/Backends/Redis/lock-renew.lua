-- KEYS[1]: the lock. ARGV[1]: token and owner. ARGV[2]: milliseconds to live from now.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then
  return 0
end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
