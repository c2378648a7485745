"""A payment as movements: from one account to another, in whatever rows it takes."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid5

from django.db.models import Sum

from dure.core.errors import Refusal
from dure.core.text import T

from .errors import LedgerCode
from .models import Account, Transfer
from .posting import Kind, Movement


def movements_of(
    payer: Account, payee: Account, amount: int, purpose: str, event_date: date | None = None
) -> list[Movement]:
    """The rows by which `payer` pays `payee` `amount`.

    Raises `Refusal` when the two count different units or stand in different books.
    """
    if payer.pk == payee.pk:
        raise Refusal(LedgerCode.SAME_ACCOUNT)
    if payer.unit_id != payee.unit_id:
        raise Refusal(LedgerCode.CROSS_UNIT)
    if payer.book_id != payee.book_id:
        raise Refusal(LedgerCode.CROSS_BOOK)
    return [Movement(payer.pk, payee.pk, amount, purpose, event_date=event_date)]


MOVED = (Kind.POST, Kind.SETTLE)


def reversal_of(transfer: Transfer) -> list[Movement]:
    """The rows that undo a transfer, or its whole group from the last row to the first."""
    rows = [transfer]
    if transfer.grp is not None:
        rows = list(Transfer.rows.filter(grp=transfer.grp, kind__in=MOVED).order_by("-pk"))
    if not rows or transfer.kind not in MOVED:
        raise Refusal(LedgerCode.BAD_REF)
    group = uuid5(transfer.grp, "reversal") if transfer.grp else None
    return [_back(row, row.amount, Kind.REVERSAL, group) for row in rows]


def refund_of(transfer: Transfer, amount: int) -> list[Movement]:
    """The rows that give back `amount` of what `transfer`'s payee got in its payment.

    A payment that took several lots gives back to the last of them first.
    """
    if transfer.kind not in MOVED:
        raise Refusal(LedgerCode.BAD_REF)
    rows = [transfer]
    if transfer.grp is not None:
        same = Transfer.rows.filter(grp=transfer.grp, kind__in=MOVED, credit=transfer.credit_id)
        rows = list(same.order_by("-pk"))
    given = Transfer.rows.filter(ref__in=[row.pk for row in rows])
    back = dict(given.filter(kind=Kind.REFUND).values_list("ref").annotate(Sum("amount")))
    movements, left = [], amount
    for row in rows:
        part = min(left, row.amount - back.get(row.pk, 0))
        if part > 0:
            movements.append(_back(row, part, Kind.REFUND, None))
            left -= part
    if left > 0:
        most = amount - left
        accepted = T(f"{most} 이하", f"at most {most}")
        raise Refusal(LedgerCode.AMOUNT, field="amount", range=accepted)
    return movements


def _back(row: Transfer, amount: int, kind: Kind, group: UUID | None) -> Movement:
    return Movement(
        row.credit_id,
        row.debit_id,
        amount,
        row.purpose,
        kind=kind,
        ref=row.pk,
        lot=row.lot,
        group=group,
    )
