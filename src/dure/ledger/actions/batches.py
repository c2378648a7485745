"""Batches: up to 1,000 rows in one statement, all or nothing."""

from __future__ import annotations

from typing import Annotated

from django.db import transaction
from pydantic import Field

from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import IsoDate, Part
from dure.ledger import policies
from dure.ledger.errors import LedgerCode
from dure.ledger.models import Account, Book
from dure.ledger.posting import Movement, post, post_again
from dure.ledger.queries import subjects
from dure.ledger.types import Amount, Purpose, RowId

from .transfers import REFUSED, Receipt, alone_most

ROWS_MAX = 1000


class BatchRow(Part):
    """One row of a batch."""

    debit: RowId
    credit: RowId
    amount: Amount
    purpose: Purpose
    event_date: IsoDate | None = None


def needs_second(body: object, actor: Actor) -> bool:
    """Whether the rows together exceed what one person may send alone."""
    line().organisation(subject(Book).organisation_id)
    rows: tuple[BatchRow, ...] = body.rows  # type: ignore[attr-defined]  # of this action
    return sum(row.amount for row in rows) > alone_most(subject(Book))


@action(
    "ledger.batch.post",
    ko="여러 줄을 한 번에 보냅니다.",
    en="Send many rows at once.",
    policy=policies.may_batch,
    letters={Role.TREASURER: "m2", Role.APPROVER: "m2"},
    subject=subjects.book,
    idempotent=True,
    audit_refusals=True,
    value=True,
    second_person=needs_second,
    writes=("ledger_transfer", "ledger_account"),
    refusals=(*REFUSED, LedgerCode.BATCH, LedgerCode.BATCH_SIZE, LedgerCode.IN_ORDER),
)
def post_batch(
    book_id: RowId,
    rows: Annotated[tuple[BatchRow, ...], Field(min_length=1, max_length=ROWS_MAX)],
    *,
    actor: Actor,
) -> Receipt:
    """Post all rows or none; where one is refused the answer names every refused row.

    Rows leave accounts of the book's organisation or others it keeps, never a person's own.
    """
    book = subject(Book)
    movements = [_movement(row) for row in rows]
    faults = _foreign(book, movements)
    if faults:
        raise _refusal(faults)
    try:
        with transaction.atomic():
            ids = post(movements)
    except Refusal as refusal:
        raise _refusal(_each(movements) or [(0, refusal)]) from refusal
    line().object("ledger.batch", ids[0])
    line().organisation(book.organisation_id)
    line().changed("rows", None, len(ids))
    return Receipt(tuple(str(number) for number in ids))


def _movement(row: BatchRow) -> Movement:
    return Movement(
        int(row.debit), int(row.credit), row.amount, row.purpose, event_date=row.event_date
    )


def _foreign(book: Book, movements: list[Movement]) -> list[tuple[int, Refusal]]:
    """Rows whose accounts are not of this book, or leave a person's own account."""
    wanted = {number for m in movements for number in (m.debit, m.credit)}
    found = {a.pk: a for a in Account.rows.filter(book=book, pk__in=wanted)}
    faults = []
    for place, m in enumerate(movements):
        debit, credit = found.get(m.debit), found.get(m.credit)
        if debit is None or credit is None:
            faults.append((place, Refusal(CoreCode.NOT_FOUND)))
        elif debit.owner_person_id is not None:
            faults.append((place, Refusal(LedgerCode.NOT_PAYABLE)))
    return faults


def _each(movements: list[Movement]) -> list[tuple[int, Refusal]]:
    """Play the rows one by one, to be undone, and tell which are refused."""
    faults = []
    for place, movement in enumerate(movements):
        try:
            with transaction.atomic():
                post_again(movement, place)
        except Refusal as refusal:
            faults.append((place, refusal))
    return faults


def _refusal(faults: list[tuple[int, Refusal]]) -> Refusal:
    details = tuple(
        (f"rows.{place}", T(refusal.sentence("ko"), refusal.sentence("en")))
        for place, refusal in faults
    )
    return Refusal(LedgerCode.BATCH, count=len(details), details=details)
