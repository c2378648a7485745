-- A label version is never edited; a later version may only end it.
CREATE FUNCTION journal_label_only_ends() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE'
        OR (to_jsonb(NEW) - '{valid,audit}'::text[])
            IS DISTINCT FROM (to_jsonb(OLD) - '{valid,audit}'::text[])
        OR lower(NEW.valid) IS DISTINCT FROM lower(OLD.valid)
        OR upper(OLD.valid) IS NOT NULL THEN
        RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER label_only_ends BEFORE UPDATE OR DELETE ON journal_label
FOR EACH ROW EXECUTE FUNCTION journal_label_only_ends();

-- An event names a label and an organisation that are there. Lists bring events by the hundred thousand,
-- so they are checked a statement at a time; this equals foreign keys because neither is ever deleted or
-- given another id (label_only_ends and label_stays here, organisation_stays in the registry).
CREATE FUNCTION journal_event_names_what_is_there() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT label_id FROM added) a WHERE NOT EXISTS (
      SELECT FROM journal_label l WHERE l.id = a.label_id)) THEN
    RAISE EXCEPTION 'journal.label_is_there' USING ERRCODE = 'foreign_key_violation',
      CONSTRAINT = 'label_is_there', TABLE = TG_TABLE_NAME;
  END IF;
  IF EXISTS (SELECT FROM added a WHERE a.org_id IS NOT NULL AND NOT EXISTS (
      SELECT FROM registry_organisation o WHERE o.id = a.org_id)) THEN
    RAISE EXCEPTION 'registry.organisation_is_there' USING ERRCODE = 'foreign_key_violation',
      CONSTRAINT = 'organisation_is_there', TABLE = TG_TABLE_NAME;
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER event_names_what_is_there AFTER INSERT ON journal_event
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION journal_event_names_what_is_there();

CREATE FUNCTION journal_label_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';
END $$;
CREATE TRIGGER label_stays BEFORE TRUNCATE ON journal_label
  FOR EACH STATEMENT EXECUTE FUNCTION journal_label_stays();
