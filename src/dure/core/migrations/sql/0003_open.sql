-- The port of the grants in force: role, kind and id of the scope, one after the other. A room above
-- puts its own function here; NULL = none does.
CREATE FUNCTION dure_grants(p_person uuid, p_at timestamptz) RETURNS text[]
LANGUAGE plpgsql STABLE AS $$ BEGIN RETURN NULL; END $$;

-- Opens an action in one statement: clock, transaction id, mark, timeouts, newest seal, key, and the
-- grants of the person who acts. VOLATILE, so that the look-up after the lock sees what another
-- transaction committed.
CREATE FUNCTION dure_open(
    p_line uuid, p_actor text, p_organisation uuid, p_action text, p_key text, p_long boolean,
    p_person uuid DEFAULT NULL,
    OUT at timestamptz, OUT xid bigint, OUT used_line uuid, OUT used_hash text,
    OUT used_result jsonb, OUT old_mark text, OUT behind boolean, OUT grants text[]
)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_none text;
BEGIN
    at := dure_now();
    xid := pg_current_xact_id()::text::bigint;
    old_mark := current_setting('dure.action', true);
    behind := EXISTS (SELECT FROM core_sealhead h WHERE h.sealed_at > at);
    -- An assignment costs less than a query: nothing here asks a table.
    v_none := concat(set_config('dure.action', concat(p_line, '@', xid), true),
        set_config('statement_timeout', CASE WHEN p_long THEN '600s' ELSE '10s' END, true),
        set_config('lock_timeout', CASE WHEN p_long THEN '30s' ELSE '3s' END, true),
        set_config('idle_in_transaction_session_timeout', '60s', true),
        CASE WHEN p_key IS NOT NULL THEN pg_advisory_xact_lock(hashtextextended(
            concat(p_actor, '|', p_organisation, '|', p_action, '|', p_key), 7))::text END);
    IF p_key IS NOT NULL THEN
        IF p_organisation IS NULL THEN
            SELECT l.id, l.body_hash, l.result INTO used_line, used_hash, used_result
            FROM core_auditline l
            WHERE l.key_actor = p_actor AND l.key_organisation IS NULL
                AND l.action = p_action AND l.key = p_key;
        ELSE
            SELECT l.id, l.body_hash, l.result INTO used_line, used_hash, used_result
            FROM core_auditline l
            WHERE l.key_actor = p_actor AND l.key_organisation = p_organisation
                AND l.action = p_action AND l.key = p_key;
        END IF;
    END IF;
    IF p_person IS NOT NULL AND used_line IS NULL THEN
        grants := dure_grants(p_person, at);
    END IF;
END $$;

-- Era and batch of a line are the database's to say: after a restore both stand above the old ones.
CREATE FUNCTION dure_place_line() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    NEW.era := dure_era();
    NEW.batch := NEW.batch + dure_batch_base();
    RETURN NEW;
END $$;
CREATE TRIGGER place_line BEFORE INSERT ON core_auditline
FOR EACH ROW EXECUTE FUNCTION dure_place_line();
