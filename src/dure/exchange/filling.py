"""Filling a basket: wishes, a person's or a standing order's, become lines at today's prices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.exchange import baskets
from dure.exchange.baskets import BasketLine
from dure.exchange.errors import ExchangeCode
from dure.exchange.food_terms import product_terms
from dure.exchange.models import Pool

HELD_MAX = 10**12


@dataclass(frozen=True, slots=True)
class Wish:
    """So much of a product, and so much more if that helps."""

    product: str
    asked: int
    tolerance: int


def line_of(product: Pool, asked: int, tolerance: int) -> BasketLine:
    """A line at what the product says now."""
    terms = product_terms(product)
    return BasketLine(
        product=str(product.id),
        asked=asked,
        tolerance=tolerance,
        price=product.price or 0,
        lot=product.lot,
        margin_ppm=terms.margin_ppm,
        unit=product.unit,
        gram_each=terms.gram_each,
        origin=terms.origin,
    )


def lines_of(cycle: Pool, wishes: Sequence[Wish]) -> tuple[BasketLine, ...]:
    """Lines for these wishes; a product of nothing is left out.

    Raises  NOT_FOUND for what the cycle has not; BAD_QUANTITY for parts of a lot, a product named
            twice or withdrawn, or a basket beyond what can be held
    """
    rows = Pool.rows.filter(parent=cycle, id__in=[one.product for one in wishes])
    products = {str(row.id): row for row in rows}
    found: dict[str, BasketLine] = {}
    for wish in wishes:
        product = products.get(wish.product)
        if product is None:
            raise Refusal(CoreCode.NOT_FOUND, field="product_id")
        if wish.product in found:
            raise _bad(T("같은 물건이 두 번 있습니다", "a product stands twice"))
        if not wish.asked and not wish.tolerance:
            continue
        if product.cancelled:
            raise _bad(T(f"거둔 물건입니다: {product.title}", f"withdrawn: {product.title}"))
        if wish.asked % product.lot or wish.tolerance % product.lot:
            ko = f"{product.title}: 파는 단위({product.lot})의 배수로 적습니다"
            raise _bad(T(ko, f"{product.title}: it is sold by {product.lot}"))
        found[wish.product] = line_of(product, wish.asked, wish.tolerance)
    if sum(baskets.held(one) for one in found.values()) > HELD_MAX:
        raise _bad(T("너무 많습니다", "it is too much"))
    return tuple(found.values())


def _bad(why: T) -> Refusal:
    return Refusal(ExchangeCode.BAD_QUANTITY, field="lines", why=why)
