"""Baskets of a cycle: filled by their buyer, weighed by who packs them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import Field

from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.types import Part, UuidText
from dure.exchange import answers as typed
from dure.exchange import baskets, food_subjects, policies, weighing
from dure.exchange.errors import ExchangeCode
from dure.exchange.filling import Wish, lines_of
from dure.exchange.models import Agreement, Claim
from dure.exchange.processes.food_order import S

from .agreements import PARTIES

Asked = Annotated[int, Field(ge=0, le=10**8)]


class BasketItem(Part):
    """What is wanted of a product, and how much more would do; in its unit, whole lots."""

    product_id: UuidText
    asked: Asked
    tolerance: Asked = 0


class Weight(Part):
    """What a product of a basket really weighs, or how many pieces there are."""

    product_id: UuidText
    weighed: Asked


@dataclass(frozen=True, slots=True)
class BasketRef:
    """A basket, its state, and what it may cost at most."""

    id: str
    state: str
    most: int


@action(
    "exchange.basket.fill",
    ko="바구니를 담습니다.",
    en="Fill a basket.",
    policy=policies.may_fill,
    letters=PARTIES,
    subject=food_subjects.basket,
    lock=food_subjects.lock_basket,
    idempotent=True,
    for_another=True,
    writes=("exchange_agreement",),
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.STALE_STATE,
        ExchangeCode.NO_ORDERS_NOW,
        ExchangeCode.BAD_QUANTITY,
    ),
)
def fill_basket(
    agreement_id: UuidText,
    lines: Annotated[tuple[BasketItem, ...], Field(strict=False, max_length=100)] = (),
    *,
    actor: Actor,
) -> BasketRef:
    """Put these products into a basket, in place of what was in it; nothing is held yet.

    Prices stand as they are now; if one changes before the order is placed, it is said.
    """
    found = subject(Agreement)
    _in_state(found, S.CART)
    assert found.pool is not None
    food_subjects.check_open(found.pool)
    wishes = [Wish(one.product_id, one.asked, one.tolerance) for one in lines]
    filled = lines_of(found.pool, wishes)
    terms = typed.restore(baskets.Terms, found.terms)
    found.terms = typed.to_json(replace(terms, lines=filled))
    found.audit = line().id
    found.save(update_fields=["terms", "audit"])
    line().object("exchange.agreement", found.id)
    line().organisation(found.organisation_id)
    line().changed("lines", len(terms.lines), len(filled))
    return BasketRef(str(found.id), found.state, sum(baskets.held(one) for one in filled))


def _in_state(found: Agreement, state: S) -> None:
    if found.state != state.key:
        now = next(one for one in S if one.key == found.state)
        raise Refusal(ExchangeCode.STALE_STATE, state=now.text, steps="–")


@action(
    "exchange.basket.weigh",
    ko="꾸릴 때 달아 본 무게를 적습니다.",
    en="Note what was weighed while packing.",
    policy=policies.may_weigh,
    letters=policies.COORDINATORS,
    subject=food_subjects.basket,
    lock=food_subjects.lock_basket,
    idempotent=True,
    writes=("exchange_claim",),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.STALE_STATE, ExchangeCode.BAD_QUANTITY),
)
def weigh_basket(
    agreement_id: UuidText,
    weights: Annotated[tuple[Weight, ...], Field(strict=False, min_length=1, max_length=100)],
    *,
    actor: Actor,
) -> BasketRef:
    """Write down real weights; they decide what is paid, never above what the award may cost.

    A product by the piece, or without a margin, cannot come to more than was allotted.
    """
    found = subject(Agreement)
    _in_state(found, S.ALLOCATED)
    terms = typed.restore(baskets.Terms, found.terms)
    margins = {one.product: one.margin_ppm for one in terms.lines}
    claims = {
        str(row.pool_id): row
        for row in Claim.rows.filter(agreement=found, withdrawn_at=None).order_by("pk")
    }
    for one in weights:
        claim = claims.get(one.product_id)
        why = weighing.why_not(claim, one.weighed, margins.get(one.product_id, 0))
        if claim is None or why is not None:
            field = "product_id" if claim is None else "weighed"
            raise Refusal(ExchangeCode.BAD_QUANTITY, field=field, why=why)
        claim.weighed = one.weighed
        claim.audit = line().id
        claim.save(update_fields=["weighed", "audit"])
    line().object("exchange.agreement", found.id)
    line().organisation(found.organisation_id)
    line().changed("weights", None, len(weights))
    return BasketRef(str(found.id), found.state, sum(baskets.held(one) for one in terms.lines))
