"""Weights of one product, for all baskets that are on the table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import Part, UuidText
from dure.exchange import food_subjects, policies, weighing
from dure.exchange.errors import ExchangeCode
from dure.exchange.food_subjects import Supply
from dure.exchange.models import Claim

from .baskets import Asked

TWICE = T("한 바구니가 두 번 있습니다", "a basket stands twice")


class BasketWeight(Part):
    """What a product weighs in one basket, or how many pieces of it there are."""

    agreement_id: UuidText
    weighed: Asked


@dataclass(frozen=True, slots=True)
class ProductWeighed:
    """A product of a cycle, and how many baskets had its weight written down."""

    id: str
    baskets: int


@action(
    "exchange.product.weigh",
    ko="꾸릴 때 달아 본 한 품목의 무게를 바구니마다 적습니다.",
    en="Note what one product weighed for each basket while packing.",
    policy=policies.may_weigh_product,
    letters=policies.COORDINATORS,
    subject=food_subjects.packed_product,
    lock=food_subjects.lock_packed_product,
    idempotent=True,
    writes=("exchange_claim",),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.BAD_QUANTITY),
)
def weigh_product(
    product_id: UuidText,
    weights: Annotated[tuple[BasketWeight, ...], Field(strict=False, min_length=1, max_length=500)],
    *,
    actor: Actor,
) -> ProductWeighed:
    """Write down real weights of one product, of as many baskets as were weighed by now.

    By the rules of `exchange.basket.weigh`, all or none: where one of them cannot be, each that
    cannot is told by the id of its basket, and nothing is written.
    """
    supply = subject(Supply)
    product = supply.product
    assert product is not None
    typed = {one.agreement_id: one.weighed for one in weights}
    if len(typed) < len(weights):
        raise Refusal(ExchangeCode.BAD_QUANTITY, field="weights", why=TWICE)
    found = weighing.of_product(product, typed, actor)
    if found.faults:
        first, details = next(iter(found.faults.values())), tuple(found.faults.items())
        raise Refusal(ExchangeCode.BAD_QUANTITY, field="weights", why=first, details=details)
    for basket, claim in found.claims.items():
        claim.weighed = typed[basket]
        claim.audit = line().id
    Claim.rows.bulk_update(found.claims.values(), ["weighed", "audit"])
    line().object("exchange.pool", product.id)
    line().organisation(supply.organisation_id)
    line().changed("weights", None, len(found.claims))
    return ProductWeighed(str(product.id), len(found.claims))
