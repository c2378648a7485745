-- The identity vault: schema and tables of dure_vault, definer functions for dure_app.
-- The application role has EXECUTE on the functions named at the end and no right on a table.
-- Every function that touches a person writes the access-log row first.
CREATE SCHEMA vault AUTHORIZATION dure_vault;
SET LOCAL ROLE dure_vault;

CREATE TABLE vault.purpose_key (
    kind         text        NOT NULL CHECK (kind ~ '^[a-z]+(\.[a-z0-9]+)?$'),
    version      bigint      NOT NULL CHECK (version > 0),
    fingerprint  text        NOT NULL CHECK (fingerprint ~ '^[0-9a-f]{16}$'),
    created_at   timestamptz NOT NULL,
    retired_at   timestamptz,
    destroyed_at timestamptz,
    PRIMARY KEY (kind, version),
    CONSTRAINT key_is_retired_before_destroyed CHECK (destroyed_at IS NULL OR retired_at IS NOT NULL)
);

CREATE TABLE vault.subject (
    id        uuid        PRIMARY KEY,
    kind      text        NOT NULL CHECK (kind IN ('person', 'organisation')),
    wrapped   bytea,
    key_id    bigint,
    stored_at timestamptz NOT NULL,
    erased_at timestamptz,
    CONSTRAINT erased_subject_has_no_key
        CHECK ((wrapped IS NULL) = (key_id IS NULL) AND (wrapped IS NULL) = (erased_at IS NOT NULL))
);
CREATE INDEX subject_by_key ON vault.subject (key_id, id) WHERE wrapped IS NOT NULL;

CREATE TABLE vault.cell (
    subject uuid  NOT NULL REFERENCES vault.subject (id),
    field   text  NOT NULL,
    sealed  bytea NOT NULL CHECK (length(sealed) >= 29),
    PRIMARY KEY (subject, field),
    CONSTRAINT field_is_known CHECK (field IN ('name', 'birth_on', 'phone', 'mail', 'address',
        'bank_account', 'business_number', 'pending_phone', 'pending_mail',
        'push_1', 'push_2', 'push_3', 'push_4', 'push_5'))
);

CREATE TABLE vault.blind_index (
    scheme  text   NOT NULL CHECK (scheme IN ('phone', 'mail', 'name')),
    version bigint NOT NULL,
    tag     bytea  NOT NULL CHECK (length(tag) = 32),
    subject uuid   NOT NULL REFERENCES vault.subject (id),
    PRIMARY KEY (scheme, version, tag, subject)
);
CREATE UNIQUE INDEX one_person_an_address ON vault.blind_index (scheme, version, tag)
    WHERE scheme <> 'name';
CREATE INDEX blind_index_by_subject ON vault.blind_index (subject, scheme);

CREATE TABLE vault.access_log (
    seq         bigint      GENERATED ALWAYS AS IDENTITY UNIQUE,
    id          uuid        PRIMARY KEY,
    era         smallint    NOT NULL,
    batch       bigint      NOT NULL,
    at          timestamptz NOT NULL,
    kind        text        NOT NULL CHECK (kind IN ('store', 'read', 'masked', 'find', 'erase', 'rewrap')),
    actor_kind  text        NOT NULL CHECK (actor_kind <> ''),
    actor       uuid,
    acting_for  uuid,
    origin      text        NOT NULL,
    action      uuid,
    subjects    uuid[]      NOT NULL,
    fields      text[]      NOT NULL,
    purpose     text        NOT NULL CHECK (purpose ~ '^[a-z_]{3,40}$'),
    reason      text,
    break_glass uuid,
    digest      bytea       NOT NULL,
    CONSTRAINT read_has_a_reason CHECK (kind <> 'read' OR (reason IS NOT NULL AND length(reason) BETWEEN 5 AND 500))
);
CREATE INDEX access_log_by_batch ON vault.access_log (batch);
CREATE INDEX access_log_by_subject ON vault.access_log USING gin (subjects);

