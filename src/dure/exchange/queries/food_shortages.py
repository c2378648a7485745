"""Who gets how much of a product, and what every other rule would have given."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from dure.core import rulebook
from dure.core.actors import Actor
from dure.core.text import T
from dure.engines.rationing import Rule
from dure.exchange import allotting, why
from dure.exchange.food_terms import cycle_terms, product_terms
from dure.exchange.models import Claim, Pool
from dure.exchange.pool_inputs import claims_of
from dure.exchange.queries.food_cycles import (
    CycleRow,
    Product,
    adopted,
    cycle,
    cycle_rows,
    product,
    product_pool,
)
from dure.exchange.queries.pools import SHOWN_RULE, may_read_inputs, pseudonym


@dataclass(frozen=True, slots=True)
class Share:
    """One claim: a pseudonym of this product alone; `others`: what each rule gives it."""

    name: str
    is_mine: bool
    asked: int
    tolerance: int
    protected: bool
    awarded: int | None
    reason: T | None
    others: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Shortage:
    """A product of a cycle with its rule and every share. `ordered`: whole cases of it;
    `unfilled`: what was asked beside them and fills no case;
    `inputs`: the bytes whose hash is published, once nobody can change a claim."""

    product: Product
    cycle: CycleRow
    rule: str
    adopted: T
    estate: int
    ordered: int
    unfilled: int
    asked: int
    is_short: bool
    is_awarded: bool
    rows: tuple[Share, ...]
    hidden: int
    input_hash: str
    inputs: str
    tie_commitment: str
    tie_salt: str

    @property
    def is_told(self) -> bool:
        """Whether sums are told: those of a few orders would tell what one of them is."""
        return bool(self.rows) or not self.hidden


def shortage(product_id: UUID, actor: Actor) -> Shortage | None:
    """One product: shares as they are, or as they would be were orders closed now."""
    found = product_pool(product_id)
    told = product(product_id)
    if found is None or told is None or found.parent is None:
        return None
    claims = claims_of(found)
    given = input_of(found, claims)
    asks = asks_of(claims)
    tried = allotting.what_if(given, asks)
    ours = allotting.allot_product(given, asks)
    whole = cycle(found.parent.id, actor)
    assert whole is not None
    rows = _shares(found, claims, tried, actor, can_run=whole.can_run)
    inputs = ours.inputs.decode() if found.input_hash and may_read_inputs(found, actor) else ""
    if hashlib.sha256(inputs.encode()).hexdigest() != found.input_hash:
        inputs = ""
    return Shortage(
        product=told,
        cycle=cycle_rows([found.parent], actor)[0],
        rule=given.rule.value,
        adopted=adopted(found.parent),
        estate=given.estate,
        ordered=ours.ordered,
        unfilled=why.unfilled(ours.reasons[0]) if ours.reasons else 0,
        asked=sum(one.asked for one in claims),
        is_short=sum(one.asked for one in claims) > ours.ordered,
        is_awarded=bool(claims) and all(one.awarded is not None for one in claims),
        rows=rows,
        hidden=len(claims) - len(rows),
        input_hash=found.input_hash,
        inputs=inputs,
        tie_commitment=whole.tie_commitment,
        tie_salt=whole.tie_salt,
    )


def shown_from() -> int:
    """From how many orders of a product on what they ask for together is told to everybody."""
    return rulebook.value(SHOWN_RULE).integer


def input_of(found: Pool, claims: Sequence[Claim]) -> allotting.ProductInput:
    """What the rule is given: what was written with the awards, else what stands now."""
    assert found.parent is not None
    terms = product_terms(found)
    kept = next((one.reason for one in claims if one.reason.get("estate") is not None), None)
    estate = found.estate or 0
    if found.asset is not None and found.asset.stock is not None:
        estate = min(estate, found.asset.stock - (found.asset.reserved or 0))
    return allotting.ProductInput(
        estate=int(kept["estate"]) if kept else 0 if found.cancelled else max(0, estate),
        lot=found.lot,
        case=terms.case,
        price=found.price or 0,
        rule=Rule(str(kept["rule"]) if kept else cycle_terms(found.parent).rule),
        salt=bytes(found.parent.tie_salt or b""),
        rule_version=str(kept.get("rule_version", "")) if kept else "",
    )


def asks_of(claims: Sequence[Claim]) -> list[allotting.Ask]:
    """Claims as the rule sees them, in the order of asking."""
    return [
        allotting.Ask(
            id=str(one.id),
            asked=one.asked,
            firm=one.firm,
            tolerance=one.tolerance,
            weight=one.weight,
            protected=one.protected,
            order=place,
        )
        for place, one in enumerate(claims)
    ]


def _shares(
    found: Pool,
    claims: Sequence[Claim],
    tried: Mapping[Rule, Sequence[int]],
    actor: Actor,
    *,
    can_run: bool,
) -> tuple[Share, ...]:
    """Shares, one's own first, then by pseudonym: the order of asking is the same for every product
    of a basket. Who has no part sees single ones only where there are enough."""
    mine = {n for n, one in enumerate(claims) if actor.behalf and one.person == actor.behalf}
    if not mine and not can_run and len(claims) < rulebook.value(SHOWN_RULE).integer:
        return ()
    order = sorted(range(len(claims)), key=lambda n: (n not in mine, str(claims[n].id)))
    return tuple(
        Share(
            name=pseudonym(claims[n].id),
            is_mine=n in mine,
            asked=claims[n].asked,
            tolerance=claims[n].tolerance,
            protected=claims[n].protected,
            awarded=claims[n].awarded,
            reason=_reason(claims[n], found.unit) if n in mine else None,
            others={rule.value: awards[n] for rule, awards in tried.items()},
        )
        for n in order
    )


def _reason(claim: Claim, unit: str) -> T | None:
    if claim.awarded is None:
        return None
    return why.sentence(claim.reason, claim.asked, claim.awarded, unit)
