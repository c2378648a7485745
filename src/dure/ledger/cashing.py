"""Cash for what is left of a voucher: to its holder, once the share that the rule names is spent.

Nouns: part (묶음 계정), issue row (발행한 줄), spent (쓴 것: what shops took of the part and
did not give back), left (남은 것).
Law: only vouchers that the issuer gave this holder are paid back, by refund rows that name the
row that issued them; the same won leave the fund and the separate account. What was passed on by
a neighbour, is held, or is over is not paid back.
Source: rulebook `ledger.regional.refund_share_ppm`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum

from dure.core import clock

from . import expiring
from .models import Account, Lot, Programme, Transfer
from .opening import WON, rule
from .purposes import ISSUE

PPM = 1_000_000
MOVED = (Transfer.Kind.POST, Transfer.Kind.SETTLE)
BACK = (Transfer.Kind.REVERSAL, Transfer.Kind.REFUND)
SHARE = "refund_share_ppm"


@dataclass(frozen=True, slots=True)
class Rest:
    """What is left of one lot in one holder's hands, in won of vouchers.

    least  : what must be spent before the rest is paid back
    amount : what would be paid back now; 0 while `spent` is below `least`, or the lot is over
    """

    part: int
    lot: int
    issue: int | None
    issued: int
    spent: int
    left: int
    least: int
    amount: int
    valid_to: date

    @property
    def missing(self) -> int:
        """What must still be spent."""
        return max(0, self.least - self.spent)


def has_rule(programme: Programme) -> bool:
    """Whether the programme pays cash back at all: only one whose rules name the share."""
    return programme.kind == Programme.Kind.REGIONAL and SHARE in programme.rules


def rest_of(programme: Programme, part: Account) -> Rest:
    """What could be paid back of one part of a lot."""
    assert part.lot is not None and part.spendable is not None
    issue = (
        Transfer.rows.filter(
            debit=programme.issuer_id, credit=part.pk, kind=Transfer.Kind.POST, purpose=ISSUE
        )
        .order_by("pk")
        .first()
    )
    issued = issue.amount - _sum(Transfer.rows.filter(ref=issue.pk)) if issue is not None else 0
    spent = _spent(part)
    least = -(-issued * rule(programme, SHARE) // PPM)
    is_over = not part.lot.valid_from <= clock.today() <= expiring.last_day(part)
    due = min(part.spendable, issued - spent) if issued and spent >= least and not is_over else 0
    return Rest(
        part=part.pk,
        lot=part.lot.pk,
        issue=issue.pk if issue is not None else None,
        issued=issued,
        spent=spent,
        left=part.spendable,
        least=least,
        amount=max(0, due),
        valid_to=part.lot.valid_to,
    )


def _spent(part: Account) -> int:
    """What shops took out of a part, less what they gave back."""
    taken = Transfer.rows.filter(debit=part.pk, kind__in=MOVED, credit__lot=None)
    taken = taken.exclude(credit__type=Account.Type.ISSUER)
    given = Transfer.rows.filter(credit=part.pk, kind__in=BACK, debit__lot=None)
    return _sum(taken) - _sum(given)


def _sum(rows: object) -> int:
    found = rows.aggregate(total=Sum("amount"))  # type: ignore[attr-defined]  # a queryset
    return found["total"] or 0


def parts_of(programme: Programme, holder: Account) -> list[Account]:
    """The parts of lots that a holder has something of, the first to end first."""
    rows = Account.rows.filter(
        parent=holder.pk, lot__programme=programme, balance__gt=F("held_out")
    ).select_related("lot__programme", "book")
    return list(rows.order_by("lot__valid_to", "lot_id"))


def separate_account(programme: Programme) -> Account | None:
    """The bank account of the programme in its book, out of which cash is paid."""
    rows = Account.rows.filter(
        book=programme.book_id, unit__code=WON, type=Account.Type.ASSET, status="open"
    )
    found: Account | None = rows.order_by("pk").first()
    return found


def part_of(lot: Lot, holder: int) -> Account | None:
    """The part that a holder has of a lot."""
    rows = Account.rows.filter(lot=lot, parent=holder)
    found: Account | None = rows.select_related("lot__programme", "book").first()
    return found
