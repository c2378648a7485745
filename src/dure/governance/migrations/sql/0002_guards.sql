-- A roll that is sealed or dropped stays as it is, with its people; its hash is recomputed here.
CREATE FUNCTION governance_roll_hash(p_roll uuid) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(coalesce(string_agg(
        token || ';' || weight || ';' || standing || CASE WHEN part = '' THEN '' ELSE ';' || part END,
        E'\n' ORDER BY token COLLATE "C"), ''), 'UTF8')), 'hex')
    FROM governance_rollentry WHERE roll_id = p_roll
$$;

CREATE FUNCTION governance_roll_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state <> 'draft' THEN
        RAISE EXCEPTION 'dure.roll_is_sealed' USING ERRCODE = 'P0001';
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    IF NEW.state = 'sealed' AND (
        NEW.sha256 IS DISTINCT FROM governance_roll_hash(NEW.id)
        OR NEW.voting_count <> (SELECT count(*) FROM governance_rollentry
            WHERE roll_id = NEW.id AND standing = 'voting')) THEN
        RAISE EXCEPTION 'dure.roll_hash' USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER roll_guard BEFORE UPDATE OR DELETE ON governance_roll
    FOR EACH ROW EXECUTE FUNCTION governance_roll_guard();

-- Whoever writes lines waits for whoever seals, and the other way round.
CREATE FUNCTION governance_entries_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_state text;
BEGIN
    FOR v_state IN
        SELECT r.state FROM governance_roll r
        WHERE r.id IN (SELECT DISTINCT roll_id FROM touched) FOR SHARE OF r
    LOOP
        IF v_state <> 'draft' THEN
            RAISE EXCEPTION 'dure.roll_is_sealed' USING ERRCODE = 'P0001';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

CREATE TRIGGER entries_inserted AFTER INSERT ON governance_rollentry
    REFERENCING NEW TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION governance_entries_guard();
CREATE TRIGGER entries_deleted AFTER DELETE ON governance_rollentry
    REFERENCING OLD TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION governance_entries_guard();

-- A line that changes stays on its roll.
CREATE FUNCTION governance_entry_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM governance_roll WHERE id = OLD.roll_id AND state = 'draft' FOR SHARE;
    IF NOT FOUND OR NEW.roll_id <> OLD.roll_id THEN
        RAISE EXCEPTION 'dure.roll_is_sealed' USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER entry_moved BEFORE UPDATE ON governance_rollentry
    FOR EACH ROW EXECUTE FUNCTION governance_entry_moved();

CREATE FUNCTION governance_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'dure.roll_is_sealed' USING ERRCODE = 'P0001';
END $$;
CREATE TRIGGER roll_no_truncate BEFORE TRUNCATE ON governance_roll
    FOR EACH STATEMENT EXECUTE FUNCTION governance_no_truncate();
CREATE TRIGGER entries_no_truncate BEFORE TRUNCATE ON governance_rollentry
    FOR EACH STATEMENT EXECUTE FUNCTION governance_no_truncate();
