-- A person's plain payment from her own account, as one statement: all that the door does for
-- ledger.transfer.post. Gives the transfer; NULL = not this road, nothing was written, the door
-- decides. Plain: her own account, same book, no lots and no fee. What is refused is refused by the
-- door, which then tells it in words and notes it: a used key (UNIQUE of the audit), another unit
-- (the body's hash), an account of another unit (the foreign keys), limits, days and frozen
-- accounts (ledger_apply). Each expression is planned anew in each transaction, so it asks no
-- question twice and answers with the one number that its caller does not know. p_middle and p_end
-- are what stands between and behind them in the text that the line's digest covers.
CREATE FUNCTION ledger_pay(
    p_line uuid, p_ikey uuid, p_actor uuid, p_origin text, p_request uuid, p_key text, p_hash text,
    p_debit bigint, p_credit bigint, p_amount bigint, p_unit text, p_purpose text, p_event_date date,
    p_middle text, p_end text
) RETURNS bigint
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_who text := 'person:' || p_actor;
    v_none text;
    v_book bigint;
    v_unit smallint;
    v_organisation uuid;
    v_day date := coalesce(p_event_date, dure_today());
    v_id bigint;
    v_batch bigint;
BEGIN
    -- What dure_open() does for one statement: the mark, the patience with locks, the key.
    v_none := concat(set_config('dure.action', concat(p_line, '@', pg_current_xact_id()), true),
        set_config('lock_timeout', '3s', true),
        CASE WHEN p_key IS NOT NULL THEN pg_advisory_xact_lock(hashtextextended(
            concat(v_who, '||ledger.transfer.post|', p_key), 7))::text END);
    -- Whose it is; then both accounts, ascending, as ledger_post() locks them. Their books are
    -- compared inside the CASE: else, before the table was ever analysed, the second account is
    -- looked for among all of its book.
    SELECT l.book, l.unit, b.organisation_id INTO v_book, v_unit, v_organisation
    FROM ledger_account l, ledger_account h, ledger_book b
    WHERE l.id = least(p_debit, p_credit) AND h.id = greatest(p_debit, p_credit)
        AND CASE WHEN h.book <> l.book OR l.lot IS NOT NULL OR h.lot IS NOT NULL THEN false
            WHEN p_debit < p_credit THEN l.owner_person = p_actor
            ELSE h.owner_person = p_actor END
        AND b.id = l.book
        AND NOT EXISTS (SELECT FROM core_sealhead s WHERE s.sealed_at > dure_now())
        AND NOT EXISTS (
            SELECT FROM ledger_programme p
            WHERE p.book_id = l.book AND p.unit_id = l.unit AND p.state <> 'closed'
                AND (p.kind = 'regional' OR p.rules -> 'fee_ppm' ->> 'value' <> '0'))
    FOR NO KEY UPDATE OF l, h;
    IF FOUND THEN
        INSERT INTO ledger_transfer (ikey, debit, credit, amount, purpose, kind, event_date,
            book, unit, actor, audit, body_hash)
        VALUES (p_ikey, p_debit, p_credit, p_amount, p_purpose, 0, v_day, v_book, v_unit, p_actor,
            p_line, ledger_body_hash(0::smallint, v_book, p_unit, p_debit, p_credit, p_amount,
            v_day, p_purpose, NULL, NULL, NULL, NULL))
        RETURNING id, batch INTO v_id, v_batch;
        INSERT INTO core_auditline (id, era, batch, at, actor_kind, actor, actor_name, origin,
            request, action, object, organisation, key, key_actor, body_hash, changes,
            rule_versions, outcome, result, digest)
        VALUES (p_line, 1, v_batch - dure_batch_base(), dure_now(), 'person', p_actor, '',
            p_origin, p_request, 'ledger.transfer.post', concat('ledger.transfer:', v_id),
            v_organisation, p_key, CASE WHEN p_key IS NOT NULL THEN v_who END, p_hash, '{}', '[]',
            'done', concat('{"ids":["', v_id, '"]}')::jsonb,
            sha256(convert_to(concat(
                '{"acting_for":null,"action":"ledger.transfer.post","actor":"', p_actor,
                '","actor_kind":"person","approval":null,"at":"',
                to_char(dure_now() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                p_middle, v_id, '","organisation":"', v_organisation, p_end, v_id,
                '"]},"rule_versions":[]}'), 'UTF8')));
    END IF;
    RETURN v_id;
END $$;
