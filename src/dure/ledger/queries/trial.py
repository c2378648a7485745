"""The trial balance of a book as of any date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines.tables_out import Value
from dure.ledger import words
from dure.ledger.models import Account, Book, Period
from dure.ledger.models.units import read_q

from . import keeping
from .subjects import number

FIRST = date(1900, 1, 1)
TITLE = T("시산표", "Trial balance")
HEADER = (
    T("계정 번호", "Account number"),
    T("계정", "Account"),
    T("누구의 것", "Owner"),
    T("갈래", "Type"),
    T("단위", "Unit"),
    T("기초", "Opening"),
    T("차변", "Debits"),
    T("대변", "Credits"),
    T("기말", "Closing"),
)


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account: opening − debits + credits = closing."""

    account_id: str
    label: str
    who: str
    type: str
    unit: str
    opening: int
    debits: int
    credits: int
    closing: int


@dataclass(frozen=True, slots=True)
class TrialTotal:
    """One unit: Σ debits = Σ credits, and Σ closing = 0."""

    unit: str
    opening: int
    debits: int
    credits: int
    closing: int


@dataclass(frozen=True, slots=True)
class Trial:
    """The trial balance of a book over [since, as_of]."""

    book_id: str
    book: str
    since: date
    as_of: date
    rows: tuple[TrialRow, ...]
    totals: tuple[TrialTotal, ...]


def balance(actor: Actor, book_id: str, as_of: date, since: date | None = None) -> Trial:
    """Every account's opening, debits, credits and closing.

    `since` defaults to the day after the last period closed before `as_of`.
    """
    book = Book.rows.filter(read_q(actor), pk=number(book_id)).first()
    if book is None:
        raise Refusal(CoreCode.NOT_FOUND)
    first = since or _after_last_period(book, as_of)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account, unit, opening, debits, credits, closing FROM ledger_trial(%s, %s, %s)",
            [book.pk, first - timedelta(days=1), as_of],
        )
        found = cursor.fetchall()
    named = Account.rows.filter(book=book).select_related(*keeping.NAMED).in_bulk()
    rows = tuple(
        TrialRow(
            str(account),
            named[account].label,
            keeping.owner_of(named[account]),
            named[account].type,
            unit,
            *numbers,
        )
        for account, unit, *numbers in found
    )
    totals = tuple(_total(unit, rows) for unit in sorted({row.unit for row in rows}))
    return Trial(str(book.pk), book.name, first, as_of, rows, totals)


def header() -> list[str]:
    """The names of the columns of `table`, in the language of the page."""
    return [str(one) for one in HEADER]


def table(told: Trial) -> Iterator[tuple[Value, ...]]:
    """The rows of a trial balance as a table, in minor units; then one row of sums a unit."""
    for row in told.rows:
        kind = str(words.ACCOUNT_TYPES[row.type])
        yield (
            row.account_id, row.label, row.who, kind, row.unit,
            row.opening, row.debits, row.credits, row.closing,
        )  # fmt: skip
    for total in told.totals:
        yield (
            "", str(T("합계", "Sum")), "", "", total.unit,
            total.opening, total.debits, total.credits, total.closing,
        )  # fmt: skip


def _after_last_period(book: Book, as_of: date) -> date:
    last = Period.rows.filter(book=book, days__endswith__lte=as_of).order_by("-days").first()
    return last.days.upper if last is not None else FIRST


def _total(unit: str, rows: tuple[TrialRow, ...]) -> TrialTotal:
    of_unit = [row for row in rows if row.unit == unit]
    return TrialTotal(
        unit,
        sum(row.opening for row in of_unit),
        sum(row.debits for row in of_unit),
        sum(row.credits for row in of_unit),
        sum(row.closing for row in of_unit),
    )
