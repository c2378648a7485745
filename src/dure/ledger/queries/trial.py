"""The trial balance of a book as of any date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.ledger.models import Account, Book, Period

from .subjects import number

FIRST = date(1900, 1, 1)


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account: opening − debits + credits = closing."""

    account_id: str
    label: str
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
    book = Book.objects.within(actor).filter(pk=number(book_id)).first()
    if book is None:
        raise Refusal(CoreCode.NOT_FOUND)
    first = since or _after_last_period(book, as_of)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account, unit, opening, debits, credits, closing FROM ledger_trial(%s, %s, %s)",
            [book.pk, first - timedelta(days=1), as_of],
        )
        found = cursor.fetchall()
    named = {a.pk: a for a in Account.rows.filter(book=book)}
    rows = tuple(
        TrialRow(str(account), named[account].label, named[account].type, unit, *numbers)
        for account, unit, *numbers in found
    )
    totals = tuple(_total(unit, rows) for unit in sorted({row.unit for row in rows}))
    return Trial(str(book.pk), book.name, first, as_of, rows, totals)


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
