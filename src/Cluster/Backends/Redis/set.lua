-- Writes a stamped value, unless what is there carries a later stamp.
-- KEYS[1]: the key. ARGV[1]: the stamp, 16 hexadecimal digits. ARGV[2]: the value. ARGV[3]: milliseconds to live, or empty.
if redis.call('GETRANGE', KEYS[1], 0, 15) > ARGV[1] then
  return 0
end
if ARGV[3] == '' then
  redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2], 'PX', ARGV[3])
end
return 1
