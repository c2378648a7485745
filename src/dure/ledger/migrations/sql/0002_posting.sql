-- INSERT into ledger_transfer is the only way value moves; ledger_apply() applies every row of a statement.
ALTER TABLE ledger_account SET (fillfactor = 50);

-- Every statement that writes a row reads, plans and asks the table's CHECKs anew: 5 to 9 µs each,
-- and seventeen of them were a third of a posting. So a CHECK is what a balance could break. What one
-- column says is a domain, planned with the statement that writes it; what the columns of a new row
-- say together is asked where it comes in: of a transfer by ledger_apply(), of an account by
-- account_starts. Neither changes afterwards, and check_books asks again.
CREATE DOMAIN ledger_account_type AS varchar(9) CONSTRAINT account_type_is_known CHECK (VALUE IN (
    'liability', 'equity', 'income', 'asset', 'expense', 'issuer', 'meter', 'sink', 'clearing'));
CREATE DOMAIN ledger_account_status AS varchar(6)
    CONSTRAINT account_status_is_known CHECK (VALUE IN ('open', 'frozen', 'closed'));
CREATE DOMAIN ledger_account_handle AS varchar(30)
    CONSTRAINT account_handle_is_plain CHECK (VALUE ~ '^[a-z0-9가-힣][a-z0-9가-힣._-]{1,29}$');
CREATE DOMAIN ledger_account_held AS bigint
    CONSTRAINT account_holds_are_not_negative CHECK (VALUE >= 0);
ALTER TABLE ledger_account
    ALTER COLUMN type TYPE ledger_account_type,
    ALTER COLUMN status TYPE ledger_account_status,
    ALTER COLUMN handle TYPE ledger_account_handle,
    ALTER COLUMN held_out TYPE ledger_account_held,
    ALTER COLUMN held_in TYPE ledger_account_held,
    -- NULL = no limit. A floor above the ceiling breaks one of the two.
    ADD CONSTRAINT account_floor CHECK (lo <= balance - held_out),
    ADD CONSTRAINT account_ceiling CHECK (hi >= balance + held_in);

CREATE DOMAIN ledger_transfer_amount AS bigint
    CONSTRAINT transfer_amount_in_range CHECK (VALUE BETWEEN 1 AND 1000000000000);
CREATE DOMAIN ledger_transfer_kind AS smallint
    CONSTRAINT transfer_kind_is_known CHECK (VALUE BETWEEN 0 AND 6);
CREATE DOMAIN ledger_transfer_purpose AS varchar(120)
    CONSTRAINT transfer_has_a_purpose CHECK (VALUE ~ '^[^[:cntrl:]]+$');
CREATE DOMAIN ledger_transfer_day AS date
    CONSTRAINT transfer_day_is_of_our_time CHECK (VALUE >= '1900-01-01');
CREATE DOMAIN ledger_transfer_end AS timestamptz
    CONSTRAINT transfer_hold_ends_in_our_time CHECK (VALUE < '2200-01-01 00:00+00');
ALTER TABLE ledger_transfer
    ALTER COLUMN amount TYPE ledger_transfer_amount,
    ALTER COLUMN kind TYPE ledger_transfer_kind,
    ALTER COLUMN purpose TYPE ledger_transfer_purpose,
    ALTER COLUMN event_date TYPE ledger_transfer_day,
    ALTER COLUMN expires_at TYPE ledger_transfer_end,
    ADD CONSTRAINT transfer_debit_in_book_and_unit FOREIGN KEY (debit, book, unit)
        REFERENCES ledger_account (id, book, unit),
    ADD CONSTRAINT transfer_credit_in_book_and_unit FOREIGN KEY (credit, book, unit)
        REFERENCES ledger_account (id, book, unit),
    ADD CONSTRAINT transfer_ref_exists FOREIGN KEY (ref) REFERENCES ledger_transfer (id);

-- What a transfer says, as canonical JSON; and its hash. The twin of dure.engines.ledger_rows.
CREATE FUNCTION ledger_body(
    p_kind smallint, p_book bigint, p_unit text, p_debit bigint, p_credit bigint, p_amount bigint,
    p_event_date date, p_purpose text, p_ref bigint, p_grp uuid, p_lot bigint, p_expires_at timestamptz
) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT concat('{"amount":', p_amount, ',"book":', p_book, ',"credit":', p_credit,
        ',"debit":', p_debit, ',"event_date":', to_json(p_event_date), ',"expires_at":', coalesce(
            to_char(p_expires_at AT TIME ZONE 'UTC', '"\""YYYY-MM-DD"T"HH24:MI:SS.US"Z\""'), 'null'),
        ',"group":', coalesce(to_json(p_grp), 'null'), ',"kind":', p_kind,
        ',"lot":', coalesce(to_json(p_lot), 'null'), ',"purpose":', to_json(normalize(p_purpose)),
        ',"ref":', coalesce(to_json(p_ref), 'null'), ',"unit":"', p_unit, '"}')
