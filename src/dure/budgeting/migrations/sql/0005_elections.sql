-- Ballots of an election of the past go in by this function alone, and only into a call that says
-- where it was imported from and is not published yet: no ballot is slipped into a vote of ours.
SET LOCAL ROLE dure_urn;
CREATE FUNCTION urn.import_ballots(p_envelope uuid, p_slips jsonb, p_audit uuid) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, urn, pg_temp AS $$
DECLARE
    v_call uuid;
    v_n bigint;
BEGIN
    SELECT c.id INTO v_call FROM public.budgeting_envelope e
    JOIN public.budgeting_call c ON c.id = e.call_id
    WHERE e.id = p_envelope AND c.state = 'draft' AND c.imported_from <> '';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'dure.urn_once' USING ERRCODE = 'P0001';
    END IF;
    INSERT INTO public.budgeting_moneyballot (call_id, envelope_id, channel, items, points, audit)
    SELECT v_call, p_envelope, 'online', s.items, s.points, p_audit FROM urn.paper_slips(p_slips) s;
    GET DIAGNOSTICS v_n = ROW_COUNT;
    RETURN v_n;
END $$;
REVOKE ALL ON FUNCTION urn.import_ballots(uuid, jsonb, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION urn.import_ballots(uuid, jsonb, uuid) TO dure_app;
RESET ROLE;
