-- A row to be posted, as the callers of ledger_post() write it; what is not needed may be left out.
CREATE TYPE ledger_posting AS (
    ikey uuid, debit bigint, credit bigint, amount bigint, purpose text, kind smallint, ref bigint,
    grp uuid, lot bigint, event_date date, expires_at timestamptz, rule_version uuid
);

-- Post one to n rows in one INSERT. A used key gives its first row again when the body is the same.
CREATE FUNCTION ledger_post(p_rows jsonb, p_actor uuid DEFAULT NULL) RETURNS bigint[]
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_audit uuid := split_part(current_setting('dure.action', true), '@', 1)::uuid;
    v_one ledger_posting;
    v_ids bigint[];
    v_fault text;
    v_row bigint;
    v_wanted bigint;
    v_made bigint;
    v_book bigint;
    v_unit smallint;
    v_code text;
BEGIN
    -- The accounts, ascending, before the rows: else the foreign keys' own locks of many at once
    -- pile up on a hot account, each a list of all others.
    IF jsonb_array_length(p_rows) = 1 THEN
        -- One row that fits goes by look-ups of one table each, which cost less than a join; what
        -- does not fit goes the long way.
        v_one := jsonb_populate_record(NULL::ledger_posting, p_rows -> 0);
        v_one.kind := coalesce(v_one.kind, 0);
        v_one.event_date := coalesce(v_one.event_date, dure_today());
        SELECT a.book, a.unit INTO v_book, v_unit FROM ledger_account a
        WHERE a.id = least(v_one.debit, v_one.credit) FOR NO KEY UPDATE;
        SELECT u.code INTO v_code FROM ledger_unit u WHERE u.id = v_unit;
        PERFORM FROM ledger_account a
        WHERE a.id = greatest(v_one.debit, v_one.credit) AND a.book = v_book AND a.unit = v_unit
            AND v_one.debit <> v_one.credit AND v_one.amount BETWEEN 1 AND 1000000000000
        FOR NO KEY UPDATE;
        IF FOUND THEN
            INSERT INTO ledger_transfer (ikey, debit, credit, amount, purpose, kind, ref, grp, lot,
                event_date, expires_at, rule_version, book, unit, actor, audit, body_hash)
            VALUES (v_one.ikey, v_one.debit, v_one.credit, v_one.amount, v_one.purpose, v_one.kind,
                v_one.ref, v_one.grp, v_one.lot, v_one.event_date, v_one.expires_at,
                v_one.rule_version, v_book, v_unit, p_actor, v_audit,
                ledger_body_hash(v_one.kind, v_book, v_code, v_one.debit, v_one.credit,
                    v_one.amount, v_one.event_date, v_one.purpose, v_one.ref, v_one.grp, v_one.lot,
                    v_one.expires_at))
            ON CONFLICT (ikey) DO NOTHING RETURNING id INTO v_row;
            IF FOUND THEN
                RETURN ARRAY[v_row];
            END IF;
        END IF;
    ELSE
        PERFORM FROM ledger_account a WHERE a.id = ANY (ARRAY(
            SELECT r.debit FROM jsonb_to_recordset(p_rows) AS r (debit bigint)
            UNION SELECT r.credit FROM jsonb_to_recordset(p_rows) AS r (credit bigint)))
        ORDER BY a.id FOR NO KEY UPDATE;
    END IF;

    WITH asked AS MATERIALIZED (
        SELECT r.*, coalesce(r.kind, 0::smallint) AS of_kind,
            coalesce(r.event_date, dure_today()) AS on_day, d.book AS d_book, d.unit AS d_unit,
            c.book AS c_book, c.unit AS c_unit, d.id AS d_id, c.id AS c_id, u.code
        FROM jsonb_populate_recordset(NULL::ledger_posting, p_rows) WITH ORDINALITY AS r (ikey, debit,
            credit, amount, purpose, kind, ref, grp, lot, event_date, expires_at, rule_version, place)
        LEFT JOIN ledger_account d ON d.id = r.debit
        LEFT JOIN ledger_account c ON c.id = r.credit
        LEFT JOIN ledger_unit u ON u.id = d.unit
    ), faults AS (
        SELECT place, CASE
            WHEN d_id IS NULL OR c_id IS NULL THEN 'ledger_no_account'
            WHEN debit = credit THEN 'transfer_between_two_accounts'
            WHEN d_unit <> c_unit THEN 'ledger_cross_unit'
            WHEN d_book <> c_book THEN 'ledger_cross_book'
            WHEN amount IS NULL OR amount NOT BETWEEN 1 AND 1000000000000 THEN 'ledger_amount'
        END AS fault FROM asked
    ), made AS (
        INSERT INTO ledger_transfer (ikey, debit, credit, amount, purpose, kind, ref, grp, lot,
            event_date, expires_at, rule_version, book, unit, actor, audit, body_hash)
        SELECT a.ikey, a.debit, a.credit, a.amount, a.purpose, a.of_kind, a.ref, a.grp, a.lot,
            a.on_day, a.expires_at, a.rule_version, a.d_book, a.d_unit, p_actor, v_audit,
            ledger_body_hash(a.of_kind, a.d_book, a.code, a.debit, a.credit, a.amount, a.on_day,
                a.purpose, a.ref, a.grp, a.lot, a.expires_at)
        FROM asked a
        WHERE NOT EXISTS (SELECT FROM faults WHERE fault IS NOT NULL)
        ORDER BY a.place
        ON CONFLICT (ikey) DO NOTHING
        RETURNING id, ikey
    )
    SELECT (SELECT f.fault FROM faults f WHERE f.fault IS NOT NULL ORDER BY f.place LIMIT 1),
        (SELECT f.place FROM faults f WHERE f.fault IS NOT NULL ORDER BY f.place LIMIT 1) - 1,
        (SELECT count(*) FROM asked), (SELECT count(*) FROM made),
        ARRAY(SELECT m.id FROM made m ORDER BY m.id)
    INTO v_fault, v_row, v_wanted, v_made, v_ids;
    IF v_fault IS NOT NULL THEN
        PERFORM ledger_refuse(v_fault, jsonb_build_object('row', v_row));
    END IF;
    IF v_made = v_wanted THEN
        RETURN v_ids;
    END IF;
    -- Some keys were used: once in these rows only, and each with the body it has here.
    SELECT array_agg(t.id ORDER BY r.place), min(CASE
            WHEN t.body_hash IS DISTINCT FROM ledger_body_hash(coalesce(r.kind, 0::smallint), d.book,
                u.code, r.debit, r.credit, r.amount, coalesce(r.event_date, t.event_date), r.purpose,
                r.ref, r.grp, r.lot, r.expires_at) THEN r.place END) - 1,
        count(*) - count(DISTINCT r.ikey)
    INTO v_ids, v_row, v_made
    FROM jsonb_populate_recordset(NULL::ledger_posting, p_rows) WITH ORDINALITY AS r (ikey, debit,
        credit, amount, purpose, kind, ref, grp, lot, event_date, expires_at, rule_version, place)
    JOIN ledger_account d ON d.id = r.debit JOIN ledger_unit u ON u.id = d.unit
    LEFT JOIN ledger_transfer t ON t.ikey = r.ikey;
    IF v_made > 0 THEN
        PERFORM ledger_refuse('ledger_key_twice');
    END IF;
    IF v_row IS NOT NULL THEN
        PERFORM ledger_refuse('transfer_key_once', jsonb_build_object('row', v_row));
    END IF;
    RETURN v_ids;
