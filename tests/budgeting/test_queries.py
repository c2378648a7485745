"""What the faces read of calls and proposals."""

from __future__ import annotations

import pytest

from dure.budgeting.queries import calls, proposals, reviews, similar
from dure.core import clock as time
from dure.core import door
from dure.core.actions import run
from dure.core.actors import Actor
from tests.budgeting.calls import NOW, begun, frozen, official, resident, sent, staff, with_projects
from tests.harness.clock import Clock
from tests.harness.people import JONGNO, MAPO, district

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)
    district(JONGNO)


def known(actor: Actor) -> Actor:
    return door.load_grants(actor, time.now())


def test_draft_is_seen_by_those_who_run_it_alone() -> None:
    here = begun()
    for actor in (Actor.anonymous(), resident(), official(JONGNO), here.lead):
        seen = calls.call_view(here.id, known(actor))
        assert (seen is not None) == (actor is here.lead)
    assert [c.pk for c in calls.kept_calls(known(here.lead))] == [here.call.pk]
    assert calls.kept_calls(known(resident())).count() == 0


def test_phase_line_and_sentences_of_a_frozen_call() -> None:
    here = frozen(10_000_000, 20_000_000)
    view = calls.call_view(here.id, Actor.anonymous())
    assert view is not None
    assert [p.place for p in view.phases] == ["past", "past", "now", "next", "next", "next"]
    assert view.rule_text.ko == "다득표 순"
    assert view.ballot_text.en == "Choose several: 1 to 5 projects"
    assert view.ties_text.en == "lower cost → earlier received → lot"
    assert (view.row.amount_won, view.row.project_count) == (500_000_000, 2)
    assert view.envelopes[0].projects_won == 30_000_000
    assert view.roll is not None and view.roll.sha256 == here.call.roll.sha256
    assert view.can == frozenset()
    rows = calls.project_rows(here.id, Actor.anonymous())
    assert [(p.code, p.cost_won) for p in rows] == [("1", 10_000_000), ("2", 20_000_000)]


def test_list_is_narrowed_by_words_of_the_newest_version_and_by_field() -> None:
    here = begun()
    here.do("open")
    author = resident()
    one = sent(here, author, title="골목 쉼터", field="green")
    two = sent(here, title="도서관 책", field="culture")
    everyone = Actor.anonymous()
    body = {"proposal_id": str(one.id), "title": "골목 정자", "need": "그늘이 없어요"}
    run("budgeting.proposal.revise", body, author)
    assert list(proposals.proposals(everyone, call=here.id, words="쉼터")) == []
    assert list(proposals.proposals(everyone, call=here.id, words="골목 그늘")) == [one]
    assert list(proposals.proposals(everyone, call=here.id, field="culture")) == [two]
    assert [p.pk for p in proposals.mine(known(author))] == [one.pk]
    assert proposals.mine(everyone).count() == 0


def test_sorting_by_support_counts_each_person_once() -> None:
    here = begun()
    here.do("open")
    one, two = sent(here, title="하나"), sent(here, title="둘둘")
    for _ in range(2):
        join = {"proposal_id": str(two.id), "role": "supporter"}
        run("budgeting.proposal.join", join, resident())
    talk = {"proposal_id": str(two.id), "text": "좋아요"}
    for _ in range(3):
        run("budgeting.proposal.comment", talk, resident())
    rows = proposals.proposals(Actor.anonymous(), call=here.id, sort="support")
    found = proposals.proposal_rows(rows)
    assert [(r.id, r.support_count, r.comment_count) for r in found] == [
        (two.id, 2, 3),
        (one.id, 0, 0),
    ]


def test_proposal_page_says_what_each_may_do() -> None:
    here = begun()
    here.do("open")
    author = resident()
    one = sent(here, author)
    can = {
        name: proposals.proposal_view(one.id, known(actor)).can
        for name, actor in {
            "author": author,
            "neighbour": resident(),
            "stranger": resident(JONGNO),
            "staff": staff(),
            "visitor": Actor.anonymous(),
        }.items()
    }
    assert can["author"] >= {"proposal.revise", "proposal.withdraw", "proposal.comment"}
    assert can["neighbour"] == {"proposal.comment", "proposal.join"}
    assert can["stranger"] == can["visitor"] == frozenset()
    assert can["staff"] >= {"proposal.return", "proposal.accept", "moderate"}


def test_similar_proposals_by_words_and_by_place() -> None:
    here = begun()
    here.do("open")
    spot = {"latitude_e5": 3_756_600, "longitude_e5": 12_690_100}
    near = sent(here, title="골목 쉼터 의자", need="앉을 곳이 없어요", **spot)
    sent(here, title="도서관에 책을", need="아이들이 읽을 책이 모자라요")
    found = similar.similar(
        here.id, Actor.anonymous(), title="골목에 쉼터를", need="앉을 곳", **spot
    )
    assert [(row.id, row.metres) for row in found] == [(near.id, 0)]
    later = sent(here, title="골목 쉼터", need="앉을 곳이 없어요")
    found = similar.similar(here.id, Actor.anonymous(), title="골목 쉼터", need="앉을 곳이 없어요")
    assert [row.id for row in found] == [later.id, near.id]
    assert found[0].likeness_ppm == 1_000_000
    assert similar.similar(here.id, Actor.anonymous(), title="가") == ()


def test_review_desk_says_what_is_missing() -> None:
    here = begun()
    here.do("open")
    one = sent(here)
    here.do("review")
    run("budgeting.proposal.accept", {"proposal_id": str(one.id)}, here.lead)
    lead = known(here.lead)
    (row,) = reviews.desk(here.id, lead)
    assert [text.en for text in row.missing] == ["Legality", "Feasibility", "Cost"]
    assert not row.is_fit
    assert reviews.desk(here.id, known(official(JONGNO))) == ()
    people = {r.person for r in reviews.reviewers(one.id, lead)}
    assert here.lead.id in people


def test_reviews_are_public_with_their_reason() -> None:
    here = with_projects(10_000_000)
    one = here.call.proposals.get()
    view = proposals.proposal_view(one.id, Actor.anonymous())
    assert view is not None
    assert [(r.kind, r.verdict, r.cost_won) for r in view.reviews] == [
        ("legality", "fit", None),
        ("feasibility", "fit", None),
        ("cost", "fit", 10_000_000),
    ]
    assert view.project_code == "1"
