-- Who voted (schema marks) and what was voted (schema urn), kept apart by role: dure_cast writes
-- both in the casting transaction and reads no choice; dure_marks reads no choice; dure_urn knows
-- no person. The application has the functions named at the end and no right on a table.
CREATE SCHEMA marks AUTHORIZATION dure_marks;
CREATE SCHEMA urn AUTHORIZATION dure_urn;
GRANT USAGE ON SCHEMA public TO dure_marks, dure_urn, dure_cast;
GRANT SELECT ON budgeting_call, budgeting_phase, budgeting_envelope, budgeting_field,
    budgeting_project, budgeting_projectlink TO dure_cast, dure_urn;
GRANT SELECT ON governance_rollentry TO dure_cast;
GRANT SELECT, INSERT ON budgeting_moneyballot TO dure_urn;
GRANT USAGE ON SEQUENCE budgeting_moneyballot_id_seq TO dure_urn;

-- What is wrong with a choice, as the name of a refusal; NULL = nothing. It never asks who chose.
CREATE FUNCTION budgeting_choice_fault(p_call uuid, p_part text, p_items text[], p_points integer[])
RETURNS text LANGUAGE plpgsql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    c budgeting_call%ROWTYPE;
    v_known integer;
    v_won bigint;
BEGIN
    SELECT * INTO STRICT c FROM budgeting_call WHERE id = p_call;
    IF array_ndims(p_items) > 1 OR array_position(p_items, NULL) IS NOT NULL
        OR cardinality(p_items) <> (SELECT count(DISTINCT i) FROM unnest(p_items) i) THEN
        RETURN 'dure.choice_twice';
    END IF;
    SELECT count(*), coalesce(sum(p.cost_won), 0) INTO v_known, v_won
    FROM budgeting_project p JOIN budgeting_envelope e ON e.id = p.envelope_id
    WHERE p.call_id = p_call AND p.code = ANY (p_items) AND NOT p.is_dropped
        AND e.part IN ('', p_part);
    IF v_known <> cardinality(p_items) THEN
        RETURN 'dure.choice_unknown';
    END IF;
    IF cardinality(p_items) < c.marks_min
        OR cardinality(p_items) > coalesce(c.marks_max, cardinality(p_items)) THEN
        RETURN 'dure.choice_count';
    END IF;
    IF (p_points IS NOT NULL) <> (c.ballot_kind = 'cumulative')
        OR p_points IS NOT NULL AND (cardinality(p_points) <> cardinality(p_items)
            OR array_position(p_points, NULL) IS NOT NULL) THEN
        RETURN 'dure.choice_points';
    END IF;
    IF EXISTS (SELECT FROM unnest(p_points) n WHERE n NOT BETWEEN 1 AND c.points_max)
        OR (SELECT sum(n) FROM unnest(p_points) n) > c.points_sum THEN
        RETURN 'dure.choice_points';
    END IF;
    IF v_won > c.spend_max_won THEN
        RETURN 'dure.choice_won';
    END IF;
    IF EXISTS (
        SELECT FROM budgeting_project p JOIN budgeting_field f ON f.id = p.field_id
        WHERE p.call_id = p_call AND p.code = ANY (p_items) AND f.marks_max IS NOT NULL
        GROUP BY f.id, f.marks_max HAVING count(*) > f.marks_max) THEN
        RETURN 'dure.choice_field';
    END IF;
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION budgeting_choice_fault(uuid, text, text[], integer[]) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION budgeting_choice_fault(uuid, text, text[], integer[])
    TO dure_app, dure_cast, dure_urn;

-- Marks -----------------------------------------------------------------------------------------
SET LOCAL ROLE dure_marks;
CREATE TABLE marks.mark (
    call    uuid NOT NULL,
    person  uuid NOT NULL,
    part    text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('online', 'paper')),
    day     date NOT NULL,
    CONSTRAINT one_person_one_vote PRIMARY KEY (call, person)
);
CREATE FUNCTION marks.guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR (OLD.call, OLD.person, OLD.part) <> (NEW.call, NEW.person, NEW.part)
        OR OLD.channel = 'paper' THEN
        RAISE EXCEPTION 'dure.mark_stays' USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER mark_stays BEFORE UPDATE OR DELETE ON marks.mark
    FOR EACH ROW EXECUTE FUNCTION marks.guard();
