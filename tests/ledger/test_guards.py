"""Roles, races with a closing, and what a superuser's hand leaves behind."""

from __future__ import annotations

import threading
from datetime import date, timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection as django_connection

from dure.config.database import SUPERUSER, Server
from dure.ledger.models import Account, Book
from tests.ledger.books import Refusal, account, book, fund, mark, refusal_of
from tests.ledger.invariants import broken

DENIED = "42501"
PAIRS = 30


@pytest.fixture
def books(commits: str) -> tuple[Book, Account, list[Account]]:
    within = book()
    source = account(within, lo=None, hi=None)
    accounts = [account(within) for _ in range(4)]
    fund(source, accounts, 1_000)
    return within, source, accounts


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_transfer SET amount = 1",
        "DELETE FROM ledger_transfer",
        "TRUNCATE ledger_transfer",
        "UPDATE ledger_account SET balance = 10",
        "UPDATE ledger_account SET held_out = 0, held_in = 0",
        "UPDATE ledger_account SET lo = NULL",
        "UPDATE ledger_account SET hi = NULL",
        "DELETE FROM ledger_account",
        "TRUNCATE ledger_account CASCADE",
        "UPDATE ledger_book SET closed_through = NULL",
        "INSERT INTO ledger_limitchange (reason) VALUES ('x')",
        "DELETE FROM ledger_period",
        "ALTER TABLE ledger_transfer DISABLE TRIGGER ALL",
        "SET session_replication_role = replica",
    ],
)
def test_the_application_may_not(
    books: object, commits: str, server: Server, statement: str
) -> None:
    assert refused(server, commits, "dure_app", statement).state == DENIED


def test_the_owner_may_not_change_a_transfer(books: object, commits: str, server: Server) -> None:
    for statement in (
        "UPDATE ledger_transfer SET amount = 1",
        "DELETE FROM ledger_transfer",
        "TRUNCATE ledger_transfer CASCADE",
    ):
        assert refused(server, commits, "dure_owner", statement).state == "P0001"


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_an_older_snapshot_is_refused(
    books: tuple[Book, Account, list[Account]], commits: str, server: Server, level: str
) -> None:
    """Such a transaction would not see that a period was closed meanwhile."""
    _, source, accounts = books
    row = one_row(source, accounts[0])
    told = refused(server, commits, "dure_app", f"SELECT ledger_post('{row}')", level)
    assert told.name == "ledger_isolation"


def refused(
    server: Server, database: str, role: str, statement: str, level: str = "READ COMMITTED"
) -> Refusal:
    """What a role is told when it tries a statement inside an action of its own."""
    with server.connect(role, database) as connection:
        try:
            with connection.transaction():
                connection.execute(f"SET TRANSACTION ISOLATION LEVEL {level}")
                mark(connection)
                connection.execute(statement)
        except psycopg.Error as error:
            return refusal_of(error)
    raise AssertionError(f"{role} may: {statement}")


def one_row(debit: Account, credit: Account, day: date | None = None) -> str:
    when = f', "event_date": "{day.isoformat()}"' if day else ""
    return (
        f'[{{"ikey": "{uuid4()}", "debit": {debit.pk}, "credit": {credit.pk}, "amount": 1,'
        f' "purpose": "race"{when}}}]'
    )


# -- closing while others post ---------------------------------------------------------------------


def race(
    books: tuple[Book, Account, list[Account]], commits: str, server: Server
) -> tuple[int, int]:
    """Post for yesterday while yesterday is closed: rows taken, and those of them in the trial."""
    within, source, accounts = books
    with django_connection.cursor() as cursor:
        cursor.execute("SELECT dure_today()")
        yesterday = cursor.fetchone()[0] - timedelta(days=1)
    gate, taken = threading.Barrier(5), []
    names: set[str] = set()

    def post(number: int) -> None:
        with server.connect("dure_app", commits) as app:
            gate.wait()
            for _ in range(PAIRS):
                try:
                    with app.transaction():
                        mark(app)
                        row = one_row(source, accounts[number], yesterday)
                        app.execute("SELECT ledger_post(%s::jsonb)", (row,))
                        app.execute("SELECT pg_sleep(0.002)")  # committed a moment later
                    taken.append(1)
                except psycopg.Error as error:
                    names.add(refusal_of(error).name)
                    return

    threads = [threading.Thread(target=post, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    with server.connect("dure_app", commits) as app:
        gate.wait()
        while len(taken) < 8:
            threading.Event().wait(0.001)
        with app.transaction():
            mark(app)
            app.execute(
                "SELECT ledger_close(%s, %s, %s, %s)", (within.pk, yesterday, uuid4(), uuid4())
            )
    for thread in threads:
        thread.join()
    assert names <= {"ledger_period_closed"}
    with server.connect(SUPERUSER, commits) as seeing:
        found = seeing.execute(
            "SELECT r ->> 3 FROM ledger_period, jsonb_array_elements(rows) r"
            " WHERE book_id = %s AND (r ->> 0)::bigint = %s",
            (within.pk, source.pk),
        ).fetchone()
    assert found is not None
    return len(taken), int(found[0])


def test_what_is_posted_while_a_period_closes_is_in_its_trial_balance(
    books: tuple[Book, Account, list[Account]], commits: str, server: Server
) -> None:
    taken, closed = race(books, commits, server)
    assert taken == closed
    with server.connect(SUPERUSER, commits) as seeing:
        assert broken(seeing) == {}
        assert seeing.execute("SELECT * FROM ledger_check_periods").fetchall() == []


def test_without_the_lock_rows_slip_into_a_closed_period(
    books: tuple[Book, Account, list[Account]], commits: str, server: Server
) -> None:
    """Negative control: the same race with a close that takes no lock."""
    with server.connect(SUPERUSER, commits) as admin:
        row = admin.execute(
            "SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = 'ledger_close'"
        ).fetchone()
        assert row is not None
        lock = "PERFORM pg_advisory_xact_lock(ledger_lock_class(), p_book::integer);"
        assert lock in row[0]
        admin.execute(row[0].replace(lock, ""))
    taken, closed = race(books, commits, server)
    assert taken > closed
    with server.connect(SUPERUSER, commits) as seeing:
        assert seeing.execute("SELECT * FROM ledger_check_periods").fetchall() != []
