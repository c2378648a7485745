"""Regular rides day by day: rested, moved, ended, holidays; what becomes of who was promised."""

from __future__ import annotations

import pytest

from dure.core import clock as clock_of
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models import AuditLine, Notice
from dure.exchange.models import Agreement, Asset, Commitment, Listing, Timer
from dure.ledger.models import Account
from tests.exchange.neighbours import step, tick
from tests.exchange.rides import NOW, Road, ask, offer, road, the_trip
from tests.harness.clock import Clock
from tests.harness.given import given

pytestmark = pytest.mark.django_db
WEEKLY = "FREQ=WEEKLY;BYDAY=TU,TH"
LAY = Actor.timer("exchange.ride.lay")


@pytest.fixture
def here(clock: Clock) -> Road:
    clock.at(NOW)
    return road()


def departures() -> list[str]:
    rows = Asset.rows.filter(parent=None, retired_at=None)
    return sorted(row.terms["departs"][:16] for row in rows)


def told(person: Actor, template: str) -> int:
    return Notice.rows.filter(person=person.id, template=template).count()


def test_day_off_gives_back_what_was_promised_and_tells_the_riders(here: Road) -> None:
    driver, booked, asking = (here.neighbour() for _ in range(3))
    trip = offer(driver, rrule=WEEKLY, reciprocity="won")
    case, other = ask(booked, trip), ask(asking, trip)
    step(driver, case, "accept")
    assert run("exchange.ride.skip", {"trip_id": trip}, driver).result.trips == 1
    states = [Agreement.rows.get(id=one).state for one in (case, other)]
    assert states == ["cancelled", "declined"]
    assert Commitment.rows.filter(state="held").count() == 0
    assert (here.won(booked), here.won(driver)) == (0, 0)
    assert (told(booked, "exchange.ride_skipped"), told(asking, "exchange.ride_skipped")) == (1, 1)
    assert departures() == ["2026-05-14T07:30", "2026-05-19T07:30", "2026-05-21T07:30"]
    assert run("exchange.ride.lay", {}, LAY).result.trips == 0, "the day is not made again"


def test_day_off_gives_back_to_every_rider_who_was_promised_a_seat(here: Road) -> None:
    driver, *riders = (here.neighbour() for _ in range(4))
    trip = offer(driver, rrule=WEEKLY, reciprocity="won")
    cases = [ask(one, trip) for one in riders]
    for case in cases:
        step(driver, case, "accept")
    run("exchange.ride.skip", {"trip_id": trip}, driver)
    assert {Agreement.rows.get(id=one).state for one in cases} == {"cancelled"}
    assert Commitment.rows.filter(state="held").count() == 0
    assert [Account.rows.get(pk=here.accounts[one.id].pk).held_out for one in riders] == [0, 0, 0]


def test_seat_asked_for_while_a_day_was_taken_off_is_not_promised(here: Road) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver)
    case = ask(rider, trip)
    with given() as audit:  # what an ask behind the look at the cases leaves
        Asset.rows.filter(pk=trip).update(retired_at=clock_of.now(), audit=audit)
    with pytest.raises(Refusal, match=r"exchange\.not_offered"):
        step(driver, case, "accept")
    assert step(driver, case, "decline") == "declined"


def test_nobody_but_the_driver_changes_a_day(here: Road) -> None:
    trip = offer(here.neighbour())
    for name, more in (("skip", {}), ("shift", {"at": "07:40"})):
        for other in (here.neighbour(), here.staff):
            with pytest.raises(Refusal, match=r"core\.not_allowed"):
                run(f"exchange.ride.{name}", {"trip_id": trip, **more}, other)
    assert departures() == ["2026-05-12T07:30"]


def test_ride_that_somebody_sits_in_is_not_rested(here: Road, clock: Clock) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver)
    case = ask(rider, trip)
    step(driver, case, "accept")
    clock.at("2026-05-12T07:30:00+09:00")
    step(rider, case, "board")
    with pytest.raises(Refusal, match=r"exchange\.in_use"):
        run("exchange.ride.skip", {"trip_id": trip}, driver)


