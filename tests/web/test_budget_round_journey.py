"""Journey 6 whole: one round from its template to the first report, everything by its pages.

Code only signs people in, moves the clock and looks into the database; people do the rest.
"""

from __future__ import annotations

import re
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Barrier
from uuid import uuid4

import psycopg
import pytest
from django.db import connections
from playwright.sync_api import expect

from dure.budgeting.models import Award, Call, MoneyBallot
from dure.budgeting.queries import ballots
from dure.core.actors import Actor
from dure.registry.models import Approval
from dure.registry.vault import Entry, store
from tests.budgeting.calls import official, resident, staff
from tests.engines.test_pictures import png
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district
from tests.web.conftest import Visit, Window
from tests.web.round_pages import (
    form,
    give_papers,
    look,
    merge_papers,
    press,
    type_papers,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow]
TITLE = "마포구 2027 주민참여예산"
DATES = {
    "proposing": ("2026-03-02T09:00", "2026-03-12T18:00"),
    "reviewing": ("2026-03-12T18:00", "2026-03-20T18:00"),
    "listing": ("2026-03-20T18:00", "2026-04-01T09:00"),
    "voting": ("2026-04-01T09:00", "2026-04-10T18:00"),
    "counting": ("2026-04-10T18:00", "2026-04-20T18:00"),
}
TYPED = (  # what each of two people reads on two papers
    ("골목 의자 놓기", "마을 텃밭 가꾸기"),
    ("골목 의자 놓기", "골목 의자 놓기"),
)
CASTS, AT_ONCE = 200, 16
FROZEN = (
    "UPDATE budgeting_call SET ballot_kind = 'ordinal' WHERE id = %s",
    "UPDATE budgeting_call SET marks_max = 9 WHERE id = %s",
    'UPDATE budgeting_call SET rule = rule || \'{"name": "phragmen"}\' WHERE id = %s',
    "UPDATE budgeting_call SET may_revote = NOT may_revote WHERE id = %s",
    "UPDATE budgeting_call SET leftover = 'to_city' WHERE id = %s",
    "UPDATE budgeting_call SET roll_rule = '{}' WHERE id = %s",
    "UPDATE budgeting_call SET seed_commit = repeat('0', 64) WHERE id = %s",
    "UPDATE budgeting_phase SET during = tstzrange(lower(during), NULL) WHERE call_id = %s",
    "UPDATE budgeting_envelope SET amount_won = 1 WHERE call_id = %s",
    "UPDATE budgeting_field SET marks_max = 1 WHERE call_id = %s",
    "UPDATE budgeting_project SET cost_won = 1 WHERE call_id = %s",
)


@dataclass
class People:
    """Who takes part in the round, each with a window of her own kind."""

    lead: Actor
    second: Actor
    typists: tuple[Actor, Actor]
    voters: tuple[Actor, ...]
    booth: tuple[Actor, ...]


@pytest.fixture
def people(clock: Clock, site: object, monkeypatch: pytest.MonkeyPatch) -> People:
    for alias in connections:  # the server reads the clock anew for each page
        monkeypatch.setitem(connections.settings[alias], "CONN_MAX_AGE", 0)
    clock.at("2026-03-02T09:00:00+09:00")
    district(MAPO)
    voters = tuple(resident() for _ in range(3))
    booth = (resident(), resident())
    for person, name in zip(booth, ("홍길동", "성춘향"), strict=True):
        cells = {"name": name, "birth_on": "1954-03-01"}
        store(Entry(person.id, cells), actor=person, purpose="account")
    return People(official(), official(), (staff(), staff()), voters, booth)


def approve(window: Window, asks: str) -> None:
    """The second person finds the question on her desk and agrees."""
    assert window.go("/desk/") == 200
    window.page.get_by_role("link", name=re.compile(asks)).first.click()
    look(window, "approval")
    window.page.get_by_role("link", name=TITLE).click()  # what she is asked to agree to
    assert window.page.locator("h1").count() == 1
    window.page.go_back()
    press(window, "승인하기")
    assert not Approval.objects.everything("a test").filter(state="asked").exists()


