-- What a constraint on one row cannot say. Each refusal is P0001 with the rule's name as its message.
-- Guards of a statement ask an index once a row, whatever statistics say: a join planned for an empty
-- table would take hours over a long list.

-- A number's digits stand in clear for a legal person and never for a sole trader.
CREATE FUNCTION registry_number_in_clear() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (SELECT FROM changed c
             WHERE (SELECT o.form = 'sole_trader' FROM registry_organisation o
                    WHERE o.id = c.organisation_id) IS DISTINCT FROM (c.digits IS NULL)) THEN
    RAISE EXCEPTION 'registry.number_of_a_sole_trader_is_hidden' USING ERRCODE = 'P0001';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER number_in_clear_insert AFTER INSERT ON registry_orgnumber
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION registry_number_in_clear();
CREATE TRIGGER number_in_clear_update AFTER UPDATE ON registry_orgnumber
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION registry_number_in_clear();

-- A sole trader's address below the gu lies in the vault.
CREATE FUNCTION registry_site_of_sole_trader() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (SELECT FROM changed c
             WHERE (c.address <> '' OR c.dong <> '' OR c.latitude_e5 IS NOT NULL)
               AND (SELECT o.form = 'sole_trader' FROM registry_organisation o
                    WHERE o.id = c.organisation_id)) THEN
    RAISE EXCEPTION 'registry.site_of_a_sole_trader_is_its_gu' USING ERRCODE = 'P0001';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER site_of_sole_trader_insert AFTER INSERT ON registry_site
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION registry_site_of_sole_trader();
CREATE TRIGGER site_of_sole_trader_update AFTER UPDATE ON registry_site
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION registry_site_of_sole_trader();

-- A correction names a value of the same organisation, year and kind.
CREATE FUNCTION registry_year_corrects_its_own() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
BEGIN
  IF EXISTS (SELECT FROM changed c
             WHERE c.corrects_id IS NOT NULL AND NOT EXISTS (
               SELECT FROM registry_orgyear o WHERE o.id = c.corrects_id
                 AND o.organisation_id = c.organisation_id AND o.year = c.year
                 AND o.kind = c.kind OFFSET 0)) THEN
    RAISE EXCEPTION 'registry.year_corrects_its_own' USING ERRCODE = 'P0001';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER year_corrects_its_own AFTER INSERT ON registry_orgyear
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION registry_year_corrects_its_own();

-- Federations have no cycle on any day. One lock lets one of two crossing edges through; the walk goes
-- upward from the federation and keeps the days that all edges share.
CREATE FUNCTION registry_federation_without_cycle() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found_path uuid[];
  found_depth integer;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('registry.federation'));
  WITH RECURSIVE up AS (
    SELECT NEW.organisation_id AS at, NEW.valid AS days,
           ARRAY[NEW.member_id, NEW.organisation_id] AS path, 1 AS depth
    UNION ALL
    SELECT m.organisation_id, up.days * m.valid, up.path || m.organisation_id, up.depth + 1
    FROM up JOIN registry_membership m ON m.member_id = up.at
    WHERE up.at <> NEW.member_id AND up.depth <= 12
      AND m.id <> NEW.id AND m.valid && up.days
  )
  SELECT path, depth INTO found_path, found_depth FROM up
  WHERE at = NEW.member_id OR depth > 12 ORDER BY (at = NEW.member_id) DESC, depth LIMIT 1;
  IF found_path[array_upper(found_path, 1)] = NEW.member_id THEN
    RAISE EXCEPTION 'registry.federation_cycle'
      USING ERRCODE = 'P0001', DETAIL = array_to_string(found_path, ' ');
  ELSIF found_depth > 12 THEN
    RAISE EXCEPTION 'registry.federation_too_deep' USING ERRCODE = 'P0001';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER federation_without_cycle AFTER INSERT OR UPDATE OF organisation_id, member_id, valid
  ON registry_membership FOR EACH ROW
  WHEN (NEW.member_id IS NOT NULL AND NEW.valid IS NOT NULL)
  EXECUTE FUNCTION registry_federation_without_cycle();

