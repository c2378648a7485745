DROP TRIGGER book_goes_on ON ledger_book;
DROP FUNCTION ledger_book_goes_on();
DROP TRIGGER account_remains ON ledger_account;
DROP TRIGGER account_stays ON ledger_account;
DROP FUNCTION ledger_account_stays();
DROP TRIGGER account_starts ON ledger_account;
DROP FUNCTION ledger_account_starts();
DROP TRIGGER apply ON ledger_transfer;
DROP FUNCTION ledger_apply();
DROP FUNCTION ledger_lot_is_over(bigint, bigint);
DROP FUNCTION ledger_limit_detail(bigint, bigint);
DROP FUNCTION ledger_lock_class();
DROP FUNCTION ledger_refuse(text, jsonb);
DROP FUNCTION ledger_body_hash(smallint, bigint, text, bigint, bigint, bigint, date, text, bigint, uuid, bigint, timestamptz);
DROP FUNCTION ledger_body(smallint, bigint, text, bigint, bigint, bigint, date, text, bigint, uuid, bigint, timestamptz);
ALTER TABLE ledger_transfer
    DROP CONSTRAINT transfer_ref_exists,
    DROP CONSTRAINT transfer_credit_in_book_and_unit,
    DROP CONSTRAINT transfer_debit_in_book_and_unit;
ALTER TABLE ledger_account RESET (fillfactor);
