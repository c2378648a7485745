-- What stood at the end of a closed period, one row an account that moved in it.
CREATE FUNCTION ledger_period_tells() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    INSERT INTO ledger_closing (account, through, balance)
    SELECT (r.value ->> 0)::bigint, upper(NEW.days) - 1, (r.value ->> 5)::bigint
    FROM jsonb_array_elements(NEW.rows) r
    WHERE r.value ->> 3 <> '0' OR r.value ->> 4 <> '0' ORDER BY 1;
    RETURN NULL;
END $$;
CREATE TRIGGER period_tells AFTER INSERT ON ledger_period
FOR EACH ROW EXECUTE FUNCTION ledger_period_tells();

-- What some accounts of one book stood at together before a row of a day: its date, then its
-- number. Counted from the nearer of the last period closed before that day, and now.
CREATE FUNCTION ledger_balance_before(p_accounts bigint[], p_day date, p_id bigint) RETURNS bigint
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    v_closed date;
    v_balance bigint;
BEGIN
    IF p_day <= dure_today() THEN
        SELECT max(upper(p.days)) - 1 INTO v_closed
        FROM ledger_account a JOIN ledger_period p ON p.book_id = a.book
        WHERE a.id = p_accounts[1] AND upper(p.days) <= p_day;
    END IF;
    IF p_day - v_closed <= dure_today() - p_day + 1 THEN
        SELECT coalesce(sum(coalesce(c.balance, 0) + coalesce(m.amount, 0)), 0)::bigint
        INTO v_balance
        FROM unnest(p_accounts) a (id)
        LEFT JOIN LATERAL (
            SELECT l.balance FROM ledger_closing l WHERE l.account = a.id AND l.through <= v_closed
            ORDER BY l.through DESC LIMIT 1) c ON true
        CROSS JOIN LATERAL (
            SELECT sum(s.amount) AS amount FROM (
                SELECT -t.amount AS amount FROM ledger_transfer t
                WHERE t.debit = a.id AND t.event_date > v_closed
                    AND (t.event_date, t.id) < (p_day, p_id) AND t.kind IN (0, 2, 5, 6)
                UNION ALL
                SELECT t.amount FROM ledger_transfer t
                WHERE t.credit = a.id AND t.event_date > v_closed
                    AND (t.event_date, t.id) < (p_day, p_id) AND t.kind IN (0, 2, 5, 6)) s) m;
    ELSE
        SELECT coalesce(sum(b.balance - coalesce(m.amount, 0)), 0)::bigint INTO v_balance
        FROM unnest(p_accounts) a (id) JOIN ledger_account b ON b.id = a.id
        CROSS JOIN LATERAL (
            SELECT sum(s.amount) AS amount FROM (
                SELECT -t.amount AS amount FROM ledger_transfer t
                WHERE t.debit = a.id AND (t.event_date, t.id) >= (p_day, p_id)
                    AND t.kind IN (0, 2, 5, 6)
                UNION ALL
                SELECT t.amount FROM ledger_transfer t
                WHERE t.credit = a.id AND (t.event_date, t.id) >= (p_day, p_id)
                    AND t.kind IN (0, 2, 5, 6)) s) m;
    END IF;
    RETURN v_balance;
END $$;
