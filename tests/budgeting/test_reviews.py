"""Reviews and projects: three acts, no own proposals, one answer, a second reviewer, one cost."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from dure.budgeting.models import Project, Proposal, Review, ReviewAssignment
from dure.core import clock as time
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.registry.models import Tie
from tests.budgeting.calls import NOW, Round, begun, official, resident, reviewed, sent
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import JONGNO, MAPO, district, mandate

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)
    district(JONGNO)


@pytest.fixture
def here() -> Round:
    made = begun()
    made.do("open")
    return made


def accepted(here: Round, author: Actor | None = None) -> Proposal:
    one = sent(here, author)
    run("budgeting.proposal.accept", {"proposal_id": str(one.id)}, here.lead)
    return one


def assign(here: Round, one: Proposal, reviewer: Actor, kind: str = "legality") -> str:
    body = {
        "proposal_id": str(one.id),
        "kind": kind,
        "reviewer_id": str(reviewer.id),
        "department": "공원녹지과",
    }
    return str(run("budgeting.review.assign", body, here.lead).result.id)


def give(assignment: str, reviewer: Actor, verdict: str = "fit", **more: Any) -> Any:  # Any: bodies
    body = {
        "assignment_id": assignment,
        "verdict": verdict,
        "reason_code": "fits",
        "text": "살펴보았습니다",
        **more,
    }
    return run("budgeting.review.give", body, reviewer).result


def code_of(call: Any, *args: Any, **kwargs: Any) -> str:  # Any: any call that refuses
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.name


def refused(statement: str, *values: object) -> str:
    try:
        with given(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    return "done"


def test_author_and_coauthor_never_review(here: Round) -> None:
    author, friend = official(), official()
    one = sent(here, author)
    body = {"proposal_id": str(one.id), "role": "coauthor"}
    run("budgeting.proposal.join", body, friend)
    run("budgeting.proposal.accept", {"proposal_id": str(one.id)}, here.lead)
    for reviewer in (author, friend):
        assert code_of(assign, here, one, reviewer) == "budgeting.reviewer_is_author"
    assert ReviewAssignment.rows.count() == 0


def test_who_became_an_author_after_the_assignment_cannot_give_it(here: Round) -> None:
    reviewer = official()
    one = accepted(here)
    asked = assign(here, one, reviewer)
    body = {"proposal_id": str(one.id), "role": "coauthor"}
    run("budgeting.proposal.join", body, reviewer)
    assert code_of(give, asked, reviewer) == "budgeting.reviewer_is_author"
    assert Review.rows.count() == 0


def test_recused_reviewer_is_refused_and_relieved(here: Round) -> None:
    reviewer = official()
    one = accepted(here)
    asked = assign(here, one, reviewer)
    run("budgeting.review.recuse", {"proposal_id": str(one.id)}, reviewer)
    assert ReviewAssignment.rows.get(id=asked).released_at is not None
    assert code_of(give, asked, reviewer) == "core.not_found"
    assert code_of(assign, here, one, reviewer) == "budgeting.reviewer_is_recused"
    statement = "UPDATE budgeting_reviewassignment SET released_at = NULL WHERE id = %s"
    assert refused(statement, asked) == "dure.reviewer_is_recused"


@pytest.mark.parametrize("declared_by", ["reviewer", "author"])
def test_a_declared_tie_to_an_author_excludes(here: Round, declared_by: str) -> None:
    reviewer, author = official(), resident()
    one = accepted(here, author)
    asked = assign(here, one, reviewer)
    pair = (reviewer.id, author.id) if declared_by == "reviewer" else (author.id, reviewer.id)
    with given() as audit:
        tie = Tie.rows.create(
            person_id=pair[0],
            other_person_id=pair[1],
            kind="family",
            declared_at=time.now(),
            audit=audit,
        )
    assert code_of(give, asked, reviewer) == "budgeting.reviewer_is_tied"
    assert code_of(assign, here, one, reviewer, "cost") == "budgeting.reviewer_is_tied"
    with given() as audit:
        Tie.rows.create(
            person_id=pair[0],
            other_person_id=pair[1],
            kind="family",
            declared_at=time.now(),
            ends=tie,
            audit=audit,
        )
    give(asked, reviewer)


def test_excluding_another_needs_a_reason(here: Round) -> None:
    reviewer = official()
    one = accepted(here)
    body = {"proposal_id": str(one.id), "way": "exclusion", "person_id": str(reviewer.id)}
    assert code_of(run, "budgeting.review.recuse", body, here.lead) == "core.reason_required"
    run("budgeting.review.recuse", body, here.lead, reason="제안자의 가족입니다")
    assert code_of(assign, here, one, reviewer) == "budgeting.reviewer_is_recused"


def test_only_officials_of_the_district_review(here: Round) -> None:
    one = accepted(here)
    for person in (resident(), official(JONGNO)):
        assert code_of(assign, here, one, person) == "budgeting.reviewer_unfit"


def test_each_review_is_given_once_by_whom_it_was_assigned_to(here: Round) -> None:
    reviewer, other = official(), official()
    one = accepted(here)
    asked = assign(here, one, reviewer)
    assert code_of(assign, here, one, other) == "budgeting.assigned"
    assert code_of(give, asked, other) == "core.not_allowed"
    give(asked, reviewer)
    assert code_of(give, asked, reviewer) == "budgeting.assigned"
    assert code_of(assign, here, one, other) == "budgeting.assigned"


def test_an_official_whose_term_ended_gives_no_review(here: Round, clock: Clock) -> None:
    reviewer = resident()
    assert reviewer.id is not None
    until = clock.move(days=0)
    mandate(reviewer.id, Role.OFFICIAL, district=MAPO, until=clock.move(hours=1))
    clock.at(until)
    one = accepted(here)
    asked = assign(here, one, reviewer)
    clock.move(hours=1)
    assert code_of(give, asked, reviewer) == "core.not_found"


def test_cost_is_stated_by_the_cost_review_alone(here: Round) -> None:
    reviewer = official()
    one = accepted(here)
    legality, cost = assign(here, one, reviewer), assign(here, one, reviewer, "cost")
    assert code_of(give, legality, reviewer, cost_won=1) == "budgeting.review_cost"
    for more in (
        {},
        {"cost_won": 10},
        {"basis": "견적"},
        {"cost_won": 10, "cost_low_won": 11, "basis": "견적"},
        {"cost_won": 10, "cost_high_won": 9, "basis": "견적"},
    ):
        assert code_of(give, cost, reviewer, **more) == "budgeting.review_cost"
    give(cost, reviewer, cost_won=10, cost_low_won=8, cost_high_won=12, basis="견적")
    assert Review.rows.get().cost_won == 10


def test_answered_once_then_a_second_reviewer_decides(here: Round) -> None:
    author, first, second = resident(), official(), official()
    one = accepted(here, author)
    review = give(assign(here, one, first), first, "unfit", reason_code="law")
    answer = {"review_id": review.id, "text": "작년에는 되었습니다"}
    assert code_of(run, "budgeting.review.answer", answer, resident()) == "core.not_found"
    assert code_of(assign, here, one, second) == "budgeting.assigned"
    run("budgeting.review.answer", answer, author)
    assert code_of(run, "budgeting.review.answer", answer, author) == "budgeting.answered"
    assert code_of(assign, here, one, first) == "budgeting.reviewer_is_the_first"
    again = give(assign(here, one, second), second)
    last = {"review_id": again.id, "text": "고맙습니다"}
    assert code_of(run, "budgeting.review.answer", last, author) == "budgeting.answered"
    assert Review.rows.filter(proposal=one).count() == 2


def test_project_needs_three_fit_reviews_and_takes_the_reviewed_cost(here: Round) -> None:
    reviewer = official()
    one = accepted(here)
    here.do("review")
    body = {"proposal_id": str(one.id), "envelope": "gu", "code": "가-1"}
    with pytest.raises(Refusal) as caught:
        run("budgeting.project.list", body, here.lead)
    assert "Legality, Feasibility, Cost" in caught.value.sentence("en")
    for kind in ("legality", "feasibility"):
        give(assign(here, one, reviewer, kind), reviewer)
    give(assign(here, one, reviewer, "cost"), reviewer, "unfit", reason_code="too_dear")
    assert code_of(run, "budgeting.project.list", body, here.lead) == "budgeting.not_reviewed"
    review = Review.rows.get(kind="cost")
    author = Actor.person(one.author)
    run("budgeting.review.answer", {"review_id": str(review.id), "text": "줄였어요"}, author)
    other = official()
    give(assign(here, one, other, "cost"), other, cost_won=7_000_000, basis="견적")
    made = run("budgeting.project.list", body, here.lead).result
    project = Project.rows.get(id=made.id)
    assert (project.code, project.cost_won, project.name) == ("가-1", 7_000_000, "골목 쉼터")
    assert Proposal.rows.get(id=one.id).state == "project"


def test_two_projects_of_a_call_have_two_codes(here: Round) -> None:
    one, two = sent(here), sent(here)
    here.do("review")
    for proposal in (one, two):
        reviewed(here, proposal)
    body = {"envelope": "gu", "code": "1"}
    run("budgeting.project.list", {"proposal_id": str(one.id), **body}, here.lead)
    second = {"proposal_id": str(two.id), **body}
    assert code_of(run, "budgeting.project.list", second, here.lead) == "budgeting.code_taken"


def test_a_review_that_is_not_its_assignments_is_refused_by_the_database(here: Round) -> None:
    reviewer, other = official(), official()
    one = accepted(here)
    asked = assign(here, one, reviewer)
    statement = (
        "INSERT INTO budgeting_review (id, assignment_id, proposal_id, kind, round, reviewer,"
        " verdict, reason_code, text, basis, at, audit) SELECT gen_random_uuid(), id, proposal_id,"
        " kind, round, %s, 'fit', 'fits', 'x', '', now(), audit"
        " FROM budgeting_reviewassignment WHERE id = %s; SET CONSTRAINTS ALL IMMEDIATE"
    )
    assert "review_of_its_assignment" in refused(statement, other.id, asked)
    assert refused(statement, reviewer.id, asked) == "done"
