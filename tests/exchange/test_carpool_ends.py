"""How a shared ride ends: proved or not, not turned up, disputed, left to time."""

from __future__ import annotations

import pytest

from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.exchange.models import Agreement
from tests.exchange.cases import sums
from tests.exchange.neighbours import step, tick
from tests.exchange.rides import (
    HAPJEONG,
    MANGWON,
    NOW,
    Road,
    ask,
    offer,
    points,
    road,
)
from tests.exchange.test_carpool import LEAVES, seats_taken, state_of
from tests.harness.clock import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(clock: Clock) -> Road:
    clock.at(NOW)
    return road()


def ridden(here: Road, clock: Clock, driver: Actor, rider: Actor, trip: str, at: str) -> str:
    case = ask(rider, trip)
    step(driver, case, "accept")
    clock.at(at)
    step(driver, case, "board")
    clock.move(minutes=10)
    step(rider, case, "alight")
    step(rider, case, "confirm")
    return str(Agreement.rows.get(id=case).terms["proof"])


def test_repeated_ride_of_a_pair_is_no_proof(here: Road, clock: Clock) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    first, second = offer(driver), offer(driver, at="07:50")
    third = offer(driver, at="08:30")
    assert ridden(here, clock, driver, rider, first, LEAVES) == "both_taps"
    assert ridden(here, clock, driver, rider, second, "2026-05-12T07:50:00+09:00") == "too_soon"
    assert ridden(here, clock, driver, rider, third, "2026-05-12T08:30:00+09:00") == "both_taps"
    assert sums() == {"ride.shared": 2 * 5039}


def test_ride_under_two_kilometres_is_no_proof(here: Road, clock: Clock) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver, *points(MANGWON, HAPJEONG))
    case = ask(rider, trip, MANGWON, HAPJEONG)
    step(driver, case, "accept")
    clock.at(LEAVES)
    step(driver, case, "board")
    step(rider, case, "alight")
    assert step(rider, case, "confirm") == "settled"
    assert Agreement.rows.get(id=case).terms["proof"] == "too_short"
    assert sums() == {}


def test_ride_that_the_rider_alone_tapped_is_settled_and_proves_nothing(
    here: Road, clock: Clock
) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    case = ask(rider, offer(driver, reciprocity="won"))
    step(driver, case, "accept")
    clock.at(LEAVES)
    for name in ("board", "alight", "confirm"):
        step(rider, case, name)
    assert Agreement.rows.get(id=case).terms["proof"] == "told"
    assert here.won(rider) < 0
    assert sums() == {"spending.local": -here.won(rider)}, "paid, and no metres"


def test_nobody_is_missed_before_the_time_and_a_no_show_costs_nothing(
    here: Road, clock: Clock
) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver, reciprocity="won")
    case = ask(rider, trip)
    step(driver, case, "accept")
    for name in ("no_show", "board"):
        with pytest.raises(Refusal, match=r"exchange\.guard"):
            step(driver, case, name)
    clock.at(LEAVES)
    assert step(driver, case, "no_show") == "no_show"
    assert (here.won(rider), seats_taken(trip)) == (0, [0, 0])


def test_dispute_is_judged_by_somebody_else(here: Road, clock: Clock) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    case = ask(rider, offer(driver, reciprocity="won"))
    step(driver, case, "accept")
    clock.at(LEAVES)
    step(driver, case, "board")
    step(driver, case, "alight")
    assert step(rider, case, "dispute", why="신촌에서 내렸어요") == "review"
    for party in (driver, rider):
        with pytest.raises(Refusal, match=r"core\.not_allowed"):
            step(party, case, "judge", share=100)
    assert step(here.staff, case, "judge", share=100) == "settled"
    assert (here.won(rider), here.won(driver)) == (-100, 100)
    assert sums() == {"ride.shared": 5039, "spending.local": 100}


def test_time_moves_what_nobody_says_a_word_of(here: Road, clock: Clock) -> None:
    driver, rider, other = (here.neighbour() for _ in range(3))
    trip = offer(driver)
    case, unanswered = ask(rider, trip), ask(other, trip)
    step(driver, case, "accept")
    clock.move(hours=12)
    tick()
    assert (state_of(unanswered), state_of(case)) == ("expired", "accepted")
    clock.at("2026-05-12T09:30:00+09:00")
    tick()
    assert (state_of(case), seats_taken(trip)) == ("review", [0, 0])
    assert step(here.staff, case, "void") == "voided"
