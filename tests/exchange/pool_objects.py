"""Pools of hours and rounds of hours for the matrix."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from dure.core import clock
from dure.core.actors import Actor
from dure.exchange.models import Claim, Pool
from tests.harness.given import given
from tests.harness.matrix import Place, slot, value

value(
    "exchange.gift_pool.open:closes",
    lambda place, actor: (clock.now() + timedelta(days=7)).isoformat(),
)
value("exchange.gift_pool.ask:minutes", 15)
value("exchange.hours_round.propose:instead_of", None)


def _pool(place: Place, kind: str) -> Pool:
    now = clock.now()
    with given() as audit:
        made: Pool = Pool.rows.create(
            kind=kind,
            organisation=place.organisation,
            district_id=place.district,
            title="시간",
            opens=now - timedelta(hours=1),
            closes=now + timedelta(hours=1),
            unit="MIN",
            lot=15,
            rule_key="cea",
            created_at=now,
            audit=audit,
        )
    return made


@slot("exchange.gift_pool.open:organisation_id", "exchange.hours_round.propose:organisation_id")
def host_of_hours(place: Place, actor: Actor) -> str:
    return str(place.organisation.id)


@slot("exchange.gift_pool.divide:pool_id")
def gift_pool(place: Place, actor: Actor) -> str:
    return str(_pool(place, "fund_call").id)


@slot("exchange.gift_pool.give:pool_id", "exchange.gift_pool.ask:pool_id", placed=False)
def any_gift_pool(place: Place, actor: Actor) -> str:
    return gift_pool(place, actor)


@slot("exchange.hours_round.run:pool_id")
def hours_round(place: Place, actor: Actor) -> str:
    return str(_pool(place, "clearing_round").id)


@slot("exchange.hours_round.consent:pool_id", owned=True, placed=False)
def round_with_me(place: Place, actor: Actor) -> str:
    made = _pool(place, "clearing_round")
    with given() as audit:
        Claim.rows.create(
            pool=made,
            person=place.owner,
            asked=15,
            awarded=15,
            reason={"giver": str(uuid4())},
            made_at=made.opens,
            audit=audit,
        )
    return str(made.id)
