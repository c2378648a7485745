"""The demo's food hub: invented producers' lists, a cycle that runs and one that was shared out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction

from dure.core import actions, clock
from dure.core.actions import Who, action, line
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.running import current
from dure.core.text import T
from dure.exchange import closing, policies
from dure.exchange.models import Agreement, Pool
from dure.ledger.models import Programme, ProgrammeShop
from dure.registry.models import Login, Mandate, Organisation

TOLD = "시연용으로 지어낸 회차입니다."
ENGINE = Actor.timer("exchange.pool.slice")
BUYERS = ("demo_auditor", "demo_board2", "demo_resident", "demo_city", "demo_official2")
# title, English, unit, lot, price, estate, case, grams each, margin, origin, place
LISTS: tuple[tuple[tuple[str, str, str, int, int, int, int, int, int, str, str], ...], ...] = (
    (
        ("감자", "Potatoes", "GRM", 1000, 3200, 40_000, 10_000, 0, 100_000, "capital", "여주"),
        ("대파", "Leeks", "GRM", 500, 1800, 15_000, 0, 0, 50_000, "capital", "고양"),
        ("딸기", "Strawberries", "GRM", 200, 1900, 1_000, 0, 0, 50_000, "capital", "양평"),
        ("시금치", "Spinach", "GRM", 300, 2100, 9_000, 0, 0, 50_000, "capital", "포천"),
    ),
    (
        ("두부", "Tofu", "H87", 1, 2800, 36, 6, 420, 0, "seoul", "마포"),
        ("유정란 열 알", "Ten eggs", "H87", 1, 4900, 24, 6, 600, 0, "korea", "괴산"),
        ("현미 1kg", "Brown rice, 1 kg", "H87", 1, 5200, 30, 0, 1000, 0, "korea", "홍성"),
        ("사과즙", "Apple juice", "H87", 1, 1500, 60, 20, 120, 0, "korea", "거창"),
    ),
)


@dataclass(frozen=True, slots=True)
class DemoFood:
    """How many cycles, products and baskets were invented."""

    cycles: int
    products: int
    baskets: int


@action(
    "exchange.demo.feed",
    ko="지어낸 먹거리 나눔터를 채웁니다.",
    en="Fill in an invented food hub.",
    policy=policies.may_install,
    letters={},
    who=Who.OPERATOR,
    faces=("cli",),
    idempotent=True,
    long=True,
    writes=("exchange_pool", "exchange_timer"),
    refusals=(CoreCode.NOT_ALLOWED, CoreCode.NOT_FOUND),
)
def load_food(*, actor: Actor) -> DemoFood:
    """Let the demo's people run two cycles paid in vouchers, through the same actions as anybody.

    Everything is synthetic; the texts and the cycles say so.
    """
    if not settings.DEMO:
        raise Refusal(CoreCode.NOT_ALLOWED, role=T("시연 설정", "demo setting"))
    found = Login.objects.filter(handle__startswith="demo_", person__isnull=False)
    people: dict[str, Actor] = {
        handle: Actor.person(person, origin="demo", assured=True)
        for handle, person in found.values_list("handle", "person_id")
    }
    keeper = people.get("demo_keeper")
    host = _host(keeper)
    programme = _programme(host, people)
    if keeper is None or host is None or programme is None:
        return DemoFood(0, 0, 0)
    buyers = [people[one] for one in BUYERS if one in people]
    now = clock.now()
    past = _cycle(actor, host, "지난주 장보기(시연)", now - timedelta(days=1), now)
    products = _lists(keeper, host, past)
    baskets = _past(past, products, buyers, keeper)
    running = _cycle(actor, host, "이번 주 장보기(시연)", now, now + timedelta(days=2))
    products = _lists(keeper, host, running)
    baskets += _running(running, products, buyers)
    line().changed("baskets", None, baskets)
    return DemoFood(2, len(products) * 2, baskets)


def _host(keeper: Actor | None) -> Organisation | None:
    if keeper is None:
        return None
    held = Mandate.rows.filter(person=keeper.id, role="staff", scope_kind="organisation").first()
    return Organisation.rows.filter(id=held.scope_id).first() if held is not None else None


def _programme(host: Organisation | None, people: Mapping[str, Actor]) -> Programme | None:
    """The demo's voucher programme, with the hub among its shops."""
    official = people.get("demo_official")
    found: Programme | None = Programme.rows.filter(unit__code="VCH").order_by("pk").first()
    if host is None or official is None or found is None:
        return None
    rows = ProgrammeShop.rows.filter(programme=found, account__owner_organisation=host)
    if not rows.exists():
        body = {"programme_id": str(found.pk), "shop_id": str(host.pk), "sales": 200_000_000}
        _do("ledger.programme.shop", body, official)
    return found


def _cycle(actor: Actor, host: Organisation, title: str, opens: datetime, closes: datetime) -> str:
    body = {
        "organisation_id": str(host.pk),
        "title": title,
        "place": "시연 마을회관",
        "opens": opens.isoformat(),
        "closes": max(closes, clock.now() + timedelta(minutes=1)).isoformat(),
        "pickup": (max(closes, clock.now()) + timedelta(days=1)).isoformat(),
        "pays": "voucher",
        "text": TOLD,
        "synthetic": True,
    }
    return str(_do("exchange.cycle.open", body, actor).id)


