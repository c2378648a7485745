"""The pages of matching and pools with content: sound in both languages and widths."""

from __future__ import annotations

import pytest

from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.exchange.models import Match
from tests.exchange.neighbours import at, bank
from tests.exchange.test_hours_rounds import propose, ring
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
from tests.ledger.givens import an_account
from tests.web.conftest import LANGUAGES, WIDTHS, Visit
from tests.web.test_matching import NEAR, PLACE, TUESDAY, put_up
from tests.web.test_pools import a_pool

pytestmark = pytest.mark.browser
NOW = "2026-05-10T14:00:00+09:00"


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at(NOW)


def paths_of() -> list[tuple[Actor, list[str]]]:
    """Who looks at which pages."""
    here, keeper = bank(), person_with(Role.STAFF, district=MAPO)
    anna, ben, carl = here.neighbour(), here.neighbour(), here.neighbour()
    wish = put_up(anna, "request", title="베란다 고치기를 도와주세요", **TUESDAY, **PLACE)
    give = put_up(ben, "offer", title="집 손보기 합니다", **TUESDAY, **NEAR)
    put_up(carl, "offer", "pets", title="강아지 산책시켜 드려요", **TUESDAY, **NEAR)
    put_up(carl, "request", "paper", title="서류 함께 읽어 주세요")
    run("exchange.match.run", {"district": MAPO}, keeper)
    one = Match.rows.get().id
    ask = (1000, 5000, 3000, 2000, 3000)
    people = [anna.id, *[person_with(Role.RESIDENT).id for _ in ask[1:]]]
    pool = a_pool(10_000, ask, people=people, tie_salt=b"s" * 32, tie_commitment="a" * 64)
    an_account(here.book, organisation=here.host, unit="TIME", lo=0)
    body = {"organisation_id": str(here.host.id), "title": "봄 시간 나눔", "closes": at("15T09:00")}
    gift = run("exchange.gift_pool.open", body, here.keeper).result.id
    run("exchange.gift_pool.give", {"pool_id": gift, "minutes": 60}, ben)
    run("exchange.gift_pool.ask", {"pool_id": gift, "minutes": 90}, anna)
    sewer, *_ = ring(here)
    circle = propose(here)
    return [
        (sewer, [f"pools/{circle}/"]),
        (here.keeper, [f"pools/{circle}/", "pools/new/?kind=round", "pools/new/", "pools/"]),
        (anna, [f"pools/{gift}/"]),
        (anna, [f"listings/{wish}/matches/", f"proposals/{one}/", "pools/", f"pools/{pool.id}/"]),
        (ben, [f"listings/{give}/matches/", f"proposals/{one}/"]),
        (carl, [f"pools/{pool.id}/"]),
        (keeper, ["desk/matching/", "desk/"]),
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_are_sound(visit: Visit, width: int, language: str) -> None:
    faults: list[str] = []
    for number, (actor, paths) in enumerate(paths_of()):
        window = visit(width, language)
        window.sign_in(actor)
        for path in paths:
            status = window.go(f"/exchange/{path}")
            found = [] if status == 200 else [f"status {status}"]
            found += window.sound() + window.sideways() + window.small_targets()
            if window.page.locator("h1").count() != 1:
                found.append("not one h1")
            faults += [f"{path} {language} {width}: {one}" for one in found]
            name = "_".join(part[:8] for part in path.split("/"))
            window.picture(f"matching_{number}_{name}")
    assert faults == []
