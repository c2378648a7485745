"""The two sides of the state machine: the database and the oracle, and how they are compared.

Law: after every step the accounts are those of the oracle, the laws hold, and a refused operation
has left every table of the books byte-equal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import UUID, uuid4

import psycopg
from django.db import connection as django_connection
from django.db.utils import DatabaseError
from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine

from dure.core.clock import SEOUL
from tests.ledger.books import Refusal, Roads, mark, refusal_of
from tests.ledger.invariants import broken
from tests.ledger.model import Account, Kind, Ledger, Refused, Row

START = datetime(2026, 6, 10, 12, tzinfo=SEOUL)
ROADS = ("function", "sql", "orm")
TABLES = {
    "ledger_account": "book = ANY (%(books)s)",
    "ledger_transfer": "book = ANY (%(books)s)",
    "ledger_book": "id = ANY (%(books)s)",
    "ledger_period": "book_id = ANY (%(books)s)",
    "ledger_closing": "account IN (SELECT id FROM ledger_account WHERE book = ANY (%(books)s))",
    "ledger_limitchange": "account_id IN (SELECT id FROM ledger_account"
    " WHERE book = ANY (%(books)s))",
}
# Which account is which: a source, five drawn, of another unit, in another book, fees, the two that
# clear between the books, two parts of lots.
SOURCE, OTHER_UNIT, OTHER_BOOK, FEES, HERE, THERE, PART, NEXT_PART = 0, 6, 7, 8, 9, 10, 11, 12
small = st.integers(1, 30)
roads = st.sampled_from(ROADS)


@dataclass
class Place:
    """Where the machine works: two connections as the application, one as the superuser."""

    raw: psycopg.Connection
    seeing: psycopg.Connection
    organisation: UUID
    operations: int = 0
    refusals: int = 0


class Sides(RuleBasedStateMachine):
    """What every rule needs; the rules stand in the classes built on it."""

    place: ClassVar[Place]
    ledger: Ledger
    roads: Roads
    books: list[int]
    accounts: list[int]

    def open_book(self) -> int:
        with self.place.raw.transaction():
            line = mark(self.place.raw)
            row = self.place.raw.execute(
                "INSERT INTO ledger_book (organisation_id, district, name, opened_at, audit)"
                " VALUES (%s, '11440', %s, dure_now(), %s) RETURNING id",
                (self.place.organisation, str(uuid4()), line),
            ).fetchone()
        assert row is not None
        return int(row[0])

    def open_account(
        self,
        book: int,
        unit: int,
        lo: int | None,
        hi: int | None,
        other_book: int | None = None,
        part_of: tuple[int, int] | None = None,
    ) -> int:
        """An open account; one that clears with another book, or a part of (holder, lot)."""
        kind = "clearing" if other_book else "liability"
        with self.place.raw.transaction():
            line = mark(self.place.raw)
            row = self.place.raw.execute(
                "INSERT INTO ledger_account (book, unit, type, status, label, opened_at, audit,"
                " balance, held_out, held_in, other_book, parent, lot)"
                " VALUES (%s, %s, %s, 'open', 'test', dure_now(), %s, 0, 0, 0, %s, %s, %s)"
                " RETURNING id",
                (book, unit, kind, line, other_book, *(part_of or (None, None))),
            ).fetchone()
            assert row is not None
            self.place.raw.execute("SELECT ledger_set_limits(%s, %s, %s, 'test')", (row[0], lo, hi))
        self.ledger.open(Account(int(row[0]), book, {1: "KRW", 2: "TIME"}[unit], lo, hi))
        return int(row[0])

    def see_only_these_books(self) -> None:
        """Let the laws be asked of this example's rows alone, by views of the same names."""
        for table, where in TABLES.items():
            self.place.seeing.execute(f"DROP VIEW IF EXISTS pg_temp.{table} CASCADE")
            chosen = where % {"books": f"ARRAY{self.books}"}
            chosen = chosen.replace("FROM ledger_", "FROM public.ledger_")
            self.place.seeing.execute(
                f"CREATE TEMP VIEW {table} AS SELECT * FROM public.{table} WHERE {chosen}"
            )

    def row(self, debit: int, credit: int, amount: int, **more: object) -> Row:
        day = more.pop("event_date", self.ledger.today)
        sides = self.accounts[debit], self.accounts[credit]
        return Row(uuid4(), *sides, amount, day, **more)  # type: ignore[arg-type]  # columns by name

    def plain_rows(self) -> list[Row]:
        """Rows that may be undone one by one: those between two books go in pairs."""
        pairs = {self.accounts[HERE], self.accounts[THERE]}
        return [r for r in self.ledger.rows.values() if not pairs & {r.debit, r.credit}]

    def close_period(self, back: int, which: int = 0) -> None:
        to = self.ledger.today - timedelta(days=back)
        book = self.books[which]
        self.both(
            lambda: self.ledger.close(book, to),
            "SELECT ledger_close(%s, %s, %s, %s)",
            (book, to, uuid4(), uuid4()),
        )

    def follow(
        self, road: str, among: Sequence[Row], which: int, kind: Kind, off: int, swap: bool
    ) -> None:
        if not among or among[which % len(among)].key not in self.ledger.rows:
            return
        of = among[which % len(among)]
        sides = (of.credit, of.debit) if swap else (of.debit, of.credit)
        row = Row(uuid4(), *sides, of.amount + off, self.ledger.today, kind, of.key)
        self.post(road, [row])

    def post(self, road: str, rows: list[Row]) -> None:
        if not rows:
            return
        expected: Refused | None = None
        known = [row.key for row in rows if row.key in self.ledger.rows]
        stood = self.fingerprint()
        if road != "function" and known:
            expected = Refused("key_reused")  # a plain INSERT never repeats
        else:
            try:
                self.ledger.post(rows)
            except Refused as refused:
                expected = refused
        got: Refusal | None = None
        try:
            before = {key: self.roads.ids[key] for key in known}
            self.roads.post(road, rows)
            assert before == {key: self.roads.ids[key] for key in known}, "a repetition moved"
        except (psycopg.Error, DatabaseError) as error:
            got = refusal_of(error)
        self.judge(expected, got, stood, rows)

    def both(
        self, ours: Callable[[], object], statement: str, values: tuple[object, ...]
    ) -> list[tuple[object, ...]]:
        """Do one thing in the oracle and by one statement; gives what the statement told."""
        told: list[tuple[object, ...]] = []
        expected: Refused | None = None
        stood = self.fingerprint()
        try:
            ours()
        except Refused as refused:
            expected = refused
        got: Refusal | None = None
        try:
            with self.place.raw.transaction():
                mark(self.place.raw)
                cursor = self.place.raw.execute(statement, values)  # type: ignore[arg-type]  # our own text
                told = cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            got = refusal_of(error)
        self.judge(expected, got, stood, statement)
        return told

    def judge(
        self, expected: Refused | None, got: Refusal | None, stood: str, what: object
    ) -> None:
        self.place.operations += 1
        note(f"{expected and sorted(expected.codes)} / {got}")
        if expected is None:
            assert got is None, f"refused with {got}, the oracle takes it: {what}"
        else:
            assert got is not None, f"taken, the oracle refuses it: {sorted(expected.codes)} {what}"
            assert got.codes & expected.codes, f"{got}, the oracle says {sorted(expected.codes)}"
            assert self.fingerprint() == stood, "a refused operation left a trace"
            self.place.refusals += 1
        self.compare()

    def compare(self) -> None:
        """The six invariants, and every account as the oracle has it."""
        assert broken(self.place.seeing) == {}
        rows = self.place.seeing.execute(
            "SELECT id, lo, hi, status, balance, held_out, held_in FROM ledger_account"
        ).fetchall()
        ours = {
            (a.id, a.lo, a.hi, a.status, a.balance, a.held_out, a.held_in)
            for a in self.ledger.accounts.values()
        }
        assert set(rows) == ours
        count = self.place.seeing.execute("SELECT count(*) FROM ledger_transfer").fetchone()
        assert count == (len(self.ledger.rows),)

    def fingerprint(self) -> str:
        parts = " || ".join(
            f"coalesce((SELECT md5(string_agg(t::text, '|' ORDER BY t.id)) FROM {table} t), '')"
            for table in TABLES
        )
        row = self.place.seeing.execute(f"SELECT {parts}").fetchone()
        assert row is not None
        return str(row[0])

    def set_clock(self, now: datetime) -> None:
        self.ledger.now, self.ledger.today = now, now.astimezone(SEOUL).date()
        words = "SELECT set_config('dure.test_now', %s, false)"
        self.place.raw.execute(words, (now.isoformat(),))
        with django_connection.cursor() as cursor:
            cursor.execute(words, [now.isoformat()])

    def teardown(self) -> None:
        """Trial balances of some days, as the oracle has them."""
        if not hasattr(self, "books"):
            return
        from tests.ledger.model_reading import as_of

        for back in (0, 22, 30):
            day: date = self.ledger.today - timedelta(days=back)
            rows = self.place.seeing.execute(
                "SELECT account, closing FROM ledger_trial(%s, '2020-01-01', %s)",
                (self.books[0], day),
            ).fetchall()
            assert dict(rows) == {
                one.id: as_of(self.ledger, one.id, day)
                for one in self.ledger.accounts.values()
                if one.book == self.books[0]
            }
