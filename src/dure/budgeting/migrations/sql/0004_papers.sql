-- Papers become ballots by one function of dure_urn: two typings that say the same, no serial
-- twice in a call, no more papers of a part than people marked at its booths. The application can
-- neither write a paper ballot nor say that a batch was merged.
GRANT SELECT ON budgeting_paperbatch, budgeting_paperentry TO dure_urn;
GRANT SELECT, INSERT ON budgeting_papermatch TO dure_urn;
GRANT USAGE ON SEQUENCE budgeting_papermatch_id_seq TO dure_urn;
SET LOCAL ROLE dure_marks;
GRANT USAGE ON SCHEMA marks TO dure_urn;
GRANT EXECUTE ON FUNCTION marks.counts(uuid) TO dure_urn;
RESET ROLE;

-- The newest typing of each person of a batch, as it was typed.
CREATE VIEW budgeting_papertyped AS
    SELECT DISTINCT ON (batch_id, person) id, batch_id, person, slips, is_done
    FROM budgeting_paperentry ORDER BY batch_id, person, take DESC;

-- The same as it counts: where a third person looked at a paper, what she read stands.
CREATE VIEW budgeting_papernewest AS
    SELECT t.id, t.batch_id, t.person, t.is_done, coalesce((
        SELECT jsonb_agg(x.slip ORDER BY (x.slip ->> 0) COLLATE "C") FROM (
            SELECT s.slip FROM jsonb_array_elements(t.slips) s (slip)
            WHERE NOT EXISTS (SELECT FROM budgeting_paperlook l
                              WHERE l.batch_id = t.batch_id AND l.serial = s.slip ->> 0)
            UNION ALL
            SELECT l.slip FROM (
                SELECT DISTINCT ON (serial) slip FROM budgeting_paperlook
                WHERE batch_id = t.batch_id ORDER BY serial, id DESC) l
            WHERE jsonb_typeof(l.slip) = 'array') x), '[]') AS slips
    FROM budgeting_papertyped t;
GRANT SELECT ON budgeting_papernewest TO dure_urn, dure_app;
GRANT SELECT ON budgeting_papertyped TO dure_app;

-- Two people type a batch, no third; nobody types one that was merged or looked at again.
CREATE FUNCTION budgeting_paper_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('dure.urn:' || call_id, 0))
    FROM budgeting_paperbatch WHERE id = NEW.batch_id;
    IF EXISTS (SELECT FROM budgeting_papermatch WHERE batch_id = NEW.batch_id) THEN
        RAISE EXCEPTION 'dure.paper_merged' USING ERRCODE = 'P0001';
    END IF;
    IF EXISTS (SELECT FROM budgeting_paperlook WHERE batch_id = NEW.batch_id) THEN
        RAISE EXCEPTION 'dure.paper_looked' USING ERRCODE = 'P0001';
    END IF;
    IF (SELECT count(DISTINCT person) FROM budgeting_paperentry
        WHERE batch_id = NEW.batch_id AND person <> NEW.person) > 1 THEN
        RAISE EXCEPTION 'dure.paper_third' USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER paper_guard BEFORE INSERT ON budgeting_paperentry
    FOR EACH ROW EXECUTE FUNCTION budgeting_paper_guard();

-- A third person looks: at a paper on which two finished typings differ, and at no other.
CREATE FUNCTION budgeting_look_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('dure.urn:' || call_id, 0))
    FROM budgeting_paperbatch WHERE id = NEW.batch_id;
    IF EXISTS (SELECT FROM budgeting_papermatch WHERE batch_id = NEW.batch_id) THEN
        RAISE EXCEPTION 'dure.paper_merged' USING ERRCODE = 'P0001';
    END IF;
    IF EXISTS (SELECT FROM budgeting_paperentry
               WHERE batch_id = NEW.batch_id AND person = NEW.person) THEN
        RAISE EXCEPTION 'dure.paper_own' USING ERRCODE = 'P0001';
    END IF;
    IF (SELECT count(*) FROM budgeting_papertyped
        WHERE batch_id = NEW.batch_id AND is_done) <> 2 THEN
        RAISE EXCEPTION 'dure.paper_one' USING ERRCODE = 'P0001';
    END IF;
    IF (SELECT count(DISTINCT coalesce((SELECT s::text FROM jsonb_array_elements(t.slips) s
                                        WHERE s ->> 0 = NEW.serial), ''))
        FROM budgeting_papertyped t WHERE t.batch_id = NEW.batch_id) <> 2 THEN
        RAISE EXCEPTION 'dure.paper_alike' USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER look_guard BEFORE INSERT ON budgeting_paperlook
    FOR EACH ROW EXECUTE FUNCTION budgeting_look_guard();

SET LOCAL ROLE dure_urn;
CREATE FUNCTION urn.paper_slips(p_slips jsonb) RETURNS TABLE (items text[], points integer[])
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog, urn, pg_temp AS $$
    SELECT ARRAY(SELECT x FROM jsonb_array_elements_text(s -> 1) WITH ORDINALITY e (x, at)
                 ORDER BY at),
        CASE WHEN jsonb_typeof(s -> 2) = 'array' THEN ARRAY(
            SELECT x::integer FROM jsonb_array_elements_text(s -> 2) WITH ORDINALITY e (x, at)
            ORDER BY at) END
    FROM jsonb_array_elements(p_slips) s WHERE jsonb_typeof(s -> 1) = 'array'
