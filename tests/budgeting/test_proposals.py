"""Proposals: sent and revised by their authors, moved by the desk, joined, merged by consent."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from dure.budgeting.models import Comment, MergeOffer, Proposal, ProposalVersion
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models import AuditLine, Notice
from tests.budgeting.calls import NOW, Round, begun, official, resident, sent, staff
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import JONGNO, MAPO, district

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


def act(
    verb: str, proposal: Proposal, actor: Actor, reason: str | None = None, **body: Any
) -> Any:  # Any: bodies and answers
    given_body = {"proposal_id": str(proposal.id), **body}
    return run(f"budgeting.proposal.{verb}", given_body, actor, reason=reason).result


def code_of(call: Any, *args: Any, **kwargs: Any) -> str:  # Any: any call that refuses
    with pytest.raises(Refusal) as caught:
        call(*args, **kwargs)
    return caught.value.name


def state(proposal: Proposal) -> str:
    return str(Proposal.rows.get(id=proposal.id).state)


def test_numbers_follow_each_other_within_a_call(here: Round) -> None:
    assert [sent(here).number for _ in range(3)] == [1, 2, 3]
    other = begun()
    other.do("open")
    assert sent(other).number == 1


def test_only_residents_of_the_call_propose(here: Round) -> None:
    assert code_of(sent, here, resident(JONGNO)) == "budgeting.not_of_call"
    assert code_of(sent, here, Actor.anonymous()) == "core.not_allowed"
    assert Proposal.rows.count() == 0


def test_a_person_sends_as_many_as_the_rule_allows(here: Round) -> None:
    author = resident()
    for number in range(5):
        sent(here, author, title=f"제안 {number}번째")
    assert code_of(sent, here, author) == "budgeting.too_many_proposals"
    act("withdraw", Proposal.rows.first(), author)
    assert sent(here, author).number == 6


def test_nothing_is_taken_before_or_after_the_dates(clock: Clock) -> None:
    real = begun(synthetic=False)
    assert code_of(sent, real) == "core.not_found"  # a draft
    real.do("open")
    clock.move(days=9, hours=23, minutes=59, seconds=59)
    sent(real)
    clock.move(seconds=1)
    assert code_of(sent, real) == "budgeting.not_open"


def test_bad_values_are_refused_by_name(here: Round) -> None:
    for more, field in (
        ({"latitude_e5": 0, "longitude_e5": 12_690_100}, "latitude_e5"),
        ({"estimate_won": 0}, "estimate_won"),
        ({"envelope": "nowhere"}, "envelope"),
        ({"field": "nowhere"}, "field"),
        ({"title": "ㅤ"}, "title"),
        ({"need": "번호는 900101-1234567"}, "need"),
        ({"photos": [{"upload_id": str(here.id), "alt": "사진"}]}, "photos"),
    ):
        with pytest.raises(Refusal) as caught:
            sent(here, **more)
        assert caught.value.field == field, more
    assert ProposalVersion.rows.count() == 0


def test_every_version_is_kept_and_none_can_be_changed(here: Round) -> None:
    author = resident()
    one = sent(here, author, title="쉼터")
    act("revise", one, author, title="정자", need="그늘", change_note="이름을 바꿈")
    versions = list(one.versions.order_by("number").values_list("number", "title", "change_note"))
    assert versions == [(1, "쉼터", ""), (2, "정자", "이름을 바꿈")]
    for statement in (
        "UPDATE budgeting_proposalversion SET title = 'x'",
        "DELETE FROM budgeting_proposalversion",
        "UPDATE budgeting_comment SET text = 'x'",
        "DELETE FROM budgeting_review",
    ):
        with pytest.raises(DatabaseError), given(), transaction.atomic():
            connection.cursor().execute(statement)


def test_only_its_authors_revise_and_withdraw(here: Round) -> None:
    one = sent(here)
    for actor in (resident(), here.lead, staff()):
        assert code_of(act, "revise", one, actor, title="바꿈", need="바꿈") == "core.not_allowed"
        assert code_of(act, "withdraw", one, actor) == "core.not_allowed"
    friend = resident()
    act("join", one, friend, role="coauthor")
    act("revise", one, friend, title="함께 바꿈", need="함께")
    act("join", one, friend, role="none")
    assert code_of(act, "revise", one, friend, title="또", need="또") == "core.not_allowed"


def test_sent_back_with_a_reason_and_sent_again_by_revising(here: Round) -> None:
    author = resident()
    one = sent(here, author)
    act("return", one, staff(), why="곳을 적어 주세요")
    assert Proposal.rows.get(id=one.id).state_reason == "곳을 적어 주세요"
    assert Notice.rows.filter(person=author.id, template="budgeting.proposal.returned").count() == 1
    here.do("review")
    act("revise", one, author, title="골목 쉼터", need="앉을 곳", place="성미산로 1")
    assert state(one) == "sent"
    act("accept", one, here.lead)
    assert code_of(act, "revise", one, author, title="늦음", need="늦음") == "budgeting.wrong_state"


def test_desk_of_another_district_does_not_find_it(here: Round) -> None:
    one = sent(here)
    for actor in (official(JONGNO), staff(JONGNO)):
        assert code_of(act, "accept", one, actor) == "core.not_found"
    assert state(one) == "sent"


def test_support_is_given_once_and_taken_back(here: Round) -> None:
    author, friend = resident(), resident()
    one = sent(here, author)
    act("join", one, friend, role="supporter")
    assert code_of(act, "join", one, friend, role="supporter") == "budgeting.joined"
    assert code_of(act, "join", one, author, role="supporter") == "budgeting.joined"
    assert code_of(act, "join", one, resident(JONGNO), role="supporter") == "budgeting.not_of_call"
    act("join", one, friend, role="none")
    assert one.people.filter(left_at=None).count() == 0


def test_comments_are_for_residents_and_staff(here: Round) -> None:
    one = sent(here)
    act("comment", one, resident(), text="좋은 생각이에요", shown_name="옆집")
    act("comment", one, staff(), text="현장을 보겠습니다")
    assert code_of(act, "comment", one, resident(JONGNO), text="저도요") == "budgeting.not_of_call"
    assert Comment.rows.count() == 2


def test_merging_needs_every_author(here: Round) -> None:
    mine, theirs, friend, fan = resident(), resident(), resident(), resident()
    one, two = sent(here, mine), sent(here, theirs)
    act("join", two, friend, role="coauthor")
    act("join", one, fan, role="supporter")
    body = {"source_id": str(one.id), "target_id": str(two.id), "text": "같은 골목이에요"}
    offer = run("budgeting.merge.offer", body, here.lead).result
    for actor in (theirs, friend):
        run("budgeting.merge.accept", {"offer_id": offer.id, "agrees": True}, actor)
        assert state(one) == "sent"
    assert (
        code_of(run, "budgeting.merge.accept", {"offer_id": offer.id, "agrees": True}, theirs)
        == "budgeting.merge_decided"
    )
    assert (
        code_of(run, "budgeting.merge.accept", {"offer_id": offer.id, "agrees": True}, fan)
        == "core.not_found"
    )
    run("budgeting.merge.accept", {"offer_id": offer.id, "agrees": True}, mine)
    assert (state(one), Proposal.rows.get(id=one.id).merged_into_id) == ("merged", two.id)
    coauthors = set(two.people.filter(role="coauthor").values_list("person", flat=True))
    assert coauthors == {friend.id, mine.id}
    assert not two.people.filter(person=fan.id).exists(), "support is not carried over"
    assert Notice.rows.filter(person=fan.id, template="budgeting.merge.done").count() == 1


def test_one_no_ends_the_offer(here: Round) -> None:
    mine, theirs = resident(), resident()
    one, two = sent(here, mine), sent(here, theirs)
    body = {"source_id": str(one.id), "target_id": str(two.id), "text": "같아요"}
    offer = run("budgeting.merge.offer", body, mine).result
    run("budgeting.merge.accept", {"offer_id": offer.id, "agrees": False}, theirs)
    assert MergeOffer.rows.get(id=offer.id).state == "refused"
    assert state(one) == "sent"
    again = run("budgeting.merge.offer", body, mine).result
    assert again.state == "open"


def test_a_merged_proposal_is_nobodys_target(here: Round) -> None:
    author = resident()
    one, two, three = (sent(here, author, title=f"제안 {n}") for n in range(3))
    body = {"source_id": str(one.id), "target_id": str(two.id), "text": "같아요"}
    assert run("budgeting.merge.offer", body, author).result.state == "done"
    into = {"source_id": str(three.id), "target_id": str(one.id), "text": "같아요"}
    assert code_of(run, "budgeting.merge.offer", into, author) == "budgeting.merge"
    from_target = {"source_id": str(two.id), "target_id": str(three.id), "text": "같아요"}
    assert code_of(run, "budgeting.merge.offer", from_target, author) == "budgeting.merge"
    statement = "UPDATE budgeting_proposal SET state = 'merged', merged_into_id = %s WHERE id = %s"
    for source, target in ((three, one), (two, three), (three, three)):
        with pytest.raises(DatabaseError), given(), transaction.atomic():
            connection.cursor().execute(statement, [target.id, source.id])


def test_each_step_leaves_one_audit_line(here: Round) -> None:
    author = resident()
    before = AuditLine.rows.count()
    one = sent(here, author)
    act("return", one, staff(), why="고쳐 주세요")
    assert AuditLine.rows.count() == before + 2


def test_a_repeated_key_sends_once(here: Round) -> None:
    author = resident()
    body = {"call_id": here.id, "title": "쉼터", "need": "앉을 곳"}
    first = run("budgeting.proposal.send", body, author, key="k1")
    second = run("budgeting.proposal.send", body, author, key="k1")
    assert (first.result, second.replayed) == (second.result, True)
    assert Proposal.rows.count() == 1
