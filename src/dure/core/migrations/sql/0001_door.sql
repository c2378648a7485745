CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gist;

-- The one clock. Tests replace this function alone, never its callers.
CREATE FUNCTION dure_now() RETURNS timestamptz
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT transaction_timestamp() $$;

CREATE FUNCTION dure_today() RETURNS date
LANGUAGE sql STABLE PARALLEL SAFE AS $$ SELECT (dure_now() AT TIME ZONE 'Asia/Seoul')::date $$;

-- Both rise by `dure restore`: a restored server counts its transactions anew, and batches go on above the old ones.
CREATE FUNCTION dure_era() RETURNS smallint LANGUAGE sql IMMUTABLE AS 'SELECT 1::smallint';
CREATE FUNCTION dure_batch_base() RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT 0::bigint';

-- A domain table takes a write only inside a running action of this very transaction. One function
-- of every table's door: a WHEN clause would be read and planned anew by each statement.
CREATE FUNCTION dure_door() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF split_part(current_setting('dure.action', true), '@', 2)
        IS DISTINCT FROM pg_current_xact_id()::text THEN
        RAISE EXCEPTION 'dure.no_action' USING ERRCODE = 'P0001';
    END IF;
    RETURN NULL;
END $$;
