"""Random walks over every declared process with a real ledger: whatever people do, the books are
at zero, no lane is taken twice, nothing is held at an end, and events only grow.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, fields
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models import Sum

from dure.core import door
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.clock import now
from dure.core.errors import Refusal
from dure.exchange import accounts
from dure.exchange.cases import process_of, steps_open
from dure.exchange.declaration import Transition
from dure.exchange.models import Agreement, Asset, Commitment, Timer
from dure.journal.models import Event
from dure.ledger.models import Account, Transfer
from tests.exchange.cases import cafe
from tests.exchange.neighbours import NOW, Bank, Library, answers, ask, bank, library, offer
from tests.exchange.test_slot_races import OVERLAPS
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
from tests.ledger.givens import an_account

pytestmark = pytest.mark.django_db
STEPS, LONG = 400, 100_000
EXPECTED = {
    "exchange.guard",
    "exchange.slot_taken",
    "exchange.same_person",
    "exchange.waits_for_other",
    "exchange.stale_state",
    "exchange.not_offered",
    "exchange.own_listing",
    "exchange.pool_not_open",
    "core.not_allowed",
    "core.not_found",
}


@dataclass(slots=True)
class Town:
    """Neighbours, a bank, a library, a repair event, and what they have begun."""

    chance: random.Random
    bank: Bank
    library: Library
    people: list[Actor]
    listings: list[str]
    things: list[str]
    events: str
    open: list[str] = field(default_factory=list)
    seen: int = 0
    taken: int = 0

    def begin(self) -> None:
        """Somebody begins something."""
        who = self.chance.choice(self.people)
        kind = self.chance.randrange(5)
        if kind < 2:
            self.open.append(ask(who, self.chance.choice(self.listings), self._minutes()))
        elif kind < 4:
            starts = now() + timedelta(minutes=15 * self.chance.randrange(200))
            times = {
                "starts": starts.isoformat(),
                "ends": (starts + timedelta(hours=self.chance.randint(1, 30))).isoformat(),
            }
            body = {"process": "equipment_loan", "start": "hold", **times}
            thing = self.chance.choice(self.things)
            self.open.append(
                run("exchange.agreement.open", {**body, "asset_id": thing}, who).result.id
            )
        else:
            self.open.append(
                run("exchange.agreement.open", {"pool_id": self.events}, who).result.id
            )

    def _minutes(self) -> int:
        return 15 * self.chance.randint(1, 16)

    def go(self) -> None:
        """Two try the same step of some case, one after the other, from the same page."""
        alive = Agreement.rows.filter(id__in=self.open, closed_at=None).order_by("opened_at", "id")
        case = self.chance.choice(list(alive) or list(Agreement.rows.filter(id=self.open[0])))
        actors = [door.load_grants(one, now()) for one in (*self.people, *self.keepers)]
        moves = [(a, t) for a in actors for t in steps_open(case, a)]
        if not moves:
            return
        actor, transition = self.chance.choice(moves)
        for one in (actor, self.chance.choice(actors)):
            self.attempt(one, case, transition)

    @property
    def keepers(self) -> tuple[Actor, ...]:
        """Those who keep the bank, the library, the district."""
        return self.bank.keeper, self.library.keeper

    def attempt(self, actor: Actor, case: Agreement, transition: Transition) -> None:
        body = {
            "agreement_id": str(case.id),
            "transition": transition.name,
            "state": case.state,
            "answers": self.answer(transition),
        }
        try:
            run("exchange.agreement.step", body, actor)
            self.taken += 1
        except Refusal as refusal:
            assert refusal.name in EXPECTED, refusal  # noqa: PT017  # the set is the claim

    def answer(self, transition: Transition) -> tuple[dict[str, str], ...]:
        if transition.asks is None:
            return ()
        drawn = {
            "minutes": self._minutes(),
            "charge": self.chance.randrange(30_000),
            "outcome": self.chance.choice(["fixed", "unknown", "repairable"]),
            "why": "달라요",
            "note": "괜찮음",
            "category": self.chance.randint(1, 40),
            "parts": self.chance.choice(["none", "here", "missing", "unknown"]),
            "tool": self.chance.choice(self.things),
        }
        left_out = ("barrier", "second_tool")
        names = [f.name for f in fields(transition.asks) if f.name not in left_out]  # type: ignore[arg-type]  # a dataclass
        return answers(**{name: drawn[name] for name in names})


@pytest.fixture
def town(clock: Clock) -> Town:
    clock.at(NOW)
    chance = random.Random(7)
    time, tools = bank(), library()
    people = [time.neighbour(lo=-300, hi=300) for _ in range(5)]
    for one in people:
        tools.accounts[one.id] = _won(tools, one)
    listings = [
        offer(one, reciprocity=chance.choice(["hours", "hours", "gift"]), organisation_id=None)
        for one in people[:3]
    ]
    things = [tools.thing(lanes=n, buffer_min=15) for n in (1, 2)]
    body = {"title": "사다리", "terms": answers(deposit=5_000, fee=500)}
    things.append(str(run("exchange.asset.add", body, people[0]).result.id))
    host = cafe()
    keeper = person_with(Role.STAFF, district=MAPO)
    time.keeper = keeper
    return Town(chance, time, tools, people, listings, things, host.pool_id)


def _won(tools: Library, one: Actor) -> Account:
    return an_account(tools.book, owner=one, unit="KRW", lo=-60_000)


def test_random_walk_keeps_every_promise(
    town: Town, clock: Clock, request: pytest.FixtureRequest
) -> None:
    length = LONG if request.config.getoption("--torture") else STEPS
    for number in range(length):
        draw = town.chance.random()
        try:
            if draw < 0.15 or not town.open:
                town.begin()
            elif draw < 0.9:
                town.go()
            else:
                clock.move(minutes=town.chance.choice([5, 30, 200, 3000]))
                run("exchange.agreement.tick", {}, Actor.timer("exchange.agreement.tick"))
        except Refusal as refusal:
            assert refusal.name in EXPECTED, refusal  # noqa: PT017
        if number % 40 == 0:
            check(town)
            still = Agreement.rows.filter(closed_at=None).values_list("id", flat=True)
            town.open = [str(one) for one in still]
    for _ in range(12):  # time alone ends or hands over every case
        clock.move(days=40)
        run("exchange.agreement.tick", {}, Actor.timer("exchange.agreement.tick"))
    check(town)
    left = Agreement.rows.filter(closed_at=None)
    waiting = {(one.process, one.state) for one in left}
    assert waiting <= {
        ("time_exchange", "review"),
        ("equipment_loan", "lost"),
        ("equipment_loan", "damaged"),
        ("repair", "review"),
    }, "only what a coordinator decides"
    assert town.taken > length // 20
    assert {p for (p,) in Agreement.rows.values_list("process")} == {
        "repair",
        "time_exchange",
        "equipment_loan",
    }


def check(town: Town) -> None:
    """What must never be false."""
    assert Account.rows.aggregate(total=Sum("balance"))["total"] in (0, None)
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS.format(table="exchange_commitment"))
        assert cursor.fetchone() == (0,)
    for account in Account.rows.all():
        assert account.held_out == _held(debit=account.pk)
        assert account.held_in == _held(credit=account.pk)
    for asset in Asset.rows.all():
        promised = Commitment.rows.filter(
            asset=asset, slot__isnull=True, state__in=("held", "out")
        ).aggregate(total=Sum("qty"))["total"]
        assert asset.reserved == (promised or 0)
    ended = Agreement.rows.filter(closed_at__isnull=False)
    assert not Commitment.rows.filter(agreement__in=ended, state__in=("held", "out")).exists()
    assert not Timer.rows.filter(agreement__in=ended, fired_at=None).exists()
    for case in ended:
        assert not accounts.open_holds(case.id), process_of(case).key
    count = Event.rows.count()
    assert count >= town.seen, "events only grow"
    town.seen = count


def _held(**end: int) -> int:
    rows = Transfer.rows.filter(kind=1, **end)
    gone = Transfer.rows.filter(kind__in=(2, 3, 4)).values("ref_id")
    return rows.exclude(pk__in=gone).aggregate(total=Sum("amount"))["total"] or 0
