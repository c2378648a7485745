"""Journey 2: a volunteer records a repair at the cafe, on a phone, in both languages."""

from __future__ import annotations

import pytest

from tests.exchange.cases import cafe, sums
from tests.harness.clock import Clock
from tests.web.conftest import LANGUAGES, Visit, Window

pytestmark = pytest.mark.browser
NOW = "2026-05-10T14:00:00+09:00"

WORDS = {
    "ko": {
        "next": "다음",
        "save": "기록 저장하기",
        "record": "수리 기록 적기",
        "end": "수명이 다했어요",
    },
    "en": {
        "next": "Next",
        "save": "Save the record",
        "record": "Record a repair",
        "end": "End of life",
    },
}


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at(NOW)


def record(window: Window, pool_id: str, *, sound: bool) -> None:
    """From the event's page to the saved record, one question a screen."""
    words, page = WORDS[window.language], window.page
    assert window.go(f"/exchange/repair/{pool_id}/") == 200

    def look(name: str) -> None:
        if sound:
            assert window.sound() + window.sideways() + window.small_targets() == []
            window.picture(f"repair_{name}")

    look("event")
    page.get_by_role("link", name=words["record"]).click()
    look("item")
    page.locator("select[name=category]").select_option("16")
    page.get_by_role("button", name=words["next"]).click()
    look("result")
    page.get_by_text(words["end"]).click()
    page.get_by_role("button", name=words["next"]).click()
    look("barrier")
    page.locator("select[name=barrier]").select_option("worn_out")
    page.get_by_role("button", name=words["next"]).click()
    look("time")
    page.locator("input[name=minutes]").fill("45")
    page.get_by_role("button", name=words["next"]).click()
    look("check")
    page.get_by_role("button", name=words["save"]).click()
    assert "saved=yes" in page.url
    look("saved")


@pytest.mark.parametrize("language", LANGUAGES)
def test_volunteer_records_a_repair_on_a_phone(visit: Visit, language: str) -> None:
    here = cafe()
    window = visit(360, language)
    window.sign_in(here.member)
    record(window, here.pool_id, sound=True)
    assert sums() == {"repair.attempt": 1, "time.volunteer": 45}


def test_the_same_without_script(visit: Visit) -> None:
    here = cafe()
    window = visit(360, "ko", script=False)
    window.sign_in(here.member)
    record(window, here.pool_id, sound=False)
    assert sums() == {"repair.attempt": 1, "time.volunteer": 45}


def test_keyboard_alone_is_enough(visit: Visit) -> None:
    here = cafe()
    window = visit(360, "ko")
    window.sign_in(here.member)
    page = window.page
    assert window.go(f"/exchange/repair/{here.pool_id}/sheet/") == 200
    page.locator("select[name=category]").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**category=*")
    page.locator("input[name=outcome]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**outcome=fixed*")
    assert page.locator("input[name=minutes]").count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_entry_of_many_and_wrong_input_are_sound(visit: Visit, language: str) -> None:
    here = cafe()
    window = visit(360, language)
    window.sign_in(here.keeper)
    assert window.go(f"/exchange/repair/{here.pool_id}/many/") == 200
    window.page.locator("select[name=category_2]").select_option("7")
    window.page.locator("form.form button.button").last.click()
    assert window.sound() + window.sideways() == []
    assert window.page.locator("#errors a").get_attribute("href") == "#f-outcome_2"
    window.picture("repair_many_refused")
    for tail in ("paper", "bring"):
        assert window.go(f"/exchange/repair/{here.pool_id}/{tail}/") == 200
        assert window.sound() + window.sideways() == []
        window.picture(f"repair_{tail}")
    assert sums() == {}
