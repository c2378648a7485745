"""What pages of the exchange say of a ride: its way, its driver, what is to do and from when."""

from __future__ import annotations

import pytest
from django.test import Client

from dure.core.actions import run
from dure.core.actors import Actor
from dure.ledger.models import Account
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.web.ride_world import NOW, Road, a_road, ask, step
from tests.web.test_rides import text_of
from tests.web.walk import client_of

LISTINGS = "/exchange/listings/"


@pytest.fixture
def road(db: object, clock: Clock) -> Road:
    clock.at(NOW)
    return a_road()


def called(actor: Actor, handle: str) -> None:
    with given():
        Account.rows.filter(owner_person=actor.id).update(handle=handle)


def test_driver_is_not_named_in_the_list_by_another_listing_of_hers(road: Road) -> None:
    called(road.driver, "bomnae")
    body = {"side": "offer", "title": "화분 흙갈이", "reciprocity": "gift"}
    run("exchange.listing.publish", body, road.driver)
    page = text_of(Client(), LISTINGS)
    assert page.count("@bomnae") == 1
    assert "이웃" in page.split("합정역 앞 → 서울역 앞")[1].split("</section>")[0]


def test_ride_on_an_english_page_goes_by_the_english_names_of_its_stops(road: Road) -> None:
    assert "Hapjeong Station → Seoul Station" in text_of(Client(), f"/en{LISTINGS}")
    case = ask(road.rider, road.trip)
    assert "Hapjeong Station → Seoul Station" in text_of(
        client_of(road.rider), f"/en/exchange/agreements/{case}/"
    )


def test_price_of_a_ride_is_said_a_kilometre_and_its_room_in_seats(road: Road) -> None:
    page = text_of(Client(), LISTINGS)
    assert "1km에 200원" in page
    assert "화 목 07:30" in page


def test_nobody_is_asked_to_tap_before_it_is_about_to_leave(road: Road, clock: Clock) -> None:
    case = ask(road.rider, road.trip)
    step(case, "accept", road.driver)
    rider = client_of(road.rider)
    here = f"/exchange/agreements/{case}/"
    page = text_of(rider, here)
    assert "지금은 할 일이 없습니다" in page
    assert "내일 오전 7시부터 할 수 있습니다." in page
    assert 'id="form-board"' not in page
    assert "지금 할 일:" not in text_of(rider, "/exchange/mine/?tab=now")
    assert "다음 할 일: 탔어요" in text_of(rider, "/exchange/mine/?tab=waiting")
    assert "form-board" not in text_of(rider, f"/exchange/rides/{road.trip}/")
    clock.at("2026-05-12T07:01:00+09:00")
    assert 'id="form-board"' in text_of(rider, here)
    assert "지금 할 일: 탔어요" in text_of(rider, "/exchange/mine/?tab=now")


def test_way_out_is_two_taps_and_says_that_it_cannot_be_undone(road: Road) -> None:
    case = ask(road.rider, road.trip)
    page = text_of(client_of(road.rider), f"/exchange/agreements/{case}/")
    out = page.split("부탁 거두기", 1)[1].split("</details>")[0]
    assert "되돌릴 수 없습니다" in out
    assert 'id="form-withdraw"' in out


def test_visitor_has_no_door_to_agreements_and_a_neighbour_has_it_first(road: Road) -> None:
    assert "내 약속" not in text_of(Client(), "/exchange/")
    page = text_of(client_of(road.rider), "/exchange/")
    assert page.index("내 약속") < page.index("물건 빌리기")
