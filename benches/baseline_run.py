"""Baseline S: the least a payment can cost. One prepared statement locks two accounts, inserts one
row and updates both balances; one floor CHECK; no holds, kinds, keys or seals.

`prepare` makes the tables in the database `baseline` of the server at DURE_DATA.
"""

from __future__ import annotations

import os
import random
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from benches.ledger_measure import serve  # noqa: E402
from dure.config.database import Server  # noqa: E402

ACCOUNTS = 1_000
DATABASE = "baseline"
TABLES = """
CREATE TABLE account (
    id bigint PRIMARY KEY,
    balance bigint NOT NULL DEFAULT 0,
    CONSTRAINT floor CHECK (balance >= -1000000000000)
) WITH (fillfactor = 50);
CREATE TABLE transfer (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    debit bigint NOT NULL REFERENCES account,
    credit bigint NOT NULL REFERENCES account,
    amount bigint NOT NULL CHECK (amount > 0),
    recorded_at timestamptz NOT NULL DEFAULT now()
);
"""
PAY = """
WITH locked AS MATERIALIZED (
    SELECT id FROM account WHERE id IN (%(debit)s, %(credit)s) ORDER BY id FOR NO KEY UPDATE
), written AS (
    INSERT INTO transfer (debit, credit, amount)
    SELECT %(debit)s, %(credit)s, %(amount)s FROM locked LIMIT 1 RETURNING id
)
UPDATE account SET balance = balance + CASE WHEN account.id = %(debit)s THEN -%(amount)s::bigint
                                       ELSE %(amount)s::bigint END
FROM locked, written WHERE account.id = locked.id
"""


def main() -> None:
    server = Server(Path(os.environ["DURE_DATA"]))
    with server.connect("dure_owner", DATABASE) as connection:
        if sys.argv[1] == "prepare":
            connection.execute(TABLES)
            connection.execute(
                "INSERT INTO account SELECT n FROM generate_series(1, %s) n", (ACCOUNTS,)
            )
            return
        chance = random.Random(sys.argv[2])

        def pay() -> int:
            debit, credit = chance.sample(range(1, ACCOUNTS + 1), 2)
            body = {"debit": debit, "credit": credit, "amount": chance.randint(1, 100)}
            done = connection.execute(PAY, body, prepare=True).rowcount
            assert done == 2
            return 1

        serve(pay)


if __name__ == "__main__":
    main()