-- One row a pair that a role belongs to; the EXCLUDE constraint on them refuses the two sides together.
CREATE FUNCTION registry_mandate_pairs() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  own_scope text := NEW.scope_kind || ':' || NEW.scope_id;
BEGIN
  DELETE FROM registry_mandatepair WHERE mandate_id = NEW.id;
  IF isempty(NEW.valid) THEN
    RETURN NULL;
  END IF;
  INSERT INTO registry_mandatepair (mandate_id, person, scope, pair, side, valid, audit)
  SELECT NEW.id, NEW.person_id, CASE WHEN p.pair >= 4 THEN '*' ELSE own_scope END,
         p.pair, p.side, NEW.valid, NEW.audit
  FROM (VALUES
    ('treasurer', 1, 0), ('approver', 1, 1),
    ('treasurer', 2, 0), ('auditor', 2, 1),
    ('board', 3, 0), ('auditor', 3, 1),
    ('analyst', 4, 0), ('vault', 4, 1),
    ('operator', 5, 0), ('staff', 5, 1), ('treasurer', 5, 1), ('approver', 5, 1), ('board', 5, 1),
    ('auditor', 5, 1), ('ethics', 5, 1), ('official', 5, 1), ('analyst', 5, 1), ('vault', 5, 1)
  ) AS p (role, pair, side)
  WHERE p.role = NEW.role;
  RETURN NULL;
END $$;
CREATE TRIGGER mandate_pairs AFTER INSERT OR UPDATE OF person_id, role, scope_kind, scope_id, valid
  ON registry_mandate FOR EACH ROW EXECUTE FUNCTION registry_mandate_pairs();

-- A merged organisation is never a target: ids are read through one hop.
CREATE FUNCTION registry_merge_is_one_hop() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('registry.merge'));
  IF EXISTS (SELECT FROM registry_organisation WHERE id = NEW.merged_into_id
             AND merged_into_id IS NOT NULL)
     OR EXISTS (SELECT FROM registry_organisation WHERE merged_into_id = NEW.id) THEN
    RAISE EXCEPTION 'registry.merge_is_one_hop' USING ERRCODE = 'P0001';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER merge_is_one_hop AFTER INSERT OR UPDATE OF merged_into_id ON registry_organisation
  FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION registry_merge_is_one_hop();

-- The second person is another person, without a tie, in time.
CREATE FUNCTION registry_approval_by_another() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked registry_approval;
BEGIN
  SELECT * INTO asked FROM registry_approval WHERE id = NEW.approval_id FOR NO KEY UPDATE;
  IF asked.requester = NEW.approver THEN
    RAISE EXCEPTION 'registry.approval_by_requester' USING ERRCODE = 'P0001';
  ELSIF asked.state <> 'asked' OR asked.expires_at <= dure_now() THEN
    RAISE EXCEPTION 'registry.approval_is_over' USING ERRCODE = 'P0001';
  ELSIF EXISTS (
      SELECT FROM registry_tie t
      WHERE t.ends_id IS NULL AND NOT EXISTS (SELECT FROM registry_tie e WHERE e.ends_id = t.id)
        AND (   (t.person_id = NEW.approver AND t.other_person_id = asked.requester)
             OR (t.person_id = asked.requester AND t.other_person_id = NEW.approver)
             OR (t.person_id = NEW.approver AND t.organisation_id = asked.organisation))) THEN
    RAISE EXCEPTION 'registry.approval_by_tied_person' USING ERRCODE = 'P0001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_by_another BEFORE INSERT ON registry_approvaldecision
  FOR EACH ROW EXECUTE FUNCTION registry_approval_by_another();

-- What was asked does not change after asking.
CREATE FUNCTION registry_approval_keeps_its_question() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (NEW.action, NEW.body, NEW.body_hash, NEW.requester, NEW.needed, NEW.asked_at, NEW.expires_at)
     IS DISTINCT FROM
     (OLD.action, OLD.body, OLD.body_hash, OLD.requester, OLD.needed, OLD.asked_at, OLD.expires_at)
     OR OLD.state IN ('refused', 'withdrawn', 'used') THEN
    RAISE EXCEPTION 'registry.approval_keeps_its_question' USING ERRCODE = 'P0001';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approval_keeps_its_question BEFORE UPDATE ON registry_approval
  FOR EACH ROW EXECUTE FUNCTION registry_approval_keeps_its_question();

-- No day twice for one key. A unique index over the end keeps open rows apart, an exclusion constraint
-- closed rows, and this guard an open from a closed row, under a lock that every writer of the key takes;
-- its refusal bears the exclusion constraint's name. Arguments: that name, the lock ('organisation' or
-- 'table'), a condition on a row, the columns of the key. Source: decision *Open rows by b-tree*.
CREATE FUNCTION registry_no_day_twice() RETURNS trigger LANGUAGE plpgsql
SET enable_seqscan = off AS $$
DECLARE
  same text := '';
  widened text := 'changed';
  found boolean;
