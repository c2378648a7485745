"""A place is chosen on the map by a tap and by keys, and a published vote is tried out."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from dure.budgeting import trying
from dure.core.actions import run
from dure.engines.pb.pabulib_writing import write
from dure.interfaces.web.point_maps import read_place
from tests.budgeting.calls import NOW, begun, official, resident
from tests.engines.pb.elections import worked
from tests.engines.pb.test_pabulib_writing import META
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district
from tests.web.conftest import Visit, Window

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object, monkeypatch: pytest.MonkeyPatch) -> None:
    clock.at(NOW)
    district(MAPO)
    monkeypatch.setattr(trying, "_begun", deque())


def look(window: Window, name: str) -> None:
    """Nothing for axe, nothing sideways, no small target; a picture for a person."""
    found = window.sound() + window.sideways() + window.small_targets()
    window.picture(f"budget_{name}")
    assert found == [], f"{name}: {found}"


def test_a_place_is_chosen_by_a_tap_and_moved_by_keys(visit: Visit) -> None:
    here = begun()
    here.do("open")
    window = visit()
    window.sign_in(resident())
    assert window.go(f"/budget/{here.id}/propose/") == 200
    page = window.page
    sheet = page.locator("[data-choose] svg")
    expect(sheet).to_be_visible()
    assert page.locator("#f-point").input_value() == ""
    sheet.scroll_into_view_if_needed()
    sheet.click()
    tapped = read_place(page.locator("#f-point").input_value())
    assert 3_753_000 < tapped[0] < 3_759_500
    assert 12_685_000 < tapped[1] < 12_697_000
    sheet.focus()
    page.keyboard.press("Shift+ArrowRight")
    page.keyboard.press("ArrowUp")
    moved = read_place(page.locator("#f-point").input_value())
    assert moved[0] > tapped[0]
    assert moved[1] > tapped[1]
    look(window, "choose")
    page.locator("#f-title").fill("골목 의자 놓기")
    page.locator("#f-need").fill("앉을 곳이 없어요")
    page.get_by_role("button", name="다음").click()
    assert "이대로 보낼까요" in page.inner_text("h1")
    assert page.locator(".points .pin").count() == 1
    look(window, "choose_check")


def test_without_a_script_the_field_alone_is_there(visit: Visit) -> None:
    here = begun()
    here.do("open")
    window = visit(script=False)
    window.sign_in(resident())
    assert window.go(f"/budget/{here.id}/propose/") == 200
    expect(window.page.locator("[data-choose]")).to_be_hidden()
    expect(window.page.locator("#f-point")).to_be_visible()


def test_a_vote_is_tried_out_at_once_and_passed_on(visit: Visit) -> None:
    body = {
        "district": MAPO,
        "title": "지난 투표",
        "year": 2026,
        "source": "시험",
        "content": write(replace(worked(), meta=META)).encode(),
        "rule": {"name": "greedy", "ties": ["id"]},
    }
    made = run("budgeting.election.import", body, official()).result
    window = visit()
    assert window.go(f"/budget/{made.id}/what-if/") == 200
    look(window, "what_if")
    page = window.page
    page.locator("#f-rule").select_option("mes-cost")
    expect(page.get_by_text("새로 뽑히는 사업 1개, 빠지는 사업 2개")).to_be_visible(timeout=15_000)
    expect(page).to_have_url(re.compile("rule=mes-cost"))
    look(window, "what_if_answer")
    page.get_by_role("link", name=re.compile("이 가정의 주소")).click()
    expect(page.get_by_text("새로 뽑히는 사업 1개")).to_be_visible()
    english = visit(1280, "en")
    assert english.go(f"/budget/{made.id}/what-if/?rule=mes-cost") == 200
    look(english, "what_if_answer")
    assert english.go(f"/budget/{made.id}/result/") == 200
    look(english, "result_imported")
