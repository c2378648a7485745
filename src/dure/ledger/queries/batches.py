"""Batches of payments: a file judged before it is posted, and what was posted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.ledger import payment_lists
from dure.ledger.models import Account, Book, Transfer
from dure.ledger.payment_lists import Judged

from .keeping import BookView
from .keeping import book as book_of


@dataclass(frozen=True, slots=True)
class PostedRow:
    """One posted row of a batch."""

    id: int
    debit: str
    credit: str
    unit: str
    amount: int
    purpose: str
    event_date: date


@dataclass(frozen=True, slots=True)
class PostedBatch:
    """Every row that one posting wrote into a book; `first` names it."""

    first: int
    at: datetime
    rows: QuerySet[Transfer]
    sums: tuple[tuple[str, int], ...]


def judged(actor: Actor, book_id: int, content: bytes) -> list[Judged]:
    """The rows of a file, judged against a book that the actor keeps; see `payment_lists`."""
    found = book_of(actor, book_id)
    return payment_lists.judged(Book.rows.get(pk=found.id), payment_lists.read(content))


def sums(rows: Sequence[Judged]) -> tuple[tuple[str, int], ...]:
    """What the good rows come to, by unit."""
    found: dict[str, int] = {}
    for row in rows:
        if not row.faults and row.debit is not None and row.amount is not None:
            unit = row.debit.unit.code
            found[unit] = found.get(unit, 0) + row.amount
    return tuple(sorted(found.items()))


def labels(book: BookView, numbers: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """Label and unit of accounts of a book, by number as text."""
    wanted = {int(one) for one in numbers if one.isascii() and one.isdigit() and len(one) < 19}
    rows = Account.rows.filter(book=book.id, pk__in=wanted).select_related("unit")
    return {str(one.pk): (one.label, one.unit.code) for one in rows}


def posted(book: BookView, first: int) -> PostedBatch:
    """The batch whose first row has this number, in a book at hand. Raises NOT_FOUND."""
    row = Transfer.rows.filter(pk=first, book=book.id).first() if first < 10**18 else None
    if row is None:
        raise Refusal(CoreCode.NOT_FOUND)
    rows = Transfer.rows.filter(book=book.id, batch=row.batch, audit=row.audit).order_by("pk")
    if rows[0].pk != first:
        raise Refusal(CoreCode.NOT_FOUND)
    found: dict[str, int] = {}
    units = _units(rows)
    for account, amount in rows.values_list("debit_id", "amount"):
        found[units[account]] = found.get(units[account], 0) + amount
    return PostedBatch(first, row.recorded_at, rows, tuple(sorted(found.items())))


def _units(rows: QuerySet[Transfer]) -> dict[int, str]:
    debits = rows.values_list("debit_id", flat=True)
    return dict(Account.rows.filter(pk__in=set(debits)).values_list("pk", "unit__code"))


def views(rows: Sequence[Transfer]) -> tuple[PostedRow, ...]:
    """Rows of one page."""
    ends = {one for row in rows for one in (row.debit_id, row.credit_id)}
    named = {a.pk: a for a in Account.rows.filter(pk__in=ends).select_related("unit")}
    return tuple(
        PostedRow(
            row.pk,
            named[row.debit_id].label,
            named[row.credit_id].label,
            named[row.debit_id].unit.code,
            row.amount,
            row.purpose,
            row.event_date,
        )
        for row in rows
    )