def _lists(keeper: Actor, host: Organisation, cycle: str) -> dict[str, str]:
    """Load a list for each of two other organisations; gives the products by name."""
    rows = Organisation.rows.filter(district=host.district_id, ended_on=None, merged_into=None)
    producers = list(rows.exclude(pk=host.pk).order_by("name_key", "id")[: len(LISTS)])
    for producer, items in zip(producers, LISTS, strict=False):
        body = {
            "cycle_id": cycle,
            "producer_id": str(producer.pk),
            "lines": [_item(*one) for one in items],
        }
        _do("exchange.catalogue.load", body, keeper)
    products = Pool.rows.filter(parent=cycle)
    return {title: str(number) for title, number in products.values_list("title", "id")}


def _item(
    title: str,
    title_en: str,
    unit: str,
    lot: int,
    price: int,
    estate: int,
    case: int,
    gram_each: int,
    margin: int,
    origin: str,
    place: str,
) -> dict[str, object]:
    return {
        "title": title,
        "title_en": title_en,
        "unit": unit,
        "lot": lot,
        "price": price,
        "estate": estate,
        "case": case,
        "gram_each": gram_each,
        "margin_ppm": margin,
        "origin": origin,
        "origin_text": place,
    }


Wishes = Sequence[tuple[str, int, int]]
PAST: tuple[Wishes, ...] = (
    (("딸기", 600, 0), ("두부", 2, 1)),
    (("딸기", 400, 0), ("두부", 1, 1)),
    (("딸기", 200, 0), ("시금치", 300, 0)),
    (("딸기", 400, 0), ("두부", 1, 0)),
    (("딸기", 200, 0), ("감자", 1000, 0)),
)
NOW: tuple[Wishes, ...] = (
    (("감자", 1000, 0), ("대파", 500, 0)),
    (("두부", 2, 1), ("시금치", 300, 0)),
    (("감자", 2000, 0), ("유정란 열 알", 1, 0)),
)


def _past(cycle: str, products: Mapping[str, str], buyers: Sequence[Actor], keeper: Actor) -> int:
    """A cycle that was shared out: some baskets packed, one handed over, one settled."""
    made = [
        (buyer, _order(cycle, products, buyer, wishes))
        for buyer, wishes in zip(buyers, PAST, strict=False)
    ]
    closing.close(closing.lock(Pool.rows.get(pk=cycle)))
    _do("exchange.pool.allot", {"pool_id": cycle}, Actor.timer("exchange.pool.allot"))
    for name in ("award", "zero"):
        _do("exchange.pool.step", {"pool_id": cycle, "transition": name}, ENGINE)
    open_ = [(who, case) for who, case in made if _state(case) == "allocated"]
    for _, case in open_[:3]:
        _step(case, "pack", keeper)
    for who, case in open_[:2]:
        if who.id != keeper.id:
            _step(case, "hand_over", keeper)
            _step(case, "hand_over", who)
    if open_ and _state(open_[0][1]) == "delivered":
        _step(open_[0][1], "accept", open_[0][0])
    return len(made)


def _running(cycle: str, products: Mapping[str, str], buyers: Sequence[Actor]) -> int:
    """A cycle that takes orders: two placed, one still being filled."""
    made = 0
    for place, (buyer, wishes) in enumerate(zip(buyers, NOW, strict=False)):
        (_order if place < 2 else _fill)(cycle, products, buyer, wishes)
        made += 1
    return made


def _fill(cycle: str, products: Mapping[str, str], buyer: Actor, wishes: Wishes) -> str:
    body = {"process": "food_order", "start": "open", "pool_id": cycle}
    case = str(_do("exchange.agreement.open", body, buyer).id)
    lines = [
        {"product_id": products[title], "asked": asked, "tolerance": more}
        for title, asked, more in wishes
        if title in products
    ]
    _do("exchange.basket.fill", {"agreement_id": case, "lines": lines}, buyer)
    return case


def _order(cycle: str, products: Mapping[str, str], buyer: Actor, wishes: Wishes) -> str:
    """Fill a basket and place it; where the purse is too small it stays a cart."""
    case = _fill(cycle, products, buyer, wishes)
    try:
        with transaction.atomic():
            _step(case, "place", buyer)
    except Refusal:
        return case
    return case


def _state(case: str) -> str:
    return str(Agreement.rows.get(pk=UUID(case)).state)


def _step(case: str, name: str, by: Actor) -> None:
    body = {"agreement_id": case, "transition": name, "state": _state(case)}
    _do("exchange.agreement.step", body, by)


def _do(name: str, body: Mapping[str, object], actor: Actor) -> Any:  # Any: what it answers
    """One action after another in one transaction; each begins the order of locks anew.

    Nobody waits for these rows: they were made here and nobody sees them before the end.
    """
    current().locked = (0, 0, 0)
    return actions.run(name, body, actor).result
