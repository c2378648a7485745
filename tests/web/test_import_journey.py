"""Bringing a list with errors and mending it, in a browser: every step sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from dure.core.actors import Actor, Role
from dure.registry import models as registry
from tests.harness import people
from tests.registry.lists import GOOD, csv_of
from tests.web.conftest import LANGUAGES, Visit, Window

pytestmark = [pytest.mark.browser, pytest.mark.slow]
BAD = GOOD[0].replace("999-00-10004", "999-00-10005")
LOW = GOOD[0].replace(",5,1000000,", ",3,,")


def sound(window: Window, step: str) -> list[str]:
    window.picture(f"import_{step}")
    faults = window.sound() + window.sideways() + window.small_targets()
    return [f"{step} {window.language} {window.width}: {fault}" for fault in faults]


def bring(window: Window, file: Path) -> None:
    assert window.go("/imports/") == 200
    page = window.page
    page.set_input_files("#f-file", file)
    page.select_option("#f-district", "city")
    page.select_option("#f-year", "2025")
    page.locator("form.form button[type=submit]").first.click()
    page.wait_for_selector("select[name=c1]")


def press(window: Window, ko: str, en: str) -> None:
    words = ko if window.language == "ko" else en
    window.page.get_by_role("button", name=words, exact=True).click()
    window.page.wait_for_load_state()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", [360, 1280])
def test_a_list_with_errors_is_mended_stored_and_undone(
    visit: Visit, tmp_path: Path, language: str, width: int
) -> None:
    who = people.person()
    people.mandate(who.id, Role.STAFF, city=True)
    window = visit(width, language)
    window.sign_in(Actor.person(who.id))
    faults: list[str] = []
    first, second = tmp_path / "첫 명단.csv", tmp_path / "고친 명단.csv"
    first.write_bytes(csv_of(BAD, *GOOD[1:]))
    second.write_bytes(csv_of(LOW, *GOOD[1:]))

    bring(window, first)
    faults += sound(window, "columns")
    press(window, "줄마다 확인하기", "Check the rows")
    faults += sound(window, "refused")
    text = window.page.content()
    assert ("검증 숫자" if language == "ko" else "check digit") in text
    assert registry.Organisation.rows.count() == 0

    bring(window, second)
    press(window, "줄마다 확인하기", "Check the rows")
    faults += sound(window, "questions")
    for field in window.page.locator("input[type=radio][value=so]").all():
        field.check()
    press(window, "답 저장하기", "Save the answers")
    faults += sound(window, "ready")
    press(window, "모두 저장하기", "Store all")
    faults += sound(window, "receipt")
    assert registry.Organisation.rows.filter(annulled=False).count() == 3

    window.page.fill("#f-reason", "잘못 올린 파일")
    press(window, "되돌리기", "Undo")
    faults += sound(window, "undone")
    assert registry.Organisation.rows.filter(annulled=False).count() == 0
    assert faults == [], "\n".join(faults)
