-- A call goes one way, and from `frozen` on nothing of it changes but what time itself brings.
CREATE FUNCTION budgeting_is_frozen(p_state text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT p_state NOT IN ('draft', 'open', 'reviewing', 'listed')
$$;

CREATE FUNCTION budgeting_call_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_free text[] := ARRAY['state', 'entered_at', 'audit', 'seed_revealed', 'seed_public_value'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.state <> 'draft' THEN
            RAISE EXCEPTION 'dure.call_is_frozen' USING ERRCODE = 'P0001';
        END IF;
        RETURN OLD;
    END IF;
    IF NEW.state <> OLD.state AND NOT (
        (OLD.state, NEW.state) IN (
            ('draft', 'open'), ('open', 'reviewing'), ('reviewing', 'listed'),
            ('listed', 'frozen'), ('frozen', 'voting'), ('voting', 'counting'),
            ('counting', 'published'), ('published', 'following'), ('following', 'closed'))
        OR (NEW.state = 'void' AND OLD.state IN ('draft', 'open', 'reviewing', 'listed', 'frozen'))
        OR (OLD.state = 'draft' AND NEW.state = 'published' AND NEW.imported_from <> '')) THEN
        RAISE EXCEPTION 'dure.call_step' USING ERRCODE = 'P0001';
    END IF;
    IF OLD.state <> 'draft' AND NEW.is_synthetic <> OLD.is_synthetic THEN
        RAISE EXCEPTION 'dure.call_is_frozen' USING ERRCODE = 'P0001';
    END IF;
    IF budgeting_is_frozen(OLD.state) THEN
        IF NEW.state = 'void' AND OLD.state = 'frozen' THEN
            v_free := v_free || 'void_reason'::text;
        END IF;
        IF to_jsonb(NEW) - v_free <> to_jsonb(OLD) - v_free THEN
            RAISE EXCEPTION 'dure.call_is_frozen' USING ERRCODE = 'P0001';
        END IF;
        -- The seed and the public value are told once, when nobody can vote any more.
        IF NEW.seed_revealed IS DISTINCT FROM OLD.seed_revealed AND (OLD.seed_revealed IS NOT NULL
            OR NEW.state NOT IN ('counting', 'published')
            OR encode(sha256(decode(NEW.seed_revealed, 'hex')), 'hex') <> NEW.seed_commit)
        OR NEW.seed_public_value <> OLD.seed_public_value AND (OLD.seed_public_value <> ''
            OR NEW.state NOT IN ('counting', 'published')) THEN
            RAISE EXCEPTION 'dure.call_seed' USING ERRCODE = 'P0001';
        END IF;
    ELSIF NEW.seed_revealed IS NOT NULL AND NEW.imported_from = '' THEN
        RAISE EXCEPTION 'dure.call_seed' USING ERRCODE = 'P0001';
    END IF;
    IF NEW.state = 'frozen' AND OLD.state = 'listed' AND NOT EXISTS (
        SELECT FROM governance_roll r JOIN governance_ruleset s ON s.id = NEW.rule_set_id
        WHERE r.id = NEW.roll_id AND r.state = 'sealed' AND r.subject_id = NEW.id
            AND s.subject_id = NEW.id) THEN
        RAISE EXCEPTION 'dure.call_roll' USING ERRCODE = 'P0001';
    END IF;
    IF NOT NEW.is_synthetic AND (
        NEW.state = 'voting' AND OLD.state = 'frozen' AND NOT EXISTS (
            SELECT FROM budgeting_phase
            WHERE call_id = NEW.id AND kind = 'voting' AND during @> dure_now())
        OR NEW.state = 'counting' AND OLD.state = 'voting' AND NOT EXISTS (
            SELECT FROM budgeting_phase
            WHERE call_id = NEW.id AND kind = 'voting' AND upper(during) <= dure_now())) THEN
        RAISE EXCEPTION 'dure.call_dates' USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER call_guard BEFORE UPDATE OR DELETE ON budgeting_call
    FOR EACH ROW EXECUTE FUNCTION budgeting_call_guard();

-- Parts of a frozen call: its phases, money, fields, projects and links. Whoever writes a part
-- waits for whoever freezes the call.
CREATE FUNCTION budgeting_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_state text;
BEGIN
    IF TG_OP <> 'INSERT' THEN
        SELECT state INTO v_state FROM budgeting_call WHERE id = OLD.call_id FOR SHARE;
        IF budgeting_is_frozen(v_state) THEN
            RAISE EXCEPTION 'dure.call_is_frozen' USING ERRCODE = 'P0001';
        END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN
        RETURN OLD;
    END IF;
    SELECT state INTO v_state FROM budgeting_call WHERE id = NEW.call_id FOR SHARE;
    IF budgeting_is_frozen(v_state) THEN
        RAISE EXCEPTION 'dure.call_is_frozen' USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER phase_guard BEFORE INSERT OR UPDATE OR DELETE ON budgeting_phase
    FOR EACH ROW EXECUTE FUNCTION budgeting_part_guard();
CREATE TRIGGER envelope_guard BEFORE INSERT OR UPDATE OR DELETE ON budgeting_envelope
    FOR EACH ROW EXECUTE FUNCTION budgeting_part_guard();
CREATE TRIGGER field_guard BEFORE INSERT OR UPDATE OR DELETE ON budgeting_field
    FOR EACH ROW EXECUTE FUNCTION budgeting_part_guard();
CREATE TRIGGER project_guard BEFORE INSERT OR UPDATE OR DELETE ON budgeting_project
    FOR EACH ROW EXECUTE FUNCTION budgeting_part_guard();
CREATE TRIGGER link_guard BEFORE INSERT OR UPDATE OR DELETE ON budgeting_projectlink
    FOR EACH ROW EXECUTE FUNCTION budgeting_part_guard();

CREATE FUNCTION budgeting_no_truncate() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'dure.call_is_frozen' USING ERRCODE = 'P0001';
END $$;
CREATE TRIGGER call_no_truncate BEFORE TRUNCATE ON budgeting_call
    FOR EACH STATEMENT EXECUTE FUNCTION budgeting_no_truncate();
CREATE TRIGGER phase_no_truncate BEFORE TRUNCATE ON budgeting_phase
    FOR EACH STATEMENT EXECUTE FUNCTION budgeting_no_truncate();
CREATE TRIGGER envelope_no_truncate BEFORE TRUNCATE ON budgeting_envelope
    FOR EACH STATEMENT EXECUTE FUNCTION budgeting_no_truncate();
CREATE TRIGGER field_no_truncate BEFORE TRUNCATE ON budgeting_field
    FOR EACH STATEMENT EXECUTE FUNCTION budgeting_no_truncate();
CREATE TRIGGER project_no_truncate BEFORE TRUNCATE ON budgeting_project
    FOR EACH STATEMENT EXECUTE FUNCTION budgeting_no_truncate();
CREATE TRIGGER link_no_truncate BEFORE TRUNCATE ON budgeting_projectlink
    FOR EACH STATEMENT EXECUTE FUNCTION budgeting_no_truncate();

-- What belongs to a project is of the project's own call.
ALTER TABLE budgeting_project
    ADD CONSTRAINT project_envelope_of_its_call FOREIGN KEY (envelope_id, call_id)
        REFERENCES budgeting_envelope (id, call_id);
ALTER TABLE budgeting_projectlink
    ADD CONSTRAINT link_project_of_its_call FOREIGN KEY (project_id, call_id)
        REFERENCES budgeting_project (id, call_id),
    ADD CONSTRAINT link_other_of_its_call FOREIGN KEY (other_id, call_id)
        REFERENCES budgeting_project (id, call_id);

-- A merged proposal is nobody's target, and the target is of the same call.
CREATE FUNCTION budgeting_merge_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM budgeting_proposal t
        WHERE t.id = NEW.merged_into_id AND t.merged_into_id IS NULL AND t.call_id = NEW.call_id)
    OR EXISTS (SELECT FROM budgeting_proposal c WHERE c.merged_into_id = NEW.id) THEN
        RAISE EXCEPTION 'dure.merge_target' USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER merge_guard BEFORE INSERT OR UPDATE ON budgeting_proposal
    FOR EACH ROW WHEN (NEW.merged_into_id IS NOT NULL) EXECUTE FUNCTION budgeting_merge_guard();

-- Nobody reviews an own proposal, one that they are out of, or one of a person they are tied to.
CREATE FUNCTION budgeting_reviewer_fault(p_proposal uuid, p_person uuid) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT CASE
        WHEN EXISTS (SELECT FROM budgeting_proposal WHERE id = p_proposal AND author = p_person)
            OR EXISTS (SELECT FROM budgeting_proposalperson WHERE proposal_id = p_proposal
                AND person = p_person AND role = 'coauthor' AND left_at IS NULL)
            THEN 'dure.reviewer_is_author'
        WHEN EXISTS (SELECT FROM governance_recusal WHERE subject_kind = 'budgeting.proposal'
                AND subject_id = p_proposal AND person = p_person)
            THEN 'dure.reviewer_is_recused'
        WHEN EXISTS (
            SELECT FROM registry_tie t
            WHERE t.ends_id IS NULL
                AND NOT EXISTS (SELECT FROM registry_tie e WHERE e.ends_id = t.id)
                AND p_person IN (t.person_id, t.other_person_id)
                AND EXISTS (
                    SELECT FROM budgeting_proposal p
                    LEFT JOIN budgeting_proposalperson c ON c.proposal_id = p.id
                        AND c.role = 'coauthor' AND c.left_at IS NULL
                    WHERE p.id = p_proposal AND (p.author IN (t.person_id, t.other_person_id)
                        OR c.person IN (t.person_id, t.other_person_id))))
            THEN 'dure.reviewer_is_tied'
    END
$$;

CREATE FUNCTION budgeting_assignment_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_fault text;
BEGIN
    IF NEW.released_at IS NOT NULL THEN
        RETURN NEW;
    END IF;
    v_fault := budgeting_reviewer_fault(NEW.proposal_id, NEW.reviewer);
    IF v_fault IS NULL AND NEW.round > 1 AND EXISTS (
        SELECT FROM budgeting_review r WHERE r.proposal_id = NEW.proposal_id
            AND r.kind = NEW.kind AND r.round < NEW.round AND r.reviewer = NEW.reviewer) THEN
        v_fault := 'dure.reviewer_is_the_first';
    END IF;
    IF v_fault IS NOT NULL THEN
        RAISE EXCEPTION '%', v_fault USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER assignment_guard BEFORE INSERT OR UPDATE ON budgeting_reviewassignment
    FOR EACH ROW EXECUTE FUNCTION budgeting_assignment_guard();

ALTER TABLE budgeting_review
    ADD CONSTRAINT review_of_its_assignment FOREIGN KEY
        (assignment_id, proposal_id, kind, round, reviewer)
        REFERENCES budgeting_reviewassignment (id, proposal_id, kind, round, reviewer);

CREATE FUNCTION budgeting_review_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_fault text := budgeting_reviewer_fault(NEW.proposal_id, NEW.reviewer);
BEGIN
    IF v_fault IS NULL AND NOT EXISTS (
        SELECT FROM budgeting_reviewassignment WHERE id = NEW.assignment_id AND released_at IS NULL)
    THEN
        v_fault := 'dure.assignment_is_released';
    END IF;
    IF v_fault IS NOT NULL THEN
        RAISE EXCEPTION '%', v_fault USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER review_guard BEFORE INSERT ON budgeting_review
    FOR EACH ROW EXECUTE FUNCTION budgeting_review_guard();

-- A result is of its call: its awards name projects of it, its parts envelopes of it.
CREATE FUNCTION budgeting_award_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM budgeting_result r JOIN budgeting_project p ON p.call_id = r.call_id
        WHERE r.id = NEW.result_id AND p.id = NEW.project_id) THEN
        RAISE EXCEPTION 'dure.award_of_another_call' USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER award_guard BEFORE INSERT ON budgeting_award
    FOR EACH ROW EXECUTE FUNCTION budgeting_award_guard();

