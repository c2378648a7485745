"""The paper desk in a browser: sound at 360 pixels in both languages, and without script."""

from __future__ import annotations

import re

import pytest

from dure.core.actions import run
from dure.registry.vault import Entry, store
from tests.budgeting.calls import NOW, official, projects, resident, staff, voting
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district
from tests.web.conftest import LANGUAGES, Visit, Window
from tests.web.round_pages import look, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at(NOW)
    district(MAPO)


def find(window: Window, name: str) -> None:
    words = {"ko": "명부에서 찾기", "en": "Find on the roll"}
    window.page.locator("#f-name").fill(name)
    window.page.get_by_role("button", name=words[window.language]).click()


def test_the_paper_desk_is_sound_on_a_phone_in_both_languages(visit: Visit) -> None:
    voters = [resident() for _ in range(2)]
    store(Entry(voters[0].id, {"name": "남궁민수"}), actor=voters[0], purpose="account")
    here = voting()
    address = f"/desk/budget/{here.id}/papers/"
    windows = [visit(360, language) for language in LANGUAGES]
    desk, other, third = staff(), official(), staff()
    for window in windows:
        window.sign_in(desk)
        assert window.go(address) == 200
        find(window, "남궁민수")
        look(window, "papers_found")
        find(window, "김아무개")
        look(window, "papers_nobody")
        find(window, "")
        look(window, "papers_refused")
        assert window.go(f"{address}print/") == 200
        look(window, "papers_blank")
    for voter in voters:
        mark = {"call_id": here.id, "person_id": str(voter.id)}
        run("budgeting.paper.mark", mark, here.lead)
    here.do("close")
    first, second = (one.code for one in projects(here))
    for window in windows:
        assert window.go(f"{address}type/?batch=B1") == 200
        window.page.locator("form.form button.primary").first.click()
        look(window, "papers_sheet_refused")
    for person, code in ((desk, first), (other, second)):
        sheets = [{"serial": "1", "items": [code]}, {"serial": "2", "items": None}]
        body = {"call_id": here.id, "batch": "A1", "papers": sheets}
        run("budgeting.paper.enter", body, person)
    for window in windows:
        for name, tail in (("papers", ""), ("papers_typed", "type/?batch=A1")):
            assert window.go(address + tail) == 200
            look(window, name)
        window.sign_in(third)
        for name, tail in (("papers_third", ""), ("papers_settle", "settle/?batch=A1&serial=1")):
            assert window.go(address + tail) == 200
            look(window, name)


def test_papers_are_typed_without_script(visit: Visit) -> None:
    here = voting()
    here.do("close")
    window = visit(360, "ko", script=False)
    window.sign_in(staff())
    page = window.page
    assert window.go(f"/desk/budget/{here.id}/papers/") == 200
    page.locator("#b-batch").fill("A1")
    press(window, "입력 시작하기")
    page.locator("#f-serial").fill("007")
    page.get_by_label(re.compile("제안 1")).check()
    press(window, "저장하고 다음 종이")
    assert page.locator("#f-serial").input_value() == "008"
    page.get_by_text("무효: 표로 세지 않음").click()
    press(window, "저장하고 다음 종이")
    page.locator("#f-counted").fill("2")
    press(window, "다 입력했습니다")
    assert "나는 다 입력함" in page.inner_text("main")
