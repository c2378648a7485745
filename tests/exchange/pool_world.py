"""Random pool processes and pools full of cases, for the oracle of the set-wise step."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from dure.core import clock
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.text import T
from dure.core.types import Count
from dure.exchange import declaration as d
from dure.exchange import processes, rows
from dure.exchange.declaration import (
    Effect,
    Fact,
    Guard,
    Held,
    Price,
    Process,
    Seen,
    States,
    Transition,
)
from dure.exchange.declaration import Role as CaseRole
from dure.exchange.models import Agreement, Asset, Claim, Party, Pool, Spec
from dure.ledger.models import Account
from dure.registry.models import Organisation
from tests.exchange.neighbours import NOW
from tests.harness.given import given
from tests.harness.people import organisation, person_with
from tests.ledger.givens import a_book, an_account

BUYER = CaseRole("buyer", T("산 사람", "buyer"), pays=True, confirms=True)
HUB = CaseRole("hub", T("나눔터", "hub"), confirms=True, works="hosting")
POOL = CaseRole("pool", T("배분", "allotment"), trusted=True, works="nobody")
LABEL = "reuse.handover"


@dataclass(frozen=True)
class Terms:
    """What a case holds at most, and what it pays at last."""

    amount: Count
    part: Count


@dataclass(frozen=True)
class Told:
    """What a step asks of who takes it."""

    pieces: Count


def price(seen: Seen) -> tuple[Price, ...]:
    return (Price("KRW", seen.terms.amount, BUYER.key, HUB.key, "시험"),)


def settled(seen: Seen, price: Price) -> int:
    part: int = seen.terms.part
    return part


def facts(seen: Seen) -> tuple[Fact, ...]:
    told = [one.pieces for one in seen.answers.values()]
    pieces = sum(told) or seen.terms.part % 7
    return (Fact(LABEL, pieces, seen.now, seen.now),)


def got_something(at: Any) -> bool:  # Any: the case and who acts
    case, _ = at
    return any(one.awarded for one in rows.here().claims(case.agreement))


SOMETHING = Guard("got", T("받을 것이 있는가", "something was awarded"), got_something)
LIMIT = Guard("within_limit", T("한도 안인가", "within the limits"))
WINDOW = Guard("window_open", T("받는 때인가", "taking orders"))
TAKES = {Held.STOCK: d.HOLD_STOCK, Held.VALUE: d.HOLD_VALUE}
GIVES = {Held.STOCK: (d.RELEASE_STOCK, d.USE_STOCK), Held.VALUE: (d.VOID_VALUE, d.SETTLE)}


def a_process(chance: random.Random, key: str, *, slots: bool = False) -> Process:
    """A chain of five to eight states whose steps take and give by chance.

    slots : lanes are taken too, so that a set goes case by case
    """
    length = chance.randint(5, 8)
    states = States("S", {f"s{n}": (f"s{n}", f"상태 {n}", f"State {n}") for n in range(length)})  # type: ignore[call-overload]  # enum by name
    held: set[Held] = set()
    arrows = [d.start("begin", states["s0"], T("시작", "Begin"), by=(BUYER,), binds=BUYER)]
    for number in range(length - 1):
        effects: list[Effect] = []
        last = number == length - 2
        for kind in (Held.STOCK, Held.VALUE):
            if kind in held and (last or chance.random() < 0.5):
                effects.append(chance.choice(GIVES[kind]))
                held.discard(kind)
            elif kind not in held and not last and chance.random() < 0.7:
                effects.append(TAKES[kind])
                held.add(kind)
        if slots and number == 0:
            effects.append(d.HOLD_SLOT)
        if slots and last:
            effects.append(d.RELEASE_SLOT)
        arrows.append(_arrow(chance, states[f"s{number}"], states[f"s{number + 1}"], effects))
    return Process(
        key, 1, "sharing", T(key, key), states, (BUYER, HUB, POOL), tuple(arrows), terms=Terms,
        needs_pool=True, price=price, settled=settled, facts=facts,
    )  # fmt: skip


def _arrow(
    chance: random.Random, source: States, target: States, effects: list[Effect]
) -> Transition:
    name = f"to_{target.key}"
    text = T(name, name)
    if chance.random() < 0.6:
        effects.append(d.notify(BUYER))
    if chance.random() < 0.25:
        due = chance.choice([d.after(days=2), d.at("closes"), d.at("pickup", hours=1)])
        return d.timer(name, source, target, due, text, effects)
    by = chance.choice([HUB, POOL])
    proves = by is HUB and chance.random() < 0.5
    if proves:
        effects.insert(0, d.record(LABEL, evidence="B"))
    guards = [g for g in (SOMETHING, LIMIT, LIMIT, WINDOW) if chance.random() < 0.3]
    asks = Told if chance.random() < 0.3 else None
    says = "confirm" if proves or chance.random() < 0.3 else ""
    return d.step(
        name, source, target, text, by=(by,), when=tuple(guards), do=tuple(effects), asks=asks,
        says=says,
    )  # fmt: skip


@dataclass
class World:
    """A host with a keeper, a pool with products, and buyers."""

    host: Organisation
    keeper: Actor
    cycle: Pool
    products: list[Pool]
    accounts: list[Account] = field(default_factory=list)
    cases: list[UUID] = field(default_factory=list)


def a_world(chance: random.Random, process: Process, count: int) -> World:
    """A pool with `count` cases in the first state of a process: some poor, some with nothing
    awarded, the stock and the till a little short, some people with several cases."""
    host = organisation("나눔터")
    keeper = person_with(Role.STAFF, organisation=host)
    book = a_book(organisation=host)
    till = an_account(book, organisation=host, unit="KRW", hi=chance.choice([None, count * 400]))
    cycle = _pool(host)
    products = [_product(host, cycle, chance.randrange(3, count * 2)) for _ in range(3)]
    world = World(host, keeper, cycle, products, [till])
    seat = _seat(host)
    buyers = [keeper, *(person_with(Role.RESIDENT) for _ in range(count // 2))]
    for buyer in buyers:
        lo = -chance.choice([500, 2_000, 5_000])
        world.accounts.append(an_account(book, owner=buyer, unit="KRW", lo=lo))
    for _ in range(count):
        world.cases.append(_case(chance, world, process, chance.choice(buyers), seat))
    return world


def _pool(host: Organisation, **more: Any) -> Pool:  # Any: columns
    at = datetime.fromisoformat(NOW)
    with given() as audit:
        return Pool.rows.create(
            kind="order_cycle", organisation=host, district_id=host.district_id, title="회차",
            opens=at - timedelta(days=2), closes=at + timedelta(days=1),
            pickup=at + timedelta(days=3), created_at=at, audit=audit, **more,
        )  # fmt: skip


def _product(host: Organisation, cycle: Pool, stock: int) -> Pool:
    with given() as audit:
        asset = Asset.rows.create(
            kind="stock", title="콩", organisation=host, district_id=host.district_id,
            audience="public", stock=stock, created_at=clock.now(), audit=audit,
        )  # fmt: skip
    spec = Spec.rows.order_by("pk").first()
    return _pool(host, parent=cycle, asset=asset, spec=spec, unit="H87", lot=1, estate=stock)


def _seat(host: Organisation) -> Asset:
    with given() as audit:
        made: Asset = Asset.rows.create(
            kind="other", title="자리", organisation=host, district_id=host.district_id,
            audience="public", lanes=2, created_at=clock.now(), audit=audit,
        )  # fmt: skip
    return made


def _case(chance: random.Random, world: World, process: Process, buyer: Actor, seat: Asset) -> UUID:
    now = clock.now()
    starts = now + timedelta(hours=chance.randrange(4))
    amount = chance.choice([0, 300, 900, 1_800])
    with given() as audit:
        made = Agreement.rows.create(
            id=UUID(int=chance.getrandbits(128), version=4), process=process.key, version=1,
            state="s0", organisation=world.host, district_id=world.host.district_id,
            case_id=uuid4(), pool=world.cycle, asset=seat, starts=starts,
            ends=starts + timedelta(hours=1),
            terms={"amount": amount, "part": chance.choice([0, amount // 2, amount])},
            opened_at=now, entered_at=now, audit=audit,
        )  # fmt: skip
        Party.rows.create(agreement=made, role="buyer", person=buyer.id, audit=audit)
        for product in chance.sample(world.products, chance.randint(0, 3)):
            asked = chance.randint(1, 6)
            Claim.rows.create(
                pool=product, agreement=made, person=buyer.id, asked=asked,
                awarded=chance.choice([0, asked, asked]), made_at=now, audit=audit,
            )  # fmt: skip
    return made.id


def install(process: Process, patch: Any) -> None:  # Any: pytest's monkeypatch
    """Put a process among the others, with its states."""
    patch.setitem(processes.BY_VERSION, (process.key, 1), process)
    run("exchange.process.install", {}, Actor.operator())
