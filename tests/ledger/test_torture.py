"""Many connections, few accounts, all kinds of operations: nothing drifts, nothing locks up."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from collections import Counter
from pathlib import Path

import psycopg
import pytest

from dure.config.database import SUPERUSER, Server
from dure.ledger.models import Account
from tests.harness.torture import size
from tests.ledger.books import account, book, fund
from tests.ledger.invariants import broken

HOT = 10
CONNECTIONS = 64
PROCESSES = 4
OPERATIONS = 100_000
OPERATIONS_TORTURE = 1_000_000
EXPECTED = {
    "refused ledger_floor",
    "refused ledger_ceiling",
    "refused in_order",
    "refused transfer_hold_ends_once",
    "refused transfer_reversed_once",
    "refused ledger_already_reversed",
    "refused ledger_refunded",
    "refused ledger_amount",
}
NAIVE_WRITERS = 8
NAIVE_EACH = 150


def naive_payments(server: Server, database: str, seed: int, gate: threading.Barrier) -> None:
    """Read two balances, insert a row, write both back: the order of many a time bank's code."""
    chance = random.Random(seed)
    with server.connect(SUPERUSER, database) as connection:
        gate.wait()
        for _ in range(NAIVE_EACH):
            debit, credit = chance.sample(range(HOT), 2)
            with connection.transaction():
                found = dict(
                    connection.execute(
                        "SELECT id, balance FROM naive_account WHERE id IN (%s, %s)",
                        (debit, credit),
                    ).fetchall()
                )
                connection.execute(
                    "INSERT INTO naive_transfer VALUES (%s, %s, 10)", (debit, credit)
                )
                new = {debit: found[debit] - 10, credit: found[credit] + 10}
                for account in sorted(new):
                    connection.execute(
                        "UPDATE naive_account SET balance = %s WHERE id = %s",
                        (new[account], account),
                    )


def naive_drift(connection: psycopg.Connection) -> tuple[int, int]:
    """Accounts whose balance is not what their rows say, and all of them."""
    row = connection.execute(
        "SELECT count(*) FILTER (WHERE balance <> 1000 + coalesce((SELECT sum(CASE WHEN credit = id"
        " THEN amount ELSE -amount END) FROM naive_transfer WHERE id IN (debit, credit)), 0)),"
        " count(*) FROM naive_account"
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def test_naive_read_then_write_loses_value(commits: str, server: Server) -> None:
    """Negative control: the same load on balances that are read, added to and written back."""
    with server.connect(SUPERUSER, commits) as connection:
        connection.execute("CREATE TABLE naive_account (id int PRIMARY KEY, balance bigint)")
        connection.execute("CREATE TABLE naive_transfer (debit int, credit int, amount bigint)")
        connection.execute(
            "INSERT INTO naive_account SELECT n, 1000 FROM generate_series(0, %s) n", (HOT - 1,)
        )
        gate = threading.Barrier(NAIVE_WRITERS)
        threads = [
            threading.Thread(target=naive_payments, args=(server, commits, seed, gate))
            for seed in range(NAIVE_WRITERS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        wrong, accounts = naive_drift(connection)
    assert accounts == HOT
    assert wrong >= HOT // 2


def hot_accounts() -> list[Account]:
    """Ten accounts with floors and ceilings near what they hold, and a source."""
    within = book()
    source = account(within, lo=None, hi=None)
    hot = [account(within, lo=-200 * (n % 3), hi=3_000 if n % 2 else None) for n in range(HOT)]
    fund(source, hot, 1_000)
    return hot


def test_sixty_four_connections_drift_nowhere(
    commits: str, server: Server, request: pytest.FixtureRequest
) -> None:
    operations = size(request.config, OPERATIONS, OPERATIONS_TORTURE)
    numbers = ",".join(str(one.pk) for one in hot_accounts())
    script = str(Path(__file__).with_name("torturer.py"))
    each = [str(CONNECTIONS // PROCESSES), str(operations // PROCESSES)]
    started = [
        subprocess.Popen(
            [sys.executable, script, server.dsn("dure_app", commits), numbers, *each, str(seed)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(PROCESSES)
    ]
    counts: Counter[str] = Counter()
    for process in started:
        told, _ = process.communicate()
        assert process.returncode == 0
        counts.update(json.loads(told))
    assert set(counts) - {"taken"} <= EXPECTED  # no deadlock, no timeout, no fault of ours
    assert counts.total() >= operations
    assert counts["taken"] > operations // 4
    assert counts["refused transfer_hold_ends_once"] > operations // 1_000
    assert counts["refused ledger_floor"] > 0
    with server.connect(SUPERUSER, commits) as seeing:
        assert broken(seeing) == {}
        assert seeing.execute("SELECT * FROM ledger_check_books").fetchall() == []
