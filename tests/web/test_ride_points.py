"""The staff page of meeting points: found, added, corrected, closed, retired; told what to do."""

from __future__ import annotations

from html import unescape

import pytest
from django.test import Client

from dure.core.actors import Role
from dure.exchange.models import MeetingPoint
from tests.harness.clock import Clock
from tests.harness.people import person_with
from tests.web.ride_world import NOW, Road, a_road
from tests.web.walk import client_of

HERE = "/exchange/desk/points/"


@pytest.fixture
def road(db: object, clock: Clock) -> Road:
    clock.at(NOW)
    return a_road()


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return unescape(answer.content.decode())


def test_points_of_the_own_district_are_listed_and_found_by_name(road: Road) -> None:
    staff = client_of(road.staff)
    page = text_of(staff, HERE)
    assert "만나는 곳 8곳" in page
    assert "구파발역" not in page, "of another district"
    assert "만나는 곳 1곳" in text_of(staff, f"{HERE}?q=망원")
    assert "찾는 곳이 없습니다" in text_of(staff, f"{HERE}?q=없는역")
    assert "Mangwon Station" in text_of(staff, f"/en{HERE}?q=mangwon")
    assert HERE in text_of(staff, "/exchange/desk/")


def test_nobody_else_finds_the_page(road: Road) -> None:
    other = client_of(person_with(Role.STAFF, district="11680"))
    assert other.get(f"{HERE}mapo-hapjeong/").status_code == 404
    assert client_of(road.rider).get(HERE).status_code == 404
    assert Client().get(HERE).status_code == 403


def test_point_is_added_from_the_map_and_can_be_chosen(road: Road) -> None:
    staff = client_of(road.staff)
    typed = {
        "ko": "마포중앙도서관 앞", "en": "Mapo Central Library", "kind": "library",
        "point": "37.563471, 126.908127",
    }  # fmt: skip
    assert staff.post(f"{HERE}new/", typed).status_code == 303
    made = MeetingPoint.rows.get(ko="마포중앙도서관 앞")
    assert (made.latitude_e5, made.longitude_e5) == (3_756_350, 12_690_810)
    assert "마포중앙도서관 앞" in text_of(Client(), "/exchange/rides/")


def test_home_and_a_place_that_is_none_are_refused_and_what_was_typed_stays(road: Road) -> None:
    staff = client_of(road.staff)
    typed = {"ko": "우리 집", "en": "x", "kind": "square", "point": "37.563471, 126.908127"}
    page = unescape(staff.post(f"{HERE}new/", typed).content.decode())
    assert "집이나 호수는 만나는 곳이 될 수 없습니다" in page
    assert 'value="37.563471, 126.908127"' in page
    wrong = {**typed, "ko": "도서관", "point": "도서관 옆"}
    answer = staff.post(f"{HERE}new/", wrong)
    assert answer.status_code == 422
    assert "지도의 자리" in unescape(answer.content.decode())
    assert MeetingPoint.rows.count() == 20


def test_point_in_use_says_what_to_do_and_is_closed_first(road: Road) -> None:
    staff = client_of(road.staff)
    here = f"{HERE}mapo-hapjeong/"
    page = text_of(staff, here)
    assert "내릴 수 없습니다" in page
    answer = staff.post(here, {"do": "retire"})
    assert answer.status_code == 409
    assert "먼저 더 고르지 않게 하고" in unescape(answer.content.decode())
    assert staff.post(here, {"do": "close"}).status_code == 303
    assert "합정역 앞" not in text_of(Client(), "/exchange/rides/")
    assert "다시 고를 수 있게 하기" in text_of(staff, here)
    assert staff.post(here, {"do": "open"}).status_code == 303
    assert staff.post(f"{HERE}mapo-aeogae/", {"do": "retire"}).status_code == 303
    assert "다시 쓰려면 새로 더해" in text_of(staff, f"{HERE}mapo-aeogae/")
    assert "애오개역" in text_of(staff, f"{HERE}?state=retired")


def test_correction_is_saved_and_shown(road: Road) -> None:
    staff = client_of(road.staff)
    typed = {"ko": "합정역 8번 출구", "en": "Hapjeong exit 8", "kind": "station",
             "point": "37.5496, 126.9139", "do": "change"}  # fmt: skip
    assert staff.post(f"{HERE}mapo-hapjeong/", typed).status_code == 303
    assert "합정역 8번 출구" in text_of(client_of(road.driver), f"/exchange/rides/{road.trip}/")
