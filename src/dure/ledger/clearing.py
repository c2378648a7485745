"""Debts of a clearing round: which are counted, what each member would clear.

Nouns: debt (빚: an accepted, unpaid request between two accounts of one book), plan (미리보기).
Law: a preview changes nothing; a request whose two sides do not both agree is left out and the
round is computed anew; what is cleared of a request never passes what is left of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from dure.engines.netting import Debt, Round, clearing_round

from .models import ClearingRound, PaymentRequest


def open_requests(book_id: int, unit_id: int) -> QuerySet[PaymentRequest]:
    """Accepted, unpaid requests between accounts of one book and unit, the oldest first."""
    rows = PaymentRequest.rows.filter(
        kind=PaymentRequest.Kind.REQUEST,
        accepted_at__isnull=False,
        paid_at=None,
        cancelled_at=None,
        payee__book=book_id,
        payer__book=book_id,
        payee__unit=unit_id,
    ).exclude(payee=F("payer"))
    found: QuerySet[PaymentRequest] = rows.annotate(cleared=Coalesce(Sum("set_offs__amount"), 0))
    return found.filter(Q(amount__gt=F("cleared"))).order_by("accepted_at", "id")


def debts(requests: Iterable[PaymentRequest], agreed: set[int] | None = None) -> list[Debt]:
    """The debts of requests; with `agreed`, of those alone whose two sides are in it."""
    found = []
    for one in requests:
        assert one.payer_id is not None and one.payee_id is not None and one.amount is not None
        if agreed is not None and not {one.payer_id, one.payee_id} <= agreed:
            continue
        left = one.amount - getattr(one, "cleared", 0)
        found.append(Debt(one.pk, one.payer_id, one.payee_id, left))
    return found


def computed(found: Sequence[Debt]) -> Round:
    """The round that clears most."""
    return clearing_round(found)


def plan_of(found: Sequence[Debt], best: Round) -> dict[str, Any]:  # Any: JSON
    """What is kept of a preview: each debt with what it clears, each member before and after."""
    return {
        "total": best.total,
        "requests": [
            [debt.request, debt.debtor, debt.creditor, debt.amount, cleared]
            for debt, cleared in zip(found, best.cleared, strict=True)
        ],
        "members": [[one.member, one.owes, one.is_owed, one.cleared] for one in best.members],
    }


@dataclass(frozen=True, slots=True)
class MemberView:
    """What a round would do for one account: owed and owing before, cleared, and after."""

    account: int
    owes: int
    is_owed: int
    cleared: int

    @property
    def owes_after(self) -> int:
        """What it still owes."""
        return self.owes - self.cleared

    @property
    def is_owed_after(self) -> int:
        """What it is still owed."""
        return self.is_owed - self.cleared


def members(proposed: ClearingRound) -> list[MemberView]:
    """Every member of a proposed round, as its preview says."""
    return [MemberView(*one) for one in proposed.plan.get("members", [])]


def affected(proposed: ClearingRound) -> list[int]:
    """The accounts for which the preview clears something; they are asked."""
    return [one.account for one in members(proposed) if one.cleared]


def still_agreed(proposed: ClearingRound) -> list[Debt]:
    """The debts of a round that are open now and whose two sides have agreed by now."""
    agreed = set(proposed.consents.filter(agreed=True).values_list("account_id", flat=True))
    named = [one[0] for one in proposed.plan.get("requests", [])]
    open_now = open_requests(proposed.book_id, proposed.unit_id).filter(id__in=named)
    return debts(open_now, agreed)


def agreed_now(proposed: ClearingRound) -> Round:
    """What a round would clear if it were settled at this moment."""
    return computed(still_agreed(proposed))
