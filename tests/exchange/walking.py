"""A town in which people do anything that a declaration allows them, two at a time.

Whatever process is declared is walked: what its starts need, who holds its roles and what its
steps ask is read from it. Two processes have a way in of their own (`WAYS_IN`).
"""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import MISSING, dataclass, field, fields
from datetime import timedelta
from enum import Enum
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints
from uuid import UUID

from django.db import connection

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.clock import SEOUL, now
from dure.core.errors import Refusal
from dure.exchange.cases import process_of
from dure.exchange.declaration import Process, Transition
from dure.exchange.declaration import Role as CaseRole
from dure.exchange.models import Agreement, Asset, Listing, Party, Pool
from dure.exchange.processes import BY_VERSION, newest
from dure.journal.models import Event
from tests.exchange import givings, hubs, rides
from tests.exchange.neighbours import Library, answers, bank, library, offer
from tests.harness.clock import Clock
from tests.harness.people import MAPO, organisation, person_with
from tests.ledger.givens import an_account

WALKERS = 2
RICH, POOR = -(10**9), -60_000
# What the door may answer to somebody who tries at random.
EXPECTED = {
    "core.busy",
    "core.not_allowed",
    "core.not_found",
    "exchange.asked_already",
    "exchange.bad_answer",
    "exchange.bad_barrier",
    "exchange.bad_quantity",
    "exchange.bad_slot",
    "exchange.guard",
    "exchange.in_use",
    "exchange.no_stock",
    "exchange.not_correctable",
    "exchange.not_offered",
    "exchange.not_on_the_way",
    "exchange.own_listing",
    "exchange.pool_not_open",
    "exchange.same_person",
    "exchange.slot_taken",
    "exchange.stale_state",
    "exchange.waits_for_other",
    "ledger.insufficient",
    "ledger.over_ceiling",
    "ledger.short",
}


