-- The newest fencing token seen for each lock, and the function that lets a transaction pass or not.
CREATE TABLE IF NOT EXISTS quorate_fence (
    lock text PRIMARY KEY,
    token bigint NOT NULL
);

-- To be called in the transaction that writes, before it writes. The row stays locked until the transaction ends, so that a holder
-- with a newer token cannot come between this check and the commit; an older one that waited for the row then sees the newer token.
CREATE OR REPLACE FUNCTION quorate_check_fence(checked_lock text, checked_token bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO quorate_fence AS fence (lock, token) VALUES (checked_lock, checked_token)
    ON CONFLICT (lock) DO UPDATE SET token = EXCLUDED.token WHERE fence.token <= EXCLUDED.token;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'the fencing token % of the lock "%" is stale', checked_token, checked_lock USING ERRCODE = 'QF001';
    END IF;
END
$$;