END $$;

-- Two-phase transfers, reversals and refunds, by the id of the row they follow.
CREATE FUNCTION ledger_hold(
    p_ikey uuid, p_debit bigint, p_credit bigint, p_amount bigint, p_purpose text,
    p_expires_at timestamptz, p_actor uuid DEFAULT NULL
) RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT (ledger_post(jsonb_build_array(jsonb_build_object(
        'ikey', p_ikey, 'debit', p_debit, 'credit', p_credit, 'amount', p_amount,
        'purpose', p_purpose, 'kind', 1, 'expires_at', p_expires_at)), p_actor))[1]
$$;

CREATE FUNCTION ledger_resolve(
    p_ikey uuid, p_hold bigint, p_kind smallint, p_amount bigint DEFAULT NULL,
    p_actor uuid DEFAULT NULL
) RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT (ledger_post((SELECT jsonb_build_array(jsonb_build_object(
        'ikey', p_ikey, 'debit', t.debit, 'credit', t.credit, 'amount', coalesce(p_amount, t.amount),
        'purpose', t.purpose, 'kind', p_kind, 'ref', t.id, 'lot', t.lot, 'grp', t.grp))
        FROM ledger_transfer t WHERE t.id = p_hold), p_actor))[1]
$$;

-- A row, or all rows of its group, in the opposite order.
CREATE FUNCTION ledger_reverse(p_ikey uuid, p_transfer bigint, p_actor uuid DEFAULT NULL)
RETURNS bigint[] LANGUAGE sql VOLATILE AS $$
    SELECT ledger_post((SELECT jsonb_agg(jsonb_build_object(
        'ikey', CASE WHEN t.id = p_transfer THEN p_ikey
            ELSE encode(substr(sha256(uuid_send(p_ikey) || int8send(t.id)), 1, 16), 'hex')::uuid END,
        'debit', t.credit, 'credit', t.debit, 'amount', t.amount, 'purpose', t.purpose, 'kind', 5,
        'ref', t.id, 'lot', t.lot, 'grp', CASE WHEN t.grp IS NOT NULL THEN p_ikey END)
        ORDER BY t.id DESC)
        FROM ledger_transfer o JOIN ledger_transfer t ON t.id = o.id
            OR (t.grp = o.grp AND t.kind IN (0, 2))
        WHERE o.id = p_transfer), p_actor)
