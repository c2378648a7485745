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
