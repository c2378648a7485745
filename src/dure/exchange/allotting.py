"""Allotting a product of a cycle: what is ordered of the producer, who gets how much, and why.

Nouns: an *ask* is a claim as the rule sees it; the *order* is whole cases of the producer; the
*reason* is what stands with a claim, so that its sentence can be told and computed again.
Law: pure; the same inputs give the same awards and the same hash, under every rule. Awards are
whole lots, sum to what is ordered or less, and none passes what was asked and tolerated.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from dure.engines.allotment import Allotment, allot
from dure.engines.canonical import canonical
from dure.engines.case_orders import case_order
from dure.engines.rationing import Rule, tie_ranks


@dataclass(frozen=True, slots=True)
class ProductInput:
    """What there is of a product and how it goes; amounts in its unit.

    estate : what the producer has for this cycle; case : the least it sends, 0 = a lot
    """

    estate: int
    lot: int
    case: int
    price: int
    rule: Rule
    salt: bytes
    rule_version: str = ""


@dataclass(frozen=True, slots=True)
class Ask:
    """One claim; `order` is its place in the order of asking."""

    id: str
    asked: int
    firm: int
    tolerance: int
    weight: int = 1
    protected: bool = False
    order: int = 0


@dataclass(frozen=True, slots=True)
class ProductAllotment:
    """What is ordered and awarded, in the order of the asks. `reasons` are JSON for each claim."""

    ordered: int
    cases: int
    awards: tuple[int, ...]
    reasons: tuple[Mapping[str, object], ...]
    left: int
    input_hash: str
    inputs: bytes


def allot_product(product: ProductInput, asks: Sequence[Ask]) -> ProductAllotment:
    """Order whole cases for what is asked, and share them by the rule of the cycle.

    Returns  awards in the order of `asks`; each 0 <= award <= asked + tolerance, a multiple of
             the lot; together at most what is ordered, and all of it where anybody asks for it.
    Raises   AssertionError where an ask is no multiple of the lot.
    """
    assert product.case % product.lot == 0, (product.case, product.lot)
    inputs = inputs_of(product, asks)
    asked = sum(one.asked for one in asks)
    more = sum(one.tolerance for one in asks)
    case = product.case or product.lot
    order = case_order(asked, more, case, cases_max=product.estate // case)
    found = _allot(product, asks, order.amount)
    facts: dict[str, object] = {
        "rule": product.rule.value,
        "rule_version": product.rule_version,
        "estate": product.estate,
        "ordered": order.amount,
        "asked_by_all": asked,
    }
    if product.case > product.lot:
        facts["case"] = product.case
    reasons = tuple({**facts, **_reason(found, place)} for place in range(len(asks)))
    return ProductAllotment(
        order.amount,
        order.cases,
        found.awards,
        reasons,
        found.left,
        hashlib.sha256(inputs).hexdigest(),
        inputs,
    )


def what_if(product: ProductInput, asks: Sequence[Ask]) -> dict[Rule, tuple[int, ...]]:
    """What every rule would give, in the order of the asks."""
    return {rule: allot_product(replace(product, rule=rule), asks).awards for rule in Rule}


def _allot(product: ProductInput, asks: Sequence[Ask], estate: int) -> Allotment:
    if product.rule is Rule.FIRST_COME:
        queue = sorted(range(len(asks)), key=lambda place: (asks[place].order, asks[place].id))
        ties = [0] * len(asks)
        for rank, place in enumerate(queue):
            ties[place] = rank
    else:
        ties = list(tie_ranks(product.salt, [one.id for one in asks]))
    return allot(
        product.rule,
        estate,
        [one.asked for one in asks],
        firm=[one.firm for one in asks],
        tolerance=[one.tolerance for one in asks],
        protected=[one.protected for one in asks],
        prices=[max(1, product.price)] * len(asks),
        weights=[one.weight for one in asks],
        ties=ties,
        lot=product.lot,
    )


def _reason(found: Allotment, place: int) -> dict[str, object]:
    part = found.decisive(place)
    if part is None:
        return {"why": "in_full"}
    told: dict[str, object] = {
        "why": part.why.value,
        "stage": part.stage.value,
        "exact": _text(part.exact),
    }
    if part.parameter is not None:
        told["measure"] = part.parameter.measure.value
        told["parameter"] = _text(part.parameter.value)
    return told


def _text(number: Fraction) -> str:
    return f"{number.numerator}/{number.denominator}"


def inputs_of(product: ProductInput, asks: Sequence[Ask]) -> bytes:
    """Everything that decides, as canonical JSON: who has it can compute every award again."""
    return canonical(
        {
            "case": product.case,
            "claims": [
                [one.id, one.asked, one.firm, one.tolerance, one.weight, one.protected, one.order]
                for one in sorted(asks, key=lambda one: one.id)
            ],
            "estate": product.estate,
            "lot": product.lot,
            "price": product.price,
            "rule": product.rule.value,
            "rule_version": product.rule_version,
            "salt": product.salt.hex(),
        }
    )
