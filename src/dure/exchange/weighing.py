"""Weighing while packing: what a claim may come to, asked the same way basket by basket and for
one product of all baskets.

Nouns: a *weight* is what a product of a basket really weighs, or how many pieces there are.
Law: who packs never weighs her own basket; only a basket that was shared out and is not packed yet
is weighed; a product without a margin cannot come to more than was allotted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange import answers as typed
from dure.exchange import baskets
from dure.exchange.models import Agreement, Claim, Party, Pool
from dure.exchange.processes.food_order import FOOD_ORDER, S

NOT_IN_IT = T("바구니에 없는 물건입니다", "it is not in this basket")
TOO_MUCH = T("나눈 것보다 너무 많습니다", "it is too much more than was allotted")
OWN = T("자기 바구니입니다. 다른 사람이 답니다", "it is your own basket; somebody else weighs it")


@dataclass(slots=True)
class Weighed:
    """The claims that take these weights, by basket, and why others do not."""

    claims: dict[str, Claim] = field(default_factory=dict)
    faults: dict[str, T] = field(default_factory=dict)


def why_not(claim: Claim | None, weighed: int, margin_ppm: int) -> T | None:
    """Why a claim cannot come to this; None where it can."""
    if claim is None:
        return NOT_IN_IT
    if weighed > (claim.awarded or 0) * (2 if margin_ppm else 1):
        return TOO_MUCH
    return None


def of_product(product: Pool, weights: Mapping[str, int], actor: Actor) -> Weighed:
    """What baskets of a cycle take of a product that was weighed; in four queries.

    weights : by the id of the basket, in the product's unit
    """
    rows = Agreement.rows.filter(
        id__in=list(weights), pool=product.parent_id, process=FOOD_ORDER.key
    )
    cases = {str(row.id): row for row in rows}
    claims = {
        str(row.agreement_id): row
        for row in Claim.rows.filter(pool=product, agreement__in=rows, withdrawn_at=None)
    }
    people = [one for one in (actor.id, actor.acting_for) if one is not None]
    mine = set(
        Party.rows.filter(agreement__in=rows, person__in=people).values_list("agreement", flat=True)
    )
    found = Weighed()
    for basket, weighed in weights.items():
        why = _why_not(cases.get(basket), claims.get(basket), weighed, mine)
        if why is not None:
            found.faults[basket] = why
        else:
            found.claims[basket] = claims[basket]
    return found


def _why_not(
    case: Agreement | None, claim: Claim | None, weighed: int, mine: set[UUID]
) -> T | None:
    if case is None or claim is None:
        return NOT_IN_IT
    if case.id in mine:
        return OWN
    if case.state != S.ALLOCATED.key:
        now = next(one for one in S if one.key == case.state).text
        return T(f"지금은 달 수 없습니다({now.ko})", f"it is not weighed now ({now.en})")
    terms = typed.restore(baskets.Terms, case.terms)
    margins = {one.product: one.margin_ppm for one in terms.lines}
    return why_not(claim, weighed, margins.get(str(claim.pool_id), 0))
