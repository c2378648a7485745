"""A payment as movements: from one account to another, in whatever rows it takes."""

from __future__ import annotations

from datetime import date

from dure.core.errors import Refusal

from .errors import LedgerCode
from .models import Account
from .posting import Movement


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
