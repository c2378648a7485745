"""Proposals on pages: sent from a phone's form, found, joined, answered, merged by consent."""

from __future__ import annotations

import re
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines
from django.test import Client
from django_cotton.compiler_regex import CottonCompiler

from dure.budgeting.models import Proposal
from dure.core.actions import run
from dure.core.actors import Actor
from dure.interfaces.web.budget_proposals import things
from tests.budgeting.calls import NOW, Round, begun, official, projects, resident, sent, voting
from tests.engines.test_pictures import jpeg
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]
TYPED = {"step": "check", "title": "골목 의자", "need": "어르신이 쉴 곳이 없어요"}


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return re.sub(r"\s+", " ", response.content.decode())


def opened() -> Round:
    here = begun()
    here.do("open")
    return here


def reviewing(here: Round, proposal: Proposal, verdict: str = "unfit") -> str:
    """The proposal accepted and reviewed once; gives the review."""
    here.do("review")
    run("budgeting.proposal.accept", {"proposal_id": str(proposal.id)}, here.lead)
    reviewer = official()
    asked = {
        "proposal_id": str(proposal.id),
        "kind": "legality",
        "reviewer_id": str(reviewer.id),
        "department": "공원녹지과",
    }
    given = {
        "assignment_id": run("budgeting.review.assign", asked, here.lead).result.id,
        "verdict": verdict,
        "reason_code": "law",
        "text": "보도 폭이 모자랍니다",
    }
    return str(run("budgeting.review.give", given, reviewer).result.id)


def titles(actor: Actor) -> list[str]:
    return [one.title for one in things(actor)]


def test_an_idea_goes_from_the_form_over_the_check_page_to_its_own_page() -> None:
    here, author = opened(), resident()
    client = client_of(author)
    address = f"/budget/{here.id}/propose/"
    assert address in text_of(client, f"/budget/{here.id}/")
    assert "왜 필요한가요" in text_of(client, address)
    photo = SimpleUploadedFile("a.jpg", jpeg(), "image/jpeg")
    held = {**TYPED, "estimate_won": "5,000,000", "content": photo, "photo_alt": "빈 골목"}
    checked = client.post(address, held).content.decode()
    assert "이대로 보낼까요" in checked and "5,000,000원" in checked
    assert Proposal.rows.count() == 0
    assert "Send it like this" in client.post("/en" + address, TYPED).content.decode()
    fields = dict(re.findall(r'type="hidden" name="([a-z_]+)" value="([^"]*)"', checked))
    assert fields["step"] == "send" and UUID(fields["upload_id"])
    back = client.post(address, {**fields, "back": "1"}).content.decode()
    assert 'value="골목 의자"' in back and fields["upload_id"] in back
    done = client.post(address, fields)
    assert done.status_code == 303, done.content.decode()
    shown = text_of(client, done["Location"])
    assert "골목 의자" in shown and "받았어요" in shown and 'alt="빈 골목"' in shown
    photo_address = re.findall(r'src="(/budget/photos/[^"]+)"', shown)[0]
    assert Client().get(photo_address)["Content-Type"] == "image/jpeg"
    assert "Received" in text_of(Client(), "/en" + done["Location"])
    assert "골목 의자" in text_of(client, "/budget/mine/")


def test_what_cannot_be_read_comes_back_with_what_was_typed() -> None:
    here = opened()
    client = client_of(resident())
    address = f"/budget/{here.id}/propose/"
    for more, told in (
        ({"title": ""}, 'href="#f-title"'),
        ({"estimate_won": "많이"}, 'href="#f-estimate_won"'),
        ({"content": SimpleUploadedFile("a.jpg", b"no picture")}, "사진을 읽을 수 없습니다"),
    ):
        answer = client.post(address, {**TYPED, **more})
        assert answer.status_code == 422, more
        assert told in answer.content.decode() and "쉴 곳이" in answer.content.decode()


def test_who_cannot_propose_is_told_what_to_do() -> None:
    here = opened()
    elsewhere = text_of(client_of(resident("11680")), f"/budget/{here.id}/propose/")
    assert "지금은 제안할 수 없습니다" in elsewhere and "내 정보" in elsewhere
    here.do("review")
    later = text_of(client_of(resident()), f"/budget/{here.id}/propose/")
    assert "지금 제안을 받지 않습니다" in later
    assert Client().get(f"/budget/{here.id}/propose/").status_code == 403


def test_what_is_similar_is_shown_while_typing_and_before_sending() -> None:
    here = opened()
    other = sent(here, title="골목 의자 놓기", need="어르신이 쉴 곳이 없어요")
    client = client_of(resident())
    part = client.post(f"/budget/{here.id}/similar/", TYPED).content.decode()
    assert str(other.id) in part and "<html" not in part
    assert (
        "비슷한" not in client.post(f"/budget/{here.id}/similar/", {"title": "x"}).content.decode()
    )
    checked = client.post(f"/budget/{here.id}/propose/", TYPED).content.decode()
    assert str(other.id) in checked and "그래도 보내기" in checked


def test_the_list_is_searched_narrowed_and_ordered() -> None:
    here = opened()
    empty = text_of(Client(), f"/budget/{here.id}/proposals/")
    assert "아직 제안이 없습니다" in empty
    sent(here, title="가로등", need="어두워요")
    second = sent(here, title="의자", need="앉고 싶어요")
    joined = {"proposal_id": str(second.id), "role": "supporter"}
    run("budgeting.proposal.join", joined, resident())
    address = f"/budget/{here.id}/proposals/"
    assert "2건" in text_of(Client(), address)
    found = text_of(Client(), address + "?q=앉고")
    assert "의자" in found and "가로등" not in found
    assert "찾은 제안이 없습니다" in text_of(Client(), address + "?state=rejected")
    ordered = text_of(Client(), address + "?sort=support")
    assert ordered.index("2. 의자") < ordered.index("1. 가로등")