def set_up(window: Window) -> str:
    """From a template to an open round."""
    page = window.page
    assert window.go("/desk/budget/") == 200
    page.get_by_role("link", name="새 공모 준비하기").first.click()
    page.locator("#f-title").fill(TITLE)
    page.get_by_text("틀: 구 (").click()
    for kind, (begins, ends) in DATES.items():
        page.locator(f"#f-{kind}_begins").fill(begins)
        page.locator(f"#f-{kind}_ends").fill(ends)
    look(window, "new")
    press(window, "준비하기")
    address = page.url
    page.get_by_role("link", name="재원과 분야 고치기").click()
    page.locator("[name=e0_amount]").fill("20,000,000")
    press(window, "재원과 분야 고치기")
    assert "20,000,000원" in page.inner_text("main")
    look(window, "draft")
    press(window, "공모 열기")
    return address.rstrip("/").rpartition("/")[2]


def propose(window: Window, title: str, *, photo: bool) -> None:
    """A neighbour proposes on a phone: what, why, where, a photo."""
    page = window.page
    assert window.go("/budget/") == 200
    page.get_by_role("link", name=TITLE).click()
    page.get_by_role("link", name="제안하기").click()
    page.locator("#f-title").fill(title)
    page.locator("#f-need").fill(f"{title}: 어르신이 장을 보고 오시다 쉴 곳이 없어요")
    page.locator("#f-place").fill("망원로 12 앞")
    page.locator("#f-estimate_won").fill("12,000,000")
    page.locator("#f-field").select_option("care")
    if photo:
        file = {"name": "IMG_1.png", "mimeType": "image/png", "buffer": png(8, 6)}
        page.locator("#f-content").set_input_files(file)  # type: ignore[arg-type]  # as its guide
        page.locator("#f-photo_alt").fill("의자가 없는 골목")
        look(window, "propose")
    press(window, "다음")
    if photo:
        look(window, "propose_check")
        assert page.locator("main img").evaluate("e => e.naturalWidth") == 8
    page.get_by_role("button", name=re.compile("보내기")).click()
    assert title in page.inner_text("h1")


def review(window: Window, call_id: str, title: str, cost: str) -> None:
    """A department accepts a proposal, gives three reviews with reasons, lists it."""
    page = window.page
    assert window.go(f"/desk/budget/{call_id}/proposals/?state=accepted") == 200
    page.get_by_role("link", name=re.compile(title)).first.click()
    mine = page.url
    for kind in ("legality", "feasibility", "cost"):
        page.goto(mine)
        assign = form(window, "assign")
        assign.locator("[name=kind]").select_option(kind)
        assign.locator("[name=reviewer_id]").select_option(label="나")
        assign.locator("[name=department]").fill("공원녹지과")
        press(window, "검토 맡기기", assign)
        page.get_by_role("link", name="검토 내기").click()
        page.locator("[name=verdict][value=fit]").check()
        page.locator("[name=reason_code]").select_option("fits")
        page.locator("[name=text]").fill("길 너비가 넉넉해 놓을 수 있습니다")
        if kind == "cost":
            page.locator("[name=cost_won]").fill(cost)
            page.locator("[name=basis]").fill("견적 두 곳")
        look(window, f"review_{kind}")
        press(window, "검토 내기")
    page.goto(mine)
    look(window, "reviewed")
    listing = form(window, "list")
    listing.locator("[name=envelope]").select_option("gu")
    press(window, "사업으로 올리기", listing)
    assert "사업으로 올렸습니다" in page.inner_text("main")


def accept(window: Window, call_id: str, title: str) -> None:
    assert window.go(f"/desk/budget/{call_id}/proposals/") == 200
    window.page.get_by_role("link", name=re.compile(title)).first.click()
    press(window, "받아들여 검토로 넘기기")


