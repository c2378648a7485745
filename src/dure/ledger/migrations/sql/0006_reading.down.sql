DROP FUNCTION ledger_balance_before(bigint[], date, bigint);
DROP TRIGGER period_tells ON ledger_period;
DROP FUNCTION ledger_period_tells();