-- Second wall: rows are seen only in the context a function has set for this transaction.
CREATE FUNCTION vault.opened() RETURNS uuid[] LANGUAGE sql STABLE AS
    $$ SELECT nullif(current_setting('vault.opened', true), '')::uuid[] $$;
CREATE FUNCTION vault.in_bulk() RETURNS boolean LANGUAGE sql STABLE AS
    $$ SELECT coalesce(current_setting('vault.bulk', true), '') = 'on' $$;

ALTER TABLE vault.cell ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault.cell FORCE ROW LEVEL SECURITY;
CREATE POLICY cell_in_context ON vault.cell
    USING (subject = any ((SELECT vault.opened())::uuid[]) OR (SELECT vault.in_bulk()));
ALTER TABLE vault.access_log ENABLE ROW LEVEL SECURITY;
ALTER TABLE vault.access_log FORCE ROW LEVEL SECURITY;
CREATE POLICY log_is_written ON vault.access_log FOR INSERT WITH CHECK (true);
CREATE POLICY log_in_context ON vault.access_log FOR SELECT
    USING (subjects && (SELECT vault.opened())::uuid[]
           OR id = any ((SELECT vault.opened())::uuid[]) OR (SELECT vault.in_bulk()));

CREATE FUNCTION vault.is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001', DETAIL = TG_TABLE_NAME;
END $$;
CREATE TRIGGER access_log_keeps_rows BEFORE UPDATE OR DELETE OR TRUNCATE ON vault.access_log
    FOR EACH STATEMENT EXECUTE FUNCTION vault.is_append_only();

-- What a row of the log is sealed by: every column but its place.
CREATE FUNCTION vault.log_digest(l vault.access_log) RETURNS bytea
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT sha256(convert_to(jsonb_build_array(l.id,
        to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), l.kind, l.actor_kind,
        l.actor, l.acting_for, l.origin, l.action, l.subjects, l.fields, l.purpose, l.reason,
        l.break_glass)::text, 'UTF8'))
$$;

CREATE FUNCTION vault.log(p_kind text, p_who jsonb, p_subjects uuid[], p_fields text[],
                          p_purpose text, p_reason text) RETURNS uuid
LANGUAGE plpgsql SET search_path = pg_catalog, vault, pg_temp AS $$
DECLARE
    v_row vault.access_log;
BEGIN
    v_row.id := gen_random_uuid();
    v_row.at := public.dure_now();
    v_row.kind := p_kind;
    v_row.actor_kind := p_who ->> 'kind';
    v_row.actor := (p_who ->> 'id')::uuid;
    v_row.acting_for := (p_who ->> 'acting_for')::uuid;
    v_row.origin := p_who ->> 'origin';
    v_row.action := nullif(split_part(coalesce(current_setting('dure.action', true), ''), '@', 1), '')::uuid;
    v_row.subjects := p_subjects;
    v_row.fields := p_fields;
    v_row.purpose := p_purpose;
    v_row.reason := p_reason;
    v_row.break_glass := (p_who ->> 'break_glass')::uuid;
    INSERT INTO vault.access_log (id, era, batch, at, kind, actor_kind, actor, acting_for, origin, action,
                                  subjects, fields, purpose, reason, break_glass, digest)
    VALUES (v_row.id, public.dure_era(), pg_current_xact_id()::text::bigint + public.dure_batch_base(), v_row.at,
            v_row.kind, v_row.actor_kind, v_row.actor, v_row.acting_for, v_row.origin, v_row.action,
            v_row.subjects, v_row.fields, v_row.purpose, v_row.reason, v_row.break_glass,
            vault.log_digest(v_row));
    PERFORM set_config('vault.opened', (p_subjects || v_row.id)::text, true);
    RETURN v_row.id;
END $$;