def step(window: Window, call_id: str, *buttons: str) -> None:
    """Take steps of the round at its desk, one after the other."""
    assert window.go(f"/desk/budget/{call_id}/") == 200
    for button in buttons:
        press(window, button)


def choose(window: Window, call_id: str, *titles: str, looked: bool = False) -> None:
    """Vote on a phone: the paper, the check page, the receipt."""
    page = window.page
    assert window.go(f"/budget/{call_id}/vote/") == 200
    if looked:
        look(window, "paper")
    for title in titles:
        page.get_by_label(re.compile(title)).check()
    press(window, "고른 것 확인하기")
    assert f"고른 사업 {len(titles)}개" in page.inner_text("main")
    if looked:
        look(window, "paper_check")
    press(window, "투표하기")
    assert "내 표가 투표함에 있습니다" in page.inner_text("main")
    assert not any(title in page.inner_text("main") for title in titles)
    if looked:
        look(window, "receipt")


def cast_at_once(window: Window, call_id: str, codes: list[str]) -> list[int]:
    """The same person casts 200 times, many at one moment, with the cookies of her browser."""
    cookies = {one["name"]: one["value"] for one in window.page.context.cookies()}
    address = window.site.at(f"/budget/{call_id}/vote/")
    together = Barrier(AT_ONCE)

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *given: object) -> None:
            return None

    def cast(number: int) -> int:
        body = {"csrfmiddlewaretoken": cookies["csrftoken"], "step": "cast",
                "item": codes[number % len(codes)]}  # fmt: skip
        asked = urllib.request.Request(address, urllib.parse.urlencode(body).encode())
        asked.add_header("Cookie", "; ".join(f"{k}={v}" for k, v in cookies.items()))
        asked.add_header("Referer", address)
        if number < AT_ONCE:
            together.wait(60)
        try:
            return int(urllib.request.build_opener(Stay).open(asked, timeout=120).status)
        except urllib.error.HTTPError as answer:
            return answer.code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(cast, range(CASTS)))


def nothing_of_the_rule_changes(app: psycopg.Connection, call_id: str) -> None:
    """The application's own role, as inside an action: the database itself refuses each field."""
    for statement in FROZEN:
        with app.transaction():
            app.execute(
                "SELECT set_config('dure.action', %s || '@' || pg_current_xact_id()::text, true)",
                [str(uuid4())],
            )
            with pytest.raises(psycopg.errors.RaiseException, match=r"^dure\.call_is_frozen"):
                app.execute(statement, [call_id])
            raise psycopg.Rollback


