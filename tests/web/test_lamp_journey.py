"""Journey: bring a lamp to repair, from a photo at home to the lamp that burns again."""

from __future__ import annotations

from pathlib import Path

import pytest

from dure.core.actions import run
from dure.exchange.models import Agreement
from tests.exchange.cases import NOW, cafe, record, sums
from tests.harness.clock import Clock
from tests.web.conftest import LANGUAGES, Visit, Window
from tests.web.photo_files import SHOWN, WIDTH, photo_at

pytestmark = pytest.mark.browser
WORDS = {
    "ko": {"bring": "물건 접수하기", "place": "1번째 차례", "know": "내가 아는 물건"},
    "en": {"bring": "Hand an item in", "place": "Number 1 in the queue", "know": "I know this"},
}


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at(NOW)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    return photo_at(tmp_path / "lamp.png")


def look(window: Window, name: str) -> None:
    assert window.sound() + window.sideways() + window.small_targets() == []
    assert window.page.locator("h1").count() == 1
    window.picture(f"lamp_{name}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_lamp_is_brought_repaired_and_fetched(visit: Visit, photo: Path, language: str) -> None:
    here, words = cafe(), WORDS[language]
    record(here, *[{"category": 15, "outcome": "fixed"}] * 3)
    tool = {"title": "납땜인두", "organisation_id": str(here.host.id)}
    iron = run("exchange.asset.add", tool, here.keeper).result.id
    owner, host, fixer = visit(360, language), visit(360, language), visit(360, language)
    for window, actor in ((owner, here.stranger), (host, here.keeper), (fixer, here.member)):
        window.sign_in(actor)

    owner.go(f"/exchange/repair/{here.pool_id}/")
    owner.page.get_by_role("link", name=words["bring"]).click()
    look(owner, "1_bring")
    owner.page.select_option("#f-category", "15")
    owner.page.fill("#f-problem", "켜면 깜빡여요")
    owner.page.set_input_files("#f-content", photo)
    owner.page.fill("#f-alt", "갓이 있는 스탠드")
    owner.page.locator("form.form button.button.primary").click()
    look(owner, "2_handed_in")
    image = owner.page.locator("figure img")
    assert (image.get_attribute("alt"), image.evaluate(SHOWN)) == ("갓이 있는 스탠드", WIDTH)
    case = Agreement.rows.get(process="repair", closed_at=None)
    path = f"/exchange/repair/case/{case.id}/"

    host.go(f"/exchange/repair/{here.pool_id}/desk/")
    look(host, "3_desk")
    host.page.locator(".card a").first.click()
    look(host, "4_triage")
    host.page.check("input[name=parts][value=none]")
    host.page.select_option("#f-tool", iron)
    host.page.click("#form-triage button")
    look(host, "5_queued")

    owner.go(path)
    assert words["place"] in owner.page.locator(".lead").first.inner_text()
    look(owner, "6_my_place")

    fixer.go(f"/exchange/repair/{here.pool_id}/fix/")
    look(fixer, "7_fixer")
    fixer.page.check("input[name=codes][value=repair_light]")
    fixer.page.locator("form:has(input[name=codes]) button").click()
    assert words["know"] in fixer.page.inner_text("main")
    look(fixer, "8_fits_me")
    fixer.page.locator("form:has(input[value=claim]) button").click()
    fixer.page.locator("form:has(input[value=start]) button").click()
    look(fixer, "9_in_hand")
    host.go(f"/exchange/repair/{here.pool_id}/desk/")
    look(host, "10_desk_at_work")
    fixer.go(path)
    look(fixer, "11_result")
    fixer.page.check("input[name=outcome][value=fixed]")
    fixer.page.fill("#f-minutes", "25")
    fixer.page.click("#form-result button")

    owner.go(path)
    look(owner, "12_confirm")
    owner.page.click("#form-hand_back button")
    look(owner, "13_fetched")
    assert Agreement.rows.get(id=case.id).state == "handed_back"
    assert sums() == {"repair.attempt": 4, "repair.fixed": 4, "time.volunteer": 25}


def test_photo_that_cannot_be_read_does_not_lose_the_item(visit: Visit, tmp_path: Path) -> None:
    here = cafe()
    fake = tmp_path / "lamp.jpg"
    fake.write_bytes(b"no picture")
    window = visit(360, "ko", script=False)
    window.sign_in(here.stranger)
    window.go(f"/exchange/repair/{here.pool_id}/bring/")
    window.page.set_input_files("#f-content", fake)
    window.page.locator("form.form button.button.primary").click()
    assert "사진은 읽지 못했습니다" in window.page.inner_text("main")
    assert Agreement.rows.get().state == "submitted"


def test_desk_and_fixers_screen_are_for_those_who_work_there(visit: Visit) -> None:
    here = cafe()
    window = visit(360, "ko")
    window.sign_in(here.stranger)
    for tail in ("desk", "fix"):
        assert window.go(f"/exchange/repair/{here.pool_id}/{tail}/") == 404
    inside = visit(360, "ko")
    inside.sign_in(here.member)
    for tail in ("desk", "fix"):
        assert inside.go(f"/exchange/repair/{here.pool_id}/{tail}/") == 200
        assert inside.sound() + inside.sideways() == []
