"""Heads, source and the desk of a release on a phone without script, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client

from dure.core import heads, sealing
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.engines import published_heads
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, person_with
from tests.harness.worker import work_off
from tests.web.conftest import LANGUAGES, Site, Visit, Window
from tests.web.walk import client_of, load_demo

pytestmark = pytest.mark.browser


@pytest.fixture
def sealed(site: Site, clock: Clock) -> Site:
    """Two chains with seals, their heads fixed for a day, and a newer head since."""
    clock.at("2026-07-01T00:20:00+09:00")
    run(sealing.NAME, {}, Actor.operator())
    with given():
        heads.move("a.new_chain", number=3, digest="ab" * 32, horizon=9)
    run(heads.NAME, {}, Actor.timer(heads.NAME))
    with given():
        heads.move("a.new_chain", number=4, digest="cd" * 32, horizon=10)
    return site


def sound(window: Window, path: str) -> None:
    assert window.go(path) == 200
    window.picture(path)
    assert window.sideways() + window.small_targets() == []
    assert window.page.locator("h1").count() == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_visitor_reads_the_heads_on_a_phone(sealed: Site, visit: Visit, language: str) -> None:
    window = visit(360, language, script=False)
    page = window.page
    sound(window, "/")
    foot = page.locator("section[aria-labelledby=heads]")
    assert "cdcdcdcdcdcd" in foot.inner_text() and "cdcdcdcdcdcdc" not in foot.inner_text()
    assert {"ko": "감사 기록", "en": "audit"}[language] in foot.inner_text()
    foot.get_by_role("link").click()
    assert page.url.endswith("/data/heads/")
    sound(window, "/data/heads/")
    told = page.inner_text("main")
    assert "cd" * 32 in told and "ab" * 32 in told  # the newest, and the one of the day
    with page.expect_download() as waiting:
        page.locator('a[href$="/data/heads.txt"]').evaluate("link => link.download = ''")
        page.locator('a[href$="/data/heads.txt"]').click()
    lines = published_heads.read(Path(waiting.value.path()).read_bytes())
    assert [(one.name, one.chain, one.number) for one in lines] == [
        ("2026-07-01", "a.new_chain", 3),
        ("2026-07-01", "core.audit", 1),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_source_page_is_sound(site: Site, visit: Visit, language: str) -> None:
    sound(visit(360, language, script=False), "/about/source/")


def test_new_pages_have_no_fault_that_axe_finds(sealed: Site, visit: Visit) -> None:
    for language in LANGUAGES:
        window = visit(360, language)
        for path in ("/data/heads/", "/about/source/", "/"):
            window.go(path)
            assert window.sound() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_analyst_hands_over_work_leaves_and_finds_the_result(
    site: Site, visit: Visit, clock: Clock, language: str
) -> None:
    clock.at("2026-11-21T18:00:00+09:00")
    analyst = person_with(Role.ANALYST, purpose="indicators")
    body = {"period": "2026-Q3", "since": "2026-01", "vintage": "1"}
    release = run("indicators.release.draft", body, analyst).result.id
    window = visit(360, language, script=False)
    window.sign_in(analyst)
    path = f"/desk/releases/{release}/"
    window.go(path)
    window.page.get_by_role("button", name={"ko": "계산하기", "en": "Compute"}[language]).click()
    sound(window, path)
    assert window.page.locator("progress").count() == 1
    assert work_off() == 1
    window.go(path)
    assert window.page.locator("progress").count() == 0
    assert window.page.get_by_role(
        "button", name={"ko": "검사하기", "en": "Run the checks"}[language]
    ).is_visible()


def test_a_visitor_without_a_seal_reads_that_there_is_none(db: None) -> None:
    assert "Nothing is sealed yet." in Client().get("/en/").content.decode()
    auditor = person_with(Role.AUDITOR, district=MAPO)
    assert client_of(auditor).get("/data/heads/").status_code == 200


@pytest.mark.slow
def test_the_demo_starts_with_the_heads_of_every_chain(commits: str) -> None:
    load_demo()
    lines = heads.published()
    assert published_heads.faults(lines) == []
    chains = ["core.audit", "indicators.release", "journal.event", "ledger.seal", "registry.access"]
    assert sorted(one.chain for one in lines if one.occasion == "release") == chains
    assert sorted(one.chain for one in lines if one.occasion == "day") == chains
