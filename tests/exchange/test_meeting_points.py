"""Meeting points: kept by a district, public places alone, never gone while somebody is due."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models import AuditLine, Notice
from dure.exchange.meeting_points import meeting_points
from dure.exchange.models import Agreement, Asset, Listing, MeetingPoint
from tests.exchange.neighbours import step
from tests.exchange.rides import HAPJEONG, NOW, SEOUL, SINCHON, Road, ask, offer, road, the_trip
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with

pytestmark = pytest.mark.django_db
LAY = Actor.timer("exchange.ride.lay")


@pytest.fixture
def here(clock: Clock) -> Road:
    clock.at(NOW)
    return road()


def keeper() -> Actor:
    """Staff of the district in which the second stop lies."""
    return person_with(Role.STAFF, district="11410")


def add(actor: Actor, **more: object) -> str:
    body = {
        "district": MAPO,
        "kind": "library",
        "ko": "마포중앙도서관 앞",
        "en": "Mapo Central Library",
        "latitude_e5": 3_756_347,
        "longitude_e5": 12_690_812,
        **more,
    }
    return str(run("exchange.meeting_point.add", body, actor).result.code)


def change(actor: Actor, code: str, **more: object) -> None:
    run("exchange.meeting_point.change", {"code": code, **more}, actor)


def retire(actor: Actor, code: str) -> None:
    run("exchange.meeting_point.retire", {"code": code}, actor)


def test_first_list_is_installed_once_and_leaves_what_staff_wrote(here: Road) -> None:
    change(here.staff, HAPJEONG, ko="합정역 8번 출구")
    again = run("exchange.meeting_point.install", {}, Actor.operator()).result
    assert (again.total, again.new) == (20, 0)
    assert meeting_points()[HAPJEONG].text.ko == "합정역 8번 출구"


def test_new_point_is_rounded_named_on_the_audit_line_and_a_stop_at_once(here: Road) -> None:
    code = add(here.staff)
    point = meeting_points()[code]
    assert (point.latitude_e5, point.longitude_e5) == (3_756_350, 12_690_810)
    line = AuditLine.objects.everything("a test").get(action="exchange.meeting_point.add")
    assert (line.object, line.actor) == (
        f"exchange.meeting_point:{code}",
        here.staff.id,
    )
    trip = the_trip(offer(here.neighbour(), {"point": code}, {"point": SEOUL}))
    assert (trip.stops[0].text.ko, trip.stops[0].text.en) == (
        "마포중앙도서관 앞",
        "Mapo Central Library",
    )


@pytest.mark.parametrize(
    "name",
    [
        "성산아파트 101동 1203호",
        "우리 집",
        "김씨네 집 앞",
        "망원동 12-3 집앞",
        "Apt 302",
        "my house",
    ],
)
def test_home_is_no_meeting_point(here: Road, name: str) -> None:
    with pytest.raises(Refusal, match=r"exchange\.point_not_public"):
        add(here.staff, ko=name)
    with pytest.raises(Refusal, match=r"exchange\.point_not_public"):
        change(here.staff, HAPJEONG, en=name)
    assert MeetingPoint.rows.count() == 20


@pytest.mark.parametrize(
    "name", ["지하철 2호선 합정역 앞", "상암 9단지 아파트 정류장", "집현전 앞"]
)
def test_public_place_that_sounds_like_one_is_taken(here: Road, name: str) -> None:
    code = add(here.staff, ko=name)
    assert meeting_points()[code].text.ko == name


def test_same_name_twice_and_a_place_abroad_are_refused(here: Road) -> None:
    with pytest.raises(Refusal, match=r"exchange\.point_known"):
        add(here.staff, ko="합정역 앞")
    with pytest.raises(Refusal, match=r"core\.bad_field"):
        add(here.staff, latitude_e5=12_690_812, longitude_e5=3_756_347)
    assert MeetingPoint.rows.count() == 20


@pytest.mark.parametrize("role", [Role.STAFF, Role.RESIDENT])
def test_staff_of_another_district_and_a_resident_change_nothing(here: Road, role: Role) -> None:
    other = person_with(role, district="11680")
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        add(other)
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        change(other, HAPJEONG, ko="딴 곳")
    with pytest.raises(Refusal, match=r"core\.not_allowed"):
        retire(other, HAPJEONG)
    assert meeting_points()[HAPJEONG].text.ko == "합정역 앞"


def test_point_of_a_trip_to_come_is_not_retired_and_staff_are_told_what_to_do(
    here: Road, clock: Clock
) -> None:
    offer(here.neighbour(), rrule="FREQ=WEEKLY;BYDAY=TU")
    with pytest.raises(Refusal, match=r"exchange\.point_in_use") as refused:
        retire(keeper(), SINCHON)
    told = refused.value.sentence("ko")
    assert "운행 2대(마지막 2026-05-19)" in told
    assert "먼저 더 고르지 않게" in told
    driver = Listing.rows.get().person
    change(keeper(), SINCHON, closing=True)
    assert list(Notice.rows.values_list("person", "template")) == [
        (driver, "exchange.meeting_point_closes")
    ]
    clock.move(days=7)
    assert run("exchange.ride.lay", {}, LAY).result.trips == 0
    clock.move(days=8)
    retire(keeper(), SINCHON)
    assert SINCHON not in meeting_points()
    assert the_trip(str(Asset.rows.filter(parent=None).first().id)).stops[1].text.ko == "신촌역 앞"


def test_wish_from_a_point_keeps_it(here: Road) -> None:
    wish = {
        "board": {"point": SINCHON},
        "alight": {"point": SEOUL},
        "on": "2026-05-12",
        "at": "08:00",
    }
    run("exchange.ride.wish", wish, here.neighbour())
    with pytest.raises(Refusal, match=r"exchange\.point_in_use"):
        retire(keeper(), SINCHON)


def test_closing_point_is_chosen_no_more_and_what_was_agreed_goes_on(here: Road) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver)
    other = offer(driver, {"point": HAPJEONG}, {"point": SEOUL}, at="08:00")
    change(keeper(), SINCHON, closing=True)
    with pytest.raises(Refusal, match=r"exchange\.bad_stop"):
        offer(here.neighbour())
    with pytest.raises(Refusal, match=r"exchange\.bad_quantity"):
        ask(rider, other, SINCHON, SEOUL)
    case = ask(rider, trip, SINCHON, SEOUL)
    assert step(driver, case, "accept") == "accepted"
    assert Agreement.rows.count() == 1


def test_new_name_reaches_trips_to_come_and_a_moved_place_changes_no_price(here: Road) -> None:
    driver, rider = here.neighbour(), here.neighbour()
    trip = offer(driver, rrule="FREQ=WEEKLY;BYDAY=TU", reciprocity="won")
    case = ask(rider, trip)
    before = the_trip(trip)
    change(here.staff, HAPJEONG, ko="합정역 8번 출구", en="Hapjeong exit 8", latitude_e5=3_754_000)
    after = the_trip(trip)
    assert after.stops[0].text.en == "Hapjeong exit 8"
    assert [one.latitude_e5 for one in after.stops] == [one.latitude_e5 for one in before.stops]
    assert Listing.rows.get().terms["stops"][0]["name"] == "합정역 8번 출구"
    assert step(driver, case, "accept") == "accepted"
