"""Sweeping parts of lots back to the issuer: past their day, or recalled.

Nouns: part (묶음 계정), last day (마지막 날: of the lot, or of the grace after a refund).
Law: only what can be spent is swept; what is held expires when its hold has ended. A part that is
refunded into after its day may be spent for the grace days of its programme's rule.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.db.models import F, OuterRef, QuerySet, Subquery

from dure.engines.ledger_rows import expiry_key
from dure.engines.lots import spend_to

from .models import Account, Lot, Transfer
from .opening import rule
from .posting import Movement
from .purposes import EXPIRE

BACK = (Transfer.Kind.REVERSAL, Transfer.Kind.REFUND)


def parts() -> QuerySet[Account]:
    """Parts of lots that hold something, with the day of the last refund into each."""
    back = Transfer.rows.filter(credit=OuterRef("pk"), kind__in=BACK).order_by("-event_date")
    rows = Account.rows.filter(lot__isnull=False, balance__gt=F("held_out"))
    found: QuerySet[Account] = rows.annotate(refunded_on=Subquery(back.values("event_date")[:1]))
    return found.select_related("lot__programme")


def due(today: date, *, most: int) -> list[Movement]:
    """The rows that sweep parts whose last day is over, the oldest first, at most `most`."""
    found: list[Movement] = []
    over = parts().filter(lot__valid_to__lt=today).order_by("lot__valid_to", "id")
    for part in over.iterator(chunk_size=2_000):
        if last_day(part) < today:
            found.append(_row(part, EXPIRE))
        if len(found) == most:
            break
    return found


def last_day(part: Account) -> date:
    """The last day on which a part can be spent; grace counted."""
    assert part.lot is not None
    refunded_on = getattr(part, "refunded_on", None)
    if refunded_on is None:
        return part.lot.valid_to
    days = rule(part.lot.programme, "grace_days")
    return max(part.lot.valid_to, spend_to(part.lot.valid_to, refunded_on, grace_days=days))


def sweep(lot: Lot, purpose: str, *, most: int) -> list[Movement]:
    """The rows that return what is unspent of one lot, at most `most`."""
    return [_row(part, purpose) for part in parts().filter(lot=lot).order_by("id")[:most]]


def left(lot: Lot) -> int:
    """How many parts of a lot hold something that can be spent."""
    return parts().filter(lot=lot).count()


def _row(part: Account, purpose: str) -> Movement:
    assert part.lot is not None and part.lot.programme.issuer_id is not None
    spendable = part.balance - part.held_out
    return Movement(
        part.pk,
        part.lot.programme.issuer_id,
        spendable,
        purpose,
        lot=part.lot_id,
        key=_key(part) if purpose == EXPIRE else None,
    )


def _key(part: Account) -> UUID:
    """The key of a sweep: the part, its last day, and what was swept before."""
    before = Transfer.rows.filter(debit=part.pk, purpose=EXPIRE).count()
    return expiry_key(part.pk, last_day(part), before)
