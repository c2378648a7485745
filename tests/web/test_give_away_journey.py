"""Journey: offer a bicycle, be asked by two, promise it to one, hand it over by a code."""

from __future__ import annotations

import pytest

from dure.core.actors import Actor, Role
from dure.exchange.models import Agreement, Asset, Listing
from tests.exchange.cases import sums
from tests.exchange.givings import ask, give
from tests.exchange.neighbours import NOW, at
from tests.harness.clock import Clock
from tests.harness.people import person_with
from tests.web.conftest import LANGUAGES, Visit, Window

pytestmark = pytest.mark.browser
WORDS = {
    "ko": {
        "ask": "물려받고 싶다고 하기", "asked": "물려받고 싶다고 함", "code": "내 코드 보이기",
        "six": "숫자 여섯 자리 보이기", "type": "상대의 숫자 여섯 자리 넣기", "given": "건네줌",
        "missed": "이번에는 받지 못함", "most": "3가지까지", "closed": "마침",
    },
    "en": {
        "ask": "Ask for it", "asked": "Asked for", "code": "Show my code",
        "six": "Show six digits", "type": "Type the six digits of the other side",
        "given": "Handed over", "missed": "Not this time", "most": "3 things at once",
        "closed": "Closed",
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at(NOW)


def look(window: Window, name: str) -> None:
    assert window.sound() + window.sideways() + window.small_targets() == []
    assert window.page.locator("h1").count() == 1
    window.picture(f"give_{name}")


def offered(window: Window) -> str:
    """Offer a bicycle; gives the path of its listing."""
    page = window.page
    window.go("/exchange/giving/")
    look(window, "1_nothing_yet")
    window.go("/exchange/giving/new/")
    page.fill("#f-title", "어린이 자전거 16인치")
    page.fill("#f-text", "안장이 조금 닳았고 종이 없어요.")
    page.fill("#f-place", "합정동")
    look(window, "2_offer")
    page.click("#form-give button")
    look(window, "3_offered")
    return page.url.replace(window.site.url, "").removeprefix("/en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_bicycle_finds_a_new_owner(visit: Visit, clock: Clock, language: str) -> None:
    words = WORDS[language]
    anna, ben, dora = (person_with(Role.RESIDENT) for _ in range(3))

    def window_of(actor: Actor) -> Window:
        made = visit(360, language)
        made.sign_in(actor)
        return made

    giver, receiver = window_of(anna), window_of(ben)
    listing = offered(giver)
    ask(dora, str(Listing.rows.get().id), "조카가 탈 거예요")

    receiver.go("/exchange/listings/?kind=given")
    look(receiver, "4_found")
    receiver.page.click("text=어린이 자전거")
    look(receiver, "5_listing")
    receiver.page.get_by_role("link", name=words["ask"]).click()
    look(receiver, "6_ask")
    receiver.page.fill("#f-note", "아이가 학교에 타고 다닐 거예요. 저녁에 갈 수 있어요.")
    receiver.page.click("#form-ask button")
    look(receiver, "7_asked")
    case = Agreement.rows.get(process="give_away", terms__note__startswith="아이가")
    path = f"/exchange/agreements/{case.id}/"

    giver.go(listing)
    look(giver, "8_who_asked")
    giver.go(path)
    giver.page.fill("#f-place", "합정역 2번 출구")
    giver.page.fill("#f-on", "2026-05-12")
    giver.page.fill("#f-at", "18:30")
    look(giver, "9_choose")
    giver.page.click("#form-choose button")
    look(giver, "10_promised")

    clock.at(at("12T18:31"))
    giver, receiver = window_of(anna), window_of(ben)
    giver.go(path)
    giver.page.get_by_role("link", name=words["code"]).click()
    giver.page.get_by_role("button", name=words["six"]).click()
    look(giver, "11_digits")
    digits = giver.page.locator(".digits").inner_text()
    receiver.go(path)
    look(receiver, "12_at_the_gate")
    receiver.page.get_by_role("link", name=words["type"]).click()
    receiver.page.fill("#f-digits", digits)
    receiver.page.locator("form.form button[type=submit]").last.click()
    look(receiver, "13_given")
    assert words["given"] in receiver.page.locator(".state").first.inner_text()
    assert sums() == {"reuse.handover": 1}
    assert Asset.rows.get().retired_at is not None

    other = window_of(dora)
    other.go(f"/exchange/agreements/{Agreement.rows.get(state='missed').id}/")
    assert words["missed"] in other.page.locator(".state").first.inner_text()
    look(other, "14_not_this_time")
    assert other.go(path) == 404
    assert other.go(listing) == 404

    receiver.page.click("#form-accept button")
    assert words["closed"] in receiver.page.locator(".state").first.inner_text()
    look(receiver, "15_closed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_fourth_ask_is_refused_in_words_and_a_stranger_learns_nothing(
    visit: Visit, language: str
) -> None:
    anna, ben = person_with(Role.RESIDENT), person_with(Role.RESIDENT)
    offers = [give(anna, title=f"그림책 {n}", place="합정동") for n in range(4)]
    for one in offers[:3]:
        ask(ben, one)
    window = visit(360, language)
    window.sign_in(ben)
    window.go(f"/exchange/listings/{offers[3]}/ask/")
    window.page.click("#form-ask button")
    assert WORDS[language]["most"] in window.page.locator("main").inner_text()
    look(window, "16_refused")
    window.go("/exchange/mine/?tab=waiting")
    look(window, "17_mine")

    stranger = visit(360, language, script=False)
    stranger.go(f"/exchange/listings/{offers[0]}/")
    told = stranger.page.locator("main").inner_text()
    assert "아이가 탈" not in told
    assert "/exchange/agreements/" not in stranger.page.content()
    stranger.go("/exchange/processes/")
    assert stranger.sideways() == []
