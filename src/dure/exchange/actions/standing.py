"""Standing orders: a member's word for every cycle of a hub, placed when the cycle opens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from pydantic import Field

from dure.core import clock, jobs, locks, notices
from dure.core.actions import Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.models.work import Notice
from dure.core.policies import is_person
from dure.core.text import T
from dure.core.types import Part, UuidText
from dure.exchange import answers as typed
from dure.exchange import baskets, beginning, food_subjects, interpreter, policies, subjects
from dure.exchange.apart import apart
from dure.exchange.beginning import Opening
from dure.exchange.cases import Case
from dure.exchange.errors import ExchangeCode
from dure.exchange.filling import line_of
from dure.exchange.food_terms import cycle_terms
from dure.exchange.models import Listing, Pool, Spec
from dure.exchange.posting_out import post_each
from dure.exchange.processes.food_order import FOOD_ORDER, S
from dure.ledger.posting import Movement
from dure.registry.models import Organisation, Person

from .agreements import LABELS, NOTICES, PARTIES, WRITES
from .assets import SpecId
from .baskets import Asked

CYCLES_AT_ONCE = 5
LOCK_CLASS = 8002
TITLE = T("정기 먹거리 주문", "Standing food order")
PLACED = notices.template(
    "exchange.standing_placed",
    subject=T("정기 주문을 넣었습니다", "Your standing order was placed"),
    text=T(
        "새 회차에 정기 주문을 넣었습니다. 마감 전까지 고치거나 뺄 수 있습니다.",
        "Your standing order was placed in a new cycle. You may change or drop it until it closes.",
    ),
    path="/exchange/agreements/%(agreement)s/",
    urgency=Notice.Urgency.DAY,
)
SHORT = notices.template(
    "exchange.standing_short",
    subject=T("정기 주문을 넣지 못했습니다", "Your standing order could not be placed"),
    text=T(
        "새 회차에 정기 주문을 넣지 못했습니다. 잔액과 물건을 살펴보고 직접 주문해 주세요.",
        "Your standing order could not be placed. Please see your balance and what there is.",
    ),
    path="/exchange/food/%(cycle)s/",
    urgency=Notice.Urgency.DAY,
)


class StandingItem(Part):
    """What is wanted of every cycle, in the unit of the kind of food."""

    spec_id: SpecId
    asked: Asked
    tolerance: Asked = 0


@dataclass(frozen=True, slots=True)
class StandingRef:
    """The id of a standing order."""

    id: str


@action(
    "exchange.standing.set",
    ko="정기 주문을 맡깁니다.",
    en="Give a standing order.",
    policy=is_person,
    letters=PARTIES,
    subject=subjects.organisation,
    idempotent=True,
    for_another=True,
    writes=("exchange_listing",),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.BAD_QUANTITY),
)
def set_standing(
    organisation_id: UuidText,
    lines: Annotated[
        tuple[StandingItem, ...], Field(strict=False, min_length=1, max_length=baskets.LINES_MAX)
    ],
    *,
    actor: Actor,
) -> StandingRef:
    """Say what is wanted of every cycle of a hub; a new word takes the place of the old one.

    Effects: a request Listing that others do not see.
    """
    host = subject(Organisation)
    specs = {one.spec_id for one in lines}
    food = Spec.rows.filter(pk__in=specs, kind=Spec.Kind.FOOD).count()
    wanted = all(one.asked + one.tolerance > 0 for one in lines)
    if food != len(specs) or len(specs) != len(lines) or not wanted:
        why = T("먹거리마다 한 줄씩 적어 주세요", "please write one line for each kind of food")
        raise Refusal(ExchangeCode.BAD_QUANTITY, field="lines", why=why)
    assert actor.behalf is not None
    locks.advisory(LOCK_CLASS, [actor.behalf.int % 2**31])  # so that two words at once are one
    rows = _running(host.id).filter(person=actor.behalf).select_for_update(no_key=True)
    made = rows.first() or Listing(
        id=uuid4(),
        side=Listing.Side.REQUEST,
        person=actor.behalf,
        organisation=host,
        district_id=host.district_id,
        title=TITLE.ko,
        audience="members",
        reciprocity=Listing.Reciprocity.GIFT,
        state=Listing.State.PAUSED,
        created_at=clock.now(),
    )
    made.terms = {
        "standing": [
            {"spec": one.spec_id, "asked": one.asked, "tolerance": one.tolerance} for one in lines
        ]
    }
    made.audit = line().id
    made.save()
    line().object("exchange.listing", made.id)
    line().organisation(host.id)
    line().changed("lines", None, len(lines))
    return StandingRef(str(made.id))


def _running(organisation_id: object) -> QuerySet[Listing]:
    rows: QuerySet[Listing] = Listing.rows.filter(
        organisation=organisation_id, terms__has_key="standing", closed_at=None
    )
    return rows


def _awake(organisation_id: object) -> QuerySet[Listing]:
    """The standing orders of people who are here; nobody orders for who rests or was erased."""
    gone = Person.rows.filter(state__in=(Person.State.PAUSED, Person.State.ERASED))
    return _running(organisation_id).exclude(person__in=gone.values("id"))


@action(
    "exchange.standing.close",
    ko="정기 주문을 그만둡니다.",
    en="End a standing order.",
    policy=policies.may_stand,
    letters=PARTIES,
    subject=food_subjects.standing,
    lock=food_subjects.lock_standing,
    idempotent=True,
    for_another=True,
    writes=("exchange_listing",),
    refusals=(CoreCode.NOT_FOUND,),
)
def close_standing(listing_id: UuidText, *, actor: Actor) -> StandingRef:
    """Take the word back; what was placed already stays, and may be changed until it closes."""
    found = subject(Listing)
    if found.closed_at is None:
        found.state = Listing.State.CLOSED
        found.closed_at = clock.now()
        found.audit = line().id
        found.save(update_fields=["state", "closed_at", "audit"])
    line().object("exchange.listing", found.id)
    line().organisation(found.organisation_id)
    return StandingRef(str(found.id))


@dataclass(frozen=True, slots=True)
class StandingPlaced:
    """How many cycles were looked at, how many orders were placed, how many could not be."""

    cycles: int
    placed: int
    short: int


@action(
    "exchange.standing.place",
    ko="열린 회차에 정기 주문을 넣습니다.",
    en="Place the standing orders in cycles that have opened.",
    policy=policies.may_tick,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("cli", "job"),
    writes=(*WRITES, "exchange_pool"),
    labels=LABELS,
    notices=(*NOTICES, PLACED, SHORT),
)
def place_standing(*, actor: Actor) -> StandingPlaced:
    """Open and place a basket for every standing order, once a cycle, as its member said.

    Each inside a savepoint: whoever has too little, also for two orders together, or wants what
    is not there, or meets a fault of ours, is told, and the others go on. What is asked is rounded
    down to whole lots.
    """
    cycles = list(
        _due().select_for_update(of=("self",), no_key=True, skip_locked=True)[:CYCLES_AT_ONCE]
    )
    wanted = [
        Wanted(cycle, order, products)
        for cycle in cycles
        for products in [{one.spec_id: one for one in _products(cycle)}]
        for order in _awake(cycle.organisation_id).order_by("created_at", "id")
    ]
    placed = _place_all(wanted)
    for cycle in cycles:
        cycle.terms = typed.to_json(replace(cycle_terms(cycle), standing=True))
        cycle.audit = line().id
        cycle.save(update_fields=["terms", "audit"])
    line().changed("placed", None, placed)
    return StandingPlaced(len(cycles), placed, len(wanted) - placed)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A standing order in a cycle, and the products of the cycle by their kind."""

    cycle: Pool
    order: Listing
    products: Mapping[int | None, Pool]


