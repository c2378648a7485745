-- What a constraint on one row cannot say. Each refusal is P0001 with the rule's name as its message.

-- Steps follow one another; who drafts neither approves nor freezes, who approves does not freeze; nothing is frozen that failed a
-- check, that is not what was approved, or that does not follow the last release of the chain.
CREATE FUNCTION indicators_step_follows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last indicators_releasestep%ROWTYPE;
  tail indicators_releasestep%ROWTYPE;
  drafter uuid;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('indicators.release'), hashtext(NEW.release_id::text));
  SELECT * INTO last FROM indicators_releasestep
    WHERE release_id = NEW.release_id ORDER BY ordinal DESC LIMIT 1;
  IF NEW.ordinal IS DISTINCT FROM coalesce(last.ordinal, 0) + 1 OR NOT (
       (last.state IS NULL AND NEW.state = 'drafted')
    OR (last.state IN ('drafted', 'computed', 'checked') AND NEW.state = 'computed')
    OR (last.state = 'computed' AND NEW.state IN ('checked', 'blocked'))
    OR (last.state = 'blocked' AND NEW.state = 'drafted')
    OR (last.state = 'checked' AND NEW.state = 'approved')
    OR (last.state = 'approved' AND NEW.state = 'frozen')
    OR (last.state = 'frozen' AND NEW.state = 'superseded')) THEN
    RAISE EXCEPTION 'indicators.step_out_of_order' USING ERRCODE = 'P0001';
  END IF;
  IF NEW.state IN ('approved', 'frozen') THEN
    SELECT drafted_by INTO drafter FROM indicators_release WHERE id = NEW.release_id;
    IF NEW.actor IS NULL OR NEW.actor = drafter THEN
      RAISE EXCEPTION 'indicators.drafter_does_not_approve' USING ERRCODE = 'P0001';
    END IF;
    IF NEW.state = 'frozen' AND NEW.actor = last.actor THEN
      RAISE EXCEPTION 'indicators.approver_does_not_freeze' USING ERRCODE = 'P0001';
    END IF;
    IF NEW.run_id IS DISTINCT FROM last.run_id OR NEW.root <> last.root OR NEW.root = '' THEN
      RAISE EXCEPTION 'indicators.not_what_was_checked' USING ERRCODE = 'P0001';
    END IF;
  END IF;
  IF NEW.state IN ('checked', 'approved', 'frozen') AND (
       NOT EXISTS (SELECT FROM indicators_check WHERE run_id = NEW.run_id)
       OR EXISTS (SELECT FROM indicators_check WHERE run_id = NEW.run_id AND NOT passed)) THEN
    RAISE EXCEPTION 'indicators.checks_have_not_passed' USING ERRCODE = 'P0001';
  END IF;
  IF NEW.state = 'frozen' THEN
    PERFORM pg_advisory_xact_lock(hashtext('indicators.chain'));
    SELECT * INTO tail FROM indicators_releasestep
      WHERE state = 'frozen' ORDER BY number DESC LIMIT 1;
    IF NEW.number IS DISTINCT FROM coalesce(tail.number, 0) + 1
       OR NEW.previous IS DISTINCT FROM coalesce(tail.head, repeat('0', 64)) THEN
      RAISE EXCEPTION 'indicators.chain_is_broken' USING ERRCODE = 'P0001';
    END IF;
    IF EXISTS (SELECT FROM indicators_release mine
               JOIN indicators_release other ON other.period = mine.period
                 AND other.vintage = mine.vintage AND other.id <> mine.id
               JOIN indicators_releasestep s ON s.release_id = other.id AND s.state = 'frozen'
               WHERE mine.id = NEW.release_id) THEN
      RAISE EXCEPTION 'indicators.vintage_stands_already' USING ERRCODE = 'P0001';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER step_follows BEFORE INSERT ON indicators_releasestep
  FOR EACH ROW EXECUTE FUNCTION indicators_step_follows();

-- Nothing is added to a release once it is frozen.
CREATE FUNCTION indicators_frozen_is_closed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM (SELECT DISTINCT release_id FROM added) a
             JOIN indicators_releasestep s ON s.release_id = a.release_id AND s.state = 'frozen') THEN
    RAISE EXCEPTION 'indicators.frozen_is_closed' USING ERRCODE = 'P0001';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER frozen_is_closed AFTER INSERT ON indicators_releasecell
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION indicators_frozen_is_closed();
CREATE TRIGGER frozen_is_closed AFTER INSERT ON indicators_releasefile
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION indicators_frozen_is_closed();
CREATE TRIGGER frozen_is_closed AFTER INSERT ON indicators_run
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION indicators_frozen_is_closed();
CREATE TRIGGER frozen_is_closed AFTER INSERT ON indicators_releaseversion
  REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION indicators_frozen_is_closed();