def result_holds(window: Window, call_id: str, folder: Path) -> None:
    """Who won and why, under which other rules; the files it offers pass their own checker."""
    page = window.page
    assert window.go(f"/budget/{call_id}/") == 200
    page.get_by_role("link", name="결과 보기").click()
    look(window, "result")
    page.get_by_text("왜 안 뽑혔나요?").click()
    expect(page.get_by_text("모자랐습니다")).to_be_visible()
    look(window, "result_why")
    for name in ("증명서 받기(JSON)", "표 받기(Pabulib)", "check_result.py"):
        with page.expect_download() as got:
            page.get_by_role("link", name=name).first.click()
        got.value.save_as(folder / got.value.suggested_filename)
    told = subprocess.run(
        [sys.executable, "check_result.py", "certificate.json", "ballots.pb"],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (told.returncode, told.stdout.strip()) == (0, "It holds."), told.stdout + told.stderr


def follow_up(desk: Window, phone: Window, call_id: str) -> None:
    """A winner's step, report and spending, told at the desk and read on a phone."""
    page = desk.page
    assert desk.go(f"/desk/budget/{call_id}/follow/") == 200
    won = Award.rows.get(result__call=call_id).project.name
    page.get_by_role("link", name=re.compile(won)).click()
    told = {"text": "자리를 재고 설계를 맡겼습니다", "milestone": "설계", "due_on": "2026-05-01",
            "spent_won": "3,000,000", "spent_on": "2026-04-10", "purpose": "설계 용역",
            "document": "지출-1"}  # fmt: skip
    for name, text in told.items():
        form(desk, "report").locator(f"[name={name}]").fill(text)
    look(desk, "report")
    press(desk, "알리기", form(desk, "report"))
    assert Call.rows.get(id=call_id).state == "following"
    assert phone.go(f"/budget/{call_id}/") == 200
    shown = phone.page.inner_text("main")
    assert "자리를 재고 설계를 맡겼습니다" in shown and "3,000,000원" in shown
    look(phone, "followed")


def test_one_round_from_its_template_to_the_first_report(
    visit: Visit,
    people: People,
    clock: Clock,
    tmp_path: Path,
    database_as: Callable[..., psycopg.Connection],
) -> None:
    phone, desk, other = visit(360, "ko"), visit(1280, "ko"), visit(1280, "ko")

    def at(instant: str) -> None:
        clock.at(f"{instant}+09:00")
        desk.sign_in(people.lead)
        other.sign_in(people.second)

    at("2026-03-02T09:00")
    call_id = set_up(desk)
    phone.sign_in(people.voters[0])
    propose(phone, "골목 의자 놓기", photo=True)
    phone.sign_in(people.voters[1])
    propose(phone, "마을 텃밭 가꾸기", photo=False)
    accept(desk, call_id, "골목 의자 놓기")
    accept(desk, call_id, "마을 텃밭 가꾸기")
    at("2026-03-12T18:00")
    step(desk, call_id, "검토 시작하기")
    review(desk, call_id, "골목 의자 놓기", "12,000,000")
    review(desk, call_id, "마을 텃밭 가꾸기", "15,000,000")
    at("2026-03-20T18:00")
    step(desk, call_id, "사업 목록 공개하기")
    form(desk, "roll_draft").locator("[name=objection_days]").fill("0")
    press(desk, "명부 만들기")
    press(desk, "명부 확정하기")
    approve(other, "명부")
    step(desk, call_id, "규칙 고정하기")
    approve(other, "규칙")
    at("2026-04-01T09:00")
    step(desk, call_id, "투표 열기")
    call = Call.rows.get(id=call_id)
    for voter, titles in zip(
        people.voters,
        (["골목 의자 놓기"], ["골목 의자 놓기", "마을 텃밭 가꾸기"], ["골목 의자 놓기"]),
        strict=True,
    ):
        phone.sign_in(voter)
        choose(phone, call_id, *titles, looked=voter is people.voters[0])
    choose(phone, call_id, "마을 텃밭 가꾸기")  # the last voter changes her vote
    nothing_of_the_rule_changes(database_as("dure_app"), call_id)
    assert set(cast_at_once(phone, call_id, ["1", "2"])) == {303}
    assert ballots.slips_in_urn(call.id) == 3
    choose(phone, call_id, "마을 텃밭 가꾸기")
    assert ballots.slips_in_urn(call.id) == 3
    tablet = visit(768, "ko")
    tablet.sign_in(people.typists[0])
    give_papers(tablet, call_id, ("홍길동", "성춘향"))
    at("2026-04-10T18:00")
    step(desk, call_id, "투표 마감하기")
    for typist, sheets in zip(people.typists, TYPED, strict=True):
        tablet.sign_in(typist)
        type_papers(tablet, call_id, sheets)
    merge_papers(desk, call_id)
    step(desk, call_id, "표 세기")
    channels = MoneyBallot.rows.filter(call=call_id).values_list("channel", flat=True)
    assert sorted(channels) == ["online"] * 3 + ["paper"] * 2
    press(desk, "결과 공개하기")
    approve(other, "결과")
    phone.sign_in(people.voters[0])
    result_holds(phone, call_id, tmp_path)
    follow_up(desk, phone, call_id)
