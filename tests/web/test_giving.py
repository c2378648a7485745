"""Pages of what is given away: who sees what, who may do what, what is refused in words."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.exchange.models import Agreement, Listing
from tests.exchange.givings import MEETING, ask, choose, give, hand_over, thing_of
from tests.exchange.neighbours import Library, hold, library
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
from tests.web.test_agreements import buttons, press
from tests.web.test_listings import text_of
from tests.web.walk import client_of

NEW = "/exchange/giving/new/"


@pytest.fixture(autouse=True)
def _now(db: object, clock: Clock) -> None:
    clock.at("2026-05-10T14:00:00+09:00")


def neighbour() -> Actor:
    return person_with(Role.RESIDENT, district=MAPO)


def page_of(listing: str) -> str:
    return f"/exchange/listings/{listing}/"


def posted(client: Client, path: str, **data: str) -> int:
    return client.post(path, {"key": str(uuid4()), **data}).status_code


def test_offer_is_written_found_by_its_filter_and_asked_for() -> None:
    anna, ben = neighbour(), neighbour()
    data = {
        "title": "전기 주전자", "text": "뚜껑이 헐거워요", "condition": "fair", "pieces": "2",
        "chooses": "first", "audience": "public", "place": "합정동",
    }  # fmt: skip
    assert posted(client_of(anna), NEW, **data) == 303
    listing = Listing.rows.get()
    assert (listing.reciprocity, listing.qty_max, listing.unit) == ("gift", 2, "H87")
    found = text_of(Client(), "/exchange/listings/?kind=given")
    assert "전기 주전자" in found
    assert "전기 주전자" not in text_of(Client(), "/exchange/listings/?kind=skill")
    assert "먼저 부탁한 차례대로" in text_of(Client(), page_of(str(listing.id)))
    assert posted(client_of(ben), f"{page_of(str(listing.id))}ask/", note="차 마시려고") == 303
    assert Agreement.rows.get().state == "asked"
    told = text_of(client_of(ben), page_of(str(listing.id)))
    assert "내 부탁 보기" in told
    assert "물려받고 싶다고 하기" not in told


def test_giver_sees_who_asked_and_nobody_else_does() -> None:
    anna, ben, dora = neighbour(), neighbour(), neighbour()
    listing = give(anna)
    ask(ben, listing, "아이가 탈 거예요")
    assert "아이가 탈 거예요" in text_of(client_of(anna), page_of(listing))
    for other in (client_of(dora), Client()):
        told = text_of(other, page_of(listing))
        assert "아이가 탈 거예요" not in told
        assert "1명이 기다림" in told


def test_place_to_meet_is_for_the_two_alone() -> None:
    anna, ben, dora = neighbour(), neighbour(), neighbour()
    listing = give(anna)
    case, other = ask(ben, listing), ask(dora, listing)
    assert press(client_of(anna), case, "choose", **MEETING) == 303
    path = f"/exchange/agreements/{case}/"
    assert MEETING["place"] in text_of(client_of(ben), path)
    text_of(client_of(dora), path, 404)
    waiting = text_of(client_of(dora), f"/exchange/agreements/{other}/")
    assert MEETING["place"] not in waiting
    assert "다른 이웃과 약속되어 있습니다" in waiting
    public = text_of(Client(), page_of(listing))
    assert "한 이웃과 약속됨" in public
    assert MEETING["place"] not in public


def test_each_side_sees_its_own_steps() -> None:
    anna, ben = neighbour(), neighbour()
    case = ask(ben, give(anna))
    path = f"/exchange/agreements/{case}/"
    assert buttons(text_of(client_of(anna), path)) == {"choose", "decline"}
    assert buttons(text_of(client_of(ben), path)) == {"withdraw"}
    choose(anna, case)
    assert buttons(text_of(client_of(anna), path)) == {"hand_over", "meet", "cancel"}
    assert buttons(text_of(client_of(ben), path)) == {"hand_over", "cancel"}
    hand_over(anna, ben, case)
    assert buttons(text_of(client_of(anna), path)) == set()
    assert buttons(text_of(client_of(ben), path)) == {"accept", "complain"}


def test_dispute_stands_on_the_desk_of_the_centre() -> None:
    anna, ben, centre = neighbour(), neighbour(), person_with(Role.STAFF, district=MAPO)
    case = ask(ben, give(anna, title="선풍기"))
    choose(anna, case)
    hand_over(anna, ben, case)
    assert press(client_of(ben), case, "complain", why="돌지 않아요") == 303
    assert "선풍기" in text_of(client_of(centre), "/exchange/desk/")
    told = text_of(client_of(centre), f"/exchange/agreements/{case}/")
    assert buttons(told) == {"uphold", "take_back"}
    assert press(client_of(centre), case, "take_back", why="고장 남") == 303
    assert Agreement.rows.get(id=case).state == "taken_back"


@pytest.fixture
def here() -> Library:
    return library()


def test_library_thing_is_given_from_its_page_and_is_lent_no_more(here: Library) -> None:
    drill = here.thing(title="낡은 톱")
    keeper, anna = client_of(here.keeper), here.neighbour()
    path = f"/exchange/library/{drill}/"
    assert f"{NEW}?asset={drill}" in text_of(keeper, path)
    assert f"{NEW}?asset={drill}" not in text_of(client_of(anna), path)
    text_of(client_of(anna), f"{NEW}?asset={drill}", 404)
    assert "낡은 톱" in text_of(keeper, f"{NEW}?asset={drill}")
    data = {"chooses": "giver", "audience": "public", "text": "날이 무뎌요"}
    assert posted(keeper, f"{NEW}?asset={drill}", **data) == 303
    told = text_of(client_of(anna), path)
    assert "이제 빌려주지 않습니다" in told
    assert "form-book" not in told
    case = ask(anna, str(Listing.rows.get().id))
    assert "낡은 톱" in text_of(keeper, "/exchange/library/desk/")
    choose(here.keeper, case)
    hand_over(here.keeper, anna, case)
    assert "낡은 톱" not in text_of(Client(), "/exchange/library/")


def test_booked_thing_is_refused_in_words(here: Library) -> None:
    drill = here.thing()
    hold(here.neighbour(), drill, "11T10:00", "11T12:00")
    keeper = client_of(here.keeper)
    data = {"chooses": "giver", "audience": "public", "key": str(uuid4())}
    answer = keeper.post(f"{NEW}?asset={drill}", data)
    assert answer.status_code == 409
    assert "아직 예약이나 맡아 둔 것이 있습니다" in answer.content.decode()
    assert Listing.rows.count() == 0


@pytest.mark.parametrize("named", ["nonsense", "", str(uuid4())])
def test_thing_that_is_not_there_is_not_found(named: str) -> None:
    client = client_of(neighbour())
    text_of(client, f"{NEW}?asset={named}", 404 if named else 200)


def test_pages_want_a_sign_in_and_a_giving_listing() -> None:
    anna, ben = neighbour(), neighbour()
    body = {"side": "offer", "title": "바느질", "reciprocity": "gift", "district": MAPO}
    plain = str(run("exchange.listing.publish", body, anna).result.id)
    text_of(client_of(ben), f"{page_of(plain)}ask/", 404)
    listing = give(anna)
    for path in (NEW, f"{page_of(listing)}ask/"):
        assert Client().get(path).status_code in (302, 303, 403)


def test_process_is_drawn_and_reported() -> None:
    centre = client_of(person_with(Role.STAFF, district=MAPO))
    anna, ben = neighbour(), neighbour()
    case = ask(ben, give(anna))
    choose(anna, case, on="2026-05-12")
    hand_over(anna, ben, case)
    drawn = text_of(Client(), "/en/exchange/processes/")
    assert "Giving a thing away" in drawn
    report = text_of(centre, "/exchange/reports/?process=give_away")
    assert "물건 물려주기" in report
    assert thing_of(str(Listing.rows.get().id)).retired_at is not None
