"""What people are told at each step of a proposal: everybody concerned, once, both languages."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import resolve

from dure.budgeting.models import Proposal
from dure.core import clock as time
from dure.core import notices
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.models.work import Notice
from tests.budgeting.calls import (
    NOW,
    Round,
    begun,
    official,
    resident,
    reviewed,
    rolled,
    seconded,
    sent,
)
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def told(person: Actor) -> Counter[str]:
    """How often a person was told what."""
    rows = Notice.rows.filter(person=person.id).values_list("template", flat=True)
    return Counter(code.removeprefix("budgeting.") for code in rows)


def opened() -> Round:
    here = begun()
    here.do("open")
    return here


def joined(proposal: Proposal, role: str) -> Actor:
    person = resident()
    body = {"proposal_id": str(proposal.id), "role": role}
    run("budgeting.proposal.join", body, person)
    return person


def published(here: Round, why: str | None = None) -> None:
    body = {"call_id": here.id, **({"replaces_why": why} if why else {})}
    made = run("budgeting.result.compute", body, here.lead).result
    seconded("budgeting.result.publish", {"result_id": made.id, "district": MAPO},
             here.lead, here.second)  # fmt: skip


def test_an_author_and_a_coauthor_are_told_at_each_step_once() -> None:
    here, author, voter = opened(), resident(), resident()
    one = sent(here, author)
    friend, fan = joined(one, "coauthor"), joined(one, "supporter")
    run("budgeting.proposal.return", {"proposal_id": str(one.id), "why": "곳을 적어요"}, here.lead)
    body = {"proposal_id": str(one.id), "title": "쉼터", "need": "앉을 곳이 없어요"}
    run("budgeting.proposal.revise", body, author)
    other = sent(here, title="비싼 것")
    here.do("review")
    reviewed(here, one)
    reviewed(here, other, 400_000_000)
    for proposal in (one, other):
        body = {"proposal_id": str(proposal.id), "envelope": "gu"}
        run("budgeting.project.list", body, here.lead)
    here.do("list")
    rolled(here)
    here.do("freeze")
    here.do("vote")
    run("budgeting.ballot.cast", {"call_id": here.id, "items": ["1"]}, voter)
    here.do("close")
    published(here)
    run("budgeting.award.report", {"award_id": str(one.project.awards.get().id),
                                   "text": "터를 닦았습니다"}, here.lead)  # fmt: skip
    run("budgeting.award.report", {"award_id": str(one.project.awards.get().id),
                                   "text": "의자를 놓았습니다"}, here.lead)  # fmt: skip
    steps = {"proposal.returned": 1, "proposal.accepted": 1, "review.given": 1,
             "proposal.listed": 1, "project.won": 1, "award.reported": 1}  # fmt: skip
    assert told(author) == steps, "three reviews, two reports: told once while unread"
    assert told(friend) == steps
    assert told(fan) == {}
    loser = Actor.person(other.author)
    assert told(loser)["project.lost"] == 1
    assert told(loser)["project.won"] == 0


def won(here: Round, *authors: Actor, votes: int = 1) -> list[Proposal]:
    """A round whose result is public; one proposal of each author, all chosen."""
    voters = [resident() for _ in range(votes)]
    made = [sent(here, author, title=f"제안 {n}") for n, author in enumerate(authors, 1)]
    here.do("review")
    for proposal in made:
        reviewed(here, proposal)
        body = {"proposal_id": str(proposal.id), "envelope": "gu"}
        run("budgeting.project.list", body, here.lead)
    here.do("list")
    rolled(here)
    here.do("freeze")
    here.do("vote")
    items = [str(proposal.number) for proposal in made]
    for voter in voters:
        run("budgeting.ballot.cast", {"call_id": here.id, "items": items}, voter)
    here.do("close")
    published(here)
    return made


def test_who_read_the_first_is_told_of_the_second(clock: Clock) -> None:
    here, author = opened(), resident()
    (one,) = won(here, author)
    body = {"award_id": str(one.project.awards.get().id), "text": "터를 닦았습니다"}

    def reports() -> int:
        run("budgeting.award.report", body, here.lead)
        return told(author)["award.reported"]

    assert [reports(), reports()] == [1, 1]
    with given() as audit:
        Notice.rows.filter(person=author.id).update(seen_at=time.now(), audit=audit)
    assert [reports(), reports()] == [2, 2]
    clock.at(time.now() + timedelta(days=1))
    assert reports() == 3, "unread for a day: told again"


def test_a_correction_is_told_to_those_for_whom_it_changes_something() -> None:
    here, author = opened(), resident()
    won(here, author)
    assert told(author)["project.won"] == 1
    with given() as audit:
        Notice.rows.filter(person=author.id).update(seen_at=time.now(), audit=audit)
    published(here, why="종이 표를 다시 살폈습니다")
    assert told(author)["project.won"] == 1, "won before and after"


def test_reviews_wait_for_the_reviewer_until_given() -> None:
    here = opened()
    one = sent(here)
    reviewer = official()
    run("budgeting.proposal.accept", {"proposal_id": str(one.id)}, here.lead)
    body = {"proposal_id": str(one.id), "kind": "legality", "reviewer_id": str(reviewer.id),
            "department": "공원과"}  # fmt: skip
    asked = run("budgeting.review.assign", body, here.lead).result
    notice = Notice.rows.get(person=reviewer.id)
    shown = notices.message(notice)
    assert shown.path == f"/desk/budget/{here.id}/reviews/{asked.id}/"
    assert "1번" in shown.text.ko and "proposal 1" in shown.text.en


def test_merged_supporters_who_are_authors_are_told_once() -> None:
    here = opened()
    first, second = resident(), resident()
    source, target = sent(here, first), sent(here, second, title="쉼터 둘")
    body = {"proposal_id": str(source.id), "role": "supporter"}
    run("budgeting.proposal.join", body, second)
    body = {"source_id": str(source.id), "target_id": str(target.id), "text": "비슷해요"}
    offer = run("budgeting.merge.offer", body, first).result
    assert told(second)["merge.asked"] == 1
    run("budgeting.merge.accept", {"offer_id": offer.id, "agrees": True}, second)
    assert told(second)["merge.done"] == 1
    assert told(first)["merge.done"] == 1


def test_every_notice_leads_to_a_page_in_both_languages() -> None:
    places = {name: str(uuid4()) for name in ("proposal", "call", "assignment", "award")}
    mine = {code: one for code, one in notices.TEMPLATES.items() if code.startswith("budgeting.")}
    assert len(mine) == 16
    for code, one in mine.items():
        assert resolve(one.path % places).url_name, code
        assert one.subject.ko and one.subject.en and one.text.ko and one.text.en, code
