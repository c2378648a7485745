-- INSERT into ledger_transfer is the only way value moves; ledger_apply() applies every row of a statement.
ALTER TABLE ledger_account SET (fillfactor = 50);

ALTER TABLE ledger_transfer
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
    SELECT '{"amount":' || p_amount || ',"book":' || p_book || ',"credit":' || p_credit
        || ',"debit":' || p_debit || ',"event_date":"' || to_char(p_event_date, 'YYYY-MM-DD')
        || '","expires_at":' || coalesce(
            to_char(p_expires_at AT TIME ZONE 'UTC', '"\""YYYY-MM-DD"T"HH24:MI:SS.US"Z\""'), 'null')
        || ',"group":' || coalesce('"' || p_grp || '"', 'null') || ',"kind":' || p_kind
        || ',"lot":' || coalesce(p_lot::text, 'null') || ',"purpose":' || to_json(normalize(p_purpose, NFC))
        || ',"ref":' || coalesce(p_ref::text, 'null') || ',"unit":"' || p_unit || '"}'
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
CREATE FUNCTION ledger_apply() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_now timestamptz := dure_now();
    v_batch bigint := pg_current_xact_id()::text::bigint + dure_batch_base();
    v_today date := (v_now AT TIME ZONE 'Asia/Seoul')::date;
    v_rows bigint;
    v_kinds smallint;
    v_book bigint;
    v_books bigint[];
    v_ids bigint[];
    v_last date;
    v_fault text;
    v_place bigint;
    v_more jsonb;
    v_lots boolean;
    v_one record;
    v_debit record;
    v_credit record;
    v_moved bigint;
    v_held bigint;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM ledger_refuse('ledger_isolation');  -- an older snapshot would not see a period close
    END IF;
    SELECT r.*, u.code, u.step, u.transferable, (SELECT count(*) FROM new_rows) AS row_count
    INTO v_one FROM new_rows r LEFT JOIN ledger_unit u ON u.id = r.unit LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    v_rows := v_one.row_count;
    v_kinds := v_one.kind;
    v_last := v_one.event_date;
    IF v_rows > 1 THEN
        SELECT max(kind), max(event_date) INTO v_kinds, v_last FROM new_rows;
    END IF;
    IF v_last > v_today THEN
        PERFORM ledger_refuse('ledger_future_date');
    END IF;

    IF v_rows = 1 THEN
        v_fault := CASE
            WHEN v_one.batch <> v_batch OR v_one.era <> dure_era() OR v_one.recorded_at <> v_now
                THEN 'ledger_place'
            WHEN v_one.code IS NULL THEN 'ledger_cross_unit'
            WHEN v_one.amount % v_one.step <> 0 THEN 'ledger_amount'
            WHEN v_one.body_hash IS DISTINCT FROM ledger_body_hash(v_one.kind, v_one.book,
                v_one.code, v_one.debit, v_one.credit, v_one.amount, v_one.event_date,
                v_one.purpose, v_one.ref, v_one.grp, v_one.lot, v_one.expires_at)
                THEN 'ledger_body_hash'
        END;
        v_books := ARRAY[v_one.book];
    ELSE
        SELECT array_agg(DISTINCT r.book ORDER BY r.book),
            max(CASE
                WHEN r.batch <> v_batch OR r.era <> dure_era() OR r.recorded_at <> v_now
                    THEN 'ledger_place'
                WHEN u.id IS NULL THEN 'ledger_cross_unit'
                WHEN r.amount % u.step <> 0 THEN 'ledger_amount'
                WHEN r.body_hash IS DISTINCT FROM ledger_body_hash(r.kind, r.book, u.code, r.debit,
                    r.credit, r.amount, r.event_date, r.purpose, r.ref, r.grp, r.lot, r.expires_at)
                    THEN 'ledger_body_hash'
            END)
        INTO v_books, v_fault
        FROM new_rows r LEFT JOIN ledger_unit u ON u.id = r.unit;
    END IF;
    IF v_fault IS NOT NULL THEN
        PERFORM ledger_refuse(v_fault);
    END IF;

    -- 1. the books, shared, ascending
    FOREACH v_book IN ARRAY v_books LOOP
        PERFORM pg_advisory_xact_lock_shared(ledger_lock_class(), v_book::integer);
    END LOOP;

    -- 2. no day of a closed period; 3. the accounts, ascending, open, of a unit that may be passed on
    IF v_rows = 1 THEN
        IF v_one.debit < v_one.credit THEN
            SELECT a.*, b.closed_through INTO v_debit FROM ledger_account a
            JOIN ledger_book b ON b.id = a.book
            WHERE a.id = v_one.debit FOR NO KEY UPDATE OF a;
            SELECT * INTO v_credit FROM ledger_account WHERE id = v_one.credit FOR NO KEY UPDATE;
        ELSE
            SELECT * INTO v_credit FROM ledger_account WHERE id = v_one.credit FOR NO KEY UPDATE;
            SELECT a.*, b.closed_through INTO v_debit FROM ledger_account a
            JOIN ledger_book b ON b.id = a.book
            WHERE a.id = v_one.debit FOR NO KEY UPDATE OF a;
        END IF;
        IF v_one.event_date <= v_debit.closed_through THEN
            PERFORM ledger_refuse('ledger_period_closed',
                jsonb_build_object('first_open', v_debit.closed_through + 1));
        END IF;
        v_place := CASE WHEN v_debit.status <> 'open' THEN v_debit.id
            WHEN v_credit.status <> 'open' THEN v_credit.id END;
        v_lots := v_debit.lot IS NOT NULL;
        v_fault := CASE WHEN NOT v_one.transferable
                AND v_debit.type NOT IN ('issuer', 'meter', 'sink')
                AND v_credit.type NOT IN ('issuer', 'meter', 'sink')
            THEN 'ledger_not_transferable' END;
    ELSE
        SELECT jsonb_build_object('first_open', b.closed_through + 1) INTO v_more
        FROM ledger_book b JOIN new_rows r ON r.book = b.id AND r.event_date <= b.closed_through
        WHERE b.id = ANY (v_books) LIMIT 1;
        IF FOUND THEN
            PERFORM ledger_refuse('ledger_period_closed', v_more);
        END IF;
        v_ids := ARRAY(
            SELECT r.debit FROM new_rows r UNION SELECT r.credit FROM new_rows r ORDER BY 1);
        SELECT min(l.id) FILTER (WHERE l.status <> 'open'), bool_or(l.lot IS NOT NULL)
        INTO v_place, v_lots FROM (
            SELECT a.id, a.status, a.lot FROM ledger_account a WHERE a.id = ANY (v_ids)
            ORDER BY a.id FOR NO KEY UPDATE
        ) l;
        SELECT 'ledger_not_transferable' INTO v_fault
        FROM new_rows r JOIN ledger_unit u ON u.id = r.unit AND NOT u.transferable
        JOIN ledger_account d ON d.id = r.debit AND d.type NOT IN ('issuer', 'meter', 'sink')
        JOIN ledger_account c ON c.id = r.credit AND c.type NOT IN ('issuer', 'meter', 'sink')
        LIMIT 1;
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

    -- 4. what a row refers to
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
            FROM new_rows r LEFT JOIN ledger_transfer o ON o.id = r.ref
            WHERE r.kind >= 2
        ) f WHERE f.fault IS NOT NULL ORDER BY f.id LIMIT 1;
        IF FOUND THEN
            PERFORM ledger_refuse(v_fault, jsonb_build_object('transfer', v_place));
        END IF;
    END IF;

    -- 5. and 6. of one row: its two accounts stand locked in v_debit and v_credit
    IF v_rows = 1 THEN
        v_moved := CASE WHEN v_one.kind IN (0, 2, 5, 6) THEN v_one.amount ELSE 0 END;
        v_held := CASE WHEN v_one.kind = 1 THEN v_one.amount WHEN v_one.kind IN (0, 5, 6) THEN 0
            ELSE -(SELECT o.amount FROM ledger_transfer o WHERE o.id = v_one.ref) END;
        IF v_debit.balance - v_moved - v_debit.held_out - v_held < v_debit.lo THEN
            PERFORM ledger_refuse('ledger_floor', ledger_limit_detail(v_debit.id, 0));
        END IF;
        IF v_credit.balance + v_moved + v_credit.held_in + v_held > v_credit.hi THEN
            PERFORM ledger_refuse('ledger_ceiling', ledger_limit_detail(v_credit.id, 0));
        END IF;
        UPDATE ledger_account SET
            balance = balance + CASE id WHEN v_one.credit THEN v_moved ELSE -v_moved END,
            held_out = held_out + CASE id WHEN v_one.debit THEN v_held ELSE 0 END,
            held_in = held_in + CASE id WHEN v_one.credit THEN v_held ELSE 0 END
        WHERE id IN (v_one.debit, v_one.credit);
        RETURN NULL;
    END IF;

    -- 5. no limit crossed on the way, in row order
    WITH moves AS (
        SELECT r.id, r.debit AS account,
            CASE WHEN r.kind IN (0, 2, 5, 6) THEN -r.amount ELSE 0 END AS moved,
            CASE WHEN r.kind = 1 THEN r.amount WHEN r.kind < 5 THEN -coalesce(o.amount, 0)
                ELSE 0 END AS going,
            0::bigint AS coming
        FROM new_rows r LEFT JOIN ledger_transfer o ON o.id = r.ref AND r.kind IN (2, 3, 4)
        UNION ALL
        SELECT r.id, r.credit,
            CASE WHEN r.kind IN (0, 2, 5, 6) THEN r.amount ELSE 0 END,
            0,
            CASE WHEN r.kind = 1 THEN r.amount WHEN r.kind < 5 THEN -coalesce(o.amount, 0)
                ELSE 0 END
        FROM new_rows r LEFT JOIN ledger_transfer o ON o.id = r.ref AND r.kind IN (2, 3, 4)
    ), steps AS (
        SELECT a.id, a.lo, a.hi, m.id AS row_id,
            a.balance - a.held_out + sum(m.moved - m.going) OVER way AS low,
            a.balance + a.held_in + sum(m.moved + m.coming) OVER way AS high,
            a.balance - a.held_out + sum(m.moved - m.going) OVER whole AS low_end,
            a.balance + a.held_in + sum(m.moved + m.coming) OVER whole AS high_end
        FROM moves m JOIN ledger_account a ON a.id = m.account
        WHERE a.id = ANY (v_ids)
        WINDOW way AS (PARTITION BY m.account ORDER BY m.id), whole AS (PARTITION BY m.account)
    )
    SELECT CASE
            WHEN s.low < s.lo THEN CASE WHEN s.low_end < s.lo THEN 'ledger_floor' ELSE 'in_order' END
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

    -- 6. the balances; the CHECKs of the table stand behind step 5
    UPDATE ledger_account a SET
        balance = a.balance + m.moved, held_out = a.held_out + m.going, held_in = a.held_in + m.coming
    FROM (
        SELECT e.account, sum(e.moved)::bigint AS moved, sum(e.going)::bigint AS going,
            sum(e.coming)::bigint AS coming
        FROM (
            SELECT r.debit AS account,
                CASE WHEN r.kind IN (0, 2, 5, 6) THEN -r.amount ELSE 0 END AS moved,
                CASE WHEN r.kind = 1 THEN r.amount WHEN r.kind < 5 THEN -coalesce(o.amount, 0)
                    ELSE 0 END AS going,
                0::bigint AS coming
            FROM new_rows r LEFT JOIN ledger_transfer o ON o.id = r.ref AND r.kind IN (2, 3, 4)
            UNION ALL
            SELECT r.credit,
                CASE WHEN r.kind IN (0, 2, 5, 6) THEN r.amount ELSE 0 END,
                0,
                CASE WHEN r.kind = 1 THEN r.amount WHEN r.kind < 5 THEN -coalesce(o.amount, 0)
                    ELSE 0 END
            FROM new_rows r LEFT JOIN ledger_transfer o ON o.id = r.ref AND r.kind IN (2, 3, 4)
        ) e GROUP BY e.account
    ) m
    WHERE a.id = m.account AND a.id = ANY (v_ids);
    RETURN NULL;
END $$;

CREATE TRIGGER apply AFTER INSERT ON ledger_transfer
REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION ledger_apply();

-- An account starts empty, with the limits of its type; ledger_set_limits() changes them.
CREATE FUNCTION ledger_account_starts() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    IF NEW.balance <> 0 OR NEW.held_out <> 0 OR NEW.held_in <> 0 THEN
        PERFORM ledger_refuse('account_starts_empty');
    END IF;
    IF NEW.lo IS NOT NULL OR NEW.hi IS NOT NULL THEN
        PERFORM ledger_refuse('account_starts_with_its_limits');
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