def test_day_is_moved_a_little_and_seats_times_and_timers_go_along(
    here: Road, clock: Clock
) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver, rrule=WEEKLY)
    case = ask(rider, trip)
    step(driver, case, "accept")
    before = Agreement.rows.get(id=case)
    run("exchange.ride.shift", {"trip_id": trip, "at": "07:45"}, driver)
    after = Agreement.rows.get(id=case)
    assert (after.starts - before.starts).total_seconds() == 900
    moved = the_trip(trip)
    slots = {one.slot.lower for one in Commitment.rows.filter(agreement=case)}
    assert slots == {moved.departs}
    due = Timer.rows.get(agreement=case, transition="not_boarded").due_at
    assert (due - after.starts).total_seconds() == 2 * 3600
    assert told(rider, "exchange.ride_shifted") == 1
    assert departures()[:2] == ["2026-05-12T07:45", "2026-05-14T07:30"]
    clock.at("2026-05-12T07:45:00+09:00")
    step(rider, case, "board")
    step(driver, case, "alight")
    assert step(rider, case, "confirm") == "settled"


def test_day_is_not_moved_far_once_a_seat_is_promised(here: Road) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver)
    case = ask(rider, trip)
    run("exchange.ride.shift", {"trip_id": trip, "at": "08:30"}, driver)
    step(driver, case, "accept")
    with pytest.raises(Refusal, match=r"exchange\.shifted_too_far") as refused:
        run("exchange.ride.shift", {"trip_id": trip, "at": "09:30"}, driver)
    assert "15분까지만" in refused.value.sentence("ko")
    assert departures() == ["2026-05-12T08:30"]


@pytest.mark.parametrize(
    ("at", "code"),
    [
        ("07:30", "exchange.bad_slot"),
        ("05:00", "exchange.bad_slot"),
        ("12:00", "not_paid_then"),
        ("24:00", "exchange.bad_slot"),
    ],
)
def test_wrong_time_is_refused(here: Road, clock: Clock, at: str, code: str) -> None:
    trip = offer(here.neighbour(), reciprocity="won")
    clock.at("2026-05-12T06:00:00+09:00")
    with pytest.raises(Refusal, match=code):
        run("exchange.ride.shift", {"trip_id": trip, "at": at}, _driver())
    assert departures() == ["2026-05-12T07:30"]


def _driver() -> Actor:
    return Actor.person(Listing.rows.get().person, origin="test")


def test_series_ends_after_its_last_day_and_promised_days_stand(here: Road, clock: Clock) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    offer(driver, rrule=WEEKLY)
    last = str(Asset.rows.filter(parent=None).order_by("-terms__departs").first().id)
    case = ask(rider, last)
    listing = str(Listing.rows.get().id)
    body = {"listing_id": listing, "last_on": "2026-05-14"}
    assert run("exchange.ride.stop", body, driver).result.trips == 1
    assert departures() == ["2026-05-12T07:30", "2026-05-14T07:30", "2026-05-21T07:30"]
    clock.move(days=7)
    assert run("exchange.ride.lay", {}, LAY).result.trips == 0
    assert step(driver, case, "accept") == "accepted"
    for day in ("2026-05-01", "2100-01-01"):
        with pytest.raises(Refusal, match=r"exchange\.bad_slot"):
            run("exchange.ride.stop", {"listing_id": listing, "last_on": day}, driver)


@pytest.mark.parametrize("end", ["UNTIL=20260514", "COUNT=2"])
def test_last_day_behind_the_end_of_a_series_does_not_prolong_it(
    here: Road, clock: Clock, end: str
) -> None:
    driver = here.neighbour()
    offer(driver, rrule=f"{WEEKLY};{end}")
    body = {"listing_id": str(Listing.rows.get().id), "last_on": "2026-05-31"}
    run("exchange.ride.stop", body, driver)
    clock.move(days=7)
    assert run("exchange.ride.lay", {}, LAY).result.trips == 0
    assert departures() == ["2026-05-12T07:30", "2026-05-14T07:30"]