CREATE FUNCTION budgeting_result_part_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM budgeting_result r JOIN budgeting_envelope e ON e.call_id = r.call_id
        WHERE r.id = NEW.result_id AND e.id = NEW.envelope_id) THEN
        RAISE EXCEPTION 'dure.award_of_another_call' USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER result_part_guard BEFORE INSERT ON budgeting_resultpart
    FOR EACH ROW EXECUTE FUNCTION budgeting_result_part_guard();

-- Never more spent on a winner than it was awarded, by its newest approved amount.
CREATE FUNCTION budgeting_award_won(p_award uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT amount_won FROM budgeting_awardchange
            WHERE award_id = p_award AND kind = 'amount' ORDER BY id DESC LIMIT 1),
        (SELECT amount_won FROM budgeting_award WHERE id = p_award))
$$;

CREATE FUNCTION budgeting_spending_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_spent numeric;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('budgeting.award:' || NEW.award_id, 0));
    IF NEW.takes_back_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM budgeting_spending WHERE id = NEW.takes_back_id AND award_id = NEW.award_id
            AND amount_won = -NEW.amount_won) THEN
        RAISE EXCEPTION 'dure.spending_taken_back' USING ERRCODE = 'P0001';
    END IF;
    SELECT coalesce(sum(amount_won), 0) INTO v_spent
    FROM budgeting_spending WHERE award_id = NEW.award_id;
    IF v_spent + NEW.amount_won > budgeting_award_won(NEW.award_id) THEN
        RAISE EXCEPTION 'dure.spending_over_award' USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER spending_guard BEFORE INSERT ON budgeting_spending
    FOR EACH ROW EXECUTE FUNCTION budgeting_spending_guard();

