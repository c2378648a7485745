"""The pages of sharing with content: sound in both languages and widths, without script too."""

from __future__ import annotations

import pytest

from dure.core.actors import Actor
from tests.harness.clock import Clock
from tests.harness.people import MAPO
from tests.web.conftest import LANGUAGES, WIDTHS, Visit
from tests.web.share_world import Share, a_share

pytestmark = pytest.mark.browser
NOW = "2026-05-10T14:00:00+09:00"


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at(NOW)


def paths_of(share: Share) -> list[tuple[Actor, list[str]]]:
    """Who looks at which pages."""
    base = "/exchange"
    return [
        (
            Actor.anonymous(),
            [
                f"{base}/", f"{base}/listings/", f"{base}/listings/?district={MAPO}",
                f"{base}/listings/?q=없는낱말", f"{base}/listings/map/",
                f"{base}/listings/{share.offer}/", f"{base}/library/",
                f"{base}/library/{share.drill}/",
            ],
        ),
        (
            share.bada,
            [
                f"{base}/listings/new/", f"{base}/listings/{share.offer}/answer/",
                f"{base}/mine/", f"{base}/mine/?tab=waiting", f"{base}/mine/?tab=ended",
                f"{base}/mine/?tab=listings", f"{base}/agreements/{share.case}/",
                f"{base}/library/{share.drill}/?day=2026-05-12", f"{base}/library/new/",
                f"{base}/agreements/{share.loan}/", f"{base}/listings/{share.wish}/",
                f"{base}/agreements/{share.loan}/hand-over/check_out/",
                f"{base}/agreements/{share.loan}/take/check_out/?code=x",
                f"{base}/matches/{share.match}/", f"{base}/calendar/", f"{base}/processes/",
            ],
        ),
        (
            share.haneul,
            [f"{base}/agreements/{share.case}/", f"{base}/listings/{share.offer}/change/"],
        ),
        (
            share.steward,
            [
                f"{base}/library/desk/", f"{base}/library/{share.drill}/change/", f"{base}/desk/",
                f"{base}/reports/", f"{base}/reports/?process=equipment_loan",
            ],
        ),
    ]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("width", WIDTHS)
def test_pages_with_content_are_sound(visit: Visit, width: int, language: str) -> None:
    share = a_share()
    faults: list[str] = []
    for actor, paths in paths_of(share):
        window = (
            visit(width, language, script=False) if actor.id is None else visit(width, language)
        )
        window.sign_in(actor)
        for path in paths:
            status = window.go(path)
            found = [] if status == 200 else [f"status {status}"]
            if actor.id is not None:
                found += window.sound() + window.sideways() + window.small_targets()
            if window.page.locator("h1").count() != 1:
                found.append("not one h1")
            faults += [f"{path} {language} {width}: {one}" for one in found]
            window.picture(f"share_{'v' if actor.id is None else 's'}_{path.split('?')[0]}")
    assert faults == []


def test_help_is_asked_for_and_paid_in_hours_on_a_phone(visit: Visit) -> None:
    """Find a listing, ask, accept, say that it is done, confirm: four people-sized screens."""
    share = a_share()
    bada, haneul = visit(360, "ko"), visit(360, "ko")
    bada.sign_in(share.bada)
    haneul.sign_in(share.haneul)
    bada.go("/exchange/listings/?q=화분")
    bada.page.click("text=화분 흙갈이")
    bada.page.click("text=부탁하기")
    bada.page.fill("#f-on", "2026-05-20")
    bada.page.fill("#f-at", "10:00")
    bada.page.fill("#f-minutes", "60")
    bada.page.click("text=부탁 보내기")
    here = bada.page.url.replace(bada.site.url, "")
    haneul.go("/exchange/mine/")
    haneul.go(here)
    haneul.page.click("#form-accept button")
    haneul.page.fill("#f-minutes", "45")
    haneul.page.click("#form-claim button")
    bada.go(here)
    bada.page.click("#form-confirm button")
    assert "마침" in bada.page.locator(".state").first.inner_text()
