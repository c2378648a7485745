"""The pages of repair and of the journal with content: sound in both languages and widths."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.exchange.actions.demo import FACTORS
from tests.exchange.cases import cafe, record
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
from tests.web.conftest import LANGUAGES, WIDTHS, Visit

pytestmark = pytest.mark.browser
NOW = "2026-05-10T14:00:00+09:00"


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at(NOW)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_with_content_are_sound(visit: Visit, width: int, language: str) -> None:
    operator = Actor.operator()
    run("journal.factor.load", {"content": FACTORS.read_bytes()}, operator)
    run("exchange.carbon.estimate", {}, operator)
    here = cafe()
    ids = record(
        here,
        {"category": 16, "outcome": "fixed", "minutes": 95, "brand": "Sam", "problem": "안 켜짐"},
        {"category": 18, "outcome": "fixed"},
        {"category": 7, "outcome": "end_of_life", "barrier": "no_way_to_open"},
        {"category": 14, "outcome": "unknown"},
    )
    base = "/exchange/repair"
    visitor = [
        "/exchange/", f"{base}/", f"{base}/numbers/", f"{base}/{here.pool_id}/",
        "/data/labels/", "/data/labels/repair.fixed/", "/data/factors/",
    ]  # fmt: skip
    keeper = [
        f"{base}/new/",
        f"{base}/import/",
        f"{base}/case/{ids[0]}/",
        f"{base}/{here.pool_id}/",
    ]
    faults: list[str] = []
    window = visit(width, language)
    for actor, paths in (
        (Actor.anonymous(), visitor),
        (here.keeper, keeper),
        (person_with(Role.OFFICIAL, district=MAPO), ["/desk/labels/"]),
    ):
        window.sign_in(actor)
        for path in paths:
            status = window.go(path)
            faults += [f"{path} {status}"] if status != 200 else []
            found = window.sound() + window.sideways() + window.small_targets()
            faults += [f"{path} {one}" for one in found]
            window.picture(f"repair_page{path[:40]}")
    assert faults == []
