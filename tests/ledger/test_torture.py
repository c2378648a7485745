"""Many connections, few accounts, all kinds of operations: nothing drifts, nothing locks up."""

from __future__ import annotations

import random
import threading

import psycopg

from dure.config.database import SUPERUSER, Server

HOT = 10
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
