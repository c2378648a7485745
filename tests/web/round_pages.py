"""Steps on pages that a journey through a round of the budget takes, the paper desk's above all."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.web.conftest import Window


def look(window: Window, name: str) -> None:
    """Nothing for axe, nothing sideways, no small target; a picture for a person."""
    found = window.sound() + window.sideways() + window.small_targets()
    window.picture(f"round_{name}")
    assert found == [], f"{name}: {found}"


def press(window: Window, name: str, within: Locator | None = None) -> None:
    """Press a button and see that the page has not come back refused."""
    button = (within or window.page).get_by_role("button", name=name, exact=True).first
    assert button.count(), f"{name} is not on the page: {window.page.inner_text('main')}"
    button.click()
    refused = window.page.locator("#errors")
    assert refused.count() == 0, refused.inner_text()


def form(window: Window, do: str) -> Locator:
    """The form of a page that does this."""
    return window.page.locator("form", has=window.page.locator(f"input[name=do][value={do}]"))


def give_papers(window: Window, call_id: str, names: tuple[str, ...]) -> None:
    """At the booth: who comes is found by name and year, gets a paper and is marked."""
    assert window.go(f"/desk/budget/{call_id}/papers/") == 200
    for name in names:
        find = form(window, "find")
        find.locator("[name=name]").fill(name)
        find.locator("[name=birth_year]").fill("1954")
        press(window, "명부에서 찾기")
        if name == names[0]:
            look(window, "booth")
        press(window, "종이를 주고 표시하기")
        assert "표시했습니다" in window.page.inner_text("main")


def type_papers(window: Window, call_id: str, sheets: tuple[str, ...]) -> None:
    """One person types a batch alone, by keyboard after the first sheet."""
    page = window.page
    assert window.go(f"/desk/budget/{call_id}/papers/") == 200
    if page.get_by_role("link", name="나도 입력하기").count():
        page.get_by_role("link", name="나도 입력하기").click()
    else:
        page.locator("#b-batch").fill("A1")
        press(window, "입력 시작하기")
        page.locator("#f-serial").fill("1")
    for number, title in enumerate(sheets, 1):
        if number == 1:
            page.locator("#f-serial").fill("1")
            page.get_by_label(re.compile(title)).check()
            look(window, "sheet")
            press(window, "저장하고 다음 종이")
        else:
            expect(page.locator("#f-serial")).to_have_value(str(number))
            page.get_by_label(re.compile(title)).focus()
            page.keyboard.press("Space")
            page.keyboard.press("Enter")
            page.wait_for_load_state()
    page.locator("#f-counted").fill(str(len(sheets)))
    look(window, "typed")
    press(window, "다 입력했습니다")


def merge_papers(window: Window, call_id: str) -> None:
    """A third person sees both readings, looks at the paper, settles it and merges the batch."""
    page = window.page
    assert window.go(f"/desk/budget/{call_id}/papers/") == 200
    look(window, "batches")
    page.get_by_role("link", name="입력이 다른 종이 정하기").click()
    assert "일련번호 2" in page.inner_text("main") and "일련번호 1" not in page.inner_text("main")
    look(window, "settle")
    page.get_by_role("link", name="둘 다 아님: 종이대로 적기").click()
    page.get_by_label(re.compile("마을 텃밭 가꾸기")).check()
    look(window, "settle_typed")
    press(window, "이대로 정하기")
    page.get_by_role("link", name="합치러 가기").click()
    press(window, "견주어 합치기")
    assert "2장 합침" in page.inner_text("main")
