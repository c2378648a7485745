"""A shared ride from the offer to the books: seats by leg, shares, proofs, disputes, no-shows."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.exchange.models import Agreement, Asset, Commitment, Listing, Match
from tests.exchange.cases import events_of, sums
from tests.exchange.neighbours import step
from tests.exchange.rides import (
    GONGDEOK,
    HAPJEONG,
    MANGWON,
    NOW,
    SEOUL,
    SINCHON,
    YEOUIDO,
    Road,
    ask,
    offer,
    point,
    points,
    road,
    the_trip,
)
from tests.harness.clock import Clock

pytestmark = pytest.mark.django_db
LEAVES = "2026-05-12T07:30:00+09:00"


@pytest.fixture
def here(clock: Clock) -> Road:
    clock.at(NOW)
    return road()


def state_of(case: str) -> str:
    return str(Agreement.rows.get(id=case).state)


def seats_taken(trip: str) -> list[int]:
    """How many seats are taken on each leg, in order."""
    return [
        Commitment.rows.filter(asset_id=leg, state__in=("held", "out")).count()
        for leg in the_trip(trip).legs
    ]


def test_paid_ride_moves_the_share_and_states_metres(here: Road, clock: Clock) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver, reciprocity="won", won_per_km=200)
    case = ask(rider, trip)
    assert step(driver, case, "accept") == "accepted"
    assert seats_taken(trip) == [1, 1]
    clock.at(LEAVES)
    assert step(driver, case, "board") == "boarded"
    clock.move(minutes=15)
    assert step(rider, case, "alight") == "alighted"
    assert step(rider, case, "confirm") == "settled"
    assert (here.won(rider), here.won(driver)) == (-503, 503)
    assert sums() == {"ride.shared": 5039, "spending.local": 503}
    assert events_of(case)[0].evidence == "B"
    assert seats_taken(trip) == [0, 0]
    assert Commitment.rows.filter(state="done").count() == 2


def test_rider_from_the_second_stop_to_the_fifth_takes_legs_two_three_and_four(here: Road) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    five = points(MANGWON, HAPJEONG, SINCHON, GONGDEOK, SEOUL)
    trip = offer(driver, *five)
    case = ask(rider, trip, HAPJEONG, SEOUL)
    step(driver, case, "accept")
    assert seats_taken(trip) == [0, 1, 1, 1]
    assert step(rider, case, "cancel") == "cancelled"
    assert seats_taken(trip) == [0, 0, 0, 0]


def test_full_leg_refuses_and_nothing_is_kept(here: Road) -> None:
    driver, first, second = (here.neighbour() for _ in range(3))
    trip = offer(driver, seats=1)
    step(driver, ask(first, trip, SINCHON, SEOUL), "accept")
    case = ask(second, trip, HAPJEONG, SEOUL)
    with pytest.raises(Refusal, match=r"exchange\.guard") as refused:
        step(driver, case, "accept")
    assert "신촌역 앞에서 서울역 앞까지 남은 자리가 없습니다" in refused.value.sentence("ko")
    assert (state_of(case), seats_taken(trip)) == ("asked", [0, 1])
    other = ask(here.neighbour(), trip, HAPJEONG, SINCHON)
    step(driver, other, "accept")
    assert seats_taken(trip) == [1, 1]


# --- worked numbers of the design page

FROM, TO = points("from", "to")
NEAR, ON, OFF, BETWEEN = "near", "on", "off", "between"


@pytest.fixture
def way(here: Road) -> Road:
    """The points of the worked numbers."""
    point("from", 37.60, 126.92)
    point("to", 37.50, 127.03)
    point(NEAR, 37.58, 126.94)
    point(ON, 37.52, 127.02)
    point(OFF, 37.49, 126.93)
    point(BETWEEN, 37.56, 126.96)
    return here


def test_detour_of_one_in_eighty_is_taken_on_and_parts_the_way(way: Road) -> None:
    driver, rider = way.neighbour(), way.neighbour()
    trip = offer(driver, FROM, TO)
    case = ask(rider, trip, NEAR, ON)
    assert len(the_trip(trip).stops) == 2, "the stops come when the driver says yes"
    step(driver, case, "accept")
    planned = the_trip(trip)
    assert [stop.key for stop in planned.stops][1:3] == [NEAR, ON]
    assert seats_taken(trip) == [0, 1, 0]
    assert len(set(planned.legs)) == 3
    assert (
        round(Agreement.rows.get(id=case).starts.timestamp() - planned.departs.timestamp()) % 60
        == 0
    )


def test_detour_of_nearly_half_is_refused_with_its_number(way: Road) -> None:
    driver, rider = way.neighbour(), way.neighbour()
    trip = offer(driver, FROM, TO)
    with pytest.raises(Refusal, match=r"exchange\.not_on_the_way") as refused:
        ask(rider, trip, NEAR, OFF)
    assert "detour 47.6 % > 25 %" in refused.value.sentence("en")
    assert "돌아가는 길 47.6 % > 25 %" in refused.value.sentence("ko")
    assert Agreement.rows.count() == 0


def test_second_detour_keeps_the_seats_of_the_first_on_both_halves(way: Road) -> None:
    driver, first, second = (way.neighbour() for _ in range(3))
    trip = offer(driver, FROM, TO, seats=2)
    step(driver, ask(first, trip, NEAR, ON), "accept")
    case = ask(second, trip, BETWEEN, ON)
    step(driver, case, "accept")
    assert [stop.key for stop in the_trip(trip).stops][1:-1] == [NEAR, BETWEEN, ON]
    assert seats_taken(trip) == [0, 1, 2, 0]
    step(first, str(Agreement.rows.exclude(id=case).get().id), "cancel")
    assert seats_taken(trip) == [0, 0, 1, 0]


# --- shares


def test_two_riders_share_the_cost_of_the_legs_that_they_sit_in_together(
    here: Road, clock: Clock
) -> None:
    driver, anna, ben = (here.neighbour() for _ in range(3))
    trip = offer(driver, reciprocity="won", won_per_km=200)
    long, short = ask(anna, trip, HAPJEONG, SEOUL), ask(ben, trip, HAPJEONG, SINCHON)
    for case in (long, short):
        step(driver, case, "accept")
    clock.at(LEAVES)
    for case in (long, short):
        step(driver, case, "board")
    for who, case in ((ben, short), (anna, long)):
        clock.move(minutes=5)
        step(who, case, "alight")
        step(who, case, "confirm")
    # 2,121 m among three, 2,980 m between two, 200 won a kilometre
    assert (here.won(anna), here.won(ben)) == (-439, -141)
    assert here.won(driver) == 580


def test_share_is_never_above_the_cap(here: Road) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    point("south", 37.0, 127.0)
    point("north", 37.8, 127.0)
    trip = offer(driver, *points("south", "north"), reciprocity="won", won_per_km=200)
    stops = the_trip(trip).stops
    case = ask(rider, trip, stops[0].key, stops[-1].key)
    step(driver, case, "accept")
    account = type(here.accounts[rider.id]).rows.get(pk=here.accounts[rider.id].pk)
    assert account.held_out == 3000


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"reciprocity": "won", "won_per_km": 201}, "exchange.bad_quantity"),
        ({"reciprocity": "won", "at": "11:00"}, "exchange.not_paid_then"),
        ({"reciprocity": "won", "on": "2026-05-16"}, "exchange.not_paid_then"),
        ({"on": "2026-05-10"}, "exchange.bad_slot"),
        ({"at": "24:30"}, "exchange.bad_slot"),
        ({"rrule": "EVERY DAY"}, "exchange.bad_rhythm"),
        ({"stops": points(HAPJEONG, HAPJEONG)}, "exchange.bad_stop"),
        ({"stops": points(HAPJEONG, "nowhere")}, "exchange.bad_stop"),
    ],
)
def test_offer_that_the_rules_do_not_allow_is_refused(
    here: Road, more: dict[str, object], code: str
) -> None:
    with pytest.raises(Refusal, match=code):
        offer(here.neighbour(), **more)
    assert (Listing.rows.count(), Asset.rows.count()) == (0, 0)


@pytest.mark.parametrize(
    "halt",
    [
        {"latitude_e5": 3760123, "longitude_e5": 12692345},
        {"point": SEOUL, "latitude_e5": 3760123, "longitude_e5": 12692345},
        {"point": SEOUL, "name": "우리 집"},
        {"point": "at:3760000.12692500"},
    ],
)
def test_nobodys_own_place_is_a_stop_by_any_face(here: Road, halt: dict[str, object]) -> None:
    with pytest.raises(Refusal, match=r"core\.bad_field|exchange\.bad_stop"):
        offer(here.neighbour(), {"point": HAPJEONG}, halt)
    wish = {"board": {"point": HAPJEONG}, "alight": halt, "on": "2026-05-12", "at": "07:30"}
    with pytest.raises(Refusal, match=r"core\.bad_field|exchange\.bad_stop"):
        run("exchange.ride.wish", wish, here.neighbour())
    assert (Listing.rows.count(), Asset.rows.count()) == (0, 0)


def test_what_a_case_came_to_cannot_be_brought_along(here: Road) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = the_trip(offer(driver, reciprocity="won"))
    body = {
        "process": "carpool",
        "start": "ask",
        "asset_id": str(Asset.rows.get(parent=None).id),
        "starts": trip.at(trip.stops[0]).isoformat(),
        "ends": trip.at(trip.stops[-1]).isoformat(),
    }
    named = ({"name": "board", "value": HAPJEONG}, {"name": "alight", "value": SEOUL})
    with pytest.raises(Refusal, match=r"exchange\.bad_quantity"):
        run(
            "exchange.agreement.open",
            {**body, "terms": (*named, {"name": "share", "value": "0"})},
            rider,
        )
    late = {**body, "starts": trip.at(trip.stops[1]).isoformat()}
    with pytest.raises(Refusal, match=r"exchange\.bad_quantity"):
        run("exchange.agreement.open", {**late, "terms": named}, rider)
    assert run("exchange.agreement.open", {**body, "terms": named}, rider).result.state == "asked"


# --- regular rides


def test_regular_ride_is_laid_two_weeks_ahead_once_a_day(here: Road, clock: Clock) -> None:
    driver = here.neighbour()
    offer(driver, rrule="FREQ=WEEKLY;BYDAY=TU,TH")
    trips = Asset.rows.filter(parent=None)
    assert trips.count() == 4
    timer = Actor.timer("exchange.ride.lay")
    assert run("exchange.ride.lay", {}, timer).result.trips == 0
    clock.move(days=7)
    assert run("exchange.ride.lay", {}, timer).result.trips == 2
    assert Asset.rows.filter(parent__in=trips).count() == 12


def test_stopped_ride_keeps_the_trips_that_somebody_asked_for(here: Road) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver, rrule="FREQ=WEEKLY;BYDAY=TU,TH")
    case = ask(rider, trip)
    listing = str(Listing.rows.get().id)
    assert run("exchange.ride.stop", {"listing_id": listing}, driver).result.trips == 3
    assert step(driver, case, "accept") == "accepted"
    assert Asset.rows.filter(parent=None, retired_at=None).count() == 1


# --- who suits whom


def test_ride_that_does_not_suit_is_not_found_and_nothing_says_why(here: Road) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver, wants=("woman",), says=("woman",))
    with pytest.raises(Refusal, match=r"core\.not_found") as absent:
        ask(rider, trip)
    with pytest.raises(Refusal, match=r"core\.not_found") as nowhere:
        ask(rider, "00000000-0000-4000-8000-000000000000")
    assert absent.value.sentence("ko") == nowhere.value.sentence("ko")
    with pytest.raises(Refusal, match=r"core\.not_found"):
        ask(rider, trip, says=("woman",), wants=("no_smoking",))
    way = the_trip(trip)
    around = {
        "process": "carpool",
        "start": "ask",
        "asset_id": trip,
        "starts": way.at(way.stops[0]).isoformat(),
        "ends": way.at(way.stops[-1]).isoformat(),
        "terms": ({"name": "board", "value": HAPJEONG}, {"name": "alight", "value": SEOUL}),
    }
    with pytest.raises(Refusal, match=r"core\.not_found"):
        run("exchange.agreement.open", around, rider)
    case = ask(rider, trip, says=("woman",), wants=("woman",))
    assert "woman" not in str(Agreement.rows.get(id=case).terms)
    assert Listing.rows.get().audience == "members", "a listing does not tell of it either"


# --- asking twice, proposing


def test_seat_is_asked_for_once_and_never_in_the_own_car(here: Road) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver)
    ask(rider, trip)
    with pytest.raises(Refusal, match=r"exchange\.asked_already"):
        ask(rider, trip)
    with pytest.raises(Refusal, match=r"exchange\.own_listing"):
        ask(driver, trip)
    with pytest.raises(Refusal, match=r"exchange\.not_on_the_way"):
        ask(here.neighbour(), trip, YEOUIDO, MANGWON)


def test_driver_proposes_her_trip_to_who_looks_for_a_ride(here: Road) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver)
    body = {
        "board": {"point": SINCHON}, "alight": {"point": SEOUL}, "on": "2026-05-12", "at": "07:40",
    }  # fmt: skip
    wish = run("exchange.ride.wish", body, rider).result.id
    told = {"listing_id": wish, "trip_id": trip}
    first = run("exchange.ride.propose", told, driver).result.id
    assert run("exchange.ride.propose", told, driver).result.id == first
    assert (Match.rows.get().asset_id.__str__(), Match.rows.get().answered_by) == (trip, driver.id)
    with pytest.raises(Refusal, match=r"core\.not_found"):
        run("exchange.ride.propose", told, here.neighbour())
    late = run("exchange.ride.wish", {**body, "at": "09:00"}, rider).result.id
    with pytest.raises(Refusal, match=r"exchange\.not_on_the_way") as refused:
        run("exchange.ride.propose", {**told, "listing_id": late}, driver)
    assert "min apart > 15 min" in refused.value.sentence("en")


def test_wish_with_words_of_health_is_looked_at_first(here: Road) -> None:
    body = {
        "board": {"point": SINCHON}, "alight": {"point": SEOUL}, "on": "2026-05-12", "at": "07:40",
        "text": "항암 치료를 받으러 갑니다",
    }  # fmt: skip
    run("exchange.ride.wish", body, here.neighbour())
    assert Listing.rows.get().state == "check"
