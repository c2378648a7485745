DROP VIEW ledger_check_seals;
DROP VIEW ledger_check_bodies;
DROP VIEW ledger_check_books;
DROP VIEW ledger_check_lots;
DROP VIEW ledger_check_periods;
DROP VIEW ledger_check_refs;
DROP VIEW ledger_check_accounts;
DROP VIEW ledger_check_replay;
