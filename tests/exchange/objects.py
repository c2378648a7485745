"""Objects of the exchange for the matrix: an event of an organisation and a case at it."""

from __future__ import annotations

from datetime import timedelta

from dure.core import clock
from dure.core.actions import run
from dure.core.actors import Actor, Role
from tests.harness import people
from tests.harness.matrix import Place, apart, slot, value


@slot("pool_id")
def pool(place: Place, actor: Actor) -> str:
    keeper = people.person_with(Role.STAFF, organisation=place.organisation)
    now = clock.now()
    body = {
        "organisation_id": str(place.organisation.id),
        "title": "수리 모임",
        "place": "마을회관",
        "opens": (now - timedelta(hours=1)).isoformat(),
        "closes": (now + timedelta(hours=3)).isoformat(),
    }
    return str(run("exchange.pool.open", body, keeper).result.id)


slot("exchange.agreement.open:pool_id", placed=False)(pool)


@slot("agreement_id")
def agreement(place: Place, actor: Actor) -> str:
    keeper = people.person_with(Role.STAFF, organisation=place.organisation)
    body = {"pool_id": pool(place, actor), "items": [ITEM]}
    return str(run("exchange.repair.record", body, keeper).result.ids[0])


@slot("exchange.agreement.step:agreement_id", owned=True)
def case(place: Place, actor: Actor) -> str:
    body = {"pool_id": pool(place, actor)}
    return str(run("exchange.agreement.open", body, Actor.person(place.owner)).result.id)


ITEM: dict[str, object] = {"category": 16, "outcome": "fixed"}
value("exchange.repair.record:items", [ITEM])
value(
    "exchange.pool.open:opens", lambda place, actor: (clock.now() + timedelta(hours=1)).isoformat()
)
value(
    "exchange.pool.open:closes", lambda place, actor: (clock.now() + timedelta(hours=3)).isoformat()
)
apart("exchange.repair.import", "its content is a read file; run in the tests of repairs")
