-- Deletes a stamped value, unless it carries a later stamp.
-- KEYS[1]: the key. ARGV[1]: the stamp of the deletion, 16 hexadecimal digits.
if redis.call('GETRANGE', KEYS[1], 0, 15) > ARGV[1] then
  return 0
end
return redis.call('DEL', KEYS[1])
