"""Rounds at the desk: from a template to the vote by buttons, each refusal saying what to do."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from dure.budgeting.models import Call
from dure.budgeting.queries.ballots import Turnout
from dure.budgeting.queries.turnouts import disclosed
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.governance.models import Roll
from dure.registry.models import Approval
from tests.budgeting.calls import (
    NOW,
    Round,
    begun,
    official,
    projects,
    resident,
    seconded,
    sent,
    voting,
    with_projects,
)
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district, person_with
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return re.sub(r"\s+", " ", response.content.decode())


def desk_of(here: Round) -> str:
    return f"/desk/budget/{here.id}/"


def push(client: Client, address: str, status: int = 303, **form: object) -> str:
    """Send a form; the words of the answer."""
    response = client.post(address, form)
    words = re.sub(r"\s+", " ", response.content.decode())
    assert response.status_code == status, words[-3000:]
    return words


def approve(here: Round) -> None:
    """The second person agrees to what was asked last."""
    asked = Approval.objects.everything("a test").filter(state="asked").latest("asked_at")
    run("registry.approval.decide", {"approval_id": str(asked.pk), "outcome": "approve"},
        here.second)  # fmt: skip


def test_the_list_is_for_those_who_keep_rounds() -> None:
    here = begun()
    assert "맡은 공모가 없습니다" in text_of(client_of(resident()), "/desk/budget/")
    shown = text_of(client_of(here.lead), "/desk/budget/")
    assert "우리 구 주민참여예산" in shown and "공모를 엽니다" in shown
    assert "Rounds I keep" in text_of(client_of(here.lead), "/en/desk/budget/")
    assert Client().get("/desk/budget/").status_code == 403
    for outsider in (resident(), official("11110")):
        client = client_of(outsider)
        assert client.get(desk_of(here)).status_code == 404
        assert client.post(desk_of(here), {"do": "open"}).status_code == 404
    assert client_of(resident()).get("/desk/budget/new/").status_code == 404


def test_a_round_is_begun_from_a_template_and_opens_when_nothing_is_missing() -> None:
    client = client_of(official())
    assert "틀: 구" in text_of(client, "/desk/budget/new/")
    form = {"place": MAPO, "title": "봄 공모", "year": "2027", "template": "gu"}
    refused = push(client, "/desk/budget/new/", 422, **form, proposing_begins="언젠가")
    assert "언젠가" in refused
    refused = push(client, "/desk/budget/new/", 422, **{**form, "year": "내년"})
    assert "예산 연도" in refused
    push(client, "/desk/budget/new/", **form)
    made = Call.rows.get(title="봄 공모")
    address = f"/desk/budget/{made.id}/"
    shown = text_of(client, address)
    assert shown.count("모자람") == 2 and 'value="open"' not in shown
    assert "단계의 날짜" in push(client, address, 409, do="open")
    dates = {}
    for number, kind in enumerate(("proposing", "reviewing", "listing", "voting", "counting")):
        dates |= {f"{kind}_begins": f"2026-0{number + 3}-03T09:00",
                  f"{kind}_ends": f"2026-0{number + 3}-20T18:00"}  # fmt: skip
    wrong = {**dates, "voting_begins": "2026-03-01T09:00"}
    assert "날짜를 고쳐 주세요" in push(client, f"{address}dates/", 422, **wrong)
    push(client, f"{address}dates/", **dates)
    assert "2026-06-03T09:00" in text_of(client, f"{address}dates/")
    push(client, address, do="open")
    assert Call.rows.get(id=made.id).state == "open"
    assert "2026년 3월 20일" in text_of(client, address)
    assert "때가 아닙니다" in push(client, address, 409, do="review")


def test_money_ballot_rule_and_words_are_changed_with_a_public_reason_once_open() -> None:
    here = begun()
    client = client_of(here.lead)
    address = desk_of(here)
    money = {"e0_code": "gu", "e0_name": "구", "e0_amount": "30,000,000",
             "e1_code": "dong", "e1_name": "동", "e1_amount": "1000",
             "f0_code": "green", "f0_name": "환경", "f0_marks": "2"}  # fmt: skip
    push(client, f"{address}money/", **money)
    assert [one.amount_won for one in here.call.envelopes.all()] == [30_000_000, 1000]
    assert here.call.fields.get().marks_max == 2
    refused = push(client, f"{address}money/", 422, **{**money, "e0_amount": "많이"})
    assert "많이" in refused
    ballot = {"kind": "approval", "marks_min": "1", "marks_max": "3", "more": ["may_revote"]}
    push(client, f"{address}ballot/", **ballot)
    assert (here.call.marks_max, here.call.may_revote, here.call.paper_allowed) == (3, True, False)
    rule = {"rule_name": "mes", "satisfaction": "cost", "completion": "add1", "step_won": "100",
            "ties": "max_votes,min_cost,lot", "leftover": "keep"}  # fmt: skip
    push(client, f"{address}rule/", **rule)
    assert (here.call.rule["name"], here.call.rule["step_won"]) == ("mes", 100)
    refused = push(client, f"{address}rule/", 422, **{**rule, "satisfaction": ""})
    assert "규칙을 고쳐 주세요" in refused
    here.do("open")
    assert "이유" in push(client, f"{address}words/", 422, title="새 이름")
    push(client, f"{address}words/", title="새 이름", reason="더 쉬운 이름")
    for who in (client, Client()):
        page = address if who is client else f"/budget/{here.id}/"
        assert "더 쉬운 이름" in text_of(who, page)


def test_roll_and_freeze_wait_for_a_second_person() -> None:
    here = with_projects(10_000_000, 20_000_000)
    resident()
    client = client_of(here.lead)
    address = desk_of(here)
    shown = text_of(client, address)
    assert 'value="roll_draft"' in shown and 'value="freeze"' not in shown
    push(client, address, do="roll_draft", as_of="2026-03-02", objection_days="0")
    assert Roll.rows.get(subject_id=here.id).state == "draft"
    push(client, address, 202, do="roll_seal", reason="확정합니다")
    shown = text_of(client, address)
    assert "두 번째 사람을 기다립니다" in shown and 'value="roll_seal"' not in shown
    approve(here)
    push(client, address, 202, do="freeze")
    approve(here)
    assert here.call.state == "frozen"
    push(client, address, do="vote")
    assert here.call.state == "voting"
    assert client.get(f"{address}rule/").status_code == 404


def test_the_vote_is_closed_counted_and_published_by_buttons() -> None:
    voter = resident()
    here = voting()
    code = projects(here)[0].code
    run("budgeting.ballot.cast", {"call_id": here.id, "items": [code]}, voter)
    client = client_of(here.lead)
    address = desk_of(here)
    for do in ("close", "compute"):
        push(client, address, do=do)
    push(client, address, 202, do="publish")
    approve(here)
    assert here.call.state == "published"
    assert "남은 1건" in text_of(client, address)


def test_a_vote_that_nobody_cast_can_be_counted() -> None:
    here = voting()
    client = client_of(here.lead)
    push(client, desk_of(here), do="close")
    push(client, desk_of(here), do="compute")
    assert "온라인 0표" in text_of(client, f"/budget/{here.id}/result/")


def test_staff_see_the_desk_but_take_no_step() -> None:
    here = begun()
    helper = client_of(person_with(Role.STAFF, district=MAPO))
    assert "다음 할 일" in text_of(helper, desk_of(here))
    assert 'name="do"' not in text_of(helper, desk_of(here))
    assert helper.post(desk_of(here), {"do": "open"}).status_code == 403
    assert helper.get(f"{desk_of(here)}dates/").status_code == 404


def test_a_proposal_goes_from_received_over_three_reviews_onto_the_ballot() -> None:
    here = begun()
    here.do("open")
    first, second = sent(here), sent(here, title="자전거 길")
    reviewer = official()
    client, other = client_of(here.lead), client_of(reviewer)
    address = f"{desk_of(here)}proposals/"
    shown = text_of(client, address)
    assert "골목 쉼터" in shown and "자전거 길" in shown
    one, two = (f"{address}{proposal.id}/" for proposal in (first, second))
    assert "돌려보내는 까닭" in push(client, two, 422, do="return")
    push(client, two, do="return", why="어느 길인지 적어 주세요")
    assert "어느 길인지" in text_of(client, two)
    push(client, one, do="accept")
    here.do("review")
    assert "세 검토가 모두 적합" in text_of(client, one)
    assert "부서" in push(client, one, 422, do="assign", kind="cost", reviewer_id=reviewer.id)
    for kind in ("legality", "feasibility", "cost"):
        push(client, one, do="assign", kind=kind, reviewer_id=str(reviewer.id), department="공원과")
    mine = text_of(other, "/me/")
    assert "검토하기: " in mine and "공원과의 검토를 맡았습니다" in mine
    assert "검토하기: " not in text_of(client, "/me/")
    asked = re.findall(rf"{desk_of(here)}reviews/[0-9a-f-]+/", text_of(other, address))
    assert len(asked) == 3
    assert client.get(asked[0]).status_code == 404
    for link in asked:
        shown = text_of(other, link)
        form = {"verdict": "fit", "reason_code": "fits", "text": "할 수 있습니다"}
        if "cost_won" in shown:
            assert "비용" in push(other, link, 422, **form)
            form |= {"cost_won": "12,000,000", "basis": "견적 두 곳"}
        push(other, link, **form)
    assert "검토하기: " not in text_of(other, "/me/")
    assert "사업으로 올릴 수 있음" in text_of(client, f"{address}?state=accepted")
    assert "12,000,000원" in text_of(client, one)
    push(client, one, do="list", envelope="gu")
    assert projects(here)[0].cost_won == 12_000_000
    assert "투표 목록에서 빼기" in text_of(client, one)
    push(client, one, do="drop", reason="땅이 팔렸습니다")
    assert projects(here)[0].is_dropped
    assert client.get(f"{address}{here.id}/").status_code == 404


def test_an_accepted_proposal_ends_with_a_public_reason() -> None:
    here = begun()
    here.do("open")
    one = sent(here)
    client = client_of(here.lead)
    address = f"{desk_of(here)}proposals/{one.id}/"
    push(client, address, do="accept")
    assert "이유" in push(client, address, 422, do="reject")
    push(client, address, do="reject", reason="다른 곳에서 이미 합니다")
    assert "다른 곳에서 이미 합니다" in text_of(Client(), f"/budget/proposals/{one.id}/")


def published(votes: int = 1) -> Round:
    """A round whose result is public; each voter chose every project."""
    voters = [resident() for _ in range(votes)]
    here = voting()
    codes = [one.code for one in projects(here)]
    for voter in voters:
        run("budgeting.ballot.cast", {"call_id": here.id, "items": codes}, voter)
    here.do("close")
    made = run("budgeting.result.compute", {"call_id": here.id}, here.lead).result
    seconded("budgeting.result.publish", {"result_id": str(made.id), "district": MAPO},
             here.lead, here.second)  # fmt: skip
    return here


def test_small_parts_are_hidden_and_never_one_alone() -> None:
    parts = (Turnout("a", 90, 4, 0), Turnout("b", 90, 40, 12), Turnout("c", 90, 30, 0))
    told = disclosed(parts)
    assert [row.voted for row in told.rows] == [None, 52, None]
    assert (told.voted, told.online, told.paper, told.hidden_count) == (86, 74, 12, 2)
    assert [row.voted for row in disclosed(parts[1:]).rows] == [52, 30]
    few = disclosed((Turnout("a", 12, 8, 0),))
    assert (few.voted, few.rows[0].voted) == (None, None)
    all_but_one = disclosed((Turnout("a", 50, 49, 0), Turnout("b", 90, 40, 0)))
    assert all_but_one.rows[0].voted is None


def test_turnout_and_winners_are_handed_over() -> None:
    here = published()
    client = client_of(here.lead)
    assert "10명이 안 되어 가림" in text_of(client, f"{desk_of(here)}turnout/")
    rows = client.get(f"{desk_of(here)}winners.csv").content.decode("utf-8-sig").splitlines()
    assert len(rows) == 3 and "10000000" in "".join(rows) and rows[0].startswith("재원,")
    book = client.get(f"{desk_of(here)}winners.xlsx")
    assert book.content[:2] == b"PK"
    assert client_of(resident()).get(f"{desk_of(here)}winners.csv").status_code == 404
    assert client.get(f"{desk_of(here)}winners.txt").status_code == 404


def test_winners_are_reported_flagged_when_silent_and_cancelled_by_two(clock: Clock) -> None:
    here = published()
    client = client_of(here.lead)
    follow = f"{desk_of(here)}follow/"
    links = re.findall(rf"{follow}[0-9a-f-]+/", text_of(client, follow))
    assert len(links) == 2
    assert "내용" in push(client, links[0], 422, do="report")
    part = {"do": "report", "text": "설계를 맡겼습니다", "spent_won": "3,000,000"}
    assert "모두 적어 주세요" in push(client, links[0], 422, **part)
    paid = {**part, "spent_on": "2026-03-02", "purpose": "설계", "document": "지출-1"}
    too_much = {**paid, "spent_won": "30,000,000"}
    assert "정해진 돈보다" in push(client, links[0], 409, **too_much)
    push(client, links[0], **paid, milestone="설계", due_on="2026-04-01")
    assert here.call.state == "following"
    public = text_of(Client(), f"/budget/{here.id}/")
    assert "설계를 맡겼습니다" in public and "3,000,000원" in public
    clock.at("2026-06-02T09:00:00+09:00")
    assert run("budgeting.award.flag", {}, Actor.timer("budgeting.award.flag")).result.flagged == 2
    assert run("budgeting.award.flag", {}, Actor.timer("budgeting.award.flag")).result.flagged == 0
    assert text_of(Client(), f"/budget/{here.id}/").count("오래 소식 없음") == 2
    push(client, links[0], do="report", text="다 지었습니다", finished="yes")
    assert text_of(Client(), f"/budget/{here.id}/").count("오래 소식 없음") == 1
    assert "끝났거나 취소된" in push(client, links[0], 409, do="report", text="하나 더")
    asked = {"do": "cancel", "reason_code": "land", "reason": "땅을 못 씁니다"}
    assert "배운 것" in push(client, links[1], 422, **asked)
    push(client, links[1], 202, **asked, lesson="먼저 땅 주인을 만납니다")
    approve(here)
    assert "먼저 땅 주인을 만납니다" in text_of(Client(), f"/budget/{here.id}/")
    push(client, desk_of(here), do="finish")
    assert here.call.state == "closed"
