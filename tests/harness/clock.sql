-- The test database's clock: the setting when it is set, else the transaction's own time.
CREATE OR REPLACE FUNCTION dure_now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT coalesce(nullif(current_setting('dure.test_now', true), '')::timestamptz, transaction_timestamp())
$$;
