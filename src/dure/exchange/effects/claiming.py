"""Claiming: what a basket asks of the products of its cycle, given up again, put right later.

Law: claims are made while the cycle takes orders, and only at the price that the basket shows; who
allots holds the cycle, so that no claim comes in behind it.
"""

from __future__ import annotations

from dure.core import clock
from dure.core.actions import line
from dure.core.errors import Refusal
from dure.core.text import T
from dure.exchange import recording
from dure.exchange.baskets import BasketLine
from dure.exchange.declaration import Effect
from dure.exchange.errors import ExchangeCode
from dure.exchange.food_terms import product_terms
from dure.exchange.models import Claim, Party, Pool
from dure.journal import queries as journal

from . import stating
from .guards import stays_open
from .underway import Underway, effect, guard

WHY = "outcome_changed"


@effect("claim")
def claim(step: Underway, what: Effect) -> None:
    """Ask each product for what the lines say; the cycle is held open meanwhile."""
    cycle = step.case.pool
    assert cycle is not None, "claims are made of a pool"
    if not stays_open(cycle):
        raise Refusal(ExchangeCode.NO_ORDERS_NOW)
    lines = step.seen().terms.lines
    rows = Pool.rows.filter(parent=cycle, id__in=[one.product for one in lines])
    products = {str(row.id): row for row in rows}
    buyer = Party.rows.get(agreement=step.agreement, role=step.case.process.roles[0].key)
    now = clock.now()
    made = []
    for one in lines:
        product = products.get(one.product)
        if product is None or not is_as_shown(one, product):
            name = product.title if product is not None else "–"
            raise Refusal(ExchangeCode.BASKET_STALE, product=name)
        made.append(
            Claim(
                pool=product,
                agreement=step.agreement,
                person=buyer.person,
                organisation_id=buyer.organisation_id,
                asked=one.asked,
                firm=one.asked,
                tolerance=one.tolerance,
                made_at=now,
                audit=line().id,
            )
        )
    Claim.rows.bulk_create(made)


def is_as_shown(one: BasketLine, product: Pool) -> bool:
    """Whether a product still is what the line says: its price, its lot, its margin."""
    terms = product_terms(product)
    shown = (one.price, one.lot, one.margin_ppm, one.unit)
    return not product.cancelled and shown == (
        product.price or 0,
        product.lot,
        terms.margin_ppm,
        product.unit,
    )


@effect("unclaim")
def unclaim(step: Underway, what: Effect) -> None:
    """Take back every claim of the case; what was asked stays to be seen."""
    standing = Claim.rows.filter(agreement=step.agreement, withdrawn_at=None)
    standing.update(withdrawn_at=clock.now(), audit=line().id)


@effect("correct")
def correct(step: Underway, what: Effect) -> None:
    """State anew what was really handed over, once it is agreed what was missing."""
    agreement, process = step.agreement, step.process
    if process.facts is None:
        return
    standing = list(journal.standing_events(process.labels, case_id=agreement.case_id))
    recording.unstate(standing, "-cr", WHY)
    stating.state(agreement, step.seen(), process.facts, "B", step.proof, part="-c")


@guard("basket_filled")
def basket_filled(step: Underway) -> T | None:
    """Something is in the basket."""
    if any(one.asked + one.tolerance > 0 for one in step.seen().terms.lines):
        return None
    return T("바구니가 비어 있습니다", "the basket is empty")


@guard("has_award")
def has_award(step: Underway) -> T | None:
    """The products were allotted, and some of it is for this basket."""
    if _awards(step) > 0:
        return None
    return T("나눈 것이 없습니다", "nothing was allotted to it")


@guard("has_no_award")
def has_no_award(step: Underway) -> T | None:
    """The products were allotted, and none of it is for this basket."""
    if _awards(step) == 0:
        return None
    return T("아직 나누지 않았거나 받을 것이 있습니다", "it is not allotted yet, or got something")


def _awards(step: Underway) -> int:
    """What all claims of the case got together; less than 0 while one is not allotted."""
    got = [one.awarded for one in step.seen().claims.values()]
    return -1 if None in got else sum(one for one in got if one is not None)
