"""Cycles, products and baskets for the matrix."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from dure.core import clock
from dure.core.actors import Actor
from dure.exchange.models import Agreement, Attestation, Listing, Party, Pool
from tests.harness.given import given
from tests.harness.matrix import Place, slot, value

FOOD = {"title": "감자", "unit": "GRM", "lot": 500, "price": 3000, "estate": 1000}
value("exchange.catalogue.load:lines", [FOOD])
value("exchange.cycle.open:opens", lambda place, actor: clock.now().isoformat())
value("exchange.cycle.open:closes", lambda place, actor: _in(hours=1))
value("exchange.cycle.open:pickup", lambda place, actor: _in(hours=2))
for _name in ("closes", "pickup"):
    value(f"exchange.cycle.change:{_name}", None)
value("exchange.basket.fill:lines", [])


def _in(hours: int) -> str:
    return (clock.now() + timedelta(hours=hours)).isoformat()


@slot("exchange.cycle.open:organisation_id")
def food_hub(place: Place, actor: Actor) -> str:
    return str(place.organisation.id)


@slot(
    "exchange.cycle.change:cycle_id",
    "exchange.cycle.cancel:cycle_id",
    "exchange.cycle.export:cycle_id",
    "exchange.packing.export:cycle_id",
    "exchange.delivery.export:cycle_id",
)
def own_cycle(place: Place, actor: Actor) -> str:
    return str(_cycle(place).id)


@slot("exchange.cycle.pay:cycle_id")
def cycle_to_pay(place: Place, actor: Actor) -> str:
    return str(_cycle(place, terms={}).id)


@slot("exchange.catalogue.load:cycle_id")
def cycle_to_fill(place: Place, actor: Actor) -> str:
    return str(_cycle(place).id)


@slot("exchange.catalogue.load:producer_id", "exchange.delivery.export:producer_id", placed=False)
def any_producer(place: Place, actor: Actor) -> str:
    return str(place.organisation.id)


def _cycle(place: Place, parent: Pool | None = None, **more: object) -> Pool:
    now = clock.now()
    with given() as audit:
        return Pool.rows.create(
            kind="order_cycle",
            parent=parent,
            organisation=place.organisation,
            district_id=place.district,
            title="회차",
            opens=now - timedelta(hours=1),
            closes=now + timedelta(hours=1),
            pickup=now + timedelta(hours=2),
            created_at=now,
            audit=audit,
            **more,
        )


@slot("exchange.product.change:product_id")
def product(place: Place, actor: Actor) -> str:
    made = _cycle(place, _cycle(place), lot=500, price=3000, estate=1000, unit="GRM", terms={})
    return str(made.id)


def _basket(place: Place, state: str) -> Agreement:
    now = clock.now()
    with given() as audit:
        return Agreement.rows.create(
            process="food_order",
            version=1,
            state=state,
            organisation=place.organisation,
            district_id=place.district,
            case_id=uuid4(),
            pool=_cycle(place),
            terms={"lines": []},
            opened_at=now,
            entered_at=now,
            audit=audit,
        )


@slot("exchange.basket.fill:agreement_id", owned=True, placed=False)
def own_basket(place: Place, actor: Actor) -> str:
    made = _basket(place, "cart")
    with given() as audit:
        Party.rows.create(agreement=made, role="buyer", person=place.owner, audit=audit)
    return str(made.id)


@slot("exchange.basket.weigh:agreement_id")
def basket_to_pack(place: Place, actor: Actor) -> str:
    return str(_basket(place, "allocated").id)


@slot("exchange.product.weigh:product_id")
def product_to_weigh(place: Place, actor: Actor) -> str:
    return product(place, actor)


value("exchange.product.weigh:weights", [{"agreement_id": str(uuid4()), "weighed": 1}])


@slot("exchange.crate.take_back:agreement_id")
def basket_with_its_crate_out(place: Place, actor: Actor) -> str:
    made = _basket(place, "delivered")
    assert made.pool is not None
    with given() as audit:
        made.pool.terms = {"deposit": 2000}
        made.pool.audit = audit
        made.pool.save(update_fields=["terms", "audit"])
        Attestation.rows.create(
            agreement=made,
            role="buyer",
            transition="hand_over",
            kind="confirm",
            value={},
            made_at=clock.now(),
            audit=audit,
        )
    return str(made.id)


value("exchange.basket.weigh:weights", [{"product_id": str(uuid4()), "weighed": 1}])


@slot("exchange.standing.close:listing_id", owned=True, placed=False)
def own_standing(place: Place, actor: Actor) -> str:
    with given() as audit:
        made = Listing.rows.create(
            title="정기 주문",
            organisation=place.organisation,
            district_id=place.district,
            person=place.owner,
            reciprocity="gift",
            side="request",
            audience="members",
            state="paused",
            terms={"standing": []},
            created_at=clock.now(),
            audit=audit,
        )
    return str(made.id)


@slot("exchange.standing.set:organisation_id", placed=False)
def any_hub(place: Place, actor: Actor) -> str:
    return str(place.organisation.id)


value("exchange.standing.set:lines", [{"spec_id": 1, "asked": 0}])