-- What a writer needs: living keys (held until commit, so that rotation waits) and the wrapped
-- data keys of subjects that exist already (locked in id order).
CREATE FUNCTION vault.keys_for_writing() RETURNS TABLE (kind text, version bigint, retired boolean)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
    SELECT k.kind, k.version, k.retired_at IS NOT NULL FROM vault.purpose_key k
    WHERE k.kind IN ('wrapping', 'index') AND k.destroyed_at IS NULL
    ORDER BY k.kind, k.version FOR SHARE
$$;
CREATE FUNCTION vault.subjects_for_writing(p_subjects uuid[])
RETURNS TABLE (id uuid, wrapped bytea, key_id bigint, erased boolean)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
    SELECT s.id, s.wrapped, s.key_id, s.erased_at IS NOT NULL FROM vault.subject s
    WHERE s.id = any (p_subjects) ORDER BY s.id FOR UPDATE
$$;

CREATE FUNCTION vault.store_many(
    p_who jsonb, p_purpose text, p_reason text, p_kind text,
    p_subjects uuid[], p_wrapped bytea[], p_key_id bigint,
    p_cell_subjects uuid[], p_cell_fields text[], p_cell_sealed bytea[],
    p_index_subjects uuid[], p_index_schemes text[], p_index_versions bigint[], p_index_tags bytea[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
DECLARE
    v_subject uuid;
BEGIN
    FOREACH v_subject IN ARRAY p_subjects LOOP
        PERFORM vault.log('store', p_who, ARRAY[v_subject],
            (SELECT coalesce(array_agg(DISTINCT f ORDER BY f), '{}') FROM unnest(p_cell_subjects, p_cell_fields) c (s, f)
             WHERE c.s = v_subject), p_purpose, p_reason);
    END LOOP;
    PERFORM set_config('vault.opened', p_subjects::text, true);
    INSERT INTO vault.subject (id, kind, wrapped, key_id, stored_at)
    SELECT n.id, p_kind, n.wrapped, p_key_id, public.dure_now()
    FROM unnest(p_subjects, p_wrapped) n (id, wrapped) WHERE n.wrapped IS NOT NULL
    ORDER BY n.id;
    DELETE FROM vault.cell c USING unnest(p_cell_subjects, p_cell_fields, p_cell_sealed) n (s, f, sealed)
    WHERE c.subject = n.s AND c.field = n.f AND n.sealed IS NULL;
    INSERT INTO vault.cell (subject, field, sealed)
    SELECT n.s, n.f, n.sealed FROM unnest(p_cell_subjects, p_cell_fields, p_cell_sealed) n (s, f, sealed)
    WHERE n.sealed IS NOT NULL
    ON CONFLICT (subject, field) DO UPDATE SET sealed = excluded.sealed;
    DELETE FROM vault.blind_index b USING unnest(p_index_subjects, p_index_schemes) n (s, scheme)
    WHERE b.subject = n.s AND b.scheme = n.scheme;
    INSERT INTO vault.blind_index (scheme, version, tag, subject)
    SELECT n.scheme, n.version, n.tag, n.s
    FROM unnest(p_index_subjects, p_index_schemes, p_index_versions, p_index_tags) n (s, scheme, version, tag)
    WHERE n.tag IS NOT NULL;
END $$;

CREATE FUNCTION vault.read(p_who jsonb, p_subject uuid, p_fields text[], p_purpose text, p_reason text)
RETURNS TABLE (log uuid, kind text, wrapped bytea, key_id bigint, field text, sealed bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
DECLARE
    v_log uuid;
BEGIN
    v_log := vault.log('read', p_who, ARRAY[p_subject], p_fields, p_purpose, p_reason);
    RETURN QUERY
    SELECT v_log, s.kind, s.wrapped, s.key_id, c.field, c.sealed
    FROM vault.subject s LEFT JOIN vault.cell c ON c.subject = s.id AND c.field = any (p_fields)
    WHERE s.id = p_subject;
END $$;

CREATE FUNCTION vault.masked(p_who jsonb, p_subjects uuid[], p_purpose text)
RETURNS TABLE (log uuid, id uuid, wrapped bytea, key_id bigint, sealed bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
DECLARE
    v_log uuid;
BEGIN
    IF coalesce(cardinality(p_subjects), 0) NOT BETWEEN 1 AND 100 THEN
        RAISE EXCEPTION 'dure.vault_page' USING ERRCODE = 'P0001';
    END IF;
    v_log := vault.log('masked', p_who, p_subjects, ARRAY['name'], p_purpose, NULL);
    RETURN QUERY
    SELECT v_log, n.id, n.wrapped, n.key_id, n.sealed
    FROM (SELECT 1) one LEFT JOIN (
        SELECT s.id, s.wrapped, s.key_id, c.sealed
        FROM vault.subject s JOIN vault.cell c ON c.subject = s.id AND c.field = 'name'
        WHERE s.id = any (p_subjects) AND s.kind = 'person') n ON true;
END $$;

CREATE FUNCTION vault.find(p_who jsonb, p_scheme text, p_versions bigint[], p_tags bytea[], p_purpose text)
RETURNS uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
DECLARE
    v_subject uuid;
BEGIN
    SELECT b.subject INTO v_subject
    FROM vault.blind_index b JOIN unnest(p_versions, p_tags) n (version, tag)
         ON b.version = n.version AND b.tag = n.tag
    WHERE b.scheme = p_scheme LIMIT 1;
    IF v_subject IS NOT NULL THEN
        PERFORM vault.log('find', p_who, ARRAY[v_subject], ARRAY[p_scheme], p_purpose, NULL);
    END IF;
    RETURN v_subject;
END $$;

-- Everybody of a name (and year of birth), at most 101; one row of the log names them all.
CREATE FUNCTION vault.find_named(p_who jsonb, p_versions bigint[], p_tags bytea[], p_purpose text)
RETURNS uuid[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
DECLARE
    v_found uuid[];
BEGIN
    SELECT array_agg(f.subject) INTO v_found FROM (
        SELECT DISTINCT b.subject
        FROM vault.blind_index b JOIN unnest(p_versions, p_tags) n (version, tag)
             ON b.version = n.version AND b.tag = n.tag
        WHERE b.scheme = 'name' ORDER BY b.subject LIMIT 101) f;
    IF v_found IS NULL THEN
        RETURN '{}';
    END IF;
    PERFORM vault.log('find', p_who, v_found, ARRAY['name'], p_purpose, NULL);
    RETURN v_found;
END $$;

CREATE FUNCTION vault.erase(p_who jsonb, p_subject uuid, p_purpose text, p_reason text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
BEGIN
    PERFORM vault.log('erase', p_who, ARRAY[p_subject], '{}', p_purpose, p_reason);
    DELETE FROM vault.blind_index b WHERE b.subject = p_subject;
    DELETE FROM vault.cell c WHERE c.subject = p_subject;
    UPDATE vault.subject s SET wrapped = NULL, key_id = NULL, erased_at = public.dure_now()
    WHERE s.id = p_subject AND s.erased_at IS NULL;
    RETURN FOUND;
END $$;

-- True when every one of these log rows is there to be seen: what was read may be opened.
CREATE FUNCTION vault.logged(p_logs uuid[]) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
BEGIN
    PERFORM set_config('vault.opened', p_logs::text, true);
    RETURN (SELECT count(*) FROM vault.access_log l WHERE l.id = any (p_logs)) = cardinality(p_logs);
END $$;

CREATE FUNCTION vault.log_of(p_subject uuid, p_before bigint, p_limit integer)
RETURNS TABLE (seq bigint, at timestamptz, kind text, actor_kind text, actor uuid, origin text,
               fields text[], purpose text, reason text, break_glass boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
BEGIN
    PERFORM set_config('vault.opened', ARRAY[p_subject]::text, true);
    RETURN QUERY
    SELECT l.seq, l.at, l.kind, l.actor_kind, l.actor, l.origin, l.fields, l.purpose, l.reason,
           l.break_glass IS NOT NULL
    FROM vault.access_log l
    WHERE l.subjects @> ARRAY[p_subject] AND (p_before IS NULL OR l.seq < p_before)
    ORDER BY l.seq DESC LIMIT least(p_limit, 200);
END $$;

-- The log as its seals see it: places and digests, nobody's id.
CREATE FUNCTION vault.log_rows(p_from bigint, p_to bigint)
RETURNS TABLE (era smallint, batch bigint, seq bigint, id uuid, digest bytea)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
BEGIN
    PERFORM set_config('vault.bulk', 'on', true);
    RETURN QUERY
    SELECT l.era, l.batch, l.seq, l.id, l.digest FROM vault.access_log l
    WHERE l.batch >= p_from AND l.batch < p_to ORDER BY l.seq;
    PERFORM set_config('vault.bulk', '', true);
END $$;
CREATE FUNCTION vault.broken_log() RETURNS TABLE (seq bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
BEGIN
    PERFORM set_config('vault.bulk', 'on', true);
    RETURN QUERY SELECT l.seq FROM vault.access_log l WHERE vault.log_digest(l) <> l.digest ORDER BY 1;
    PERFORM set_config('vault.bulk', '', true);
END $$;

-- Which sign-in addresses a person has: schemes only, never a value.
CREATE FUNCTION vault.addresses_of(p_subject uuid) RETURNS TABLE (scheme text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
    SELECT DISTINCT b.scheme FROM vault.blind_index b
    WHERE b.subject = p_subject AND b.scheme <> 'name' ORDER BY 1
$$;

-- What changes whenever a sign-in address does: links that were sent are bound to it.
CREATE FUNCTION vault.address_stamp(p_subject uuid) RETURNS text
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
    SELECT encode(sha256(coalesce(string_agg(b.tag, ''::bytea ORDER BY b.scheme, b.version), ''::bytea)), 'hex')
    FROM vault.blind_index b WHERE b.subject = p_subject AND b.scheme <> 'name'
$$;

CREATE FUNCTION vault.keys() RETURNS TABLE (kind text, version bigint, fingerprint text,
    created_at timestamptz, retired_at timestamptz, destroyed_at timestamptz)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
    SELECT k.kind, k.version, k.fingerprint, k.created_at, k.retired_at, k.destroyed_at
    FROM vault.purpose_key k ORDER BY k.kind, k.version
$$;
-- The first key of a kind; a later one is made by rotation, under the vault's own login.
CREATE FUNCTION vault.adopt_key(p_kind text, p_version bigint, p_fingerprint text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, vault, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM vault.purpose_key k WHERE k.kind = p_kind) THEN
        RETURN false;
    END IF;
    INSERT INTO vault.purpose_key (kind, version, fingerprint, created_at)
    VALUES (p_kind, p_version, p_fingerprint, public.dure_now());
    RETURN true;
END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA vault FROM PUBLIC;
REVOKE ALL ON ALL TABLES IN SCHEMA vault FROM PUBLIC;
GRANT USAGE ON SCHEMA vault TO dure_app;
GRANT EXECUTE ON FUNCTION vault.keys_for_writing(), vault.subjects_for_writing(uuid[]),
    vault.store_many(jsonb, text, text, text, uuid[], bytea[], bigint, uuid[], text[], bytea[],
                     uuid[], text[], bigint[], bytea[]),
    vault.read(jsonb, uuid, text[], text, text), vault.masked(jsonb, uuid[], text),
    vault.find(jsonb, text, bigint[], bytea[], text),
    vault.find_named(jsonb, bigint[], bytea[], text), vault.erase(jsonb, uuid, text, text),
    vault.logged(uuid[]), vault.log_of(uuid, bigint, integer), vault.addresses_of(uuid),
    vault.address_stamp(uuid), vault.log_rows(bigint, bigint), vault.broken_log(),
    vault.keys(), vault.adopt_key(text, bigint, text)
TO dure_app;

RESET ROLE;
