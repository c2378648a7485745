"""Time and holds: one refused case holds nobody up; what ran out is held anew, or is told."""

from __future__ import annotations

import threading
from uuid import UUID

import pytest
from django.db import connection, transaction

from dure.core import door
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.clock import now
from dure.exchange import interpreter
from dure.exchange.cases import Case
from dure.exchange.models import Agreement, Timer
from dure.exchange.queries import desk
from dure.ledger.models import Account, Transfer
from tests.exchange.neighbours import (
    NOW,
    Library,
    answers,
    ask,
    at,
    bank,
    hold,
    library,
    offer,
    step,
    tick,
)
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, person_with
from tests.ledger.givens import balance, limits


@pytest.fixture
def here(db: object, clock: Clock) -> Library:
    clock.at(NOW)
    return library()


def returned(here: Library, clock: Clock, asset: str, who: Actor) -> str:
    """A loan that is back, its fee held; three days later time closes it."""
    clock.at(NOW)
    case = hold(who, asset, "10T10:00", "10T12:00")
    step(who, case, "book")
    clock.at(at("10T10:00"))
    step(who, case, "check_out")
    step(here.keeper, case, "check_out")
    step(here.keeper, case, "check_in")
    return case


def long_after(clock: Clock) -> None:
    """So long that what was held has run out, and the ledger has ended it."""
    clock.move(days=400)
    run("ledger.hold.expire", {}, Actor.timer("ledger.hold.expire"))


def owing_at_most(account: Account, won: int) -> None:
    with given():
        limits(account.pk, -won, None)


def states(*cases: str) -> list[str]:
    return [str(Agreement.rows.get(id=case).state) for case in cases]


def keeper_of_the_district() -> Actor:
    return door.load_grants(person_with(Role.STAFF, district=MAPO), now())


def fee() -> tuple[dict[str, str], ...]:
    return answers(fee=1000)


