"""Journey 10: from a news link to a number's meaning, its data, and the proof; and the print."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pypdf
import pytest

from dure.core import heads
from dure.core.actions import run
from dure.core.actors import Actor, Role
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
from tests.indicators.facts import Journal
from tests.web.conftest import LANGUAGES, Site, Visit

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def released(site: Site, clock: Clock) -> Site:
    """Repairs in a district, released by three people."""
    clock.at("2026-11-21T18:00:00+09:00")
    journal = Journal()
    factor = journal.factor()
    for month in (4, 5, 7, 8, 9):
        for outcome in ("fixed", "repairable", "unknown"):
            journal.repair(f"2026-{month:02d}-10", outcome, factor=factor, gco2e=130_000)
    person_with(Role.ANALYST, purpose="indicators")
    for _second in (False, True):
        person_with(Role.OFFICIAL, district=MAPO)
    run("indicators.demo.release", {}, Actor.operator(), key="journey")
    return site


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reporter_checks_a_number(
    released: Site, visit: Visit, language: str, tmp_path: Path
) -> None:
    window = visit(360, language, script=False)
    page = window.page
    window.go(f"/?district={MAPO}")
    assert page.locator("h1").count() == 1
    page.locator('a[href$="/data/definitions/N4r/"]').first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/data/definitions/N4r/")
    assert "count repair.attempt outcome=fixed" in page.inner_text("main")
    page.locator('a[href*="cells/?indicator=N4r"]').focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/cells/?indicator=N4r")
    page.locator('.crumbs a[href$="/data/releases/1/"]').click()
    with page.expect_download() as waiting:
        page.locator('a[href$="release-0001.zip"]').first.click()
    bundle = tmp_path / "release-0001.zip"
    waiting.value.save_as(bundle)
    published = tmp_path / "heads.txt"
    published.write_bytes(heads.text())
    told = subprocess.run(
        [sys.executable, "-m", "dure", "verify", str(bundle), "--heads", str(published), "--json"],
        capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    answer = json.loads(told.stdout)
    levels = {one["indicator"]: one["level"] for one in answer["indicators"]}
    assert (told.returncode, answer["published_head"]) == (0, "equal")
    assert (levels["N4r"], levels["C1"]) == ("V3", "V2")
    bundle.write_bytes(bundle.read_bytes().replace(b"fixed", b"fixxd", 1))
    told = subprocess.run(
        [sys.executable, "-m", "dure", "verify", str(bundle)],
        capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT / "src")},
    )  # fmt: skip
    assert told.returncode == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_printed_page_holds_every_heading_and_number(
    released: Site, visit: Visit, language: str
) -> None:
    window = visit(1280, language, script=False)
    window.go(f"/?district={MAPO}")
    printed = pypdf.PdfReader(io.BytesIO(window.page.pdf(format="A4", print_background=True)))
    texts = [one.extract_text() for one in printed.pages]
    first, rest = texts[0], " ".join(texts[1:])
    words = {
        "ko": ("경제", "사회", "환경", "거버넌스", "서울", "윤리 위반 건수", "고용 인원"),
        "en": ("Economy", "Society", "Environment", "Governance", "Seoul", "Ethics cases"),
    }[language]
    assert [word for word in words if word not in first] == []
    assert ("강남구" if language == "ko" else "Gangnam-gu") in rest
    box = printed.pages[0].mediabox
    assert abs(box.width - 595) < 2 and abs(box.height - 842) < 2
