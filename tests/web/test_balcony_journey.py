"""Ask a neighbour for help with a balcony and pay in hours: on two phones, by the keyboard."""

from __future__ import annotations

import pytest

from dure.exchange.models import Agreement
from dure.journal.models import Event
from tests.harness.clock import Clock
from tests.ledger.givens import balance
from tests.web.conftest import LANGUAGES, Visit, Window
from tests.web.money_world import a_world

pytestmark = pytest.mark.browser
NOW = "2026-05-12T10:30:00+09:00"  # the server keeps the time that it began with


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at(NOW)


def faults(window: Window, at: str) -> list[str]:
    """What is wrong with the page that is open."""
    found = window.sound() + window.sideways() + window.small_targets()
    if window.page.locator("h1").count() != 1:
        found.append("not one h1")
    return [f"{at} {window.language}: {one}" for one in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_help_with_a_balcony_is_asked_for_and_paid_in_hours(visit: Visit, language: str) -> None:
    world = a_world()
    bada, haneul = visit(360, language), visit(360, language)
    bada.sign_in(world.bada)
    haneul.sign_in(world.haneul)
    found: list[str] = []

    def press(window: Window, selector: str) -> None:
        window.page.locator(selector).first.focus()
        with window.page.expect_navigation():
            window.page.keyboard.press("Enter")
        found.extend(faults(window, selector))

    bada.go("/exchange/listings/new/?side=request")
    found.extend(faults(bada, "new"))
    title = "베란다 화분을 옮겨 주세요"
    bada.page.fill("#f-title", title)
    bada.page.check("input[name=side][value=request]")
    bada.page.check("input[name=reciprocity][value=hours]")
    bada.page.fill("#f-minutes", "60")
    bada.page.fill("#f-place", "합정동")
    press(bada, "main form button.primary")
    bada.picture("balcony_1_asked")

    haneul.go("/exchange/listings/?q=ㅂㄹㄷ")  # by its initials
    found.extend(faults(haneul, "search"))
    press(haneul, ".card a")
    assert title in haneul.page.inner_text("h1")
    press(haneul, "a.button.primary[href*='/answer/']")
    press(haneul, "main form button.primary")

    bada.go("/exchange/mine/")
    press(bada, ".card a[href*='/matches/']")
    bada.picture("balcony_2_answer")
    bada.page.fill("#f-on", "2026-05-12")
    bada.page.fill("#f-at", "10:45")
    bada.page.fill("#f-minutes", "60")
    press(bada, "main form button.primary")
    here = bada.page.url
    assert Agreement.rows.get().state == "asked"

    haneul.go("/exchange/mine/")
    press(haneul, ".card a[href*='/agreements/']")
    press(haneul, "#form-accept button")
    assert Agreement.rows.get().state == "scheduled"
    assert balance(world.bada_time) == (300, 60, 0), "held, not yet moved"
    haneul.picture("balcony_3_agreed")
    haneul.page.fill("#form-claim #f-minutes", "60")
    press(haneul, "#form-claim button")
    assert balance(world.bada_time) == (300, 60, 0), "nothing moves by the word of one side"

    bada.page.goto(here)
    found.extend(faults(bada, "to confirm"))
    bada.picture("balcony_4_confirm")
    press(bada, "#form-confirm button")
    assert Agreement.rows.get().state == "settled"
    assert (balance(world.bada_time)[0], balance(world.haneul_time)[0]) == (240, 360)
    assert [one.qty for one in Event.rows.filter(label__code="time.exchange")] == [60]
    bada.picture("balcony_5_done")

    bada.go("/money/")
    found.extend(faults(bada, "money"))
    words = "4시간" if language == "ko" else "4 h"
    assert words in bada.page.inner_text("main")
    bada.page.goto(f"{here}review/")
    found.extend(faults(bada, "review"))
    bada.page.check("input[name=points][value='3']")
    press(bada, "main form button.primary")
    assert found == []