$$;

CREATE FUNCTION ledger_body_hash(
    p_kind smallint, p_book bigint, p_unit text, p_debit bigint, p_credit bigint, p_amount bigint,
    p_event_date date, p_purpose text, p_ref bigint, p_grp uuid, p_lot bigint, p_expires_at timestamptz
) RETURNS bytea LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT sha256(convert_to(ledger_body(p_kind, p_book, p_unit, p_debit, p_credit, p_amount,
        p_event_date, p_purpose, p_ref, p_grp, p_lot, p_expires_at), 'UTF8'))
$$;

-- A refusal by name, with what Python needs to tell it.
CREATE FUNCTION ledger_refuse(p_name text, p_detail jsonb DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'dure.ledger: %', p_name
        USING ERRCODE = '23514', CONSTRAINT = p_name, DETAIL = p_detail::text;
END $$;

-- Shared by everyone who posts in a book, exclusive for who closes it.
CREATE FUNCTION ledger_lock_class() RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT 5001';

-- Whether an account is the part of a lot that is not begun, or is over, so that it pays nobody but
-- its issuer. A refund after the last day gives the grace days of the programme's rule.
CREATE FUNCTION ledger_lot_is_over(p_debit bigint, p_credit bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM ledger_account d JOIN ledger_lot l ON l.id = d.lot
        JOIN ledger_programme p ON p.id = l.programme_id
        WHERE d.id = p_debit AND p.issuer_id <> p_credit
            AND (dure_today() < l.valid_from OR dure_today() > greatest(l.valid_to, (
                SELECT max(t.event_date) + coalesce((p.rules -> 'grace_days' ->> 'value')::integer, 0)
                FROM ledger_transfer t
                WHERE t.credit = d.id AND t.kind IN (5, 6) AND t.event_date > l.valid_to))))
$$;

-- What a refusal at a limit tells: who owns the account, and what may be spent.
CREATE FUNCTION ledger_limit_detail(p_account bigint, p_row bigint) RETURNS jsonb
LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object('account', a.id, 'row', p_row,
        'spendable', a.balance - a.held_out - a.lo, 'owner_person', a.owner_person,
        'owner_organisation', coalesce(a.owner_organisation, CASE
            WHEN a.owner_person IS NULL THEN b.organisation_id END))
    FROM ledger_account a JOIN ledger_book b ON b.id = a.book WHERE a.id = p_account
$$;

-- The steps stand in one order for one row (plain variables: a payment) and for many (sets: a batch).
-- Many rows are summed by account in one pass; the walk in row order is done where it could matter.
CREATE FUNCTION ledger_apply() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_now timestamptz := dure_now();
    v_batch bigint := pg_current_xact_id()::text::bigint + dure_batch_base();
    v_today date := (v_now AT TIME ZONE 'Asia/Seoul')::date;
    v_many boolean;
    v_of record;
    v_payer record;
    v_payee record;
    v_kinds smallint;
    v_first date;
    v_last date;
    v_debit bigint;
    v_credit bigint;
    v_amount bigint;
    v_ref bigint;
    v_unit smallint;
    v_locked text;
    v_book bigint;
    v_books bigint[];
    v_fault text;
    v_place bigint;
    v_more jsonb;
    v_lots boolean;
    v_bound boolean;
    v_ids bigint[];
    v_moves bigint[];
    v_goings bigint[];
    v_comings bigint[];
    v_drops bigint[];
    v_rises bigint[];
    v_moved bigint;
    v_held bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM ledger_refuse('ledger_isolation');  -- an older snapshot would not see a period close
    END IF;
    -- 1. the books, shared, ascending: of one row here
    SELECT n.many, r.kind, r.event_date, r.book, r.unit, r.debit, r.credit, r.amount, r.ref,
        CASE
            WHEN r.debit = r.credit THEN 'transfer_between_two_accounts'
            WHEN (r.kind <= 1) <> (r.ref IS NULL) THEN 'transfer_ref_fits_kind'
            WHEN (r.kind = 1) <> (r.expires_at IS NOT NULL) THEN 'transfer_hold_has_an_end'
            WHEN r.batch <> v_batch OR r.era <> dure_era() OR r.recorded_at <> v_now
                THEN 'ledger_place'
        END,
        CASE WHEN NOT n.many THEN
            pg_advisory_xact_lock_shared(ledger_lock_class(), r.book::integer)::text END
    INTO v_many, v_kinds, v_last, v_book, v_unit, v_debit, v_credit, v_amount, v_ref, v_fault, v_locked
    FROM new_rows r, (SELECT EXISTS (SELECT FROM new_rows OFFSET 1) AS many) n LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF v_many THEN
        SELECT max(r.kind), min(r.event_date), max(r.event_date), bool_or(NOT u.transferable),
            CASE WHEN min(r.book) = max(r.book) THEN ARRAY[min(r.book)]
                ELSE ARRAY(SELECT DISTINCT n.book FROM new_rows n ORDER BY n.book) END,
            max(CASE
                WHEN r.debit = r.credit THEN 'transfer_between_two_accounts'
                WHEN (r.kind <= 1) <> (r.ref IS NULL) THEN 'transfer_ref_fits_kind'
                WHEN (r.kind = 1) <> (r.expires_at IS NOT NULL) THEN 'transfer_hold_has_an_end'
                WHEN r.batch <> v_batch OR r.era <> dure_era() OR r.recorded_at <> v_now
                    THEN 'ledger_place'
                WHEN u.id IS NULL THEN 'ledger_cross_unit'
                WHEN r.amount % u.step <> 0 THEN 'ledger_amount'
                WHEN r.body_hash IS DISTINCT FROM ledger_body_hash(r.kind, r.book, u.code, r.debit,
                    r.credit, r.amount, r.event_date, r.purpose, r.ref, r.grp, r.lot, r.expires_at)
                    THEN 'ledger_body_hash'
            END)
        INTO v_kinds, v_first, v_last, v_bound, v_books, v_fault
        FROM new_rows r LEFT JOIN ledger_unit u ON u.id = r.unit;
    END IF;
    IF v_fault IS NOT NULL THEN
        PERFORM ledger_refuse(v_fault);
    END IF;
    IF v_last > v_today THEN
        PERFORM ledger_refuse('ledger_future_date');
    END IF;

    -- 2. no day of a closed period; 3. the accounts, ascending, open, of a unit that may be passed on
    IF NOT v_many THEN
        SELECT b.closed_through INTO v_first FROM ledger_book b WHERE b.id = v_book;
        IF v_last <= v_first THEN
            PERFORM ledger_refuse('ledger_period_closed',
                jsonb_build_object('first_open', v_first + 1));
        END IF;
        SELECT u.code, u.step, u.transferable INTO v_of FROM ledger_unit u WHERE u.id = v_unit;
        IF v_debit < v_credit THEN
            SELECT a.status, a.type, a.lot, a.lo, a.balance - a.held_out AS low INTO v_payer
            FROM ledger_account a WHERE a.id = v_debit FOR NO KEY UPDATE;
            SELECT a.status, a.type, a.hi, a.balance + a.held_in AS high INTO v_payee
            FROM ledger_account a WHERE a.id = v_credit FOR NO KEY UPDATE;
        ELSE
            SELECT a.status, a.type, a.hi, a.balance + a.held_in AS high INTO v_payee
            FROM ledger_account a WHERE a.id = v_credit FOR NO KEY UPDATE;
            SELECT a.status, a.type, a.lot, a.lo, a.balance - a.held_out AS low INTO v_payer
            FROM ledger_account a WHERE a.id = v_debit FOR NO KEY UPDATE;
        END IF;
        v_place := CASE WHEN v_payer.status <> 'open' THEN v_debit
            WHEN v_payee.status <> 'open' THEN v_credit END;
        v_lots := v_payer.lot IS NOT NULL;
        SELECT CASE WHEN r.amount % v_of.step <> 0 THEN 'ledger_amount'
            WHEN r.body_hash IS DISTINCT FROM ledger_body_hash(r.kind, r.book, v_of.code, r.debit,
                r.credit, r.amount, r.event_date, r.purpose, r.ref, r.grp, r.lot, r.expires_at)
                THEN 'ledger_body_hash'
            WHEN NOT v_of.transferable AND v_payer.type NOT IN ('issuer', 'meter', 'sink')
                AND v_payee.type NOT IN ('issuer', 'meter', 'sink')
                THEN 'ledger_not_transferable'
        END INTO v_fault FROM new_rows r;
    ELSE
        FOREACH v_book IN ARRAY v_books LOOP
            PERFORM pg_advisory_xact_lock_shared(ledger_lock_class(), v_book::integer);
        END LOOP;
        PERFORM FROM ledger_book b WHERE b.id = ANY (v_books) AND b.closed_through >= v_first;
        IF FOUND THEN
            SELECT jsonb_build_object('first_open', b.closed_through + 1) INTO v_more
            FROM ledger_book b JOIN new_rows r ON r.book = b.id AND r.event_date <= b.closed_through
            WHERE b.id = ANY (v_books) LIMIT 1;
            IF FOUND THEN
                PERFORM ledger_refuse('ledger_period_closed', v_more);
            END IF;
        END IF;
        -- What each account gives and takes in all; and how far it could go down or up on the way.
        WITH m AS (
            SELECT r.debit, r.credit,
                CASE WHEN r.kind IN (0, 2, 5, 6) THEN r.amount ELSE 0 END AS moved,
                CASE WHEN r.kind = 1 THEN r.amount WHEN r.kind IN (2, 3, 4) THEN
                    -(SELECT o.amount FROM ledger_transfer o WHERE o.id = r.ref)
                    ELSE 0 END AS held
            FROM new_rows r
        )
        SELECT array_agg(s.account), array_agg(s.moved), array_agg(s.going), array_agg(s.coming),
            array_agg(s.drop), array_agg(s.rise)
        INTO v_ids, v_moves, v_goings, v_comings, v_drops, v_rises
        FROM (
            SELECT e.account, sum(e.moved)::bigint AS moved, sum(e.going)::bigint AS going,
                sum(e.coming)::bigint AS coming, sum(least(e.moved - e.going, 0))::bigint AS drop,
                sum(greatest(e.moved + e.coming, 0))::bigint AS rise
            FROM (
                SELECT m.debit AS account, -m.moved AS moved, m.held AS going, 0 AS coming
                FROM m
                UNION ALL
                SELECT m.credit, m.moved, 0, m.held FROM m
            ) e GROUP BY e.account ORDER BY e.account
        ) s;
        SELECT min(l.id) FILTER (WHERE l.status <> 'open'), bool_or(l.lot IS NOT NULL)
        INTO v_place, v_lots FROM (
            SELECT a.id, a.status, a.lot FROM ledger_account a WHERE a.id = ANY (v_ids)
            ORDER BY a.id FOR NO KEY UPDATE
        ) l;
        IF v_bound THEN
            SELECT 'ledger_not_transferable' INTO v_fault
            FROM new_rows r JOIN ledger_unit u ON u.id = r.unit AND NOT u.transferable
            JOIN ledger_account d ON d.id = r.debit AND d.type NOT IN ('issuer', 'meter', 'sink')
            JOIN ledger_account c ON c.id = r.credit AND c.type NOT IN ('issuer', 'meter', 'sink')
            LIMIT 1;
        END IF;
    END IF;
    IF v_place IS NOT NULL THEN
        PERFORM ledger_refuse('ledger_not_open', jsonb_build_object('account', v_place));
    END IF;
    IF v_fault IS NOT NULL THEN
        PERFORM ledger_refuse(v_fault);
    END IF;
    IF v_lots THEN
        PERFORM FROM new_rows r WHERE r.kind IN (0, 1) AND ledger_lot_is_over(r.debit, r.credit);
        IF FOUND THEN
            PERFORM ledger_refuse('ledger_lot_over');
        END IF;
    END IF;

    -- 4. what a row refers to, each by its own look-up: the table is long
    IF v_kinds >= 2 THEN
        SELECT f.id, f.fault INTO v_place, v_fault FROM (
            SELECT r.id, CASE
                WHEN o.id IS NULL OR o.id >= r.id THEN 'ledger_bad_ref'
                WHEN r.kind IN (2, 3, 4) THEN CASE
                    WHEN o.kind <> 1 OR o.debit <> r.debit OR o.credit <> r.credit
                        THEN 'ledger_bad_ref'
                    WHEN r.amount > o.amount OR (r.kind <> 2 AND r.amount <> o.amount)
                        THEN 'ledger_amount'
                    WHEN r.kind = 2 AND v_now >= o.expires_at THEN 'ledger_hold_expired'
                    WHEN r.kind = 4 AND v_now < o.expires_at THEN 'ledger_hold_runs'
                END
                WHEN o.kind NOT IN (0, 2) OR o.debit <> r.credit OR o.credit <> r.debit
                    THEN 'ledger_bad_ref'
                WHEN r.kind = 5 THEN CASE
                    WHEN r.amount <> o.amount THEN 'ledger_amount'
                    WHEN EXISTS (SELECT FROM ledger_transfer x WHERE x.ref = o.id AND x.kind = 6)
                        THEN 'ledger_refunded'
                END
                WHEN EXISTS (SELECT FROM ledger_transfer x WHERE x.ref = o.id AND x.kind = 5)
                    THEN 'ledger_already_reversed'
                WHEN (SELECT sum(x.amount) FROM ledger_transfer x
                    WHERE x.ref = o.id AND x.kind = 6) > o.amount THEN 'ledger_amount'
            END AS fault
            FROM new_rows r
            LEFT JOIN LATERAL (SELECT t.* FROM ledger_transfer t WHERE t.id = r.ref LIMIT 1) o ON true
            WHERE r.kind >= 2
        ) f WHERE f.fault IS NOT NULL ORDER BY f.id LIMIT 1;
        IF FOUND THEN
            PERFORM ledger_refuse(v_fault, jsonb_build_object('transfer', v_place));
        END IF;
    END IF;

    -- 5. and 6. of one row: its two accounts stand locked in v_payer and v_payee
    IF NOT v_many THEN
        v_moved := CASE WHEN v_kinds IN (0, 2, 5, 6) THEN v_amount ELSE 0 END;
        v_held := CASE WHEN v_kinds = 1 THEN v_amount ELSE 0 END;
        IF v_kinds IN (2, 3, 4) THEN
            v_held := -(SELECT o.amount FROM ledger_transfer o WHERE o.id = v_ref);
        END IF;
        IF v_payer.low - v_moved - v_held < v_payer.lo THEN
            PERFORM ledger_refuse('ledger_floor', ledger_limit_detail(v_debit, 0));
        END IF;
        IF v_payee.high + v_moved + v_held > v_payee.hi THEN
            PERFORM ledger_refuse('ledger_ceiling', ledger_limit_detail(v_credit, 0));
        END IF;
        IF v_held = 0 THEN
            UPDATE ledger_account
            SET balance = balance + CASE id WHEN v_credit THEN v_moved ELSE -v_moved END
            WHERE id IN (v_debit, v_credit);
            RETURN NULL;
        END IF;
        UPDATE ledger_account SET
            balance = balance + CASE id WHEN v_credit THEN v_moved ELSE -v_moved END,
            held_out = held_out + CASE id WHEN v_debit THEN v_held ELSE 0 END,
            held_in = held_in + CASE id WHEN v_credit THEN v_held ELSE 0 END
        WHERE id IN (v_debit, v_credit);
        RETURN NULL;
    END IF;

    -- 5. no limit crossed on the way, in row order; nothing to look at where all that leaves an
    -- account, and all that reaches it, would fit alone
    PERFORM FROM unnest(v_ids, v_drops, v_rises) AS m (account, drop, rise)
    JOIN ledger_account a ON a.id = m.account
    WHERE a.balance - a.held_out + m.drop < a.lo OR a.balance + a.held_in + m.rise > a.hi;
    IF FOUND THEN
        WITH m AS (
            SELECT r.id, r.debit, r.credit,
                CASE WHEN r.kind IN (0, 2, 5, 6) THEN r.amount ELSE 0 END AS moved,
                CASE WHEN r.kind = 1 THEN r.amount WHEN r.kind IN (2, 3, 4) THEN
                    -(SELECT o.amount FROM ledger_transfer o WHERE o.id = r.ref)
                    ELSE 0 END AS held
            FROM new_rows r
        ), steps AS (
            SELECT a.id, a.lo, a.hi, e.id AS row_id,
                a.balance - a.held_out + sum(e.moved - e.going) OVER way AS low,
                a.balance + a.held_in + sum(e.moved + e.coming) OVER way AS high,
                a.balance - a.held_out + sum(e.moved - e.going) OVER whole AS low_end,
                a.balance + a.held_in + sum(e.moved + e.coming) OVER whole AS high_end
            FROM (
                SELECT m.id, m.debit AS account, -m.moved AS moved, m.held AS going, 0 AS coming
                FROM m
                UNION ALL
                SELECT m.id, m.credit, m.moved, 0, m.held FROM m
            ) e JOIN ledger_account a ON a.id = e.account
            WHERE a.id = ANY (v_ids)
            WINDOW way AS (PARTITION BY e.account ORDER BY e.id), whole AS (PARTITION BY e.account)
        )
        SELECT CASE
                WHEN s.low < s.lo
                    THEN CASE WHEN s.low_end < s.lo THEN 'ledger_floor' ELSE 'in_order' END
                WHEN s.high_end > s.hi THEN 'ledger_ceiling'
                ELSE 'in_order'
            END,
            ledger_limit_detail(s.id, (SELECT count(*) FROM new_rows r WHERE r.id < s.row_id))
        INTO v_fault, v_more
        FROM steps s
        WHERE s.low < s.lo OR s.high > s.hi
        ORDER BY s.row_id, s.id LIMIT 1;
        IF FOUND THEN
            PERFORM ledger_refuse(v_fault, v_more);
        END IF;
    END IF;

    -- 6. the balances; the CHECKs of the table stand behind step 5
    UPDATE ledger_account a SET
        balance = a.balance + m.moved, held_out = a.held_out + m.going, held_in = a.held_in + m.coming
    FROM unnest(v_ids, v_moves, v_goings, v_comings) AS m (account, moved, going, coming)
    WHERE a.id = m.account;
    RETURN NULL;
END $$;

CREATE TRIGGER apply AFTER INSERT ON ledger_transfer
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION ledger_apply();

-- An account starts empty, with the limits of its type; ledger_set_limits() changes them. What is
-- asked of its owner, lot and other book is asked once: account_stays keeps them.
CREATE FUNCTION ledger_account_starts() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.balance <> 0 OR NEW.held_out <> 0 OR NEW.held_in <> 0 THEN
        PERFORM ledger_refuse('account_starts_empty');
    END IF;
    IF NEW.lo IS NOT NULL OR NEW.hi IS NOT NULL THEN
        PERFORM ledger_refuse('account_starts_with_its_limits');
    END IF;
    IF NEW.owner_person IS NOT NULL AND NEW.owner_organisation IS NOT NULL THEN
        PERFORM ledger_refuse('account_has_one_owner');
    END IF;
    IF (NEW.type = 'clearing') <> (NEW.other_book IS NOT NULL) THEN
        PERFORM ledger_refuse('account_of_clearing_names_the_other_book');
    END IF;
    IF NEW.lot IS NOT NULL AND NEW.parent IS NULL THEN
        PERFORM ledger_refuse('account_of_a_lot_has_a_holder');
    END IF;
    NEW.lo := CASE WHEN NEW.type IN ('liability', 'equity', 'income', 'sink', 'issuer', 'clearing')
        THEN 0 END;
    NEW.hi := CASE WHEN NEW.type IN ('asset', 'expense', 'issuer', 'meter', 'clearing')
        THEN 0 END;
    RETURN NEW;
END $$;
CREATE TRIGGER account_starts BEFORE INSERT ON ledger_account
FOR EACH ROW EXECUTE FUNCTION ledger_account_starts();

-- What an account is never changes: unit, book, type, owner, parent, lot.
CREATE FUNCTION ledger_account_stays() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RAISE EXCEPTION 'dure.append_only' USING ERRCODE = 'P0001';
END $$;
CREATE TRIGGER account_stays
BEFORE UPDATE OF id, book, unit, type, owner_person, owner_organisation, parent, lot, other_book
ON ledger_account FOR EACH STATEMENT EXECUTE FUNCTION ledger_account_stays();

-- A closed account is empty: asked when it is closed; ledger_apply() moves no account that is not open.
CREATE FUNCTION ledger_account_closes() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.balance <> 0 OR NEW.held_out <> 0 OR NEW.held_in <> 0 THEN
        PERFORM ledger_refuse('account_is_empty_when_closed');
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER account_closes AFTER UPDATE OF status ON ledger_account
FOR EACH ROW WHEN (NEW.status = 'closed') EXECUTE FUNCTION ledger_account_closes();
CREATE TRIGGER account_remains BEFORE DELETE OR TRUNCATE ON ledger_account
FOR EACH STATEMENT EXECUTE FUNCTION ledger_account_stays();

-- A closed day stays closed.
CREATE FUNCTION ledger_book_goes_on() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF OLD.closed_through IS NOT NULL AND NEW.closed_through IS DISTINCT FROM OLD.closed_through
        AND (NEW.closed_through IS NULL OR NEW.closed_through < OLD.closed_through) THEN
        PERFORM ledger_refuse('book_never_reopens');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER book_goes_on BEFORE UPDATE ON ledger_book
FOR EACH ROW EXECUTE FUNCTION ledger_book_goes_on();
