DROP FUNCTION ledger_pay(uuid, uuid, uuid, text, uuid, text, text, bigint, bigint, bigint, text, text, date, text, text);
