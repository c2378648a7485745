"""The objects of the food actions, through the actor's scope; outside it: not found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model, QuerySet

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Listing, Pool
from dure.exchange.processes.food_order import FOOD_ORDER
from dure.registry.models import Organisation

M = TypeVar("M", bound=Model)
# Any: each action its own body; the door hands over what the action declared.
PUBLIC = "cycles and their products are public"


@dataclass(frozen=True, slots=True)
class Supply:
    """A producer's part of a cycle; `organisation_id` is the hub's."""

    cycle: Pool
    producer: Organisation
    product: Pool | None = None

    @property
    def organisation_id(self) -> UUID | None:
        """The hub that runs the cycle."""
        found: UUID | None = self.cycle.organisation_id
        return found

    @property
    def district_id(self) -> str:
        """The district of the hub."""
        return str(self.cycle.district_id)

    @property
    def is_known(self) -> bool:
        """Whether the hub has ever had a product of this producer in a cycle."""
        rows = Pool.rows.filter(parent__organisation=self.organisation_id)
        return bool(rows.filter(organisation=self.producer).exists())


def _cycles() -> QuerySet[Pool]:
    return Pool.objects.everything(PUBLIC).filter(kind=Pool.Kind.ORDER_CYCLE, parent=None)


def cycle(body: Any, actor: Actor) -> Pool:
    """A cycle that the actor works at."""
    rows = Pool.objects.within(actor).filter(kind=Pool.Kind.ORDER_CYCLE, parent=None)
    found: Pool = _one(rows, body.cycle_id, "cycle_id")
    return found


def lock_cycle(body: Any, actor: Actor) -> Pool:
    """The same, locked."""
    rows = Pool.objects.within(actor).filter(kind=Pool.Kind.ORDER_CYCLE, parent=None)
    rows = rows.select_for_update(of=("self",), no_key=True)
    found: Pool = _one(rows, body.cycle_id, "cycle_id")
    return found


def any_cycle(body: Any, actor: Actor) -> Pool:
    """A cycle; they are public, the policy decides."""
    return _one(_cycles(), body.cycle_id, "cycle_id")


def lock_any_cycle(body: Any, actor: Actor) -> Pool:
    """The same, locked."""
    rows = _cycles().select_for_update(of=("self",), no_key=True)
    return _one(rows, body.cycle_id, "cycle_id")


def supply(body: Any, actor: Actor) -> Supply:
    """A cycle, and the producer whose list comes in."""
    found = _one(_cycles().select_related("organisation"), body.cycle_id, "cycle_id")
    return Supply(found, _producer(body.producer_id))


def lock_supply(body: Any, actor: Actor) -> Supply:
    """The same, the cycle locked."""
    rows = _cycles().select_for_update(of=("self",), no_key=True)
    found = _one(rows, body.cycle_id, "cycle_id")
    return Supply(found, _producer(body.producer_id))


def _producer(organisation_id: str) -> Organisation:
    rows = Organisation.rows.filter(id=organisation_id, merged_into=None, ended_on=None)
    found: Organisation | None = rows.first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="producer_id")
    return found


def product(body: Any, actor: Actor) -> Supply:
    """A product of a cycle."""
    found = _one(_products(), body.product_id, "product_id")
    assert found.parent is not None and found.organisation is not None
    return Supply(found.parent, found.organisation, found)


def lock_product(body: Any, actor: Actor) -> Supply:
    """The same, its cycle locked first, then itself."""
    known = _one(_products(), body.product_id, "product_id")
    parents = _cycles().select_for_update(of=("self",), no_key=True)
    parent = _one(parents, str(known.parent_id), "product_id")
    rows = _products().select_for_update(of=("self",), no_key=True)
    found = _one(rows, body.product_id, "product_id")
    assert found.organisation is not None
    return Supply(parent, found.organisation, found)


def packed_product(body: Any, actor: Actor) -> Supply:
    """A product of a cycle that the actor works at."""
    found = _one(_products(), body.product_id, "product_id")
    hosted = Pool.objects.within(actor).select_related("organisation")
    parent = _one(hosted, str(found.parent_id), "product_id")
    assert found.organisation is not None
    return Supply(parent, found.organisation, found)


def lock_packed_product(body: Any, actor: Actor) -> Supply:
    """The same, the baskets that are weighed locked; ids rising."""
    found = packed_product(body, actor)
    baskets = Agreement.rows.filter(
        pool=found.cycle, id__in=[one.agreement_id for one in body.weights]
    )
    list(baskets.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk"))
    return found


def _products() -> QuerySet[Pool]:
    rows = Pool.objects.everything(PUBLIC).filter(kind=Pool.Kind.ORDER_CYCLE)
    return rows.filter(parent__isnull=False).select_related("parent", "organisation")


def basket(body: Any, actor: Actor) -> Agreement:
    """A basket of the actor's scope."""
    found: Agreement = _one(_baskets(actor), body.agreement_id, "agreement_id")
    return found


def lock_basket(body: Any, actor: Actor) -> Agreement:
    """The same, locked."""
    rows = _baskets(actor).select_for_update(of=("self",), no_key=True)
    found: Agreement = _one(rows, body.agreement_id, "agreement_id")
    return found


def _baskets(actor: Actor) -> QuerySet[Agreement]:
    rows = Agreement.objects.within(actor).filter(process=FOOD_ORDER.key)
    return rows.select_related("pool", "spec", "asset", "listing")


def standing(body: Any, actor: Actor) -> Listing:
    """A standing order of the actor's."""
    rows = Listing.objects.within(actor).filter(terms__has_key="standing")
    found: Listing = _one(rows, body.listing_id, "listing_id")
    return found


def lock_standing(body: Any, actor: Actor) -> Listing:
    """The same, locked."""
    rows = Listing.objects.within(actor).filter(terms__has_key="standing")
    rows = rows.select_for_update(of=("self",), no_key=True)
    found: Listing = _one(rows, body.listing_id, "listing_id")
    return found


def _one(rows: QuerySet[M], wanted: str, field: str) -> M:
    found: M | None = rows.filter(id=wanted).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field=field)
    return found


def check_open(cycle: Pool) -> None:
    """Refuse once a cycle is closed, cancelled or allotted."""
    over = cycle.closes <= clock.now()
    if cycle.cancelled or cycle.state != Pool.State.OPEN or over:
        raise Refusal(ExchangeCode.NO_ORDERS_NOW)