def test_fault_of_ours_in_one_case_holds_nobody_up_and_is_told(
    here: Library, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = (returned(here, clock, here.thing(), here.neighbour()) for _ in range(2))
    clock.move(days=4)
    sound = interpreter.take

    def broken(case: Case, actor: Actor) -> interpreter.Taken:
        assert str(case.agreement.id) != bad, "planted"
        return sound(case, actor)

    monkeypatch.setattr(interpreter, "take", broken)
    assert tick() == (1, 1)
    states = {str(one.id): one.state for one in Agreement.rows.all()}
    assert (states[bad], states[good]) == ("returned", "closed")
    alarm = Timer.rows.get(agreement=bad, fired_at=None)
    assert alarm.refusal is not None and alarm.refusal["code"] == "exchange.fault"
    monkeypatch.undo()
    clock.move(days=1)
    assert tick() == (1, 0)


def test_posting_that_the_ledger_refuses_holds_nobody_up_and_is_told_at_once(
    here: Library, clock: Clock
) -> None:
    asset = here.thing(lanes=2, terms=fee())
    poor, rich = here.neighbour(), here.neighbour()
    refused, fine = (returned(here, clock, asset, who) for who in (poor, rich))
    owner = keeper_of_the_district()
    assert desk.faults(owner) == []
    long_after(clock)
    owing_at_most(here.accounts[poor.id], 0)
    assert tick() == (1, 1)
    assert states(refused, fine) == ["returned", "closed"]
    assert balance(here.accounts[poor.id]) == (0, 0, 0)
    assert balance(here.accounts[rich.id]) == (-1000, 0, 0)
    whys = {str(one.agreement.id): one.why for one in desk.faults(owner) if "잔액" in one.why}
    assert set(whys) == {refused}, "in words, before a week is over"
    assert tick() == (0, 0), "tried again in an hour"
    owing_at_most(here.accounts[poor.id], 5000)
    clock.move(minutes=60)
    assert tick() == (1, 0)
    assert states(refused) == ["closed"]
    assert desk.faults(owner) == []


def test_two_that_are_too_much_together_are_told_apart(here: Library, clock: Clock) -> None:
    asset = here.thing(lanes=2, terms=fee())
    anna = here.neighbour()
    first, second = (returned(here, clock, asset, anna) for _ in range(2))
    long_after(clock)
    owing_at_most(here.accounts[anna.id], 1500)
    assert tick() == (1, 1)
    assert sorted(states(first, second)) == ["closed", "returned"]
    assert balance(here.accounts[anna.id]) == (-1000, 0, 0)


def test_case_that_somebody_has_now_is_left_for_the_next_run(commits: str, clock: Clock) -> None:
    clock.at(NOW)
    here = library()
    case = hold(here.neighbour(), here.thing(terms=()), "10T10:00", "10T12:00")
    clock.move(minutes=15)
    locked, done = threading.Event(), threading.Event()

    def keep() -> None:
        with transaction.atomic():
            list(Agreement.rows.filter(id=case).select_for_update(no_key=True))
            locked.set()
            done.wait(20)
        connection.close()

    other = threading.Thread(target=keep)
    other.start()
    locked.wait(20)
    try:
        assert tick() == (0, 0)
        with transaction.atomic():  # the timer itself was not taken: a step may drop it
            assert list(Timer.rows.filter(agreement=case).select_for_update(nowait=True))
    finally:
        done.set()
        other.join()
    assert tick() == (1, 0)
    assert states(case) == ["expired"]


# --- what ran out


def test_hold_that_ran_out_does_not_count_twice_against_its_payer(
    here: Library, clock: Clock
) -> None:
    asset = here.thing(terms=fee())
    anna = here.neighbour()
    case = returned(here, clock, asset, anna)
    clock.move(days=400)  # the ledger has not ended the hold yet
    owing_at_most(here.accounts[anna.id], 1000)
    assert step(here.keeper, case, "pass") == "closed"
    assert balance(here.accounts[anna.id]) == (-1000, 0, 0)
    assert balance(here.till) == (1000, 0, 0)


def test_hold_that_ran_out_is_given_back_with_its_case(here: Library, clock: Clock) -> None:
    anna = here.neighbour()
    case = hold(anna, here.thing(), "10T10:00", "10T18:00")
    step(anna, case, "book")
    clock.move(days=400)
    assert tick() == (1, 0)
    assert states(case) == ["no_show"]
    assert balance(here.accounts[anna.id]) == (0, 0, 0)


def disputed(clock: Clock) -> tuple[Account, str]:
    """An exchange that waits for a coordinator without any timer; its payer's account."""
    clock.at(NOW)
    here = bank()
    anna, ben = here.neighbour(), here.neighbour()
    case = ask(anna, offer(ben, organisation_id=None), 60)
    step(ben, case, "accept")
    step(ben, case, "claim", minutes=60)
    step(anna, case, "dispute", why="오지 않았어요")
    assert not Timer.rows.filter(agreement=case, fired_at=None).exists()
    return here.accounts[anna.id], case


def renew() -> tuple[int, int]:
    result = run("exchange.hold.renew", {}, Actor.timer("exchange.hold.renew")).result
    return result.cases, result.stuck


@pytest.mark.django_db
def test_hold_of_a_case_that_waits_is_renewed_before_it_runs_out(clock: Clock) -> None:
    account, case = disputed(clock)
    (first,) = Transfer.rows.filter(grp=UUID(case), kind=1)
    assert renew() == (0, 0)
    assert first.expires_at is not None
    clock.at((first.expires_at).isoformat())
    clock.move(days=-29)
    assert renew() == (1, 0)
    assert balance(account) == (0, 60, 0)
    assert list(
        Transfer.rows.filter(grp=UUID(case)).order_by("pk").values_list("kind", flat=True)
    ) == [
        1,
        3,
        1,
    ]
    newest = Transfer.rows.filter(grp=UUID(case), kind=1).order_by("-pk")[0]
    assert newest.expires_at > first.expires_at
    assert renew() == (0, 0), "once"
    assert len({row.batch for row in Transfer.rows.filter(grp=UUID(case), pk__gt=first.pk)}) == 1
    clock.at(first.expires_at.isoformat())
    run("ledger.hold.expire", {}, Actor.timer("ledger.hold.expire"))
    assert balance(account) == (0, 60, 0)
    assert desk.faults(keeper_of_the_district()) == []


@pytest.mark.django_db
def test_hold_that_cannot_be_renewed_runs_out_and_stands_on_the_desk(clock: Clock) -> None:
    account, case = disputed(clock)
    with given() as audit:
        Account.rows.filter(pk=account.pk).update(status="frozen", audit=audit)
    clock.move(days=180)
    assert renew() == (0, 1)
    long_after(clock)
    (fault,) = desk.faults(keeper_of_the_district())
    assert (str(fault.agreement.id), fault.why) == (case, str(desk.RAN_OUT))