@dataclass(slots=True)
class Town:
    """Neighbours with accounts, those who keep the town, things, listings, an event, a hub."""

    clock: Clock
    people: list[Actor]
    keepers: list[Actor]
    things: list[str]
    listings: list[str]
    cafe: Any  # Any: the organisation that opens events
    cafe_keeper: Actor
    hub: hubs.Hub
    tools: Library
    event: str = ""
    products: list[str] = field(default_factory=list)
    trips: list[str] = field(default_factory=list)
    offers: list[str] = field(default_factory=list)
    taken: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    begun: Counter[str] = field(default_factory=Counter)
    steps: int = 0

    # --- the days

    def morning(self, chance: random.Random) -> None:
        """Time goes on; an event, a cycle and a ride of today are opened where none is."""
        self.clock.move(minutes=chance.choice([5, 15, 30, 200, 200, 3000]))
        self.tick()
        self.correct(random.Random(self.steps))
        soon = now() + timedelta(days=1)
        if not self.event or not Pool.rows.filter(id=self.event, closes__gt=now()).exists():
            self.event = self._event()
        if not self.hub.cycle or Pool.rows.get(id=self.hub.cycle).closes <= now():
            self._market()
        self._put_out(chance)
        self.trips = [str(one) for one in self._open_trips()]
        if not self.trips:
            day = soon.astimezone(SEOUL).date().isoformat()
            try:
                self.trips = [rides.offer(chance.choice(self.people), on=day, at="07:30")]
            except Refusal as refusal:
                self._note(refusal)

    def correct(self, chance: random.Random) -> None:
        """A coordinator corrects a case that has ended, or makes it void."""
        ended = Agreement.rows.filter(state__in=("settled", "closed"))
        last = list(ended.order_by("-closed_at", "id")[:5])
        if not last:
            return
        found = chance.choice(last)
        body: dict[str, object] = {"agreement_id": str(found.id), "why": "typo"}
        if found.process in ("time_exchange", "equipment_loan") and chance.random() < 0.6:
            body["minutes"] = 15 * chance.randint(1, 4)
        try:
            run("exchange.agreement.correct", body, self.keepers[0], reason="잘못 적었습니다")
            self.taken[f"{found.process}.correct"] += 1
        except Refusal as refusal:
            self._note(refusal)

    def _put_out(self, chance: random.Random) -> None:
        """Something to be given away is out: a thing that is nowhere else, or one of the library
        that nobody has booked."""
        open_ = Listing.rows.filter(terms__gives="yes", state=Listing.State.OPEN)
        self.offers = [str(one) for one in open_.values_list("id", flat=True)]
        if len(self.offers) >= 3:
            return
        chooses = chance.choice(["giver", "first", "coordinator"])
        try:
            if chance.random() < 0.3:
                body = {"organisation_id": str(self.tools.host.id), "chooses": chooses}
                thing = self.tools.thing(title="낡은 톱")
                self.things.append(thing)
                run("exchange.giving.offer", {"asset_id": thing, **body}, self.tools.keeper)
            else:
                pieces = chance.randint(1, 3)
                giver = chance.choice(self.people)
                self.offers.append(givings.give(giver, pieces=pieces, chooses=chooses))
        except Refusal as refusal:
            self._note(refusal)

    def tick(self) -> None:
        """What the clock asks for."""
        for name in ("ledger.hold.expire", "exchange.agreement.tick", "exchange.hold.renew"):
            run(name, {}, Actor.timer(name))

    def _open_trips(self) -> list[UUID]:
        rows = Asset.rows.filter(kind="trip", parent=None, retired_at=None)
        made = rows.filter(terms__departs__gt=now().isoformat())
        return list(made.order_by("-created_at").values_list("id", flat=True)[:4])

    def _event(self) -> str:
        body = {
            "organisation_id": str(self.cafe.id),
            "title": "수리 모임",
            "place": "마을회관",
            "opens": now().isoformat(),
            "closes": (now() + timedelta(hours=20)).isoformat(),
        }
        return str(run("exchange.pool.open", body, self.cafe_keeper).result.id)

    def _market(self) -> None:
        """The old cycle is shared out, a new one opened."""
        if self.hub.cycle:
            self.share_out()
        self.hub.cycle = hubs.a_cycle(
            self.hub,
            opens=now().isoformat(),
            closes=(now() + timedelta(days=1)).isoformat(),
            pickup=(now() + timedelta(days=3)).isoformat(),
        )
        self.products = self.hub.load(
            hubs.item("감자", estate=4_000), hubs.item("양파", estate=60_000)
        )

    def share_out(self) -> None:
        """Close the cycle, allot it, move its baskets, as the jobs do one after another."""
        number = self.hub.cycle
        if Pool.rows.get(id=number).state == Pool.State.OPEN:
            run("exchange.cycle.close", {"cycle_id": number}, self.hub.keeper)
        run("exchange.pool.allot", {"pool_id": number}, Actor.timer("exchange.pool.allot"))
        for name in ("award", "zero"):
            body = {"pool_id": number, "transition": name}
            run("exchange.pool.step", body, Actor.timer("exchange.pool.slice"))

    def told(self) -> int:
        """How many events tell local spending."""
        found: int = Event.rows.filter(label__code="spending.local").count()
        return found

    # --- the walkers

    def walk(self, chance: random.Random, steps: int) -> None:
        """So many steps by two at once, over the same few cases; crashes with what crashed."""
        alive = Agreement.rows.filter(closed_at=None).order_by("-opened_at", "id")
        cases = list(alive.values_list("id", flat=True)[:200])
        few = chance.sample(cases, min(6 + steps // 3, len(cases)))
        crashed: list[BaseException] = []
        seeds = [chance.random() for _ in range(WALKERS)]

        def one(seed: float) -> None:
            try:
                mine = random.Random(seed)
                for _ in range(steps // WALKERS):
                    self.try_one(mine, few)
            except BaseException as error:  # noqa: BLE001  # told to the test's own thread
                crashed.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=one, args=(seed,)) for seed in seeds]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if crashed:
            raise crashed[0]
        self.steps += steps

    def try_one(self, chance: random.Random, cases: list[UUID]) -> None:
        """Somebody begins something, or tries a step of one of these cases."""
        try:
            if not cases or chance.random() < 0.15:
                self.begin(chance)
            else:
                self.go(chance, chance.choice(cases))
        except Refusal as refusal:
            self._note(refusal)

    def _note(self, refusal: Refusal) -> None:
        assert refusal.name in EXPECTED, f"{refusal.name}: {refusal.sentence('en')}"
        self.refused[refusal.name] += 1

    def begin(self, chance: random.Random) -> None:
        """A start of some process, as its declaration asks for it."""
        keys = sorted({key for key, _ in BY_VERSION})
        process = newest(chance.choice(keys))
        assert process is not None
        who = chance.choice(self.people)
        way = WAYS_IN.get(process.key, _as_declared)
        if way(self, chance, process, who):
            self.begun[process.key] += 1

    def go(self, chance: random.Random, case_id: UUID) -> None:
        """A step out of the state in which the case is, by who holds its role, or by anybody."""
        case = Agreement.rows.select_related("asset").get(id=case_id)
        process = process_of(case)
        ways = [t for t in process.leaving(process.state(case.state)) if not t.is_timer]
        if not ways:
            return
        transition = chance.choice(ways)
        actor = self._somebody(chance, case, transition)
        body = {
            "agreement_id": str(case.id),
            "transition": transition.name,
            "state": case.state,
            "answers": self.drawn(transition.asks, chance),
        }
        run("exchange.agreement.step", body, actor)
        self.taken[f"{process.key}.{transition.name}"] += 1

    def _somebody(self, chance: random.Random, case: Agreement, transition: Transition) -> Actor:
        everybody = [*self.people, *self.keepers]
        if chance.random() < 0.1:
            return chance.choice(everybody)
        role: CaseRole = chance.choice(transition.by)
        if role.works or transition.binds is role:
            return chance.choice([*self.keepers, *self.keepers[:2] * 6])  # those of the district
        party = Party.rows.filter(agreement=case, role=role.key).first()
        if party is None or party.person is None:
            return chance.choice(self.keepers)
        return Actor.person(party.person)

    # --- what is typed

    def drawn(self, kind: type[object] | None, chance: random.Random) -> tuple[dict[str, str], ...]:
        """Answers to a declared form: what it must have, and half of what it may."""
        if kind is None:
            return ()
        hints = get_type_hints(kind, include_extras=True)
        given: dict[str, object] = {}
        for one in fields(kind):  # type: ignore[arg-type]  # a declared dataclass
            has_default = one.default is not MISSING or one.default_factory is not MISSING
            if not (has_default and (one.name == "barrier" or chance.random() < 0.5)):
                value = self._value(one.name, hints[one.name], chance)
                if value is not None:
                    given[one.name] = value
        return answers(**given)

    def _value(self, name: str, hint: Any, chance: random.Random) -> object:  # Any: a type
        named: dict[str, Callable[[], object]] = {
            "minutes": lambda: 15 * chance.randint(1, 16),
            "category": lambda: chance.randint(1, 40),
            "product": lambda: chance.choice(self.products),
            "tool": lambda: chance.choice(self.things),
            "second_tool": lambda: None,
            "year": lambda: None,
            "on": lambda: (now() + timedelta(days=chance.randint(0, 3))).date().isoformat(),
            "at": lambda: f"{chance.randrange(24):02d}:30",
        }
        if name in named:
            return named[name]()
        if get_origin(hint) is Annotated:
            return self._value(name, get_args(hint)[0], chance)
        if get_origin(hint) is Literal:
            return chance.choice(get_args(hint))
        if isinstance(hint, type) and issubclass(hint, Enum):
            return chance.choice(list(hint)).value
        if hint is int:
            return chance.randrange(3_000)
        if hint is str:
            return "달라요"
        parts = [part for part in get_args(hint) if part is not type(None)]
        return self._value(name, parts[0], chance) if len(parts) == 1 else None


Way = Callable[[Town, random.Random, Process, Actor], bool]


def _as_declared(town: Town, chance: random.Random, process: Process, who: Actor) -> bool:
    """By a start that a person takes, with all that it needs."""
    starts = [t for t in process.leaving(None) if t.binds is not None]
    start = chance.choice(starts)
    offers = town.offers if process.for_good else town.listings
    if not offers:
        return False
    begins = now() + timedelta(minutes=15 * chance.randrange(200))
    needs: dict[str, dict[str, object]] = {
        "pool": {"pool_id": town.event},
        "listing": {"listing_id": chance.choice(offers)},
        "asset": {"asset_id": chance.choice(town.things)},
        "slot": {
            "starts": begins.isoformat(),
            "ends": (begins + timedelta(hours=chance.randint(1, 30))).isoformat(),
        },
    }
    wanted = [*start.needs, *(["pool"] if process.needs_pool else [])]
    given = {key: value for need in wanted for key, value in needs[need].items()}
    terms = town.drawn(process.terms, chance)
    body = {"process": process.key, "start": start.name, "terms": terms, **given}
    run("exchange.agreement.open", body, who)
    return True


def _by_ride(town: Town, chance: random.Random, process: Process, who: Actor) -> bool:
    """A seat is asked for from stop to stop."""
    if not town.trips:
        return False
    stops = [rides.HAPJEONG, rides.SINCHON, rides.SEOUL]
    first, last = sorted(chance.sample(range(3), 2))
    rides.ask(who, chance.choice(town.trips), stops[first], stops[last])
    return True


def _by_basket(town: Town, chance: random.Random, process: Process, who: Actor) -> bool:
    """A basket is begun, filled, and mostly ordered."""
    basket = hubs.cart(town.hub, who)
    product = chance.choice(town.products)
    hubs.fill(basket, who, (product, 500 * chance.randint(1, 6), 0))
    if chance.random() < 0.8:
        hubs.move(who, basket, "place")
        town.taken["food_order.place"] += 1
    return True


WAYS_IN: dict[str, Way] = {"carpool": _by_ride, "food_order": _by_basket}


def a_town(clock: Clock, chance: random.Random) -> Town:
    """Six neighbours, of whom two have little to spend; needs a clock."""
    time, tools, hub = bank(), library(), hubs.hub()
    people = []
    for number in range(6):
        one = time.neighbour(lo=-3000, hi=3000)
        for book in (tools.book, hub.book):
            an_account(book, owner=one, unit="KRW", lo=POOR if number < 2 else RICH)
        people.append(one)
    listings = [offer(one, reciprocity=chance.choice(["hours", "gift"])) for one in people[:3]]
    things = [tools.thing(lanes=n, buffer_min=15) for n in (1, 2, 3)]
    body = {"title": "사다리", "terms": answers(deposit=5_000, fee=500)}
    things.append(str(run("exchange.asset.add", body, people[0]).result.id))
    cafe = organisation("두레수리협동조합", district_sig=MAPO)
    keeper = person_with(Role.STAFF, organisation=cafe)
    keepers = [
        person_with(Role.STAFF, district=MAPO),
        person_with(Role.STAFF, district=MAPO),
        tools.keeper,
        hub.keeper,
        keeper,
        person_with(Role.MEMBER, organisation=cafe),
        person_with(Role.MEMBER, organisation=cafe),
    ]
    hub.cycle = ""
    return Town(clock, people, keepers, things, listings, cafe, keeper, hub, tools)
