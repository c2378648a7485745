"""More of the desk of rounds: preview and trial, moderation, follow-up, who may vote."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dure.budgeting.queries.ballots import slips_in_urn
from dure.core.actions import run
from dure.core.actors import Role
from tests.budgeting.calls import (
    NOW,
    begun,
    official,
    resident,
    sent,
    staff,
    voting,
    with_projects,
)
from tests.engines.test_pictures import jpeg
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district, person_with
from tests.web.test_budget_desk import approve, desk_of, published, push, text_of
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def test_the_ballot_is_previewed_and_a_count_tried_before_the_vote() -> None:
    here = with_projects(10_000_000, 20_000_000)
    client = client_of(here.lead)
    shown = text_of(client, desk_of(here))
    assert f"{desk_of(here)}preview/" in shown and f"{desk_of(here)}trial/" in shown
    preview = f"{desk_of(here)}preview/"
    assert "미리 보기" in text_of(client, preview) and "제안 1" in text_of(client, preview)
    assert "PREVIEW" in text_of(client, f"/en{preview}")
    check = push(client, preview, 200, step="check", item=["1"])
    assert "고른 사업 1개" in check and 'value="cast"' not in check
    assert "고른 사업 1개" in push(client, preview, 200, step="cast", item=["1"])
    assert slips_in_urn(here.call.pk) == 0
    trial = f"{desk_of(here)}trial/"
    assert "시험 결과" not in text_of(client, trial)
    shown = text_of(client, f"{trial}?voters=50&seed=3")
    assert "가상 투표자 50명, 씨앗 3" in shown and "실제 표가 아닙니다" in shown
    assert "These are no real votes" in text_of(client, f"/en{trial}?voters=50&seed=3")
    assert "2,000까지" in text_of(client, f"{trial}?voters=2001&seed=3", 422)
    assert "시험 결과" not in text_of(client, f"{trial}?voters=9&seed=x", 422)
    outsider = client_of(resident())
    assert [outsider.get(one).status_code for one in (preview, trial)] == [404, 404]
    draft = begun(here.lead)
    assert "아직 투표할 사업이 없습니다" in text_of(client, f"{desk_of(draft)}preview/")
    assert "아직 투표할 사업이 없습니다" in text_of(client, f"{desk_of(draft)}trial/?voters=5")


def test_nothing_is_previewed_once_the_vote_is_open() -> None:
    here = voting()
    client = client_of(here.lead)
    for page in ("preview/", "trial/"):
        assert client.get(desk_of(here) + page).status_code == 404
        assert page not in text_of(client, desk_of(here))


def test_a_comment_is_hidden_with_a_public_reason_and_its_writer_appeals() -> None:
    here = begun()
    here.do("open")
    one = sent(here)
    writer = resident()
    body = {"proposal_id": str(one.id), "text": "못된 말"}
    said = run("budgeting.proposal.comment", body, writer).result.id
    client, public = client_of(here.lead), f"/budget/proposals/{one.id}/"
    desk = f"{desk_of(here)}proposals/{one.id}/"
    address = f"{desk}moderate/?target=comment&id={said}"
    assert address.replace("&", "&amp;") in text_of(client, desk)
    assert "못된 말" in text_of(client, address)
    assert "설명" in push(client, address, 422, do="hide", reason_code="insult")
    push(client, address, do="hide", reason_code="insult", reason="이웃을 헐뜯는 말입니다")
    shown = text_of(Client(), public)
    assert "못된 말" not in shown and "욕설·비방: 이웃을 헐뜯는 말입니다" in shown
    assert "Insult: 이웃을" in text_of(Client(), f"/en{public}")
    mine = client_of(writer)
    assert "못된 말" in text_of(mine, public) and "이의 내기" in text_of(mine, public)
    form = {"do": "appeal", "target": "comment", "target_id": said}
    assert "글" in push(mine, public, 422, **form)
    push(mine, public, **form, **{f"appeal-{said}": "농담이었습니다"})
    assert "답을 기다립니다" in text_of(mine, public)
    other = client_of(here.second)
    assert "이의 살피기" in text_of(other, "/me/")
    assert "이의 살피기" not in text_of(client, "/me/")
    shown = text_of(other, address)
    assert "농담이었습니다" in shown and 'value="uphold"' in shown
    assert 'value="uphold"' not in text_of(client, address)
    push(other, address, do="uphold", reason="그래도 헐뜯는 말입니다")
    assert "이의를 살폈고" in text_of(mine, public)
    log = f"{desk_of(here)}moderation/"
    assert "농담이었습니다" in text_of(client, log)
    auditor = client_of(person_with(Role.AUDITOR, district=MAPO))
    assert log in text_of(auditor, f"/budget/{here.id}/")
    assert log not in text_of(mine, f"/budget/{here.id}/")
    assert "담당자 2" in text_of(auditor, log)
    assert mine.get(log).status_code == 404
    assert mine.get(address).status_code == 404
    assert client.get(f"{desk}moderate/?target=comment&id=x").status_code == 404
    assert client.get(f"{desk}moderate/?target=other").status_code == 404


def test_a_hidden_proposal_shows_its_number_and_why() -> None:
    here = begun()
    here.do("open")
    one = sent(here)
    client, public = client_of(here.lead), f"/budget/proposals/{one.id}/"
    assert "골목 쉼터" in text_of(Client(), public)
    address = f"{desk_of(here)}proposals/{one.id}/moderate/?target=proposal"
    push(client, address, do="hide", reason_code="rights", reason="남의 사진과 글입니다")
    for page in (public, f"/budget/{here.id}/proposals/"):
        shown = text_of(Client(), page)
        assert "골목 쉼터" not in shown and "저작권·초상권: 남의 사진과 글입니다" in shown
    assert "골목 쉼터" in text_of(client, public)
    push(client, address, do="show", reason_code="mistaken", reason="제안자의 것이었습니다")
    assert "골목 쉼터" in text_of(Client(), public)


def test_a_report_takes_a_photo_and_a_delay_and_the_amount_is_changed_by_two() -> None:
    here = published()
    client = client_of(here.lead)
    follow = f"{desk_of(here)}follow/"
    link = re.findall(rf"{follow}[0-9a-f-]+/", text_of(client, follow))[0]
    wrong = SimpleUploadedFile("a.png", b"<svg>", "image/png")
    form = {"do": "report", "text": "터를 닦았습니다", "photo_alt": "닦은 터"}
    assert "사진" in push(client, link, 422, **form, content=wrong)
    assert "새 기한" in push(client, link, 422, **form, delay_code="weather")
    picture = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    push(client, link, **form, content=picture, delay_code="weather", next_due_on="2026-05-01")
    shown = text_of(Client(), f"/budget/{here.id}/")
    assert 'alt="닦은 터"' in shown and "날씨나 재해" in shown and "2026년 5월 1일" in shown
    photo = re.findall(r"/budget/photos/[0-9a-f-]+/", shown)[0]
    assert Client().get(photo).status_code == 200
    change = {"do": "change", "amount_won": "15,000,000", "reason_code": "bid"}
    assert "이유" in push(client, link, 422, **change)
    push(client, link, 202, **change, reason="입찰에서 값이 올랐습니다")
    assert "15,000,000원" not in text_of(Client(), f"/budget/{here.id}/")
    approve(here)
    shown = text_of(Client(), f"/budget/{here.id}/")
    assert "10,000,000원 → 15,000,000원" in shown and "입찰에서 값이 올랐습니다" in shown
    assert "Outcome of the tender" in text_of(Client(), f"/en/budget/{here.id}/")
    assert client.post(link, {"do": "other"}).status_code == 404


def test_a_payment_noted_by_mistake_is_taken_back_once_and_with_a_reason() -> None:
    here = published()
    client = client_of(here.lead)
    follow = f"{desk_of(here)}follow/"
    link = re.findall(rf"{follow}[0-9a-f-]+/", text_of(client, follow))[0]
    push(client, link, do="report", text="설계를 맡겼습니다", spent_won="3,000,000",
         spent_on="2026-03-01", purpose="설계", document="2026-17")  # fmt: skip
    page = re.findall(rf"{link}spending/[0-9a-f-]+/", text_of(client, link))[0]
    shown = text_of(client, page)
    assert "이 지출을 되돌릴까요?" in shown and "3,000,000원" in shown and "2026-17" in shown
    assert "Take this payment back?" in text_of(client, f"/en{page}")
    refused = push(client, page, 422, reason=" ")
    assert 'id="e-reason"' in refused and "3,000,000원" in refused
    keeper = client_of(staff())
    assert page not in text_of(keeper, link) and "적은 지출" in text_of(keeper, link)
    assert keeper.get(page).status_code == 404
    assert client_of(official("11110")).get(page).status_code == 404
    push(client, page, reason="다른 사업의 영수증입니다")
    shown = text_of(client, link)
    assert "쓴 돈 0원" in shown and "다른 사업의 영수증입니다" in shown and page not in shown
    assert "이미 되돌렸습니다" in text_of(client, page)
    assert "이미 되돌렸습니다" in push(client, page, 409, reason="한 번 더")


def test_who_may_vote_is_set_with_plain_words() -> None:
    here = begun()
    client, address = client_of(here.lead), desk_of(here)
    shown = text_of(client, f"{address}roll/")
    assert "명부는 이 규칙으로 만듭니다" in shown and 'name="grounds"' in shown
    form = {"grounds": ["home", "works_in"], "age_min": "15", "age_unknown": "leave",
            "days_min": "90"}  # fmt: skip
    push(client, f"{address}roll/", **form)
    rule = here.call.roll_rule
    assert (rule["grounds"], rule["age_min"], rule["age_unknown"], rule["days_min"]) == (
        ["home", "works_in"], 15, "leave", 90,
    )  # fmt: skip
    words = "자치구에 사는·일하는 사람, 90일 이상 그러한 사람, 만 15세 이상"
    assert words in text_of(client, address)
    assert "aged 15 or over" in text_of(client, f"/en{address}")
    push(client, f"{address}roll/", grounds=["home"], age_unknown="take")
    rule = here.call.roll_rule
    assert (rule["grounds"], rule["age_min"], rule["days_min"]) == (["home"], None, 0)
    for wrong in ({"age_min": "121"}, {"age_min": "열"}, {"grounds": ["moon"]}):
        push(client, f"{address}roll/", 422, **{**form, **wrong})
    assert here.call.roll_rule == rule
    here.do("open")
    assert "이유" in push(client, f"{address}roll/", 422, **form)
    push(client, f"{address}roll/", **form, reason="조례가 바뀌었습니다")
    assert "만 15세 이상" in text_of(Client(), f"/budget/{here.id}/")


def test_other_rules_are_set_and_frozen_with_the_rest() -> None:
    here = begun()
    client, address = client_of(here.lead), desk_of(here)
    form = {"seed_public_source": "개표일 복권 번호", "silent_days": "60",
            "links": ["links_allowed"]}  # fmt: skip
    push(client, f"{address}more/", **form)
    call = here.call
    assert (call.seed_public_source, call.silent_days, call.links_allowed) == (
        "개표일 복권 번호", 60, True,
    )  # fmt: skip
    push(client, f"{address}more/", 422, **{**form, "silent_days": "0"})
    push(client, f"{address}more/", silent_days="45")
    assert (here.call.silent_days, here.call.links_allowed) == (45, False)
    rule = {"rule_name": "greedy-threshold", "threshold_share": "2.5", "ties": "lot",
            "leftover": "keep"}  # fmt: skip
    push(client, f"{address}rule/", **rule)
    assert here.call.rule["threshold_share_ppm"] == 25_000
    assert "표의 2.5% 이상만" in text_of(client, address)
    assert 'value="2.5"' in text_of(client, f"{address}rule/")
    both = push(client, f"{address}rule/", 422, **rule, threshold="4")
    assert "가운데 하나만" in both
    push(client, f"{address}rule/", 422, **{**rule, "threshold_share": "많이"})
    add1 = {"rule_name": "mes", "satisfaction": "cost", "completion": "add1", "step_won": "100",
            "start": "exact", "stop": "overspend", "ties": "lot", "leftover": "keep"}  # fmt: skip
    push(client, f"{address}rule/", **add1)
    assert (here.call.rule["start"], here.call.rule["stop"]) == ("exact", "overspend")
