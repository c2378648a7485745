"""Journey: find a drill, fetch it by a code, bring it back late, and be settled."""

from __future__ import annotations

from pathlib import Path

import pytest

from dure.core import clock as core_clock
from dure.core import door
from dure.core.actors import Actor
from dure.exchange import hand_over
from dure.exchange.cases import Case, process_of
from dure.exchange.models import Agreement, Attestation
from tests.exchange.cases import sums
from tests.exchange.neighbours import NOW, answers, at, library, tick
from tests.harness.clock import Clock
from tests.ledger.givens import balance
from tests.web.conftest import LANGUAGES, Visit, Window
from tests.web.photo_files import SHOWN, WIDTH, photo_at

pytestmark = pytest.mark.browser
WORDS = {
    "ko": {
        "thing": "전동 드릴", "code": "내 코드 보이기", "six": "숫자 여섯 자리 보이기",
        "type": "상대의 숫자 여섯 자리 넣기", "late": "늦음", "closed": "마침",
    },
    "en": {
        "thing": "전동 드릴", "code": "Show my code", "six": "Show six digits",
        "type": "Type the six digits of the other side", "late": "Overdue", "closed": "Closed",
    },
}  # fmt: skip


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at(NOW)


def look(window: Window, name: str) -> None:
    assert window.sound() + window.sideways() + window.small_targets() == []
    assert window.page.locator("h1").count() == 1
    window.picture(f"drill_{name}")


def book(window: Window) -> str:
    """Find the drill, hold a place, book it; gives the path of the agreement."""
    page = window.page
    window.go("/exchange/library/?q=드릴")
    look(window, "1_library")
    page.click(f"text={WORDS[window.language]['thing']}")
    look(window, "2_thing")
    for name, typed in (
        ("on", "2026-05-12"), ("at", "10:00"), ("to", "2026-05-12"), ("back", "18:00"),
    ):  # fmt: skip
        page.fill(f"#f-{name}", typed)
    page.click("#form-book button")
    look(window, "3_held")
    page.click("#form-book button")
    look(window, "4_booked")
    return page.url.replace(window.site.url, "").removeprefix("/en")


def code_of(case: Agreement, actor: Actor) -> str:
    """What the lender's QR says, as a camera reads it."""
    process = process_of(case)
    step = process.transition(process.state(case.state), "check_out")
    assert step is not None
    loaded = door.load_grants(actor, core_clock.now())
    code = hand_over.code(Case(case, step, process), loaded)
    assert code is not None
    return code


@pytest.mark.parametrize("language", LANGUAGES)
def test_drill_is_fetched_by_code_and_comes_back_late(
    visit: Visit, clock: Clock, tmp_path: Path, language: str
) -> None:
    here, words = library(), WORDS[language]
    here.thing(terms=answers(fee=1000, deposit=20_000, check_out="드릴 날 열 개"))
    anna, photo = here.neighbour(), photo_at(tmp_path / "drill.png")

    def both() -> tuple[Window, Window]:
        """New windows: what was open before keeps the time at which it was opened."""
        pair = visit(360, language), visit(360, language)
        for window, actor in zip(pair, (anna, here.keeper), strict=True):
            window.sign_in(actor)
        return pair

    path = book(both()[0])
    case = Agreement.rows.get(process="equipment_loan")
    assert balance(here.accounts[anna.id]) == (0, 21_000, 0)

    clock.at(at("12T10:05"))
    borrower, lender = both()
    lender.go(path)
    look(lender, "5_lender")
    lender.page.get_by_role("link", name=words["code"]).click()
    look(lender, "6_code")
    if language == "ko":  # the camera reads the code
        borrower.go(f"{path}take/check_out/?code={code_of(case, here.keeper)}")
    else:  # no camera: six digits are shown and typed
        lender.page.get_by_role("button", name=words["six"]).click()
        look(lender, "7_digits")
        digits = lender.page.locator(".digits").inner_text()
        borrower.go(path)
        look(borrower, "8_at_the_counter")
        borrower.page.get_by_role("link", name=words["type"]).click()
        borrower.page.fill("#f-digits", digits)
    look(borrower, "9_take")
    borrower.page.set_input_files("#f-content", photo)
    borrower.page.fill("#f-alt", "흠집 없는 드릴")
    borrower.page.locator("form.form button[type=submit]").last.click()
    case.refresh_from_db()
    assert case.state == "out"
    look(borrower, "10_out")
    image = borrower.page.locator("figure img")
    assert image.evaluate(SHOWN) == WIDTH

    clock.at(at("12T19:00"))
    assert tick() == (1, 0)
    borrower, lender = both()
    borrower.go(path)
    assert words["late"] in borrower.page.locator(".state").first.inner_text()
    look(borrower, "11_late")

    lender.go(path)
    lender.page.set_input_files("#f-content", photo)
    lender.page.click("#form-check_in button")
    look(lender, "12_back")
    assert lender.page.locator("figure img").count() == 2
    lender.page.click("#form-pass button")
    look(lender, "13_settled")
    assert words["closed"] in lender.page.locator(".state").first.inner_text()
    assert balance(here.accounts[anna.id]) == (-1000, 0, 0)
    assert balance(here.till) == (1000, 0, 0)
    assert sums() == {"loan.use": 8 * 60 + 55, "spending.local": 1000}
    moments = Attestation.rows.filter(kind="photo").order_by("seq")
    assert [row.value["moment"] for row in moments] == ["check_out", "check_in"]


def test_wrong_digits_and_a_false_photo_are_told_on_the_page(
    visit: Visit, clock: Clock, tmp_path: Path
) -> None:
    here = library()
    here.thing(terms=())
    borrower = visit(360, "ko", script=False)
    anna = here.neighbour()
    borrower.sign_in(anna)
    for name in ("fake.jpg",):
        (tmp_path / name).write_bytes(b"no picture")
    borrower.go("/exchange/library/")
    borrower.page.click("text=전동 드릴")
    for name, typed in (
        ("on", "2026-05-12"), ("at", "10:00"), ("to", "2026-05-12"), ("back", "18:00"),
    ):  # fmt: skip
        borrower.page.fill(f"#f-{name}", typed)
    borrower.page.click("#form-book button")
    borrower.page.click("#form-book button")
    path = borrower.page.url.replace(borrower.site.url, "")
    borrower.go(f"{path}take/check_out/")
    borrower.page.fill("#f-digits", "123456")
    borrower.page.locator("form.form button[type=submit]").last.click()
    assert borrower.page.locator("#errors").count() == 1
    borrower.page.set_input_files("#f-content", tmp_path / "fake.jpg")
    borrower.page.locator("form.form button[type=submit]").last.click()
    assert "사진" in borrower.page.locator("#errors").inner_text()
    assert Agreement.rows.get(process="equipment_loan").state == "booked"