def _place_all(wanted: Sequence[Wanted]) -> int:
    """Place what can be placed and held, all in one posting; how many orders that are."""
    refused: set[int] = set()
    again = True
    done: list[tuple[int, tuple[Movement, ...]]] = []
    while again:
        with transaction.atomic():
            done = []
            for number, one in enumerate(wanted):
                rows = _basket(one) if number not in refused else None
                if rows is not None:
                    done.append((number, rows))
                    continue
                assert one.order.person is not None
                notices.tell_many([one.order.person], SHORT, places={"cycle": str(one.cycle.id)})
            misfits = post_each(done)
            refused |= misfits.keys()
            again = bool(misfits)  # then all of them once more, without those
            transaction.set_rollback(again)
    return len(done)


def _products(cycle: Pool) -> QuerySet[Pool]:
    rows: QuerySet[Pool] = Pool.rows.filter(parent=cycle, cancelled=False, spec__isnull=False)
    return rows


def _basket(one: Wanted) -> tuple[Movement, ...] | None:
    """Place one order; what it holds, or None where it could not be placed."""
    order = one.order
    assert order.person is not None
    buyer = Actor.person(order.person, origin="standing", assured=False)
    lines = _lines(order.terms["standing"], one.products)
    try:
        with apart(f"standing order {order.id}"):
            basket, movements = _place(one.cycle, order, lines, buyer)
    except Refusal:
        return None
    notices.tell_many([order.person], PLACED, places={"agreement": basket})
    return movements


def _place(
    cycle: Pool, order: Listing, lines: Sequence[baskets.BasketLine], buyer: Actor
) -> tuple[str, tuple[Movement, ...]]:
    start = FOOD_ORDER.transition(None, "open")
    place = FOOD_ORDER.transition(S.CART, "place")
    assert start is not None and place is not None
    at = Opening(
        FOOD_ORDER, start, cycle, None, None, cycle.organisation_id, cycle.district_id, None
    )
    made, _ = beginning.begin(at, None, None, (), buyer)
    made.terms = typed.to_json(baskets.Terms(tuple(lines), str(order.id)))
    made.save(update_fields=["terms"])
    taken = interpreter.take(Case(made, place, FOOD_ORDER), buyer)
    return str(made.id), taken.movements


def _lines(
    wanted: Sequence[Mapping[str, Any]],  # Any: stored whole numbers
    products: Mapping[int | None, Pool],
) -> list[baskets.BasketLine]:
    """What there is of it now, in whole lots."""
    found = []
    for one in wanted:
        product = products.get(one["spec"])
        if product is None:
            continue
        asked, tolerance = (
            one[name] // product.lot * product.lot for name in ("asked", "tolerance")
        )
        if asked + tolerance:
            found.append(line_of(product, asked, tolerance))
    return found


def _due() -> QuerySet[Pool]:
    """Cycles that take orders now, have products, and hold no standing orders yet."""
    now = clock.now()
    rows = Pool.rows.filter(
        kind=Pool.Kind.ORDER_CYCLE,
        parent=None,
        state=Pool.State.OPEN,
        cancelled=False,
        opens__lte=now,
        closes__gt=now,
        parts__isnull=False,
    ).exclude(terms__standing=True)
    found: QuerySet[Pool] = Pool.rows.filter(pk__in=rows.values("pk")).order_by("id")
    return found


def is_place_due() -> bool:
    """Whether a cycle has opened whose standing orders are not placed."""
    return bool(_due().exists())


jobs.timer("exchange.standing.place", cron="* * * * *", when=is_place_due)