BEGIN
  IF current_setting('transaction_isolation') <> 'read committed' THEN
    RAISE EXCEPTION 'registry.histories_are_written_read_committed' USING ERRCODE = 'P0001';
  END IF;
  FOR i IN 3 .. TG_NARGS - 1 LOOP
    same := same || format(' AND s.%1$I = c.%1$I', TG_ARGV[i]);
  END LOOP;
  IF TG_OP = 'UPDATE' THEN  -- what only became shorter meets nothing new
    widened := format('(SELECT * FROM changed c WHERE NOT EXISTS (SELECT FROM former s
      WHERE s.id = c.id AND c.valid <@ s.valid %s))', same);
    EXECUTE format('SELECT EXISTS (SELECT FROM %s c)', widened) INTO found;
    IF NOT found THEN
      RETURN NULL;
    END IF;
  END IF;
  IF TG_ARGV[1] = 'organisation' THEN  -- nobody else sees an organisation that this transaction made
    EXECUTE format('SELECT count((SELECT 1 FROM registry_organisation o
      WHERE o.id = c.organisation_id AND o.xmin <> pg_current_xact_id()::xid FOR NO KEY UPDATE))
      FROM (SELECT organisation_id FROM %s c WHERE %s ORDER BY 1) c', widened, TG_ARGV[2]);
  ELSE  -- writers of open rows together, a writer of closed ones alone
    EXECUTE format('SELECT EXISTS (SELECT FROM %s c WHERE NOT upper_inf(c.valid))', widened) INTO found;
    IF found THEN
      PERFORM pg_advisory_xact_lock(hashtext(TG_ARGV[0]));
    ELSE
      PERFORM pg_advisory_xact_lock_shared(hashtext(TG_ARGV[0]));
    END IF;
  END IF;
  EXECUTE format('SELECT EXISTS (SELECT FROM %s c WHERE %s AND (SELECT true FROM %I s
    WHERE s.id <> c.id AND s.valid && c.valid %s LIMIT 1))',
    widened, TG_ARGV[2], TG_TABLE_NAME, same) INTO found;
  IF found THEN
    RAISE EXCEPTION 'conflicting key value violates exclusion constraint "%"', TG_ARGV[0]
      USING ERRCODE = '23P01', CONSTRAINT = TG_ARGV[0], TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER no_day_twice_insert AFTER INSERT ON registry_orgname
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION registry_no_day_twice('orgname_one_name_a_day', 'organisation', 'true', 'organisation_id');
CREATE TRIGGER no_day_twice_update AFTER UPDATE ON registry_orgname
  REFERENCING OLD TABLE AS former NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION registry_no_day_twice('orgname_one_name_a_day', 'organisation', 'true', 'organisation_id');
CREATE TRIGGER no_day_twice_insert AFTER INSERT ON registry_orgstate
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION registry_no_day_twice('orgstate_one_state_a_day', 'organisation', 'true', 'organisation_id');
CREATE TRIGGER no_day_twice_update AFTER UPDATE ON registry_orgstate
  REFERENCING OLD TABLE AS former NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION registry_no_day_twice('orgstate_one_state_a_day', 'organisation', 'true', 'organisation_id');
CREATE TRIGGER no_day_twice_insert AFTER INSERT ON registry_orgstatus
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION registry_no_day_twice('orgstatus_held_once_a_day', 'organisation', 'true', 'organisation_id', 'code');
CREATE TRIGGER no_day_twice_update AFTER UPDATE ON registry_orgstatus
  REFERENCING OLD TABLE AS former NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION registry_no_day_twice('orgstatus_held_once_a_day', 'organisation', 'true', 'organisation_id', 'code');
CREATE TRIGGER no_day_twice_insert AFTER INSERT ON registry_site
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION registry_no_day_twice('site_one_head_office_a_day', 'organisation', 'c.is_head', 'organisation_id', 'is_head');
CREATE TRIGGER no_day_twice_update AFTER UPDATE ON registry_site
  REFERENCING OLD TABLE AS former NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION registry_no_day_twice('site_one_head_office_a_day', 'organisation', 'c.is_head', 'organisation_id', 'is_head');
CREATE TRIGGER no_day_twice_insert AFTER INSERT ON registry_orgnumber
  REFERENCING NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION registry_no_day_twice('orgnumber_belongs_to_one_organisation_a_day', 'table', 'true', 'token');
CREATE TRIGGER no_day_twice_update AFTER UPDATE ON registry_orgnumber
  REFERENCING OLD TABLE AS former NEW TABLE AS changed FOR EACH STATEMENT
  EXECUTE FUNCTION registry_no_day_twice('orgnumber_belongs_to_one_organisation_a_day', 'table', 'true', 'token');