$$;

CREATE FUNCTION ledger_refund(
    p_ikey uuid, p_transfer bigint, p_amount bigint, p_actor uuid DEFAULT NULL
) RETURNS bigint LANGUAGE sql VOLATILE AS $$
    SELECT (ledger_post((SELECT jsonb_build_array(jsonb_build_object(
        'ikey', p_ikey, 'debit', t.credit, 'credit', t.debit, 'amount', p_amount,
        'purpose', t.purpose, 'kind', 6, 'ref', t.id, 'lot', t.lot))
        FROM ledger_transfer t WHERE t.id = p_transfer), p_actor))[1]
$$;

-- Floor and ceiling of an account, with who asked, who agreed and why. NULL = unlimited.
CREATE FUNCTION ledger_set_limits(
    p_account bigint, p_lo bigint, p_hi bigint, p_reason text, p_actor uuid DEFAULT NULL,
    p_approver uuid DEFAULT NULL, p_rule_version uuid DEFAULT NULL
) RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_old ledger_account;
    v_change bigint;
BEGIN
    SELECT * INTO v_old FROM ledger_account WHERE id = p_account FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM ledger_refuse('ledger_no_account');
    END IF;
    IF v_old.balance - v_old.held_out < p_lo OR v_old.balance + v_old.held_in > p_hi THEN
        PERFORM ledger_refuse('ledger_limit');
    END IF;
    INSERT INTO ledger_limitchange (account_id, old_lo, old_hi, new_lo, new_hi, reason,
        rule_version, actor, approver, changed_at, audit)
    VALUES (p_account, v_old.lo, v_old.hi, p_lo, p_hi, p_reason, p_rule_version, p_actor,
        p_approver, dure_now(), split_part(current_setting('dure.action', true), '@', 1)::uuid)
    RETURNING id INTO v_change;
    UPDATE ledger_account SET lo = p_lo, hi = p_hi WHERE id = p_account;
    RETURN v_change;
END $$;

-- Every account's opening, debits, credits and closing over (p_after, p_to].
CREATE FUNCTION ledger_trial(p_book bigint, p_after date, p_to date)
RETURNS TABLE (account bigint, unit text, opening bigint, debits bigint, credits bigint, closing bigint)
LANGUAGE sql STABLE AS $$
    WITH sums AS (
        SELECT s.account, sum(s.before)::bigint AS opening, sum(s.debits)::bigint AS debits,
            sum(s.credits)::bigint AS credits
        FROM (
            SELECT t.debit AS account, -sum(t.amount) FILTER (WHERE t.event_date <= p_after) AS before,
                sum(t.amount) FILTER (WHERE t.event_date > p_after) AS debits, NULL::numeric AS credits
            FROM ledger_transfer t
            WHERE t.book = p_book AND t.event_date <= p_to AND t.kind IN (0, 2, 5, 6) GROUP BY 1
            UNION ALL
            SELECT t.credit, sum(t.amount) FILTER (WHERE t.event_date <= p_after), NULL,
                sum(t.amount) FILTER (WHERE t.event_date > p_after)
            FROM ledger_transfer t
            WHERE t.book = p_book AND t.event_date <= p_to AND t.kind IN (0, 2, 5, 6) GROUP BY 1
        ) s (account, before, debits, credits) GROUP BY s.account
    )
    SELECT a.id, u.code, coalesce(s.opening, 0), coalesce(s.debits, 0), coalesce(s.credits, 0),
        coalesce(s.opening, 0) - coalesce(s.debits, 0) + coalesce(s.credits, 0)
    FROM ledger_account a JOIN ledger_unit u ON u.id = a.unit LEFT JOIN sums s ON s.account = a.id
    WHERE a.book = p_book ORDER BY a.id
