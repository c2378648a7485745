DROP TRIGGER book_goes_on ON ledger_book;
DROP FUNCTION ledger_book_goes_on();
DROP TRIGGER account_remains ON ledger_account;
DROP TRIGGER account_closes ON ledger_account;
DROP FUNCTION ledger_account_closes();
DROP TRIGGER account_stays ON ledger_account;
DROP FUNCTION ledger_account_stays();
DROP TRIGGER account_starts ON ledger_account;
DROP FUNCTION ledger_account_starts();
DROP FUNCTION ledger_lot_is_over(bigint, bigint);
DROP FUNCTION ledger_limit_detail(bigint, bigint);
DROP FUNCTION ledger_lock_class();
DROP FUNCTION ledger_refuse(text, jsonb);
DROP FUNCTION ledger_body_hash(smallint, bigint, text, bigint, bigint, bigint, date, text, bigint, uuid, bigint, timestamptz);
DROP FUNCTION ledger_body(smallint, bigint, text, bigint, bigint, bigint, date, text, bigint, uuid, bigint, timestamptz);
ALTER TABLE ledger_transfer
    DROP CONSTRAINT transfer_ref_exists,
    DROP CONSTRAINT transfer_credit_in_book_and_unit,
    DROP CONSTRAINT transfer_debit_in_book_and_unit,
    ALTER COLUMN expires_at TYPE timestamptz,
    ALTER COLUMN event_date TYPE date,
    ALTER COLUMN purpose TYPE varchar(120),
    ALTER COLUMN kind TYPE smallint,
    ALTER COLUMN amount TYPE bigint;
ALTER TABLE ledger_account
    DROP CONSTRAINT account_ceiling,
    DROP CONSTRAINT account_floor,
    ALTER COLUMN held_in TYPE bigint,
    ALTER COLUMN held_out TYPE bigint,
    ALTER COLUMN handle TYPE varchar(30),
    ALTER COLUMN status TYPE varchar(6),
    ALTER COLUMN type TYPE varchar(9);
DROP DOMAIN ledger_transfer_end;
DROP DOMAIN ledger_transfer_day;
DROP DOMAIN ledger_transfer_purpose;
DROP DOMAIN ledger_transfer_kind;
DROP DOMAIN ledger_transfer_amount;
DROP DOMAIN ledger_account_held;
DROP DOMAIN ledger_account_handle;
DROP DOMAIN ledger_account_status;
DROP DOMAIN ledger_account_type;
ALTER TABLE ledger_account RESET (fillfactor);
