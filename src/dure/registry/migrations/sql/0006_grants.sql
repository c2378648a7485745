-- What an active person may, in force at an instant: mandates, memberships, the district she lives
-- in, herself. Role, kind and id of the scope, one after the other. Serves the port of core.
CREATE OR REPLACE FUNCTION dure_grants(p_person uuid, p_at timestamptz) RETURNS text[]
LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_today date := (p_at AT TIME ZONE 'Asia/Seoul')::date;
BEGIN
    RETURN ARRAY(
        SELECT unnest(ARRAY[g.role, g.kind, g.id]) FROM (
            SELECT m.role, m.scope_kind, m.scope_id FROM registry_mandate m
            WHERE m.person_id = p_person AND m.valid @> p_at
            UNION ALL
            SELECT 'member', 'organisation', coalesce(o.merged_into_id, o.id)::text
            FROM registry_membership s JOIN registry_organisation o ON o.id = s.organisation_id
            WHERE s.person_id = p_person AND s.valid @> v_today
            UNION ALL
            SELECT 'resident', 'district', f.value FROM registry_personfact f
            WHERE f.person_id = p_person AND f.kind = 'home' AND f.valid @> v_today
            UNION ALL
            SELECT 'resident', 'person', p_person::text
        ) g (role, kind, id)
        WHERE EXISTS (SELECT FROM registry_person p WHERE p.id = p_person AND p.state = 'active')
    );
END $$;
