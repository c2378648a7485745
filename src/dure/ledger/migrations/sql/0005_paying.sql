-- A person's plain payment from her own account, as one statement: all that the door does for
-- ledger.transfer.post. NULL in `line` = not this road; nothing was written, the door decides.
-- Plain: her own account, same book and unit, no lots and no fee. What is refused is refused by
-- the door, which then tells it in words and notes it.
CREATE FUNCTION ledger_pay(
    p_line uuid, p_ikey uuid, p_actor uuid, p_origin text, p_request uuid, p_key text, p_hash text,
    p_debit bigint, p_credit bigint, p_amount bigint, p_unit text, p_purpose text, p_event_date date,
    OUT line uuid, OUT hash text, OUT answer jsonb, OUT replayed boolean
)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    v_action CONSTANT text := 'ledger.transfer.post';
    v_open record;
    v_pair record;
    v_organisation uuid;
    v_plain boolean;
    v_day date;
    v_id bigint;
BEGIN
    v_open := dure_open(p_line, 'person:' || p_actor, NULL, v_action, p_key, false);
    IF v_open.used_line IS NOT NULL THEN
        line := v_open.used_line;
        hash := v_open.used_hash;
        answer := v_open.used_result;
        replayed := true;
    ELSIF NOT v_open.behind THEN
        -- Whose it is, then both accounts, ascending, as ledger_post() locks them. Look-ups of one
        -- table each cost less than a join.
        PERFORM FROM ledger_account a WHERE a.id = p_debit AND a.owner_person = p_actor;
        IF FOUND THEN
            SELECT a.book, a.unit INTO v_pair FROM ledger_account a
            WHERE a.id = least(p_debit, p_credit) AND a.lot IS NULL FOR NO KEY UPDATE;
            PERFORM FROM ledger_account a
            WHERE a.id = greatest(p_debit, p_credit) AND a.lot IS NULL AND a.book = v_pair.book
                AND a.unit = v_pair.unit AND p_debit <> p_credit
            FOR NO KEY UPDATE;
        END IF;
        v_plain := FOUND;
        IF v_plain THEN
            SELECT b.organisation_id INTO v_organisation
            FROM ledger_book b WHERE b.id = v_pair.book;
            PERFORM FROM ledger_unit u WHERE u.id = v_pair.unit AND u.code = p_unit;
            v_plain := FOUND;
        END IF;
        IF v_plain THEN
            PERFORM FROM ledger_programme p
            WHERE p.book_id = v_pair.book AND p.unit_id = v_pair.unit AND p.state <> 'closed'
                AND (p.kind = 'regional' OR p.rules -> 'fee_ppm' ->> 'value' <> '0');
            v_plain := NOT FOUND;
        END IF;
        IF v_plain THEN
            v_day := coalesce(p_event_date, dure_today());
            INSERT INTO ledger_transfer (ikey, debit, credit, amount, purpose, kind, event_date,
                book, unit, actor, audit, body_hash)
            VALUES (p_ikey, p_debit, p_credit, p_amount, p_purpose, 0, v_day, v_pair.book,
                v_pair.unit, p_actor, p_line, ledger_body_hash(0::smallint, v_pair.book, p_unit,
                p_debit, p_credit, p_amount, v_day, p_purpose, NULL, NULL, NULL, NULL))
            RETURNING id INTO v_id;
            INSERT INTO core_auditline (id, era, batch, at, actor_kind, actor, actor_name, origin,
                request, action, object, organisation, key, key_actor, body_hash, changes,
                rule_versions, outcome, result, digest)
            VALUES (p_line, 1, v_open.xid, v_open.at, 'person', p_actor, '', p_origin, p_request,
                v_action, 'ledger.transfer:' || v_id, v_organisation, p_key,
                CASE WHEN p_key IS NOT NULL THEN 'person:' || p_actor END, p_hash, '{}', '[]',
                'done', jsonb_build_object('ids', jsonb_build_array(v_id::text)),
                sha256(convert_to('{"acting_for":null,"action":"' || v_action || '","actor":"'
                    || p_actor || '","actor_kind":"person","approval":null,"at":"'
                    || to_char(v_open.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
                    || '","body_hash":' || coalesce('"' || p_hash || '"', 'null')
                    || ',"cause":null,"changes":{},"key":' || coalesce(to_json(p_key)::text, 'null')
                    || ',"object":"ledger.transfer:' || v_id || '","organisation":"'
                    || v_organisation || '","origin":' || to_json(p_origin)
                    || ',"outcome":"done","reason":null,"result":{"ids":["' || v_id
                    || '"]},"rule_versions":[]}', 'UTF8')));
            line := p_line;
            answer := jsonb_build_object('ids', jsonb_build_array(v_id::text));
            replayed := false;
        END IF;
    END IF;
    PERFORM set_config('dure.action', coalesce(v_open.old_mark, ''), true);
END $$;
