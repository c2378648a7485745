"""The check of closed periods: trial balances that follow from each other and from the rows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from dure.config.database import SUPERUSER, Server
from dure.core import clock as now
from dure.ledger.models import Closing, Period
from dure.ledger.queries import checks
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.ledger.givens import a_book, a_transfer, an_account, an_issuer

RESEAL = """
UPDATE ledger_period p SET sha256 = (
    SELECT encode(sha256(convert_to('[' || string_agg(format('[%s,"%s",%s,%s,%s,%s]',
        r.value ->> 0, r.value ->> 1, r.value ->> 2, r.value ->> 3, r.value ->> 4, r.value ->> 5),
        ',' ORDER BY r.place) || ']', 'UTF8')), 'hex')
    FROM jsonb_array_elements(p.rows) WITH ORDINALITY r (value, place))
"""


class Books:
    """A book with three closed periods, and the hand of an administrator in it."""

    def __init__(self, clock: Clock, admin: psycopg.Connection) -> None:
        clock.at("2026-03-01T10:00:00+09:00")
        self.admin = admin
        self.book = a_book()
        self.issuer = an_issuer(self.book)
        self.one, self.other = an_account(self.book), an_account(self.book)
        self.rows: list[int] = []
        for number in range(3):
            clock.move(days=10)
            self.rows.append(a_transfer(self.issuer, self.one, 100))
            if number != 1:
                self.rows.append(a_transfer(self.one, self.other, 30))
            clock.move(days=1)
            to = now.today() - timedelta(days=1)
            with given(), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT ledger_close(%s, %s, %s, %s)", [self.book.pk, to, uuid4(), uuid4()]
                )
        self.rows.append(a_transfer(self.one, self.other, 5))
        self.periods = list(Period.rows.order_by("pk").values_list("pk", flat=True))

    def edit(self, statement: str, *, resealed: bool = False) -> set[tuple[str, str]]:
        self.admin.execute(statement)  # type: ignore[arg-type]  # text of this test
        if resealed:
            self.admin.execute(RESEAL)  # type: ignore[arg-type]  # as above
        return {
            (fault.place, fault.detail.split(" of ")[0])
            for part in checks.check_books(hashes=False).parts
            if part.part == "periods"
            for fault in part.faults
        }


FOLLOWS = "its trial balance does not follow from the transfers"


@pytest.fixture
def books(commits: str, server: Server, clock: Clock) -> Iterator[Books]:
    with server.connect(SUPERUSER, commits) as admin:
        admin.execute("SET session_replication_role = replica")
        yield Books(clock, admin)


def test_periods_that_agree_are_clean(books: Books) -> None:
    assert books.edit("SELECT 1", resealed=True) == set()
    told = Closing.rows.filter(account=books.other).order_by("through")
    assert [row.balance for row in told] == [30, 60]  # nothing moved in the second period


def test_edited_trial_balance_is_named(books: Books) -> None:
    """With its hash computed anew, so that the rows alone betray it."""
    middle = books.periods[1]
    found = books.edit(
        f"UPDATE ledger_period SET rows = jsonb_set(rows, '{{1,4}}', '101') WHERE id = {middle}",
        resealed=True,
    )
    assert found == {(f"period {middle}", FOLLOWS)}


def test_trial_balance_with_a_foreign_hash_is_named(books: Books) -> None:
    last = books.periods[2]
    found = books.edit(f"UPDATE ledger_period SET sha256 = repeat('0', 64) WHERE id = {last}")
    assert found == {(f"period {last}", FOLLOWS)}


def test_another_opening_breaks_the_chain(books: Books) -> None:
    """Opening and closing of one period moved alike: in itself it adds up."""
    middle = books.periods[1]
    found = books.edit(
        "UPDATE ledger_period SET rows = jsonb_set(jsonb_set(rows, '{2,2}', '31'), '{2,5}', '31')"
        f" WHERE id = {middle}",
        resealed=True,
    )
    assert (f"period {middle}", FOLLOWS) in found
    assert (f"period {books.periods[2]}", FOLLOWS) in found


def test_account_left_out_of_a_period_is_named(books: Books) -> None:
    """The account moved nothing there: only that it is missed between two others tells."""
    found = books.edit(
        f"UPDATE ledger_period SET rows = rows - 2 WHERE id = {books.periods[1]}", resealed=True
    )
    assert found == {(f"period {books.periods[0]}", FOLLOWS)}


def test_row_moved_into_a_closed_period_is_named(books: Books) -> None:
    last = books.rows[-1]
    found = books.edit(f"UPDATE ledger_transfer SET event_date = '2026-03-05' WHERE id = {last}")
    first = books.periods[0]
    assert (f"transfer {last}", f"recorded after period {first} was closed") in found
    assert (f"period {first}", FOLLOWS) in found


def test_row_before_the_first_period_is_named(books: Books) -> None:
    row = books.rows[0]
    found = books.edit(f"UPDATE ledger_transfer SET event_date = '2020-01-01' WHERE id = {row}")
    assert (f"transfer {row}", "stands on a closed day") in found


def test_edited_or_deleted_closing_is_named(books: Books) -> None:
    one = books.one.pk
    found = books.edit(
        "UPDATE ledger_closing SET balance = balance + 1 WHERE id ="
        f" (SELECT min(id) FROM ledger_closing WHERE account = {one})"
    )
    assert found == {(f"account {one}", "its closing")}
    found = books.edit(f"DELETE FROM ledger_closing WHERE account = {one}")
    assert found == {(f"account {one}", "its closing")}