$$;

-- Merge a batch; returns how many papers. Raises dure.paper_not_now, dure.paper_merged,
-- dure.paper_one, dure.paper_differs, dure.paper_twice, dure.paper_over, and what
-- budgeting_choice_fault names.
CREATE FUNCTION urn.match_paper(p_batch uuid, p_by uuid, p_audit uuid) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, urn, pg_temp AS $$
DECLARE
    b public.budgeting_paperbatch%ROWTYPE;
    v_slips jsonb;
    v_n integer;
    v_fault text;
BEGIN
    SELECT * INTO STRICT b FROM public.budgeting_paperbatch WHERE id = p_batch;
    PERFORM pg_advisory_xact_lock(hashtextextended('dure.urn:' || b.call_id, 0));
    IF NOT EXISTS (SELECT FROM public.budgeting_call
                   WHERE id = b.call_id AND state = 'counting' AND paper_allowed) THEN
        RAISE EXCEPTION 'dure.paper_not_now' USING ERRCODE = 'P0001';
    END IF;
    IF EXISTS (SELECT FROM public.budgeting_papermatch WHERE batch_id = p_batch) THEN
        RAISE EXCEPTION 'dure.paper_merged' USING ERRCODE = 'P0001';
    END IF;
    SELECT count(*) INTO v_n FROM public.budgeting_papernewest
    WHERE batch_id = p_batch AND is_done;
    IF v_n <> 2 THEN
        RAISE EXCEPTION 'dure.paper_one' USING ERRCODE = 'P0001';
    END IF;
    IF (SELECT count(DISTINCT slips) FROM public.budgeting_papernewest
        WHERE batch_id = p_batch) <> 1 THEN
        RAISE EXCEPTION 'dure.paper_differs' USING ERRCODE = 'P0001';
    END IF;
    SELECT slips INTO v_slips FROM public.budgeting_papernewest WHERE batch_id = p_batch LIMIT 1;
    v_n := jsonb_array_length(v_slips);
    IF v_n <> (SELECT count(DISTINCT s ->> 0) FROM jsonb_array_elements(v_slips) s) OR EXISTS (
        SELECT FROM public.budgeting_papermatch m
        JOIN public.budgeting_paperbatch o ON o.id = m.batch_id AND o.call_id = b.call_id
        JOIN public.budgeting_papernewest e ON e.batch_id = o.id
        CROSS JOIN LATERAL jsonb_array_elements(e.slips) t
        JOIN jsonb_array_elements(v_slips) s ON s ->> 0 = t ->> 0) THEN
        RAISE EXCEPTION 'dure.paper_twice' USING ERRCODE = 'P0001';
    END IF;
    IF v_n + (SELECT coalesce(sum(m.slips), 0) FROM public.budgeting_papermatch m
              JOIN public.budgeting_paperbatch o ON o.id = m.batch_id
              WHERE o.call_id = b.call_id AND o.part = b.part)
        > (SELECT coalesce(sum(n), 0) FROM marks.counts(b.call_id)
           WHERE channel = 'paper' AND part = b.part) THEN
        RAISE EXCEPTION 'dure.paper_over' USING ERRCODE = 'P0001';
    END IF;
    SELECT public.budgeting_choice_fault(b.call_id, b.part, items, points) INTO v_fault
    FROM urn.paper_slips(v_slips)
    WHERE public.budgeting_choice_fault(b.call_id, b.part, items, points) IS NOT NULL LIMIT 1;
    IF v_fault IS NOT NULL THEN
        RAISE EXCEPTION '%', v_fault USING ERRCODE = 'P0001';
    END IF;
    INSERT INTO public.budgeting_moneyballot (call_id, envelope_id, channel, items, points, audit)
    SELECT b.call_id, e.id, 'paper', coalesce(c.items, '{}'),
        CASE WHEN s.points IS NOT NULL THEN coalesce(c.points, '{}') END, p_audit
    FROM urn.paper_slips(v_slips) s
    JOIN public.budgeting_envelope e ON e.call_id = b.call_id AND e.part IN ('', b.part)
    LEFT JOIN LATERAL (
        SELECT array_agg(u.item ORDER BY u.place) AS items,
            array_agg(u.point ORDER BY u.place) AS points
        FROM unnest(s.items, s.points) WITH ORDINALITY u (item, point, place)
        JOIN public.budgeting_project p ON p.call_id = b.call_id AND p.code = u.item
            AND p.envelope_id = e.id) c ON true
    ORDER BY e.position, e.code, gen_random_uuid();
    INSERT INTO public.budgeting_papermatch (batch_id, slips, by, at, audit)
    VALUES (p_batch, v_n, p_by, public.dure_now(), p_audit);
    RETURN v_n;
END $$;
REVOKE ALL ON FUNCTION urn.match_paper(uuid, uuid, uuid), urn.paper_slips(jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION urn.match_paper(uuid, uuid, uuid) TO dure_app;
RESET ROLE;
