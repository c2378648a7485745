"""The library as pages: things found, calendar, booking, hand-over by code, the lender's desk."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from dure.core import clock as core_clock
from dure.core import door
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.exchange.models import Agreement, Asset, Listing
from dure.interfaces.web import hand_over as page_of_code
from tests.exchange.neighbours import answers, library
from tests.harness.clock import Clock
from tests.harness.people import MAPO, organisation, person_with
from tests.web.test_agreements import buttons, press
from tests.web.test_listings import text_of
from tests.web.walk import client_of

HERE = "/exchange/library/"


@pytest.fixture(autouse=True)
def _now(db: object, clock: Clock) -> None:
    clock.at("2026-05-10T14:00:00+09:00")


@pytest.fixture
def steward() -> Actor:
    return person_with(Role.STAFF, organisation=organisation("마포공유소"))


@pytest.fixture
def borrower() -> Actor:
    return person_with(Role.RESIDENT, district=MAPO)


def drill(steward: Actor, **more: object) -> str:
    """Two drills of the library, handed out every other day; gives the id."""
    scope = next(iter(steward_organisations(steward)))
    body = {
        "title": "전동 드릴",
        "organisation_id": str(scope),
        "lanes": 2,
        "hours": "FREQ=WEEKLY;BYDAY=TU,TH,SA",
        "terms": ({"name": "opens", "value": "10:00"}, {"name": "closes", "value": "18:00"}),
        **more,
    }
    return str(run("exchange.asset.add", body, steward).result.id)


def steward_organisations(actor: Actor) -> list[str]:
    """The organisations that a keeper works for."""
    loaded = door.load_grants(actor, core_clock.now())
    return sorted(loaded.scope_ids(Role.STAFF, "organisation"))


def booked(client: Client, asset: str) -> str:
    """Hold and book from the twelfth to the fourteenth; gives the id of the case."""
    data = {
        "do": "book", "on": "2026-05-12", "at": "10:00", "to": "2026-05-14", "back": "18:00",
        "key": str(uuid4()),
    }  # fmt: skip
    answer = client.post(f"{HERE}{asset}/", data)
    assert answer.status_code == 303, answer.content.decode()[:1500]
    case = answer["Location"].strip("/").rpartition("/")[2]
    assert press(client, case, "book") == 303
    return case


def test_empty_library_says_so() -> None:
    assert "아직 빌릴 물건이 없습니다" in text_of(Client(), HERE)
    assert "nothing to borrow yet" in text_of(Client(), f"/en{HERE}")


def test_thing_is_put_up_by_its_form_and_found(steward: Actor, borrower: Actor) -> None:
    scope = steward_organisations(steward)[0]
    data = {
        "title": "원형 톱", "organisation_id": scope, "lanes": "3", "days": ["TU", "SA"],
        "opens": "10:00", "closes": "18:00", "fee": "1,000", "fee_unit": "won",
        "deposit": "5000", "deposit_unit": "won", "buffer_min": "30", "key": str(uuid4()),
    }  # fmt: skip
    answer = client_of(steward).post(f"{HERE}new/", data)
    assert answer.status_code == 303, answer.content.decode()[:1500]
    made = Asset.rows.get(title="원형 톱")
    assert (made.lanes, made.hours, made.buffer_min) == (3, "FREQ=WEEKLY;BYDAY=TU,SA", 30)
    page = text_of(client_of(borrower), f"{HERE}?q=원형")
    assert "원형 톱" in page
    assert "1,000원" in page
    assert "5,000원" in text_of(Client(), f"{HERE}{made.id}/")


def test_calendar_shows_shut_free_and_full_days(steward: Actor, borrower: Actor) -> None:
    asset = drill(steward, lanes=1)
    page = text_of(Client(), f"{HERE}{asset}/")
    assert page.count("비어 있음 1") >= 6
    booked(client_of(borrower), asset)
    page = text_of(Client(), f"{HERE}{asset}/?day=2026-05-12")
    assert "2026년 5월 12일(화) 참" in page
    assert "10:00" in page


def test_slot_that_is_taken_is_refused_with_the_next_free_times(
    steward: Actor, borrower: Actor
) -> None:
    asset = drill(steward, lanes=1)
    booked(client_of(borrower), asset)
    other = client_of(person_with(Role.RESIDENT, district=MAPO))
    data = {
        "do": "book", "on": "2026-05-12", "at": "12:00", "to": "2026-05-12", "back": "14:00",
        "key": str(uuid4()),
    }  # fmt: skip
    answer = other.post(f"{HERE}{asset}/", data)
    assert answer.status_code == 409
    assert "가까운 빈 때" in answer.content.decode()


def test_hand_over_by_code_confirms_for_both(steward: Actor, borrower: Actor, clock: Clock) -> None:
    asset = drill(steward)
    fetches, keeper = client_of(borrower), client_of(steward)
    case = booked(fetches, asset)
    clock.at("2026-05-12T10:05:00+09:00")
    seen: list[str] = []
    drawn = page_of_code.qr_svg
    page_of_code.qr_svg = lambda text, label: seen.append(text) or drawn(text, label)  # type: ignore[func-returns-value, assignment]
    try:
        text_of(fetches, f"/exchange/agreements/{case}/hand-over/check_out/")
    finally:
        page_of_code.qr_svg = drawn
    address = urlsplit(seen[0])
    there = f"{address.path}?{address.query}"
    assert "건네고 받기" in text_of(keeper, there)
    answer = keeper.post(there, {"state": "booked", "key": str(uuid4())})
    assert answer.status_code == 303, answer.content.decode()[:1500]
    assert Agreement.rows.get(id=case).state == "out"
    again = keeper.post(there, {"state": "booked", "key": str(uuid4())})
    assert again.status_code in (404, 409)


def test_old_code_is_refused(steward: Actor, borrower: Actor, clock: Clock) -> None:
    asset = drill(steward)
    case = booked(client_of(borrower), asset)
    clock.at("2026-05-12T10:05:00+09:00")
    keeper = client_of(steward)
    here = f"/exchange/agreements/{case}/take/check_out/?code={'x' * 40}"
    answer = keeper.post(here, {"state": "booked", "key": str(uuid4())})
    assert answer.status_code == 409
    assert "쓸 수 없는 건네기 코드" in answer.content.decode()


def test_each_may_confirm_without_a_camera(steward: Actor, borrower: Actor, clock: Clock) -> None:
    asset = drill(steward)
    fetches, keeper = client_of(borrower), client_of(steward)
    case = booked(fetches, asset)
    clock.at("2026-05-12T10:05:00+09:00")
    assert press(fetches, case, "check_out") == 303
    assert "상대가 확인하면 넘어갑니다" in text_of(fetches, f"/exchange/agreements/{case}/")
    assert press(keeper, case, "check_out") == 303
    assert Agreement.rows.get(id=case).state == "out"
    assert buttons(text_of(keeper, f"/exchange/agreements/{case}/")) == {"check_in"}
    assert press(keeper, case, "check_in", note="깨끗함") == 303
    page = text_of(keeper, f"{HERE}desk/")
    assert "돌아옴" in page
    assert press(keeper, case, "pass") == 303
    assert "깨끗함" in text_of(fetches, f"/exchange/agreements/{case}/")


def test_waiting_list_takes_a_neighbour_in(steward: Actor, borrower: Actor) -> None:
    asset = drill(steward, lanes=1)
    booked(client_of(borrower), asset)
    waits = person_with(Role.RESIDENT, district=MAPO)
    data = {"do": "wait", "from": "2026-05-12", "until": "2026-05-14", "key": str(uuid4())}
    answer = client_of(waits).post(f"{HERE}{asset}/", data)
    assert answer.status_code == 303, answer.content.decode()[:1500]
    assert Listing.rows.get(asset=asset).person == waits.id
    assert "줄에 서 있습니다" in text_of(client_of(waits), f"{HERE}{asset}/")


def test_thing_of_another_cannot_be_changed(steward: Actor, borrower: Actor) -> None:
    asset = drill(steward)
    assert client_of(borrower).get(f"{HERE}{asset}/change/").status_code == 404
    assert "고친 내용 저장하기" in text_of(client_of(steward), f"{HERE}{asset}/change/")
    form = unescape(text_of(client_of(steward), f"{HERE}{asset}/change/"))
    assert re.search(r'value="TU"[^>]* checked', form)
    for day in ("MO", "WE", "FR", "SU"):
        assert not re.search(rf'value="{day}"[^>]* checked', form)


def test_fee_is_shown_as_agreed_and_asked_again_where_it_went_up() -> None:
    here = library()
    anna = here.neighbour()
    thing = here.thing(terms=answers(fee=1000, deposit=20_000))
    client = client_of(anna)
    page = client.get(f"/exchange/library/{thing}/?day=2026-05-12").content.decode()
    seen = dict(re.findall(r'name="((?:fee|deposit)(?:_unit)?)" value="(\w+)"', page))
    assert seen == {"fee": "1000", "fee_unit": "won", "deposit": "20000", "deposit_unit": "won"}
    body = {"asset_id": thing, "terms": answers(fee=1500, deposit=20_000)}
    run("exchange.asset.change", body, here.keeper)
    times = {"on": "2026-05-12", "at": "10:00", "to": "2026-05-12", "back": "12:00"}
    address = f"/exchange/library/{thing}/"
    told = client.post(address, {"do": "book", "key": str(uuid4()), **times, **seen})
    assert told.status_code == 422
    told_text = told.content.decode()
    assert "올랐습니다" in told_text and 'name="fee" value="1500"' in told_text
    seen["fee"] = "1500"
    gone = client.post(address, {"do": "book", "key": str(uuid4()), **times, **seen})
    assert gone.status_code == 303
    shown = client.get(gone["Location"]).content.decode()
    assert "빌리는 값" in shown and "1,500원" in shown and "20,000원" in shown
