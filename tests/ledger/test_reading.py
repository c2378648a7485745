"""Histories, statements and balances of a past day, against a plain reading of every row."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from dure.core import clock as now
from dure.core.actors import Actor, Role
from dure.ledger.models import Account, Closing, Lot, Transfer
from dure.ledger.queries import passages
from dure.ledger.queries.passages import Mark, Passage, Sought
from tests.harness import people
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.ledger.books import account
from tests.ledger.givens import a_book, a_transfer, an_account, an_issuer
from tests.ledger.programmes import a_runner, funded, granted, member, opened

DAYS = 40
A_DAY = 6
WORDS = ("점심", "장보기", "책", "집수리")


@dataclass
class World:
    """A wallet with two parts of lots, and others, over forty days with three closings."""

    owner: Actor
    wallet: Account
    parts: list[Account]
    others: list[Account]
    posted: list[int] = field(default_factory=list)
    refused: int = 0

    @property
    def ids(self) -> list[int]:
        return [self.wallet.pk, *(part.pk for part in self.parts)]

    def post(self, chance: random.Random, closed: date | None) -> None:
        """One row drawn: plain, a hold, or one that follows an earlier row."""
        own = [self.wallet, *self.parts]
        debit, credit = chance.sample([*own, *own, *self.others], 2)
        back = timedelta(days=chance.choice((0, 0, 0, 1, 2, 5)))
        day = now.today() - back
        if closed is not None and day <= closed:
            day = now.today()
        more: dict[str, object] = {"event_date": day, "purpose": chance.choice(WORDS)}
        amount, kind = chance.randint(1, 40), chance.choice((0, 0, 0, 1))
        if self.posted and chance.random() < 0.3:
            of = Transfer.rows.get(pk=chance.choice(self.posted[-12:]))
            kind = chance.choice((2, 3)) if of.kind == 1 else chance.choice((5, 6))
            debit, credit = (of.debit, of.credit) if of.kind == 1 else (of.credit, of.debit)
            amount = 1 if kind == 6 else of.amount
            more["ref"] = of.pk
        try:
            with transaction.atomic():
                self.posted.append(a_transfer(debit, credit, amount, kind=kind, **more))
        except DatabaseError:
            self.refused += 1


@pytest.fixture
def world(db: None, clock: Clock) -> World:
    clock.at("2026-05-01T10:00:00+09:00")
    programme = opened("regional", a_runner())
    funded(programme, 1_000)
    person, _ = member(programme)
    granted(programme, "2026-12-31", (person, 1))
    granted(programme, "2026-11-30", (person, 1))
    book = a_book()
    owner = people.person_with(Role.RESIDENT)
    wallet = an_account(book, owner=owner, lo=-500)
    lots = list(Lot.rows.order_by("pk"))[:2]
    parts = [account(book, lo=-500, parent=wallet, lot=lot) for lot in lots]
    others = [an_issuer(book), *(an_account(book, lo=-300) for _ in range(2))]
    made = World(owner, wallet, parts, others)
    chance = random.Random(20260501)
    closed = None
    for number in range(DAYS):
        clock.move(days=1)
        for _ in range(A_DAY):
            made.post(chance, closed)
        if number in (9, 10, 25):
            closed = now.today() - timedelta(days=4)
            with given(), connection.cursor() as cursor:
                cursor.execute(
                    "SELECT ledger_close(%s, %s, %s, %s)", [book.pk, closed, uuid4(), uuid4()]
                )
    assert len(made.posted) > 100
    return made


@dataclass(frozen=True)
class Plain:
    """A row of a wallet as the twin has it."""

    id: int
    day: date
    delta: int
    kind: int
    purpose: str
    after: int


def by_event_date(row: Transfer) -> date:
    return row.event_date


def by_recorded_at(row: Transfer) -> date:
    """Negative control: the day on which a row was written is not the day that it counts for."""
    return now.kst_date(row.recorded_at)


def plain(ids: list[int], day_of: Callable[[Transfer], date] = by_event_date) -> list[Plain]:
    """Every row between the wallet and others, oldest first, with the balance after it."""
    told, balance = [], 0
    for row in sorted(Transfer.rows.all(), key=lambda one: (day_of(one), one.pk)):
        came, went = row.credit_id in ids, row.debit_id in ids
        if came == went:
            continue
        delta = 0 if row.kind in (1, 3, 4) else row.amount if came else -row.amount
        balance += delta
        told.append(Plain(row.pk, day_of(row), delta, row.kind, row.purpose, balance))
    return told


def same(row: Passage) -> tuple[int, date, int, int]:
    return row.id, row.event_date, row.delta, row.after


def short(row: Plain) -> tuple[int, date, int, int]:
    return row.id, row.day, row.delta, row.after


def all_pages(world: World, sought: Sought, limit: int) -> list[Passage]:
    found: list[Passage] = []
    mark: Mark | None = None
    for _ in range(1_000):
        told = passages.page(world.owner, world.wallet.pk, sought, before=mark, limit=limit)
        assert len(told.rows) <= limit
        found += told.rows
        assert mark is None or told.older is None or str(told.older) != str(mark)
        mark = told.older and Mark.read(str(told.older))
        if mark is None:
            return found
    raise AssertionError("the pages do not end")


def test_pages_are_all_rows_newest_first(world: World) -> None:
    every = [short(row) for row in reversed(plain(world.ids))]
    for limit in (3, 20, 1_000):
        assert [same(row) for row in all_pages(world, Sought(), limit)] == every


@pytest.mark.parametrize("depths", [(3, 8), (400, 5_000)])
def test_search_finds_what_the_twin_finds(
    world: World, monkeypatch: pytest.MonkeyPatch, depths: tuple[int, ...]
) -> None:
    monkeypatch.setattr(passages, "DEPTHS", depths)
    fits: dict[str, Callable[[Plain], bool]] = {
        "in": lambda row: row.delta > 0,
        "out": lambda row: row.delta < 0,
        "held": lambda row: row.kind in (1, 3, 4),
        "undone": lambda row: row.kind in (5, 6),
        "": lambda row: True,
    }
    first, last = date(2026, 5, 12), date(2026, 6, 3)
    every = [row for row in reversed(plain(world.ids)) if first <= row.day <= last]
    for kind, fit in fits.items():
        for text in ("점심", ""):
            expected = [short(row) for row in every if fit(row) and text in row.purpose]
            told = all_pages(world, Sought(text, first, last, kind), 4)
            assert [same(row) for row in told] == expected
            assert expected or kind == "undone"


def periods(count: int) -> list[tuple[date, date]]:
    chance = random.Random(7)
    begin = date(2026, 4, 28)
    drawn = [
        sorted(begin + timedelta(days=chance.randrange(DAYS + 6)) for _ in range(2))
        for _ in range(count)
    ]
    return [(first, last) for first, last in drawn]


def statements(
    world: World, day_of: Callable[[Transfer], date]
) -> list[tuple[tuple[object, ...], tuple[object, ...]]]:
    """What the product says of each period, and what the twin says."""
    every = plain(world.ids, day_of)
    found: list[tuple[tuple[object, ...], tuple[object, ...]]] = []
    for first, last in periods(60):
        told = passages.statement(world.owner, world.wallet.pk, first, last)
        inside = [row for row in every if first <= row.day <= last]
        opening = sum(row.delta for row in every if row.day < first)
        came = sum(row.delta for row in inside if row.delta > 0)
        went = sum(row.delta for row in inside if row.delta < 0)
        found.append(
            (
                (told.opening, told.came, told.went, told.closing, *(same(r) for r in told.rows)),
                (opening, came, went, opening + came + went, *(short(r) for r in inside)),
            )
        )
    return found


def test_statements_of_any_period_are_those_of_the_twin(world: World) -> None:
    for ours, theirs in statements(world, by_event_date):
        assert ours == theirs


def test_reading_by_the_day_of_writing_differs(world: World) -> None:
    """Negative control: rows of these books do stand on other days than they were written on."""
    assert sum(ours != theirs for ours, theirs in statements(world, by_recorded_at)) > 30


def test_first_rows_of_a_long_statement_keep_its_sums(world: World) -> None:
    whole = passages.statement(world.owner, world.wallet.pk, date(2026, 5, 1), now.today())
    part = passages.statement(
        world.owner, world.wallet.pk, date(2026, 5, 1), now.today(), rows_max=5
    )
    assert part.rows == whole.rows[:5]
    assert part.row_count == len(whole.rows) == whole.row_count
    assert (part.opening, part.closing) == (whole.opening, whole.closing)


def test_balance_before_any_mark_of_each_account_is_the_twins(world: World) -> None:
    for ids in ([world.wallet.pk], world.ids, [world.others[0].pk], [world.others[1].pk]):
        every = plain(ids)
        for row in every[::3]:
            for number in (0, row.id, 2**62):
                expected = sum(r.delta for r in every if (r.day, r.id) < (row.day, number))
                assert balance_before(ids, row.day, number) == expected
        assert balance_before(ids, date(9999, 12, 31), 0) == every[-1].after


def balance_before(ids: list[int], day: date, number: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT ledger_balance_before(%s, %s, %s)", [ids, day, number])
        return int(cursor.fetchone()[0])


def test_closings_are_what_the_rows_say(world: World) -> None:
    rows = list(Closing.rows.all())
    assert len({row.through for row in rows}) == 3
    for row in rows:
        every = plain([row.account_id])
        assert row.balance == sum(one.delta for one in every if one.day <= row.through)