def test_regular_ride_rests_on_public_holidays_unless_it_says_it_goes(
    here: Road, clock: Clock
) -> None:
    clock.at("2026-05-18T06:00:00+09:00")
    monday = {"rrule": "FREQ=WEEKLY;BYDAY=MO", "on": "2026-05-25"}
    with pytest.raises(Refusal, match=r"exchange\.bad_slot"):
        offer(here.neighbour(), **{**monday, "rrule": f"{monday['rrule']};COUNT=1"})
    offer(here.neighbour(), **monday, holidays=True)
    assert departures() == ["2026-05-25T07:30", "2026-06-01T07:30"]


def test_no_cost_is_shared_on_a_public_holiday(here: Road, clock: Clock) -> None:
    clock.at("2026-05-18T06:00:00+09:00")
    with pytest.raises(Refusal, match=r"exchange\.not_paid_then"):
        offer(here.neighbour(), on="2026-05-25", reciprocity="won")
    assert offer(here.neighbour(), on="2026-05-26", reciprocity="won")


# --- nobody learns by trying what others ask


def test_same_answer_for_every_misfit_and_trying_ends_soon(here: Road, clock: Clock) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver, wants=("woman", "guardian"))
    answers = set()
    for says in (("woman",), ("guardian",), ("no_smoking",)):
        with pytest.raises(Refusal, match=r"core\.not_found") as refused:
            ask(rider, trip, says=says)
        answers.add(refused.value.sentence("ko"))
    assert len(answers) == 1
    with pytest.raises(Refusal, match=r"exchange\.ride_words_often") as often:
        ask(rider, trip, says=("woman", "guardian"))
    assert "30일에 3번까지" in often.value.sentence("ko")
    assert Agreement.rows.count() == 0
    clock.move(days=0, hours=2)
    with pytest.raises(Refusal, match=r"exchange\.ride_words_often"):
        run("exchange.ride.declare", {"says": ("woman", "guardian")}, rider)


def test_words_of_another_and_words_that_were_not_said_open_nothing(here: Road) -> None:
    driver, rider, other = (here.neighbour() for _ in range(3))
    trip = offer(driver, wants=("woman",))
    stamp = run("exchange.ride.declare", {"says": ("woman",)}, other).result.stamp
    body = {"trip_id": trip, "board": "mapo-hapjeong", "alight": "jung-seoul"}
    for tried in (
        {"says": ("woman",)},
        {"says": ("woman",), "stamp": stamp},
        {"says": ("woman", "guardian"), "stamp": stamp},
    ):
        with pytest.raises(Refusal, match=r"exchange\.ride_words_first"):
            run("exchange.ride.ask", {**body, **tried}, rider)
    asked = {**body, "says": ("woman",), "stamp": stamp}
    assert run("exchange.ride.ask", asked, other).result.state == "asked"


def test_count_of_words_keeps_none_of_them(here: Road) -> None:
    rider = here.neighbour()
    run("exchange.ride.declare", {"says": ("woman",), "wants": ("guardian",)}, rider)
    line = AuditLine.objects.everything("a test").get(action="exchange.ride.declare")
    assert "woman" not in f"{line.changes}{line.result}{line.reason}"
    assert "guardian" not in f"{line.changes}{line.result}{line.reason}"


def test_lapsed_request_of_a_rested_day_stays_closed(here: Road, clock: Clock) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver)
    case = ask(rider, trip)
    run("exchange.ride.skip", {"trip_id": trip}, driver)
    clock.move(days=1)
    tick()
    assert Agreement.rows.get(id=case).state == "declined"
