"""Standing orders: set by the owner, posted in order, skipped, tried again, stopped, waiting."""

from __future__ import annotations

from datetime import date

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.models import Notice
from dure.ledger.models import Account, Programme, Schedule, Transfer
from dure.ledger.posting import Movement
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.programmes import a_runner, balance, code_of, member, opened, posted

pytestmark = pytest.mark.django_db
TIMER = Actor.timer("ledger.schedule.pay")


class World:
    """Two members of a time bank, 300 minutes each."""

    def __init__(self) -> None:
        self.bank: Programme = opened("timebank", a_runner())
        self.anna, self.from_anna = member(self.bank)
        self.ben, self.to_ben = member(self.bank)


@pytest.fixture
def world(clock: Clock) -> World:
    clock.at("2027-01-05T10:00:00+09:00")
    return World()


def body(world: World, **more: object) -> dict[str, object]:
    return {
        "account_id": str(world.from_anna.pk),
        "payee_id": str(world.to_ben.pk),
        "amount": 60,
        "purpose": "매달 고마움",
        "rule": "monthly",
        "day": 31,
        "starts_on": "2027-01-31",
        **more,
    }


def kept(world: World, **more: object) -> Schedule:
    made = run("ledger.schedule.set", body(world, **more), world.anna).result
    return Schedule.rows.get(pk=made.id)


def pay(schedule: Schedule) -> str:
    found: str = run("ledger.schedule.pay", {"schedule_id": str(schedule.pk)}, TIMER).result.state
    return found


def test_short_months_pay_on_their_last_day(world: World, clock: Clock) -> None:
    """31 Jan, 28 Feb, 31 Mar, 30 Apr."""
    made = kept(world)
    days = []
    for day in ("2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"):
        schedule = Schedule.rows.get(pk=made.pk)
        assert schedule.next_on == date.fromisoformat(day)
        clock.at(f"{day}T09:00:00+09:00")
        pay(schedule)
        days.append(Transfer.rows.latest("id").event_date)
    assert [day.isoformat() for day in days] == [
        "2027-01-31",
        "2027-02-28",
        "2027-03-31",
        "2027-04-30",
    ]
    assert balance(world.to_ben) == 300 + 4 * 60


def test_a_date_is_paid_once(world: World, clock: Clock) -> None:
    made = kept(world)
    clock.at("2027-01-31T09:00:00+09:00")
    pay(made)
    pay(made)
    assert balance(world.to_ben) == 360
    assert Notice.rows.filter(template="ledger.received", person=world.ben.id).count() == 1


def test_only_the_owner_sets_and_stops(world: World) -> None:
    assert code_of("ledger.schedule.set", body(world), world.ben) == "core.not_found"
    made = kept(world)
    stop = {"schedule_id": str(made.pk)}
    assert code_of("ledger.schedule.stop", stop, world.ben) == "core.not_found"
    assert run("ledger.schedule.stop", stop, world.anna).result.state == "stopped"
    assert code_of("ledger.schedule.stop", stop, world.anna) == "ledger.nothing_to_do"


@pytest.mark.parametrize(
    "bad",
    [
        {"starts_on": "2027-01-04"},
        {"rule": "weekly", "day": None},
        {"rule": "monthly", "day": None},
        {"rule": "monthly", "every": 25},
        {"ends_on": "2027-01-30"},
        {"rule": "weekly", "weekday": 0, "starts_on": "2027-01-05", "ends_on": "2027-01-06"},
    ],
)
def test_dates_that_never_come_are_refused(world: World, bad: dict[str, object]) -> None:
    assert code_of("ledger.schedule.set", body(world, **bad), world.anna) == "ledger.bad_schedule"
    assert Schedule.rows.count() == 0


def test_other_unit_and_oneself_are_refused(world: World) -> None:
    itself = body(world, payee_id=str(world.from_anna.pk))
    assert code_of("ledger.schedule.set", itself, world.anna) == "ledger.same_account"
    money = opened("mutual", a_runner("나루협동조합"))
    _, other = member(money)
    wrong = body(world, payee_id=str(other.pk))
    assert code_of("ledger.schedule.set", wrong, world.anna) == "ledger.cross_unit"


@pytest.mark.parametrize(
    ("on_short", "state", "last_on", "next_on"),
    [
        ("skip", "active", "2027-01-31", "2027-02-28"),
        ("stop", "stopped", None, "2027-01-31"),
        ("retry", "active", None, "2027-02-01"),
    ],
)
def test_when_there_is_not_enough(
    world: World, clock: Clock, on_short: str, state: str, last_on: str | None, next_on: str
) -> None:
    made = kept(world, amount=301, on_short=on_short, max_tries=2)
    clock.at("2027-01-31T09:00:00+09:00")
    pay(made)
    found = Schedule.rows.get(pk=made.pk)
    assert found.state == state
    assert str(found.last_on) == str(last_on)
    assert str(found.next_on) == next_on
    assert found.last_refusal == "ledger.insufficient"
    assert Notice.rows.filter(template="ledger.standing", person=world.anna.id).count() == 1
    assert balance(world.to_ben) == 300


def test_tries_again_and_then_skips(world: World, clock: Clock) -> None:
    made = kept(world, amount=301, on_short="retry", max_tries=2)
    clock.at("2027-01-31T09:00:00+09:00")
    pay(made)
    clock.at("2027-02-01T09:00:00+09:00")
    pay(made)
    found = Schedule.rows.get(pk=made.pk)
    assert (str(found.last_on), str(found.next_on), found.tries) == ("2027-01-31", "2027-02-28", 0)


def test_tries_again_and_pays(world: World, clock: Clock) -> None:
    made = kept(world, amount=301, on_short="retry", max_tries=2)
    clock.at("2027-01-31T09:00:00+09:00")
    pay(made)
    posted(Movement(world.to_ben.pk, world.from_anna.pk, 1, "고마움"))
    clock.at("2027-02-01T09:00:00+09:00")
    pay(made)
    assert balance(world.from_anna) == 0


def test_dates_missed_for_long_wait_for_a_person(world: World, clock: Clock) -> None:
    made = kept(world, rule="weekly", day=None, weekday=0, starts_on="2027-01-11")
    clock.at("2027-01-25T08:00:00+09:00")
    assert pay(made) == "waiting"
    assert balance(world.to_ben) == 300
    skipped = {"schedule_id": str(made.pk), "missed": "skip"}
    state = run("ledger.schedule.resume", skipped, world.anna).result
    assert (state.state, state.next_on) == ("active", "2027-01-18")
    clock.at("2027-01-25T09:00:00+09:00")
    found = Schedule.rows.get(pk=made.pk)
    pay(found)
    pay(Schedule.rows.get(pk=made.pk))
    assert balance(world.to_ben) == 300 + 120


def test_once_pays_once_and_ends(world: World, clock: Clock) -> None:
    made = kept(world, rule="once", day=None, starts_on="2027-01-06")
    clock.at("2027-01-06T00:00:00+09:00")
    assert run("ledger.schedule.run", {}, Actor.timer("ledger.schedule.run")).result.count == 1
    assert pay(made) == "ended"
    assert balance(world.to_ben) == 360


def test_organisation_standing_order_is_its_treasurers(world: World) -> None:
    organisation = people.organisation("다솜협동조합")
    treasurer = people.person_with(Role.TREASURER, organisation=organisation)
    from tests.ledger.givens import an_account

    account = an_account(world.bank.book, organisation=organisation, lo=-100)
    made = run("ledger.schedule.set", body(world, account_id=str(account.pk)), treasurer).result
    assert made.state == "active"
    assert Account.rows.get(pk=account.pk).balance == 0
