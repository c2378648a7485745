"""One process of the torture: connections that post at random over few accounts.

`python tests/ledger/torturer.py DSN ACCOUNTS CONNECTIONS OPERATIONS SEED`, accounts separated by
commas. Prints what was taken and what was refused, by name, as one JSON line.
"""

from __future__ import annotations

import json
import random
import sys
import threading
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import psycopg

MARK = "set_config('dure.action', %(line)s || '@' || pg_current_xact_id()::text, true)"
STATEMENT = "SELECT {call} FROM (SELECT " + MARK + " AS mark OFFSET 0) m"
POST = STATEMENT.format(call="ledger_post(%(rows)s::jsonb)")
RESOLVE = STATEMENT.format(call="ledger_resolve(%(key)s, %(of)s, %(kind)s::smallint, %(amount)s)")
REVERSE = STATEMENT.format(call="ledger_reverse(%(key)s, %(of)s)")
REFUND = STATEMENT.format(call="ledger_refund(%(key)s, %(of)s, %(amount)s)")
BATCH_MAX = 60


class Torturer:
    """What the connections of one process share: rows seen, counts, the work left."""

    def __init__(self, dsn: str, accounts: list[int], operations: int, seed: str) -> None:
        self.dsn, self.accounts, self.left = dsn, accounts, operations
        self.chance = random.Random(seed)
        self.counts: Counter[str] = Counter()
        self.holds: list[int] = []
        self.ended: list[int] = []
        self.posts: list[int] = []
        self.keys: list[str] = []
        self.lock = threading.Lock()

    def work(self) -> None:
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            while True:
                with self.lock:
                    statement, values, rows = self.drawn()
                    if self.left <= 0:
                        return
                    self.left -= rows
                values["line"] = str(uuid4())
                try:
                    found = connection.execute(statement, values, prepare=True).fetchone()
                except psycopg.Error as error:
                    name = error.diag.constraint_name or error.sqlstate or str(error)
                    with self.lock:
                        self.counts[f"refused {name}"] += rows
                    continue
                with self.lock:
                    self.counts["taken"] += rows
                    if statement is POST and found:
                        self.remember(values, found[0])

    def drawn(self) -> tuple[str, dict[str, object], int]:
        """A statement, its values and how many operations it is."""
        draw, chance = self.chance.random(), self.chance
        if draw < 0.14 and self.holds:
            kind = chance.choice([2, 2, 3])
            if chance.random() < 0.8:  # each ends sooner or later, or the accounts would fill up
                of = self.holds.pop(chance.randrange(len(self.holds)))
                self.ended.append(of)
            else:
                of = chance.choice(self.ended[-20:] or self.holds)
            values = {"key": str(uuid4()), "of": of, "kind": kind, "amount": None}
            return RESOLVE, values, 1
        if draw < 0.18 and self.posts:
            return REVERSE, {"key": str(uuid4()), "of": chance.choice(self.posts[-20:])}, 1
        if draw < 0.22 and self.posts:
            of = chance.choice(self.posts[-20:])
            return REFUND, {"key": str(uuid4()), "of": of, "amount": chance.randint(1, 9)}, 1
        if draw < 0.3 and self.keys:
            return POST, {"rows": chance.choice(self.keys[-20:])}, 1  # the same again
        kind = 1 if draw < 0.4 else 0
        count = 1 if draw < 0.7 else chance.randint(2, BATCH_MAX)
        return POST, {"rows": json.dumps([self.row(kind) for _ in range(count)])}, count

    def row(self, kind: int) -> dict[str, object]:
        debit, credit = self.chance.sample(self.accounts, 2)
        row = {
            "ikey": str(uuid4()),
            "debit": debit,
            "credit": credit,
            "amount": self.chance.randint(1, 40),
            "purpose": "torture",
            "kind": kind,
        }
        if kind:
            row["expires_at"] = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
        return row

    def remember(self, values: dict[str, object], ids: list[int]) -> None:
        rows = json.loads(str(values["rows"]))
        if len(rows) == 1:
            self.keys.append(str(values["rows"]))
            (self.holds if rows[0]["kind"] else self.posts).append(ids[0])


def main() -> None:
    dsn, accounts, connections, operations, seed = sys.argv[1:]
    numbers = [int(word) for word in accounts.split(",")]
    torturer = Torturer(dsn, numbers, int(operations), seed)
    threads = [threading.Thread(target=torturer.work) for _ in range(int(connections))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(json.dumps(torturer.counts))


if __name__ == "__main__":
    main()
