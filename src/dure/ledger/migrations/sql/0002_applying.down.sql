DROP TRIGGER apply ON ledger_transfer;
DROP FUNCTION ledger_apply();
