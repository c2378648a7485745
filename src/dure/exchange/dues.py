"""What a hub owes its producers for a cycle: what buyers paid, split by what each one brought.

Law: what a basket really cost is split over its lines by their value, to the won; the hub keeps
the part that its rule says, rounded down, and the parts sum to what was paid.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Sum

from dure.core import rulebook
from dure.engines.splits import split
from dure.exchange import answers as typed
from dure.exchange import baskets
from dure.exchange.baskets import Got
from dure.exchange.models import Agreement, Attestation, Claim, Pool
from dure.exchange.processes.food_order import PURPOSE
from dure.ledger.models import Account, Transfer

KEPT_RULE = "exchange.food.hub_ppm"
PPM = 1_000_000
MOVED = (Transfer.Kind.POST, Transfer.Kind.SETTLE)
BACK = (Transfer.Kind.REVERSAL, Transfer.Kind.REFUND)


@dataclass(frozen=True, slots=True)
class Due:
    """What one producer is to get, and what the hub keeps of what buyers paid for its food."""

    producer_id: UUID
    paid: int
    kept: int

    @property
    def amount(self) -> int:
        """What is paid to the producer."""
        return self.paid - self.kept


def dues(cycle: Pool) -> tuple[Due, ...]:
    """What each producer of a cycle is owed, by id; in the unit of the cycle."""
    scopes = (("bylaw", str(cycle.organisation_id)), ("district", str(cycle.district_id)))
    ppm = rulebook.value(KEPT_RULE, scopes=scopes).integer
    brought: dict[UUID, int] = defaultdict(int)
    for producer, won in _brought(cycle):
        brought[producer] += won
    return tuple(
        Due(producer, won, won * ppm // PPM) for producer, won in sorted(brought.items()) if won
    )


def _brought(cycle: Pool) -> list[tuple[UUID, int]]:
    """What was paid for the food of each producer, basket by basket."""
    producers = dict(Pool.rows.filter(parent=cycle).values_list("id", "organisation_id"))
    rows = Agreement.rows.filter(pool=cycle, state="settled")
    cases = {one.pk: one for one in rows}
    paid = _paid(list(cases))
    agreed = _missing(list(cases))
    got: dict[UUID, dict[str, Got]] = defaultdict(dict)
    claims = Claim.rows.filter(agreement__in=cases, withdrawn_at=None)
    for case, pool, awarded, weighed in claims.values_list(
        "agreement_id", "pool_id", "awarded", "weighed"
    ):
        missing = agreed.get(case, {}).get(str(pool), 0)
        got[case][str(pool)] = Got(awarded, weighed, missing)
    found: list[tuple[UUID, int]] = []
    for number, case in cases.items():
        lines = typed.restore(baskets.Terms, case.terms).lines
        values = [baskets.value(one, got[number].get(one.product, Got(0))) for one in lines]
        if paid.get(number, 0) <= 0 or not sum(values):
            continue
        for one, won in zip(lines, split(paid[number], values), strict=True):
            producer = producers[UUID(one.product)]
            assert producer is not None
            found.append((producer, won))
    return found


def _missing(cases: list[UUID]) -> dict[UUID, dict[str, int]]:
    """What was agreed to be missing, of which product, where somebody said so."""
    said: dict[UUID, dict[str, dict[str, Any]]] = defaultdict(dict)  # Any: stored answers
    rows = Attestation.rows.filter(agreement__in=cases, transition__in=("claim", "resolve"))
    for case, name, value in rows.order_by("seq").values_list(
        "agreement_id", "transition", "value"
    ):
        said[case][name] = value
    return {
        case: {told["claim"]["product"]: min(told["claim"]["missing"], told["resolve"]["missing"])}
        for case, told in said.items()
        if "claim" in told and "resolve" in told
    }


def _paid(cases: list[UUID]) -> dict[UUID, int]:
    """What stands paid for each case; what went back does not, whoever gave it back. Of a payment
    between two books the one of the payer counts alone."""
    rows = Transfer.rows.filter(grp__in=cases, kind__in=MOVED, purpose=PURPOSE)
    rows = rows.exclude(debit__type=Account.Type.CLEARING)
    back = Transfer.rows.filter(ref__in=rows.values("pk"), kind__in=BACK)
    gone = dict(back.values_list("ref_id").annotate(total=Sum("amount")))
    paid: dict[UUID, int] = defaultdict(int)
    for number, group, amount in rows.values_list("pk", "grp", "amount"):
        paid[group] += amount - gone.get(number, 0)
    return paid