$$;

-- Close a book through a day: nobody posts meanwhile, the trial balance is kept and hashed.
CREATE FUNCTION ledger_close(p_book bigint, p_to date, p_closer uuid, p_reviewer uuid)
RETURNS bigint
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    v_after date;
    v_first date;
    v_period bigint;
    v_rows text;
BEGIN
    PERFORM pg_advisory_xact_lock(ledger_lock_class(), p_book::integer);
    SELECT b.closed_through, (b.opened_at AT TIME ZONE 'Asia/Seoul')::date INTO v_after, v_first
    FROM ledger_book b WHERE b.id = p_book FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM ledger_refuse('ledger_no_account');
    END IF;
    IF p_to >= dure_today() THEN
        PERFORM ledger_refuse('ledger_period_not_over',
            jsonb_build_object('last', dure_today() - 1));
    END IF;
    IF p_to <= v_after THEN
        PERFORM ledger_refuse('ledger_period_closed',
            jsonb_build_object('first_open', v_after + 1));
    END IF;
    IF v_after IS NULL THEN
        SELECT least(v_first, min(t.event_date), p_to) INTO v_first
        FROM ledger_transfer t WHERE t.book = p_book;
    ELSE
        v_first := v_after + 1;
    END IF;
    SELECT '[' || coalesce(string_agg(format('[%s,"%s",%s,%s,%s,%s]', r.account, r.unit, r.opening,
        r.debits, r.credits, r.closing), ',' ORDER BY r.account), '') || ']'
    INTO v_rows FROM ledger_trial(p_book, v_first - 1, p_to) r;
    INSERT INTO ledger_period (book_id, days, closed_at, rows, sha256, last_transfer, closer,
        reviewer, audit)
    VALUES (p_book, daterange(v_first, p_to, '[]'), dure_now(), v_rows::jsonb,
        encode(sha256(convert_to(v_rows, 'UTF8')), 'hex'),
        (SELECT coalesce(max(t.id), 0) FROM ledger_transfer t), p_closer, p_reviewer,
        split_part(current_setting('dure.action', true), '@', 1)::uuid)
    RETURNING id INTO v_period;
    UPDATE ledger_book SET closed_through = p_to WHERE id = p_book;
    RETURN v_period;
END $$;

-- A transfer as it is sealed: 114 bytes, big-endian. The twin of dure.engines.ledger_rows.row_bytes.
CREATE FUNCTION ledger_row_bytes(t ledger_transfer) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT int8send(t.id) || int2send(t.era) || int8send(t.batch) || uuid_send(t.ikey) || t.body_hash
        || int2send(t.kind) || int8send(t.book) || int2send(t.unit) || int8send(t.debit)
        || int8send(t.credit) || int8send(t.amount) || int8send(coalesce(t.ref, 0))
        || int4send(t.event_date - date '1970-01-01')
$$;

-- Digest and number of the rows of [p_from, p_to) on top of p_previous.
CREATE FUNCTION ledger_seal_digest(
    p_previous bytea, p_from bigint, p_to bigint, OUT digest bytea, OUT rows bigint
) LANGUAGE sql STABLE AS $$
    SELECT sha256(p_previous || coalesce(string_agg(ledger_row_bytes(t), ''::bytea ORDER BY t.id), ''::bytea)),
        count(*)
    FROM ledger_transfer t WHERE t.batch >= p_from AND t.batch < p_to
$$;

-- What runs with the owner's rights is for the application alone.
REVOKE EXECUTE ON FUNCTION ledger_set_limits(bigint, bigint, bigint, text, uuid, uuid, uuid) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION ledger_close(bigint, date, uuid, uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_set_limits(bigint, bigint, bigint, text, uuid, uuid, uuid) TO dure_app;
GRANT EXECUTE ON FUNCTION ledger_close(bigint, date, uuid, uuid) TO dure_app;
