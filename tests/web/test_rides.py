"""Pages of shared rides: found or why not, asked, accepted, tapped; what is shown to whom."""

from __future__ import annotations

from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.exchange.models import Agreement, Asset, Listing, Match
from dure.exchange.queries import calendars, rides_own
from dure.ledger.models import Account
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, person_with
from tests.web.ride_world import FIND, LEAVES, NOW, Road, a_road, ask, offer, step
from tests.web.walk import client_of

HERE = "/exchange/rides/"


@pytest.fixture
def road(db: object, clock: Clock) -> Road:
    clock.at(NOW)
    return a_road()


def text_of(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status, path
    return unescape(answer.content.decode())


def test_ride_is_found_and_of_the_other_it_is_said_why_not(road: Road) -> None:
    page = text_of(Client(), FIND)
    assert f"{HERE}{road.trip}/" in page
    assert "같은 길을 가는 차 1대" in page
    assert "5분 일찍" in page
    assert "비용 나눔 503원까지" in page
    assert f"{HERE}{road.far}/" in page.split("같은 길을 가는 차")[0] or "돌아가는 길" in page
    english = text_of(Client(), f"/en{FIND}")
    assert "detour" in english
    assert "> 25 %" in english


def test_ride_too_late_says_how_many_minutes(road: Road) -> None:
    page = text_of(Client(), FIND.replace("07:35", "09:00"))
    assert "때가 90분 다름 > 15분" in page
    assert "차를 찾는다고 올리기" in page


def test_half_a_question_is_asked_for_the_rest(road: Road) -> None:
    assert "조금 더 골라 주세요" in text_of(Client(), f"{HERE}?board=mapo-hapjeong")
    assert "조금 더 골라 주세요" in text_of(Client(), FIND.replace("07:35", "99:99"))


def test_seat_is_asked_for_accepted_and_ridden(road: Road, clock: Clock) -> None:
    rider, driver = client_of(road.rider), client_of(road.driver)
    here = f"{HERE}{road.trip}/"
    assert "3번 출구" not in text_of(rider, here)
    asked = {"do": "ask", "board": "mapo-hapjeong", "alight": "jung-seoul", "note": "짐 하나"}
    assert rider.post(here, asked).status_code == 303
    case = Agreement.rows.get()
    assert "3번 출구" not in text_of(rider, here), "not before she is taken along"
    page = text_of(driver, here)
    assert "짐 하나" in page
    assert "함께 타기로 하기" in page
    told = {"do": "x", "case": str(case.id), "transition": "accept", "state": "asked"}
    assert driver.post(here, told).status_code == 303
    page = text_of(rider, here)
    assert "3번 출구" in page
    assert "2 / 3" in page
    clock.at(LEAVES)
    for client, name, state in (
        (driver, "board", "accepted"), (rider, "alight", "boarded"), (rider, "confirm", "alighted"),
    ):  # fmt: skip
        body = {**told, "transition": name, "state": state}
        assert client.post(here, body).status_code == 303
    case.refresh_from_db()
    assert (case.state, case.terms["proof"]) == ("settled", "both_taps")
    page = text_of(rider, f"/exchange/agreements/{case.id}/")
    assert "503원 · 함께 앉은 구간마다 나눔" in page
    assert "두 사람이 다 눌러 확인함" in page
    assert f"{HERE}{road.trip}/" in page
    assert road.rider.id is not None
    assert len(calendars.entries(road.rider.id)) == 1, "two legs, one entry"


def test_ride_with_a_wish_is_shown_to_whom_it_suits_and_says_nothing_of_it(road: Road) -> None:
    stops = ("mapo-hapjeong", "jung-seoul")
    trip = offer(road.driver, stops, wants=("woman",), says=("woman", "no_smoking"), at="07:40")
    rider = client_of(road.rider)
    here = f"{HERE}{trip}/"
    for client in (Client(), rider):
        assert here not in text_of(client, FIND)
        assert client.get(here).status_code == 404
    assert rider.get(f"/exchange/library/{trip}/").status_code == 404
    listing = str(Listing.rows.get(audience="members").id)
    assert rider.get(f"/exchange/listings/{listing}/").status_code == 404
    assert rider.post(f"{HERE}safety/", {"says": ["woman"]}).status_code == 303
    page = text_of(rider, here)
    assert here in text_of(rider, FIND)
    assert "여성" not in page
    assert rider.post(f"{HERE}safety/", {"wants": ["guardian"], "says": ["woman"]})
    assert rider.get(here).status_code == 404
    assert rider.get(f"{HERE}{road.trip}/").status_code == 404, "her own wish hides as well"


def test_asked_ride_stays_visible_to_who_is_in_it(road: Road) -> None:
    ask(road.rider, road.trip)
    rider = client_of(road.rider)
    rider.post(f"{HERE}safety/", {"wants": ["woman"]})
    assert "내 자리" in text_of(rider, f"{HERE}{road.trip}/")


def test_regular_ride_is_offered_by_its_form(road: Road) -> None:
    client = client_of(road.rider)
    typed = {
        "from": "mapo-mangwon", "via1": "mapo-hapjeong", "to": "yeongdeungpo-yeouido",
        "on": "2026-05-13", "at": "08:10", "days": ["WE", "FR"], "seats": "2",
        "reciprocity": "won", "won_per_km": "150", "detour_percent": "10",
    }  # fmt: skip
    assert client.post(f"{HERE}new/", typed).status_code == 303
    page = text_of(client, f"{HERE}mine/")
    assert "망원역 앞 → 여의도역 앞 08:10" in page
    assert "되풀이: 수 금" in page
    made = Asset.rows.filter(owner=road.rider.id, parent=None)
    assert made.count() == 4
    assert {row.terms["won_per_km"] for row in made} == {150}


def test_wrong_offer_keeps_what_was_typed_and_says_what_to_mend(road: Road) -> None:
    client = client_of(road.rider)
    typed = {
        "from": "mapo-mangwon", "to": "mapo-mangwon", "on": "2026-05-13", "at": "11:00",
        "seats": "2", "reciprocity": "gift",
    }  # fmt: skip
    answer = client.post(f"{HERE}new/", typed)
    assert answer.status_code == 422
    assert "같은 곳은 한 번만" in unescape(answer.content.decode())
    paid = {**typed, "to": "jung-seoul", "reciprocity": "won"}
    answer = client.post(f"{HERE}new/", paid)
    assert answer.status_code == 422
    assert "그때는 차 비용을 나눌 수 없습니다" in unescape(answer.content.decode())
    assert Listing.rows.filter(person=road.rider.id).count() == 0


def test_ride_is_stopped_by_its_driver(road: Road) -> None:
    client = client_of(road.driver)
    listing = Asset.rows.get(id=road.trip).terms["listing"]
    assert client.post(f"{HERE}mine/", {"listing_id": listing}).status_code == 303
    assert f"{HERE}{road.trip}/" not in text_of(Client(), FIND)
    assert "더 내놓지 않음" in text_of(client, f"{HERE}{road.trip}/")


def test_wish_is_put_up_and_a_driver_proposes_her_car(road: Road) -> None:
    rider, driver = client_of(road.rider), client_of(road.driver)
    typed = {"board": "mapo-hapjeong", "alight": "jung-seoul", "on": "2026-05-12", "at": "07:30"}
    assert rider.post(f"{HERE}wish/", typed).status_code == 303
    wish = str(Listing.rows.get(person=road.rider.id).id)
    assert "내 차에 태우겠다고 하기" in text_of(driver, f"{HERE}wishes/")
    told = {"listing_id": wish, "trip_id": road.trip}
    assert driver.post(f"{HERE}wishes/", told).status_code == 303
    assert "함께 타자는 차가 있습니다" in text_of(rider, f"{HERE}wishes/")
    answer = rider.get(f"/exchange/matches/{Match.rows.get().id}/")
    assert answer.headers["Location"].endswith(f"{HERE}{road.trip}/")


def test_proposed_car_is_there_for_who_was_asked_and_for_nobody_else(road: Road) -> None:
    stops = ("mapo-hapjeong", "seodaemun-sinchon", "jung-seoul")
    trip = offer(road.driver, stops, wants=("woman",), says=("no_smoking",), at="07:40")
    told = {"listing_id": road.wish, "trip_id": trip}
    run("exchange.ride.propose", told, road.driver)
    wisher, rider, here = client_of(road.other), client_of(road.rider), f"{HERE}{trip}/"
    page = text_of(wisher, here)
    assert "누구와 탈지" in page and "여성" not in page
    typed = {"do": "ask", "board": stops[1], "alight": stops[2]}
    assert wisher.post(here, typed).status_code == 404
    wisher.post(f"{HERE}safety/", {"says": ["woman"]})
    assert wisher.post(here, typed).status_code == 303
    for client in (Client(), rider):
        assert client.get(here).status_code == 404
    wisher.post(f"{HERE}safety/", {"wants": ["guardian"]})
    assert rider.get(here).status_code == 404


def test_visitor_reads_and_is_sent_to_sign_in_to_act(road: Road) -> None:
    for path in ("new/", "mine/", "wish/", "safety/"):
        assert Client().get(f"{HERE}{path}").status_code in (302, 303, 403)
    assert "차를 찾는 이웃" in text_of(Client(), f"{HERE}wishes/")
    assert Client().post(f"{HERE}{road.trip}/", {"do": "ask"}).status_code in (302, 303, 403)
    with given():
        for one, name in ((road.driver, "unjeon"), (road.other, "byeol")):
            Account.rows.filter(owner_person=one.id).update(handle=name)
    assert "@byeol" not in text_of(Client(), f"/exchange/listings/{road.wish}/")
    told = {"side": "offer", "title": "딴 일", "reciprocity": "gift", "audience": "public"}
    run("exchange.listing.publish", told, road.other)
    cards = text_of(Client(), "/exchange/listings/").split('class="card')
    (ride,) = [card for card in cards if f"/exchange/listings/{road.wish}/" in card]
    assert any("@byeol" in card for card in cards) and "@byeol" not in ride
    for path, name in (("wishes/", "@byeol"), (f"{road.trip}/", "@unjeon"), (FIND, "@unjeon")):
        here = path if path == FIND else f"{HERE}{path}"
        assert name in text_of(client_of(road.rider), here)
        assert name not in text_of(Client(), here)
    assert Agreement.rows.count() == 0


def test_rider_sees_her_own_seat_and_nobody_elses(road: Road) -> None:
    ask(road.rider, road.trip)
    ask(road.other, road.trip, note="다른 이의 말")
    assert "다른 이의 말" not in text_of(client_of(road.rider), f"{HERE}{road.trip}/")
    assert text_of(client_of(road.driver), f"{HERE}{road.trip}/").count("form-accept-") == 2


def test_dispute_reaches_the_desk_of_the_district(road: Road, clock: Clock) -> None:
    case = ask(road.rider, road.trip)
    step(case, "accept", road.driver)
    clock.at(LEAVES)
    for name in ("board", "alight"):
        step(case, name, road.driver)
    body = {
        "agreement_id": case, "transition": "dispute", "state": "alighted",
        "answers": ({"name": "why", "value": "신촌에서 내렸어요"},),
    }  # fmt: skip
    run("exchange.agreement.step", body, road.rider)
    desk = text_of(client_of(road.staff), "/exchange/desk/")
    assert f"/exchange/agreements/{case}/" in desk
    page = text_of(client_of(road.staff), f"/exchange/agreements/{case}/")
    assert "몫 정하기" in page
    assert "걸린 시간" not in page


def test_driver_rests_one_day_and_moves_another(road: Road) -> None:
    ask(road.rider, road.trip)
    step(str(Agreement.rows.get().id), "accept", road.driver)
    driver, here = client_of(road.driver), f"{HERE}{road.trip}/"
    assert "이날만 쉬거나" in text_of(driver, here)
    assert "이날만 쉬거나" not in text_of(client_of(road.rider), here)
    refused = driver.post(here, {"do": "shift", "at": "08:30"})
    assert refused.status_code == 409
    assert "15분까지만" in unescape(refused.content.decode())
    assert driver.post(here, {"do": "shift", "at": "07:40"}).status_code == 303
    assert "07:40" in text_of(client_of(road.rider), here)
    assert driver.post(here, {"do": "skip"}).status_code == 303
    assert Agreement.rows.get().state == "cancelled"
    assert f"{HERE}{road.trip}/" not in text_of(driver, f"{HERE}mine/")


def test_series_ends_on_a_day_and_promised_days_stay_in_sight(road: Road) -> None:
    ask(road.rider, road.trip)
    driver = client_of(road.driver)
    listing = str(Listing.rows.get(person=road.driver.id).id)
    body = {"listing_id": listing, "do": listing, "last_on": "2026-05-14"}
    assert driver.post(f"{HERE}mine/", body).status_code == 303
    assert "5월 14일(목)까지" in text_of(driver, f"{HERE}mine/")
    assert driver.post(f"{HERE}mine/", {**body, "last_on": ""}).status_code == 303
    page = text_of(driver, f"{HERE}mine/")
    assert "이미 약속했거나 부탁받은 날" in page
    assert f"{HERE}{road.trip}/" in page


def test_choosing_anew_too_often_says_when_and_keeps_the_last_choice(road: Road) -> None:
    rider = client_of(road.rider)
    here = f"{HERE}safety/"
    assert "30일에 3번까지" in text_of(rider, here)
    for says in (["woman"], ["guardian"], ["no_smoking"]):
        assert rider.post(here, {"says": says}).status_code == 303
    assert rider.post(here, {"says": ["no_smoking"]}).status_code == 303, "nothing new"
    refused = rider.post(here, {"says": ["woman", "guardian"]})
    assert refused.status_code == 429
    assert "지금 정한 대로 두거나" in unescape(refused.content.decode())
    assert rider.post(here, {}).status_code == 303, "nothing at all is always free"


def test_caps_of_the_share_stand_with_their_source(road: Road) -> None:
    page = text_of(Client(), f"{HERE}{road.trip}/")
    assert "여객자동차 운수사업법 제81조" in page
    assert "/rules/exchange.ride.won_per_km_max/" in page


def test_a_wish_more_costs_no_query_more_and_a_visitor_has_no_trips(road: Road) -> None:
    def asked(client: Client) -> int:
        with CaptureQueriesContext(connection) as seen:
            text_of(client, f"{HERE}wishes/")
        return len(seen)

    readers = [Client(), client_of(road.driver)]
    few = [min(asked(one), asked(one)) for one in readers]  # the first one begins a session
    wanted = {
        "board": {"point": "seodaemun-sinchon"}, "alight": {"point": "jung-seoul"},
        "on": "2026-05-12", "at": "07:40",
    }  # fmt: skip
    for _ in range(4):
        run("exchange.ride.wish", wanted, person_with(Role.RESIDENT, district=MAPO))
    assert [asked(one) for one in readers] == few
    assert rides_own.my_trips(Actor.anonymous()) == []