-- The winners of an envelope together never pass what it had; of a cancelled one counts what was
-- spent before its end.
CREATE FUNCTION budgeting_award_change_guard() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    v_result uuid;
    v_envelope uuid;
    v_others numeric;
    v_budget bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('budgeting.award:' || NEW.award_id, 0));
    IF NEW.amount_won < (SELECT coalesce(sum(amount_won), 0) FROM budgeting_spending
        WHERE award_id = NEW.award_id) THEN
        RAISE EXCEPTION 'dure.spending_over_award' USING ERRCODE = 'P0001';
    END IF;
    SELECT a.result_id, p.envelope_id INTO v_result, v_envelope
    FROM budgeting_award a JOIN budgeting_project p ON p.id = a.project_id
    WHERE a.id = NEW.award_id;
    PERFORM pg_advisory_xact_lock(hashtextextended('budgeting.result:' || v_result, 0));
    SELECT coalesce(
        (SELECT budget_won FROM budgeting_resultpart
            WHERE result_id = v_result AND envelope_id = v_envelope AND is_official),
        (SELECT amount_won FROM budgeting_envelope WHERE id = v_envelope)) INTO v_budget;
    SELECT coalesce(sum(CASE
        WHEN EXISTS (SELECT FROM budgeting_awardchange c
            WHERE c.award_id = a.id AND c.kind = 'cancelled')
        THEN (SELECT coalesce(sum(s.amount_won), 0) FROM budgeting_spending s
            WHERE s.award_id = a.id)
        ELSE budgeting_award_won(a.id) END), 0) INTO v_others
    FROM budgeting_award a JOIN budgeting_project p ON p.id = a.project_id
    WHERE a.result_id = v_result AND p.envelope_id = v_envelope AND a.id <> NEW.award_id;
    IF v_others + NEW.amount_won > v_budget THEN
        RAISE EXCEPTION 'dure.award_over_envelope' USING ERRCODE = 'P0001';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER award_change_guard BEFORE INSERT ON budgeting_awardchange
    FOR EACH ROW WHEN (NEW.amount_won IS NOT NULL) EXECUTE FUNCTION budgeting_award_change_guard();

ALTER TABLE budgeting_spending
    ADD CONSTRAINT spending_transfer_exists FOREIGN KEY (transfer) REFERENCES ledger_transfer (id);