def test_neighbours_support_join_comment_and_leave() -> None:
    here = opened()
    one = sent(here)
    address = f"/budget/proposals/{one.id}/"
    client = client_of(resident())
    for deed, told in (
        ("support", "이 제안에 공감했습니다"),
        ("leave", "공감하기"),
        ("coauthor", "함께 제안한 사람입니다"),
    ):
        assert client.post(address, {"do": deed}).status_code == 303
        assert told in text_of(client, address)
    assert client.post(address, {"do": "comment", "text": "찬성해요"}).status_code == 303
    assert "찬성해요" in text_of(Client(), address)
    blank = client.post(address, {"do": "comment", "text": ""})
    assert blank.status_code == 422 and 'href="#f-text"' in blank.content.decode()
    assert client.post(address, {"do": "nothing"}).status_code == 404
    assert Client().post(address, {"do": "support"}).status_code == 403
    assert "로그인하면" in text_of(Client(), address)


def test_one_that_was_sent_back_is_a_thing_to_do_until_it_is_revised() -> None:
    here, author = opened(), resident()
    one = sent(here, author)
    back = {"proposal_id": str(one.id), "why": "장소를 적어 주세요"}
    run("budgeting.proposal.return", back, here.lead)
    assert titles(author) == ["제안 고치기: 골목 쉼터"]
    client = client_of(author)
    address = f"/budget/proposals/{one.id}/revise/"
    assert "장소를 적어 주세요" in text_of(client, address)
    body = {"title": "골목 쉼터", "need": "앉을 곳", "place": "월드컵로", "change_note": "장소"}
    assert client.post(address, body).status_code == 303
    shown = text_of(client, f"/budget/proposals/{one.id}/")
    assert "월드컵로" in shown and "2판" in shown and titles(author) == []
    assert "지금은 고칠 수 없습니다" in text_of(client_of(resident()), address)


def test_a_review_is_read_by_all_and_answered_once_by_its_author() -> None:
    here, author = opened(), resident()
    one = sent(here, author)
    review = reviewing(here, one)
    address = f"/budget/proposals/{one.id}/"
    shown = text_of(Client(), address)
    assert "보도 폭이 모자랍니다" in shown and "법에 어긋남" in shown and "답 남기기" not in shown
    assert titles(author) == ["검토에 답하기: 골목 쉼터"]
    client = client_of(author)
    blank = client.post(address, {"do": "answer", "review_id": review})
    assert blank.status_code == 422 and f'href="#f-answer-{review}"' in blank.content.decode()
    body = {"do": "answer", "review_id": review, f"answer-{review}": "좁은 의자로 바꿀게요"}
    assert client.post(address, body).status_code == 303
    assert "좁은 의자로" in text_of(Client(), address) and titles(author) == []


def test_two_proposals_are_merged_by_consent_on_their_pages() -> None:
    here, author, other = opened(), resident(), resident()
    source, target = sent(here, author), sent(here, other, title="골목 쉼터 둘")
    client = client_of(author)
    address = f"/budget/proposals/{source.id}/"
    assert "골목 쉼터 둘" in text_of(client, address)
    wrong = client.post(address, {"do": "offer", "number": "99", "offer": "같아요"})
    assert wrong.status_code == 422 and 'href="#f-number"' in wrong.content.decode()
    body = {"do": "offer", "number": str(target.number), "offer": "같은 생각이에요"}
    assert client.post(address, body).status_code == 303
    assert titles(other) == ["합치자는 권유에 답하기: 골목 쉼터 둘"]
    second = client_of(other)
    page = f"/budget/proposals/{target.id}/"
    offer = re.findall(r'name="offer_id" value="([^"]+)"', text_of(second, page))[0]
    assert "offer_id" not in text_of(client, address)
    answer = {"do": "merge", "offer_id": offer, "agrees": "yes"}
    assert second.post(page, answer).status_code == 303
    assert "다른 제안과 합쳤습니다" in text_of(Client(), address) and titles(other) == []


def test_a_proposal_is_withdrawn_after_a_question() -> None:
    here, author = opened(), resident()
    one = sent(here, author)
    client, address = client_of(author), f"/budget/proposals/{one.id}/"
    assert "되돌릴 수 없습니다" in text_of(client, address + "?ask=withdraw")
    assert client.post(address, {"do": "withdraw"}).status_code == 303
    assert "제안자가 거둠" in text_of(client, address)


def test_an_open_vote_is_a_thing_to_do_until_one_voted() -> None:
    voter = resident()
    here = voting()
    assert titles(voter) == ["투표하기: 우리 구 주민참여예산"]
    assert things(voter)[0].due is not None
    client = client_of(voter)
    assert "투표하기: 우리 구" in text_of(client, "/me/")
    assert "아직 투표하지 않았습니다" in text_of(client, "/budget/mine/")
    run("budgeting.ballot.cast", {"call_id": here.id, "items": [projects(here)[0].code]}, voter)
    assert titles(voter) == [] and "에 투표했습니다" in text_of(client, "/budget/mine/")
    assert "아직 보낸 제안이 없습니다" in text_of(client_of(resident()), "/budget/mine/")


def test_a_card_shows_its_own_mark_and_no_value_of_the_page_with_that_name() -> None:
    source = (
        '<c-card title="A"><c-slot name="mark">own</c-slot></c-card><c-card title="B">b</c-card>'
    )
    card = engines["django"].from_string(CottonCompiler().process(source))  # type: ignore[attr-defined]
    drawn = card.render({"mark": "leaked"})
    assert "own" in drawn and "leaked" not in drawn
