"""Journey 6: a neighbour proposes on a phone, votes, keeps the receipt and reads the result."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from dure.budgeting.models import Call, Proposal
from dure.core.actions import run
from tests.budgeting.calls import NOW, Round, begun, resident, reviewed, rolled, seconded, sent
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district
from tests.web.conftest import Visit, Window

pytestmark = [pytest.mark.browser, pytest.mark.slow]


@pytest.fixture(autouse=True)
def _now(clock: Clock, site: object) -> None:
    clock.at(NOW)
    district(MAPO)


def look(window: Window, name: str) -> None:
    """Nothing for axe, nothing sideways, no small target; a picture for a person."""
    found = window.sound() + window.sideways() + window.small_targets()
    window.picture(f"budget_{name}")
    assert found == [], f"{name}: {found}"


def propose(window: Window, here: Round) -> Proposal:
    """From the round's page to the proposal's own page, with a similar one shown while typing."""
    page = window.page
    assert window.go(f"/budget/{here.id}/") == 200
    look(window, "round_open")
    page.get_by_role("link", name="제안하기").click()
    page.locator("#f-title").fill("골목 의자 놓기")
    page.locator("#f-need").fill("어르신이 장을 보고 오시다 쉴 곳이 없어요")
    expect(page.get_by_text("비슷한 제안이 있어요")).to_be_visible(timeout=15_000)
    page.locator("#f-estimate_won").fill("12,000,000")
    page.locator("#f-field").select_option("care")
    look(window, "propose")
    page.get_by_role("button", name="다음").click()
    assert "이대로 보낼까요" in page.inner_text("h1")
    look(window, "propose_check")
    page.get_by_role("button", name="그래도 보내기").click()
    assert "골목 의자 놓기" in page.inner_text("h1")
    look(window, "proposal_new")
    return Proposal.rows.order_by("-number")[0]


def to_vote(here: Round, *proposals: Proposal) -> None:
    """The officials' steps: review, list, roll, freeze, open the vote."""
    here.do("review")
    for one in proposals:
        reviewed(here, one)
        body = {"proposal_id": str(one.id), "envelope": "gu", "field": "care"}
        run("budgeting.project.list", body, here.lead)
    here.do("list")
    rolled(here)
    here.do("freeze")
    here.do("vote")


def vote(window: Window, here: Round) -> None:
    """From the things to do to the receipt."""
    page = window.page
    assert window.go("/me/") == 200
    page.get_by_role("link", name=re.compile("투표하기: ")).first.click()
    look(window, "paper")
    page.get_by_text("골목 의자 놓기").click()
    page.get_by_role("button", name="고른 것 확인하기").click()
    assert "고른 사업 1개" in page.inner_text("main")
    look(window, "paper_check")
    page.get_by_role("button", name="투표하기").click()
    assert "내 표가 투표함에 있습니다" in page.inner_text("main")
    assert "골목 의자" not in page.inner_text("main"), "a receipt never says what was chosen"
    look(window, "receipt")


def count(here: Round) -> None:
    here.do("close")
    made = run("budgeting.result.compute", {"call_id": here.id}, here.lead).result
    body = {"result_id": made.id, "district": MAPO}
    seconded("budgeting.result.publish", body, here.lead, here.second)


def test_a_neighbour_proposes_votes_and_reads_the_result(visit: Visit) -> None:
    author = resident()
    here = begun()
    here.do("open")
    other = sent(here, title="골목 의자", need="어르신이 쉴 곳이 없어요")
    window = visit(360, "ko")
    window.sign_in(author)
    own = propose(window, here)
    assert window.go(f"/budget/{here.id}/proposals/") == 200
    look(window, "proposals")
    to_vote(here, own, other)
    assert window.go(f"/budget/proposals/{own.id}/") == 200
    assert "투표할 사업" in window.page.inner_text("main")
    look(window, "proposal_reviewed")
    vote(window, here)
    count(here)
    assert Call.rows.get(id=here.id).state == "published"
    assert window.go(f"/budget/{here.id}/result/") == 200
    assert "골목 의자 놓기" in window.page.inner_text("main")
    look(window, "result")
    english = visit(360, "en")
    english.sign_in(author)
    for name, path in (
        ("rounds", "/budget/"),
        ("round", f"/budget/{here.id}/"),
        ("proposals", f"/budget/{here.id}/proposals/"),
        ("proposal", f"/budget/proposals/{own.id}/"),
        ("propose_closed", f"/budget/{here.id}/propose/"),
        ("mine", "/budget/mine/"),
        ("receipt", f"/budget/{here.id}/receipt/"),
        ("result", f"/budget/{here.id}/result/"),
    ):
        assert english.go(path) == 200, path
        look(english, name)
