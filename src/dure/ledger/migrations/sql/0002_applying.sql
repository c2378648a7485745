-- A plain payment, one row alone, is one conditional UPDATE: it asks of row, book, unit and both
-- accounts what the steps below ask, and moves both balances, the lower number first, or nothing.
-- Whatever does not fit it goes through the steps, which can do every row and name every fault.
-- It finds the accounts by number, whatever is known of the table: status and lot are asked inside a
-- CASE, since a bare `lot IS NULL`, before the table was ever analysed, is taken for a rare thing, and
-- the index of lots is read from end to end instead.
-- Many rows are summed by account in one pass; the walk in row order is done where it could matter.
CREATE FUNCTION ledger_apply() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_plain boolean;
    v_locked text;
    v_book bigint;
    v_unit smallint;
    v_debit bigint;
    v_credit bigint;
    v_amount bigint;
    v_day date;
    v_purpose text;
    v_hash bytea;
    v_moved bigint;
    v_now timestamptz;
    v_batch bigint;
    v_kinds smallint;
    v_first date;
    v_last date;
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
BEGIN
    SELECT r.book, r.unit, r.debit, r.credit, r.amount, r.event_date, r.purpose, r.body_hash,
        r.kind = 0 AND r.debit <> r.credit AND r.era = dure_era()
            AND r.ref IS NULL AND r.expires_at IS NULL AND r.grp IS NULL AND r.lot IS NULL
            AND r.batch = pg_current_xact_id()::text::bigint + dure_batch_base()
            AND r.recorded_at = dure_now() AND r.event_date <= dure_today()
            AND current_setting('transaction_isolation') = 'read committed'
            AND NOT EXISTS (SELECT FROM new_rows OFFSET 1)
    INTO v_book, v_unit, v_debit, v_credit, v_amount, v_day, v_purpose, v_hash, v_plain
    FROM new_rows r LIMIT 1;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    IF v_plain THEN
        v_locked := pg_advisory_xact_lock_shared(ledger_lock_class(), v_book::integer)::text;
        -- The book is locked by the statement before, so that this one sees its last closed day.
        UPDATE ledger_account a
        SET balance = a.balance + CASE a.id WHEN v_credit THEN v_amount ELSE -v_amount END
        WHERE a.id IN (v_debit, v_credit)
            AND CASE WHEN a.status <> 'open' OR a.lot IS NOT NULL THEN true
                WHEN a.id = v_debit THEN a.balance - a.held_out - v_amount < a.lo
                ELSE a.balance + a.held_in + v_amount > a.hi END IS NOT TRUE
            AND EXISTS (
                SELECT FROM ledger_book b, ledger_unit u
                WHERE b.id = v_book AND (v_day <= b.closed_through) IS NOT TRUE
                    AND u.id = v_unit AND u.transferable AND v_amount % u.step = 0
                    AND v_hash = ledger_body_hash(0::smallint, v_book, u.code, v_debit, v_credit,
                        v_amount, v_day, v_purpose, NULL, NULL, NULL, NULL));
        GET DIAGNOSTICS v_moved = ROW_COUNT;
        IF v_moved = 2 THEN
            RETURN NULL;
        END IF;
        -- One side alone would have: the steps name what stopped the other, so it is taken back. It
        -- is the one that this transaction wrote by a later command than the transfer itself.
        IF v_moved = 1 THEN
            UPDATE ledger_account a
            SET balance = a.balance - CASE a.id WHEN v_credit THEN v_amount ELSE -v_amount END
            FROM ledger_transfer t
            WHERE t.id = (SELECT r.id FROM new_rows r) AND a.id IN (v_debit, v_credit)
                AND a.xmin = t.xmin AND a.cmin::text::bigint > t.cmin::text::bigint;
            GET DIAGNOSTICS v_moved = ROW_COUNT;
            IF v_moved <> 1 THEN
                PERFORM ledger_refuse('ledger_place');
            END IF;
        END IF;
    END IF;

    -- 1. the rows by themselves; the books, shared, ascending
    v_now := dure_now();
    v_batch := pg_current_xact_id()::text::bigint + dure_batch_base();
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        PERFORM ledger_refuse('ledger_isolation');  -- an older snapshot would not see a period close
    END IF;
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
    IF v_fault IS NOT NULL THEN
        PERFORM ledger_refuse(v_fault);
    END IF;
    IF v_last > dure_today() THEN
        PERFORM ledger_refuse('ledger_future_date');
    END IF;

    FOREACH v_book IN ARRAY v_books LOOP
        PERFORM pg_advisory_xact_lock_shared(ledger_lock_class(), v_book::integer);
    END LOOP;

    -- 2. no day of a closed period
    PERFORM FROM ledger_book b WHERE b.id = ANY (v_books) AND b.closed_through >= v_first;
    IF FOUND THEN
        SELECT jsonb_build_object('first_open', b.closed_through + 1) INTO v_more
        FROM ledger_book b JOIN new_rows r ON r.book = b.id AND r.event_date <= b.closed_through
        WHERE b.id = ANY (v_books) LIMIT 1;
        IF FOUND THEN
            PERFORM ledger_refuse('ledger_period_closed', v_more);
        END IF;
    END IF;

    -- 3. the accounts, ascending, open, of a unit that may be passed on.
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
