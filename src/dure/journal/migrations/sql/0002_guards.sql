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
