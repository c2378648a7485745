"""Equipment loans: lanes, buffer, hand-over by two, late things, waiting list, deposit."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.exchange import hand_over
from dure.exchange.cases import Case, process_of
from dure.exchange.models import Agreement, Asset, Commitment, Match, Timer
from dure.ledger.models import Account
from tests.exchange.cases import events_of, sums
from tests.exchange.neighbours import (
    NOW,
    Library,
    answers,
    at,
    hold,
    library,
    offer,
    step,
    tick,
)
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, person_with
from tests.ledger.givens import balance
from tests.registry.test_acting import allow, begin

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def here() -> Library:
    return library()


def state_of(case: str) -> str:
    return str(Agreement.rows.get(id=case).state)


def booked(here: Library, asset: str, starts: str, ends: str) -> tuple[Actor, str]:
    anna = here.neighbour()
    case = hold(anna, asset, starts, ends)
    assert step(anna, case, "book") == "booked"
    return anna, case


def fetched(here: Library, asset: str, starts: str, ends: str, clock: Clock) -> tuple[Actor, str]:
    anna, case = booked(here, asset, starts, ends)
    clock.at(at(starts))
    assert step(anna, case, "check_out") == "booked", "waits for the other of two"
    assert step(here.keeper, case, "check_out") == "out"
    return anna, case


def test_whole_way_with_fee_and_deposit(here: Library, clock: Clock) -> None:
    anna, case = booked(here, here.thing(), "10T10:00", "10T12:00")
    account = here.accounts[anna.id]
    assert balance(account) == (0, 21_000, 0)
    clock.at(at("10T10:00"))
    step(here.keeper, case, "check_out")
    step(anna, case, "check_out")
    clock.at(at("10T11:30"))
    assert step(here.keeper, case, "check_in", note="깨끗함") == "returned"
    assert sums() == {"loan.use": 90}
    assert events_of(case)[0].evidence == "B"
    assert step(here.keeper, case, "pass") == "closed"
    assert balance(account) == (-1000, 0, 0)
    assert balance(here.till) == (1000, 0, 0)
    assert Timer.rows.filter(fired_at=None).count() == 0


def test_hand_over_takes_two_people(here: Library, clock: Clock) -> None:
    anna, case = booked(here, here.thing(), "10T10:00", "10T12:00")
    step(anna, case, "check_out")
    with pytest.raises(Refusal, match=r"exchange\.waits_for_other"):
        step(anna, case, "check_out")
    keeper_who_borrows = person_with(Role.STAFF, organisation=here.host)
    with pytest.raises(Refusal, match=r"core\.not_found"):
        step(person_with(Role.RESIDENT), case, "check_out")
    assert step(keeper_who_borrows, case, "check_out") == "out"


def test_code_that_one_shows_and_the_other_scans(here: Library, clock: Clock) -> None:
    anna, case = booked(here, here.thing(), "10T10:00", "10T12:00")
    _, other = booked(here, here.thing(), "10T10:00", "10T12:00")
    shown = code(case, anna)
    assert shown is not None
    for actor, where in ((anna, case), (here.keeper, other)):
        with pytest.raises(Refusal, match=r"exchange\.(hand_over_invalid|not_allowed)"):
            step(actor, where, "check_out", code=shown)
    clock.move(minutes=5)
    with pytest.raises(Refusal, match=r"exchange\.hand_over_invalid"):
        step(here.keeper, case, "check_out", code=shown)
    assert step(here.keeper, case, "check_out", code=code(case, anna)) == "out"


def test_helper_who_shows_the_code_of_another_does_not_scan_it(here: Library) -> None:
    witness, helper = (person_with(Role.STAFF, district=MAPO) for _ in range(2))
    elder, case = booked(here, here.thing(), "10T10:00", "10T12:00")
    assert elder.id is not None
    allow(witness, helper, elder.id)
    acting = begin(helper, elder.id)
    shown = code(case, acting)
    with pytest.raises(Refusal, match=r"exchange\.hand_over_invalid"):
        step(helper, case, "check_out", code=shown)
    assert step(here.keeper, case, "check_out", code=shown) == "out"


def code(case: str, actor: Actor) -> str | None:
    found = Agreement.rows.get(id=case)
    process = process_of(found)
    transition = process.transition(process.state(found.state), "check_out")
    assert transition is not None
    return hand_over.code(Case(found, transition, process), actor)


# --- lanes and buffer


def test_lanes_fill_from_the_lowest_and_then_refuse_with_free_times(here: Library) -> None:
    asset = here.thing(lanes=2, terms=())
    for _ in range(2):
        hold(here.neighbour(), asset, "10T10:00", "10T12:00")
    assert sorted(Commitment.rows.values_list("lane", flat=True)) == [0, 1]
    with pytest.raises(Refusal) as caught:
        hold(here.neighbour(), asset, "10T11:00", "10T13:00")
    assert caught.value.name == "exchange.slot_taken"
    assert "05-10 12:00" in caught.value.sentence("ko")
    hold(here.neighbour(), asset, "10T12:00", "10T13:00")


def test_buffer_blocks_both_sides(here: Library) -> None:
    asset = here.thing(buffer_min=30, terms=())
    hold(here.neighbour(), asset, "10T10:00", "10T12:00")
    for starts, ends in (("10T12:30", "10T13:00"), ("10T09:10", "10T09:20")):
        with pytest.raises(Refusal, match=r"exchange\.slot_taken"):
            hold(here.neighbour(), asset, starts, ends)
    hold(here.neighbour(), asset, "10T13:00", "10T14:00")


@pytest.mark.parametrize(
    ("starts", "ends", "code"),
    [
        ("10T12:00", "10T12:00", "exchange.bad_slot"),
        ("10T12:00", "10T11:00", "exchange.bad_slot"),
        ("09T12:00", "10T12:00", "exchange.bad_slot"),
        ("10T12:00", "14T12:00", "exchange.bad_quantity"),
    ],
)
def test_bad_times_are_refused(here: Library, starts: str, ends: str, code: str) -> None:
    asset = here.thing(terms=answers(max_days=3))
    with pytest.raises(Refusal) as caught:
        hold(here.neighbour(), asset, starts, ends)
    assert caught.value.name == code
    assert Agreement.rows.count() == 0


def test_what_is_held_and_not_booked_is_free_again(here: Library, clock: Clock) -> None:
    asset = here.thing()
    case = hold(here.neighbour(), asset, "10T10:00", "10T12:00")
    clock.move(minutes=15)
    assert tick() == (1, 0)
    assert state_of(case) == "expired"
    hold(here.neighbour(), asset, "10T10:00", "10T12:00")


def test_not_fetched_gives_slot_and_value_back(here: Library, clock: Clock) -> None:
    anna, case = booked(here, here.thing(), "10T10:00", "10T18:00")
    clock.at(at("10T12:00"))
    assert tick() == (1, 0)
    assert state_of(case) == "no_show"
    assert balance(here.accounts[anna.id]) == (0, 0, 0)


def test_frozen_account_keeps_its_case_waiting_and_not_the_others(
    here: Library, clock: Clock
) -> None:
    asset = here.thing(lanes=2)
    anna, frozen = booked(here, asset, "10T10:00", "10T12:00")
    _, other = booked(here, asset, "10T10:00", "10T12:00")
    with given() as audit:
        Account.rows.filter(pk=here.accounts[anna.id].pk).update(status="frozen", audit=audit)
    clock.at(at("10T12:00"))
    assert tick() == (1, 1)
    assert (state_of(frozen), state_of(other)) == ("booked", "no_show")
    with given() as audit:
        Account.rows.filter(pk=here.accounts[anna.id].pk).update(status="open", audit=audit)
    assert tick() == (0, 0), "tried again in an hour"
    clock.at(at("10T13:00"))
    assert tick() == (1, 0)
    assert state_of(frozen) == "no_show"


# --- late things


def test_late_thing_moves_later_bookings_aside_or_displaces_them(
    here: Library, clock: Clock
) -> None:
    asset = here.thing(lanes=2)
    _, late = fetched(here, asset, "10T10:00", "10T12:00", clock)
    _, aside = booked(here, asset, "10T14:00", "10T16:00")
    _, parallel = booked(here, asset, "11T10:00", "11T12:00")
    carla, pushed = booked(here, asset, "11T10:00", "11T12:00")
    lanes = dict(Commitment.rows.values_list("agreement_id", "lane"))
    assert sorted(str(lane) for lane in lanes.values()) == ["0", "0", "0", "1"]
    clock.at(at("10T12:00"))
    assert tick() == (1, 0)
    assert state_of(late) == "overdue"
    assert state_of(aside) == "booked", "moved to the free lane"
    assert sorted((state_of(parallel), state_of(pushed))) == ["booked", "displaced"]
    assert overlaps() == 0
    whose = carla if state_of(pushed) == "displaced" else None
    assert balance(here.accounts[carla.id])[1] == 21_000, "value stays held"
    with pytest.raises(Refusal, match=r"exchange\.slot_taken"):
        hold(here.neighbour(), asset, "11T10:00", "11T11:00")
    assert step(here.keeper, late, "check_in") == "returned"
    if whose is not None:
        assert step(whose, pushed, "rebook") == "booked"


def overlaps() -> int:
    """Pairs of open commitments that share a lane at one time."""
    rows = list(Commitment.rows.filter(state__in=("held", "out"), lane__isnull=False))
    return sum(
        one.asset_id == two.asset_id and one.lane == two.lane and meet(one.slot, two.slot)
        for n, one in enumerate(rows)
        for two in rows[:n]
    )


def meet(one: DateTimeTZRange, two: DateTimeTZRange) -> bool:
    far = datetime.fromisoformat("9999-01-01T00:00:00+00:00")
    return bool(one.lower < (two.upper or far) and two.lower < (one.upper or far))


def test_lost_thing_keeps_what_a_coordinator_decides(here: Library, clock: Clock) -> None:
    anna, case = fetched(here, here.thing(), "10T10:00", "10T12:00", clock)
    clock.at(at("10T12:00"))
    tick()
    assert step(here.keeper, case, "lose") == "lost"
    assert step(here.keeper, case, "decide", charge=15_000) == "closed"
    assert balance(here.accounts[anna.id]) == (-16_000, 0, 0)
    assert Commitment.rows.filter(state__in=("held", "out")).count() == 0


def test_damage_sends_the_thing_to_repair_and_nobody_books_it(here: Library, clock: Clock) -> None:
    asset = here.thing()
    anna, case = fetched(here, asset, "10T10:00", "10T12:00", clock)
    step(here.keeper, case, "check_in")
    assert step(here.keeper, case, "damage", note="손잡이가 부러짐") == "damaged"
    assert Asset.rows.get().condition == "repair"
    with pytest.raises(Refusal, match=r"exchange\.not_offered"):
        hold(here.neighbour(), asset, "12T10:00", "12T12:00")
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        step(anna, case, "decide", charge=0)
    assert step(here.keeper, case, "decide", charge=0) == "closed"
    assert balance(here.accounts[anna.id]) == (-1000, 0, 0)


# --- waiting list


def test_lane_that_comes_free_is_kept_for_who_waited_and_then_for_the_next(
    here: Library, clock: Clock
) -> None:
    asset = here.thing(terms=())
    anna, case = booked(here, asset, "10T14:00", "10T18:00")
    first, second, third = (here.neighbour() for _ in range(3))
    for waits in (first, second):
        offer(waits, "request", "gift", asset_id=asset, starts=at("10T14:00"), ends=at("10T18:00"))
        clock.move(minutes=1)
    assert step(anna, case, "cancel") == "cancelled"
    turn = Match.rows.get()
    assert (turn.request.person, turn.state) == (first.id, "held")
    for other in (second, third):
        with pytest.raises(Refusal, match=r"exchange\.slot_taken"):
            hold(other, asset, "10T14:00", "10T18:00")
    clock.move(minutes=120)
    tick()
    assert sorted(Match.rows.values_list("state", flat=True)) == ["held", "lapsed"]
    hold(second, asset, "10T14:00", "10T18:00")
    assert sorted(Match.rows.values_list("state", flat=True)) == ["accepted", "lapsed"]
    clock.move(minutes=10)
    tick()
    assert Match.rows.count() == 2, "nobody has a turn at what is taken"


# --- a neighbour's own thing


def test_neighbour_lends_her_own_thing(here: Library, clock: Clock) -> None:
    ben, anna = here.neighbour(), here.neighbour()
    body = {"title": "사다리", "terms": answers(deposit=5000)}
    asset = str(run("exchange.asset.add", body, ben).result.id)
    with pytest.raises(Refusal, match=r"exchange\.own_listing"):
        hold(ben, asset, "10T10:00", "10T12:00")
    case = hold(anna, asset, "10T10:00", "10T12:00")
    step(anna, case, "book")
    assert balance(here.accounts[ben.id]) == (0, 0, 5000)
    step(anna, case, "check_out")
    keeper = person_with(Role.STAFF, district=MAPO)
    assert step(keeper, case, "check_out") == "out"
    assert step(ben, case, "check_in") == "returned"
    assert step(ben, case, "pass") == "closed"
    assert balance(here.accounts[ben.id]) == (0, 0, 0)


@pytest.mark.parametrize(
    ("starts", "ends", "word"),
    [
        ("12T09:00", "12T17:00", "여는 때"),
        ("12T10:00", "12T18:30", "여는 때"),
        ("12T10:00", "13T12:00", "여는 날"),
        ("11T10:00", "12T12:00", "여는 날"),
    ],
)
def test_thing_is_lent_from_and_to_a_time_when_the_counter_is_open(
    here: Library, starts: str, ends: str, word: str
) -> None:
    drill = here.thing(
        hours="FREQ=WEEKLY;BYDAY=TU,TH", terms=answers(opens="10:00", closes="18:00")
    )
    borrower = here.neighbour()
    with pytest.raises(Refusal) as refused:
        hold(borrower, drill, starts, ends)
    assert word in refused.value.sentence("ko")
    assert hold(borrower, drill, "12T10:00", "14T18:00")
