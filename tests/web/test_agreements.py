"""My agreements as pages: whose turn it is, what is held, steps in both roles, history."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from dure.core.actions import run
from dure.core.actors import Role
from dure.exchange.models import Agreement
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
from tests.web.money_world import World, a_world
from tests.web.test_listings import AT, listing, text_of
from tests.web.walk import client_of

pytestmark = pytest.mark.usefixtures("db")
MINE = "/exchange/mine/"


@pytest.fixture(autouse=True)
def _now(db: object, clock: Clock) -> None:
    clock.at("2026-05-10T14:00:00+09:00")


@pytest.fixture
def world() -> World:
    return a_world()


def asked(world: World) -> str:
    """Bada asks Haneul for an hour, the day after tomorrow; gives the id."""
    offer = listing("화분 흙갈이", world.haneul, reciprocity="hours", rate=1, unit="MIN")
    body = {
        "process": "time_exchange",
        "start": "request",
        "listing_id": str(offer.id),
        "starts": "2026-05-12T10:00:00+09:00",
        "ends": "2026-05-12T11:00:00+09:00",
        "terms": (
            {"name": "minutes", "value": "60"},
            {"name": "place", "value": "없는길 3 앞"},
        ),
    }
    return str(run("exchange.agreement.open", body, world.bada).result.id)


def press(client: Client, case: str, transition: str, **more: str) -> int:
    """Press the button of a step on the page of an agreement."""
    state = Agreement.rows.get(id=case).state
    data = {"transition": transition, "state": state, "key": str(uuid4()), **more}
    return client.post(f"/exchange/agreements/{case}/", data).status_code


def buttons(page: str) -> set[str]:
    """The steps that a page offers."""
    return set(re.findall(r'name="transition" value="(\w+)"', page))


def test_visitor_is_asked_to_sign_in_and_a_newcomer_sees_an_empty_page() -> None:
    assert Client().get(MINE).status_code in (302, 303, 403)
    newcomer = client_of(person_with(Role.RESIDENT, district=MAPO))
    assert "지금 할 일이 없습니다" in text_of(newcomer, MINE)
    assert "Nobody waits for anybody" in text_of(newcomer, f"/en{MINE}?tab=waiting")


def test_each_side_sees_only_its_own_steps_until_both_are_done(world: World) -> None:
    case = asked(world)
    here = f"/exchange/agreements/{case}/"
    bada, haneul = client_of(world.bada), client_of(world.haneul)
    assert buttons(text_of(bada, here)) == {"withdraw"}
    assert buttons(text_of(haneul, here)) == {"accept", "decline"}
    assert press(haneul, case, "accept") == 303
    page = text_of(bada, here)
    assert "1시간 맡아 둠" in page
    assert press(haneul, case, "claim", minutes="45") == 303
    assert buttons(text_of(bada, here)) == {"confirm", "dispute"}
    assert buttons(text_of(haneul, here)) == set()
    assert "부탁한 사람의 차례입니다" in text_of(haneul, here)
    assert press(bada, case, "confirm") == 303
    page = text_of(bada, here)
    for deed in ("마침", "시작함", "받아들이기", "마쳤다고 알리기", "확인하기"):
        assert deed in page
    assert "화분 흙갈이" in text_of(bada, f"{MINE}?tab=ended")


def test_place_is_told_to_the_other_side_once_accepted(world: World) -> None:
    case = asked(world)
    here = f"/exchange/agreements/{case}/"
    haneul = client_of(world.haneul)
    assert "없는길" not in text_of(haneul, here)
    assert "없는길" in text_of(client_of(world.bada), here)
    press(haneul, case, "accept")
    assert "없는길" in text_of(haneul, here)


def test_things_to_do_name_the_step_and_what_waits(world: World) -> None:
    asked(world)
    page = text_of(client_of(world.haneul), MINE)
    assert "받아들이기" in page
    waiting = text_of(client_of(world.bada), f"{MINE}?tab=waiting")
    assert "기다리는 사람: 해 주는 사람" in waiting
    assert "받아들이기" in text_of(client_of(world.haneul), "/me/")


def test_a_stale_page_is_refused_with_the_state_in_words(world: World) -> None:
    case = asked(world)
    haneul = client_of(world.haneul)
    press(haneul, case, "accept")
    data = {"transition": "decline", "state": "asked", "key": str(uuid4())}
    answer = haneul.post(f"/exchange/agreements/{case}/", data)
    assert answer.status_code == 409
    assert "약속됨" in answer.content.decode()


def test_a_stranger_finds_no_case(world: World) -> None:
    case = asked(world)
    stranger = client_of(person_with(Role.RESIDENT, district=MAPO))
    assert stranger.get(f"/exchange/agreements/{case}/").status_code == 404


def test_request_listing_is_answered_from_its_page(world: World) -> None:
    wish = listing(
        "베란다 정리 도와주세요", world.bada, side="request", reciprocity="hours", rate=1
    )
    page = text_of(client_of(world.haneul), f"/exchange/listings/{wish.id}/answer/")
    assert "돕겠다고 알리기" in page
    assert "Offer to help" in text_of(
        client_of(world.haneul), f"/en/exchange/listings/{wish.id}/answer/"
    )


def test_asking_from_the_page_of_an_offer_begins_a_case(world: World) -> None:
    offer = listing(
        "화분 흙갈이", world.haneul, reciprocity="hours", rate=1, unit="MIN", qty_max=60
    )
    bada = client_of(world.bada)
    here = f"/exchange/listings/{offer.id}/answer/"
    assert 'value="60"' in text_of(bada, here)
    data = {"on": "2026-05-12", "at": "10:00", "minutes": "60", "key": str(uuid4())}
    answer = bada.post(here, data)
    assert answer.status_code == 303, answer.content.decode()[:800]
    assert "부탁함" in text_of(bada, answer["Location"])
    bad = bada.post(here, {**data, "minutes": "50", "key": str(uuid4())})
    assert bad.status_code == 422
    assert "15분" in bad.content.decode()


def test_desk_is_for_coordinators_and_says_why_each_case_is_there(
    world: World, clock: Clock
) -> None:
    assert client_of(world.bada).get("/exchange/desk/").status_code == 404
    case = asked(world)
    haneul, bada = client_of(world.haneul), client_of(world.bada)
    press(haneul, case, "accept")
    press(haneul, case, "claim", minutes="60")
    press(bada, case, "dispute", why="30분만 했어요")
    staff = client_of(person_with(Role.STAFF, district=MAPO))
    page = text_of(staff, "/exchange/desk/")
    assert "화분 흙갈이" in page
    assert "시간 정하기" in page
    assert buttons(text_of(staff, f"/exchange/agreements/{case}/")) == {"judge", "void"}
    assert "30분만 했어요" in text_of(staff, f"/exchange/agreements/{case}/")
    assert press(staff, case, "judge", minutes="30") == 303
    assert "마침" in text_of(staff, "/exchange/desk/")


def test_desk_is_narrowed_to_one_kind_of_agreement_and_counts(world: World, clock: Clock) -> None:
    asked(world)
    clock.at("2026-05-30T09:00:00+09:00")
    staff = client_of(person_with(Role.STAFF, district=MAPO))
    assert "할 일 0건, 기다리는 일 1건" in text_of(staff, "/exchange/desk/")
    assert "기다리는 일 1건" in text_of(staff, "/exchange/desk/?process=time_exchange")
    assert "기다리는 일 0건" in text_of(staff, "/exchange/desk/?process=carpool")
    assert "기다리는 일 1건" in text_of(staff, "/exchange/desk/?process=nothing")


def test_unanswered_request_comes_to_the_desk(world: World) -> None:
    listing("베란다 정리", world.bada, side="request", created_at=AT - timedelta(days=5))
    page = text_of(client_of(person_with(Role.STAFF, district=MAPO)), "/exchange/desk/")
    assert "베란다 정리" in page
    assert "답이 없는 요청" in page


def test_every_process_is_drawn_with_its_table() -> None:
    page = text_of(Client(), "/exchange/processes/")
    assert page.count("<svg viewBox") >= 3
    for words in ("시간 교환", "장비 빌리기", "수리", "코디네이터"):
        assert words in page
    assert "by itself" in text_of(Client(), "/en/exchange/processes/")


def test_coordinator_corrects_an_ended_case_and_the_hours_move_back(world: World) -> None:
    case = asked(world)
    haneul, bada = client_of(world.haneul), client_of(world.bada)
    press(haneul, case, "accept")
    press(haneul, case, "claim", minutes="60")
    press(bada, case, "confirm")
    here = f"/exchange/agreements/{case}/"
    assert "끝난 기록 바로잡기" not in text_of(bada, here)
    staff = client_of(person_with(Role.STAFF, district=MAPO))
    assert "코디네이터 창구" in text_of(staff, "/exchange/")
    assert "끝난 기록 바로잡기" in text_of(staff, here)
    data = {"do": "correct", "minutes": "30", "why": "typo", "reason": "양쪽이 30분이라고 함"}
    answer = staff.post(here, {**data, "key": str(uuid4())})
    assert answer.status_code == 303, answer.content.decode()[:1500]
    world.bada_time.refresh_from_db()
    assert world.bada_time.balance == 300 - 30
    assert "바로잡음" in text_of(bada, here)