CREATE TRIGGER marks_stay BEFORE TRUNCATE ON marks.mark
    FOR EACH STATEMENT EXECUTE FUNCTION marks.guard();

-- Second wall: one's own mark, or the count.
ALTER TABLE marks.mark ENABLE ROW LEVEL SECURITY;
ALTER TABLE marks.mark FORCE ROW LEVEL SECURITY;
CREATE POLICY mark_in_context ON marks.mark USING (
    person = nullif(current_setting('marks.person', true), '')::uuid
    OR coalesce(current_setting('marks.counting', true), '') = 'on');

CREATE FUNCTION marks.mark_of(p_call uuid, p_person uuid) RETURNS TABLE (channel text, day date)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, marks, pg_temp AS $$
BEGIN
    PERFORM set_config('marks.person', p_person::text, true);
    RETURN QUERY SELECT m.channel, m.day FROM marks.mark m
        WHERE m.call = p_call AND m.person = p_person;
    PERFORM set_config('marks.person', '', true);
END $$;

-- How many voted, by part of the roll and channel; whoever shows it applies the disclosure rules.
CREATE FUNCTION marks.counts(p_call uuid) RETURNS TABLE (part text, channel text, n bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, marks, pg_temp AS $$
BEGIN
    PERFORM set_config('marks.counting', 'on', true);
    RETURN QUERY SELECT m.part, m.channel, count(*) FROM marks.mark m
        WHERE m.call = p_call GROUP BY 1, 2 ORDER BY 1, 2;
    PERFORM set_config('marks.counting', '', true);
END $$;
GRANT USAGE ON SCHEMA marks TO dure_app, dure_cast;
GRANT SELECT, INSERT, UPDATE (channel, day) ON marks.mark TO dure_cast;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA marks FROM PUBLIC;
GRANT EXECUTE ON FUNCTION marks.mark_of(uuid, uuid), marks.counts(uuid) TO dure_app;
RESET ROLE;

-- Urn -------------------------------------------------------------------------------------------
SET LOCAL ROLE dure_urn;
CREATE TABLE urn.slip (
    call       uuid   NOT NULL,
    credential bytea  NOT NULL CHECK (length(credential) = 32),
    part       text   NOT NULL,
    items      text[] NOT NULL,
    points     integer[],
    CONSTRAINT one_credential_one_slip PRIMARY KEY (call, credential)
);
-- Where the slips wait while the urn is shaken.
CREATE TABLE urn.shaken (LIKE urn.slip);

CREATE FUNCTION urn.guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_fault text := public.budgeting_choice_fault(NEW.call, NEW.part, NEW.items, NEW.points);
BEGIN
    IF v_fault IS NOT NULL THEN
        RAISE EXCEPTION '%', v_fault USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;
-- Shaking puts back what was checked when it was cast.
CREATE TRIGGER slip_obeys BEFORE INSERT OR UPDATE ON urn.slip FOR EACH ROW
    WHEN (current_user <> 'dure_urn')
    EXECUTE FUNCTION urn.guard();

-- Shake the whole urn: one transaction, one new file, the order drawn afresh. After it neither
-- transaction ids nor the place on disk say which slip came when.
CREATE FUNCTION urn.shake() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, urn, pg_temp AS $$
DECLARE
    v_n bigint;
BEGIN
    LOCK TABLE urn.slip IN ACCESS EXCLUSIVE MODE;
    INSERT INTO urn.shaken SELECT * FROM urn.slip;
    TRUNCATE urn.slip;
    INSERT INTO urn.slip SELECT * FROM urn.shaken ORDER BY gen_random_uuid();
    GET DIAGNOSTICS v_n = ROW_COUNT;
    TRUNCATE urn.shaken;
    RETURN v_n;
END $$;

-- Empty the urn of one call into the ballots: once, when nobody can vote any more, each envelope
-- in an order of its own. Returns how many slips there were.
CREATE FUNCTION urn.empty(p_call uuid, p_audit uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, urn, pg_temp AS $$
DECLARE
    v_n bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('dure.urn:' || p_call, 0));
    IF NOT EXISTS (SELECT FROM public.budgeting_call WHERE id = p_call AND state = 'counting')
        OR EXISTS (SELECT FROM public.budgeting_moneyballot
                   WHERE call_id = p_call AND channel = 'online') THEN
        RAISE EXCEPTION 'dure.urn_once' USING ERRCODE = 'P0001';
    END IF;
    LOCK TABLE urn.slip IN ACCESS EXCLUSIVE MODE;
    INSERT INTO public.budgeting_moneyballot (call_id, envelope_id, channel, items, points, audit)
    SELECT p_call, e.id, 'online', coalesce(b.items, '{}'),
        CASE WHEN s.points IS NOT NULL THEN coalesce(b.points, '{}') END, p_audit
    FROM urn.slip s
    JOIN public.budgeting_envelope e ON e.call_id = p_call AND e.part IN ('', s.part)
    LEFT JOIN LATERAL (
        SELECT array_agg(u.item ORDER BY u.place) AS items,
            array_agg(u.point ORDER BY u.place) AS points
        FROM unnest(s.items, s.points) WITH ORDINALITY u (item, point, place)
        JOIN public.budgeting_project p ON p.call_id = p_call AND p.code = u.item
            AND p.envelope_id = e.id) b ON true
    WHERE s.call = p_call
    ORDER BY e.position, e.code, gen_random_uuid();
    SELECT count(*) INTO v_n FROM urn.slip WHERE call = p_call;
    INSERT INTO urn.shaken SELECT * FROM urn.slip WHERE call <> p_call;
    TRUNCATE urn.slip;
    INSERT INTO urn.slip SELECT * FROM urn.shaken ORDER BY gen_random_uuid();
    TRUNCATE urn.shaken;
    RETURN v_n;
END $$;

CREATE FUNCTION urn.counts(p_call uuid) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, urn, pg_temp AS $$
    SELECT count(*) FROM urn.slip WHERE call = p_call
$$;
GRANT USAGE ON SCHEMA urn TO dure_app, dure_cast;
GRANT SELECT (call, credential), INSERT, UPDATE (part, items, points), DELETE ON urn.slip TO dure_cast;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA urn FROM PUBLIC;
GRANT EXECUTE ON FUNCTION urn.shake(), urn.empty(uuid, uuid), urn.counts(uuid) TO dure_app;
GRANT CREATE ON SCHEMA urn TO dure_cast;
RESET ROLE;

-- Casting ---------------------------------------------------------------------------------------
SET LOCAL ROLE dure_cast;
-- One person's ballot: mark and slip in one transaction. The credential is made of the person by a
-- key that the database never sees; a second ballot of the same person replaces the slip.
-- Raises dure.vote_not_open, dure.vote_not_on_roll, dure.vote_once, dure.vote_on_paper,
-- dure.vote_credential, and what budgeting_choice_fault names.
CREATE FUNCTION urn.cast_ballot(p_call uuid, p_person uuid, p_credential bytea, p_items text[],
    p_points integer[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, urn, marks, pg_temp AS $$
DECLARE
    c public.budgeting_call%ROWTYPE;
    v_part text;
    v_channel text;
    v_n integer;
    v_day date := (public.dure_now() AT TIME ZONE 'Asia/Seoul')::date;
BEGIN
    -- Whoever empties the urn waits for casts under way; a later cast sees that the vote is over.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('dure.urn:' || p_call, 0));
    SELECT * INTO c FROM public.budgeting_call WHERE id = p_call;
    IF c.state IS DISTINCT FROM 'voting' OR NOT c.is_synthetic AND NOT EXISTS (
        SELECT FROM public.budgeting_phase
        WHERE call_id = p_call AND kind = 'voting' AND during @> public.dure_now()) THEN
        RAISE EXCEPTION 'dure.vote_not_open' USING ERRCODE = 'P0001';
    END IF;
    SELECT part INTO v_part FROM public.governance_rollentry
    WHERE roll_id = c.roll_id AND person = p_person AND standing = 'voting';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'dure.vote_not_on_roll' USING ERRCODE = 'P0001';
    END IF;
    PERFORM set_config('marks.person', p_person::text, true);
    INSERT INTO marks.mark (call, person, part, channel, day)
    VALUES (p_call, p_person, v_part, 'online', v_day) ON CONFLICT (call, person) DO NOTHING;
    GET DIAGNOSTICS v_n = ROW_COUNT;
    IF v_n = 1 THEN
        INSERT INTO urn.slip (call, credential, part, items, points)
        VALUES (p_call, p_credential, v_part, p_items, p_points)
        ON CONFLICT (call, credential) DO NOTHING;
        GET DIAGNOSTICS v_n = ROW_COUNT;
        IF v_n = 0 THEN
            RAISE EXCEPTION 'dure.vote_credential' USING ERRCODE = 'P0001';
        END IF;
        PERFORM set_config('marks.person', '', true);
        RETURN true;
    END IF;
    SELECT channel INTO v_channel FROM marks.mark WHERE call = p_call AND person = p_person;
    IF v_channel = 'paper' THEN
        RAISE EXCEPTION 'dure.vote_on_paper' USING ERRCODE = 'P0001';
    ELSIF NOT c.may_revote THEN
        RAISE EXCEPTION 'dure.vote_once' USING ERRCODE = 'P0001';
    END IF;
    UPDATE urn.slip SET part = v_part, items = p_items, points = p_points
    WHERE call = p_call AND credential = p_credential;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'dure.vote_credential' USING ERRCODE = 'P0001';
    END IF;
    PERFORM set_config('marks.person', '', true);
    RETURN false;
END $$;

-- A person votes at the booth: the mark becomes one of paper, an online slip leaves the urn.
-- Returns whether there was one.
CREATE FUNCTION urn.mark_paper(p_call uuid, p_person uuid, p_credential bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, urn, marks, pg_temp AS $$
DECLARE
    c public.budgeting_call%ROWTYPE;
    v_part text;
    v_channel text;
    v_n integer;
    v_day date := (public.dure_now() AT TIME ZONE 'Asia/Seoul')::date;
BEGIN
    -- Whoever empties the urn waits for casts under way; a later cast sees that the vote is over.
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('dure.urn:' || p_call, 0));
    SELECT * INTO c FROM public.budgeting_call WHERE id = p_call;
    IF c.state IS DISTINCT FROM 'voting' OR NOT c.paper_allowed OR NOT c.is_synthetic AND NOT EXISTS (
        SELECT FROM public.budgeting_phase
        WHERE call_id = p_call AND kind = 'voting' AND during @> public.dure_now()) THEN
        RAISE EXCEPTION 'dure.vote_not_open' USING ERRCODE = 'P0001';
    END IF;
    SELECT part INTO v_part FROM public.governance_rollentry
    WHERE roll_id = c.roll_id AND person = p_person AND standing = 'voting';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'dure.vote_not_on_roll' USING ERRCODE = 'P0001';
    END IF;
    PERFORM set_config('marks.person', p_person::text, true);
    INSERT INTO marks.mark (call, person, part, channel, day)
    VALUES (p_call, p_person, v_part, 'paper', v_day) ON CONFLICT (call, person) DO NOTHING;
    GET DIAGNOSTICS v_n = ROW_COUNT;
    IF v_n = 0 THEN
        UPDATE marks.mark SET channel = 'paper', day = v_day
        WHERE call = p_call AND person = p_person AND channel = 'online';
        IF NOT FOUND THEN
            RAISE EXCEPTION 'dure.vote_on_paper' USING ERRCODE = 'P0001';
        END IF;
        DELETE FROM urn.slip WHERE call = p_call AND credential = p_credential;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'dure.vote_credential' USING ERRCODE = 'P0001';
        END IF;
    END IF;
    PERFORM set_config('marks.person', '', true);
    RETURN v_n = 0;
END $$;
REVOKE ALL ON FUNCTION urn.cast_ballot(uuid, uuid, bytea, text[], integer[]),
    urn.mark_paper(uuid, uuid, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION urn.cast_ballot(uuid, uuid, bytea, text[], integer[]),
    urn.mark_paper(uuid, uuid, bytea) TO dure_app;
RESET ROLE;
SET LOCAL ROLE dure_urn;
REVOKE CREATE ON SCHEMA urn FROM dure_cast;
RESET ROLE;
