"""Hiding in the open: the reason is public, the writer is told and may appeal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from dure.budgeting.models import Moderation, ModerationAppeal, Proposal
from dure.budgeting.queries import moderation, photos, proposals
from dure.budgeting.queries.proposals import ProposalView
from dure.budgeting.queries.similar import similar
from dure.core import clock as time
from dure.core import door
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.core.models.work import Notice
from tests.budgeting.calls import NOW, Round, begun, official, resident, reviewed, sent, staff
from tests.engines.test_pictures import jpeg
from tests.harness.clock import Clock
from tests.harness.people import JONGNO, MAPO, district, person_with

pytestmark = pytest.mark.django_db
WHY = "전화번호가 적혀 있습니다"


@dataclass
class World:
    """A proposal with a photo and a comment, each by somebody else."""

    here: Round
    author: Actor
    commenter: Actor
    proposal: Proposal
    photo: str
    comment: str
    keeper: Actor

    def hide(self, target: str, key: str | None = None, actor: Actor | None = None) -> Any:
        return self.do("hide", target, key, actor, reason_code="personal")

    def show(self, target: str, key: str | None = None, actor: Actor | None = None) -> Any:
        return self.do("show", target, key, actor, reason_code="mistaken")

    def do(
        self, verb: str, target: str, key: str | None, actor: Actor | None = None, **more: str
    ) -> Any:  # Any: as it answers
        body = {"proposal_id": str(self.proposal.id), "target": target, "target_id": key, **more}
        reason = None if verb == "appeal" else WHY
        name = f"budgeting.moderation.{verb}"
        return run(name, body, actor or self.keeper, reason=reason).result

    def seen(self, actor: Actor) -> ProposalView | None:
        return proposals.proposal_view(self.proposal.id, door.load_grants(actor, time.now()))


@pytest.fixture
def world(clock: Clock) -> World:
    clock.at(NOW)
    district(MAPO)
    district(JONGNO)
    here = begun()
    here.do("open")
    author, commenter = resident(), resident()
    photo = run("budgeting.photo.store", {"content": jpeg()}, author).result.id
    one = sent(here, author, photos=[{"upload_id": photo, "alt": "골목"}])
    body = {"proposal_id": str(one.id), "text": "제 번호로 전화 주세요"}
    comment = run("budgeting.proposal.comment", body, commenter).result.id
    return World(here, author, commenter, one, photo, comment, staff())


def refused(call: Any, *args: Any, **more: Any) -> str:  # Any: an action of the world
    with pytest.raises(Refusal) as caught:
        call(*args, **more)
    return str(caught.value.name)


def test_a_hidden_comment_keeps_its_place_with_the_reason(world: World) -> None:
    world.hide("comment", world.comment)
    for actor, text in ((Actor.anonymous(), ""), (world.author, ""),
                        (world.commenter, "제 번호로 전화 주세요")):  # fmt: skip
        seen = world.seen(actor)
        assert seen is not None
        (said,) = seen.comments
        assert said.veil is not None
        assert (said.text, said.veil.reason, said.veil.reason_text.en) == (
            text, WHY, "Personal data",
        )  # fmt: skip
        assert [(act.hidden, act.reason) for act in seen.moderated] == [(True, WHY)]
    world.show("comment", world.comment)
    seen = world.seen(Actor.anonymous())
    assert seen is not None
    assert (seen.comments[0].veil, seen.comments[0].text) == (None, "제 번호로 전화 주세요")
    assert [act.hidden for act in seen.moderated] == [False, True]
    told = Notice.rows.filter(template__startswith="budgeting.moderation").order_by("made_at")
    assert {row.person for row in told} == {world.commenter.id}
    assert told.count() == 2


def test_a_hidden_photo_is_served_to_its_owner_and_keepers_alone(world: World) -> None:
    everybody = Actor.anonymous()
    assert photos.photo(world.photo, everybody) is not None, "control: shown before"
    world.hide("photo", world.photo)
    assert photos.photo(world.photo, everybody) is None
    assert photos.photo(world.photo, world.commenter) is None
    for actor in (world.author, door.load_grants(world.keeper, time.now())):
        assert photos.photo(world.photo, actor) is not None
    seen = world.seen(everybody)
    assert seen is not None
    assert seen.photos[0].veil is not None


def test_a_hidden_proposal_leaves_its_number_and_the_reason(world: World) -> None:
    assert moderation.stub(world.proposal.id) is None
    friend, fan = resident(), resident()
    for person, role in ((friend, "coauthor"), (fan, "supporter")):
        body = {"proposal_id": str(world.proposal.id), "role": role}
        run("budgeting.proposal.join", body, person)
    world.hide("proposal")
    for actor in (Actor.anonymous(), world.commenter, fan):
        assert world.seen(actor) is None
    for actor in (world.author, friend, world.keeper):
        assert world.seen(actor) is not None
    stub = moderation.stub(world.proposal.id)
    assert stub is not None
    assert (stub.number, stub.veil.reason) == (1, WHY)
    assert [one.id for one in moderation.stubs(world.here.call.pk)] == [world.proposal.id]
    found = proposals.proposals(Actor.anonymous(), call=world.here.id, words="쉼터")
    assert found.count() == 0
    world.show("proposal")
    assert world.seen(Actor.anonymous()) is not None
    assert moderation.stubs(world.here.call.pk) == ()


def test_a_hidden_proposal_does_not_reach_the_ballot(world: World) -> None:
    world.here.do("review")
    reviewed(world.here, world.proposal)
    world.hide("proposal")
    body = {"proposal_id": str(world.proposal.id), "envelope": "gu"}
    assert refused(run, "budgeting.project.list", body, world.here.lead) == "budgeting.hidden"
    world.show("proposal")
    assert run("budgeting.project.list", body, world.here.lead).result.code == "1"


def test_the_writer_appeals_once_and_somebody_else_answers(world: World) -> None:
    say = {"text": "제 가게 번호이고 공개해도 됩니다"}
    assert refused(world.do, "appeal", "comment", world.comment, world.commenter, **say) == (
        "budgeting.appealed"
    ), "nothing is hidden yet"
    world.hide("comment", world.comment)
    assert refused(world.do, "appeal", "comment", world.comment, world.author, **say) == (
        "core.not_found"
    )
    assert refused(world.do, "uphold", "comment", world.comment, official()) == (
        "budgeting.moderated"
    ), "nobody appealed yet"
    world.do("appeal", "comment", world.comment, world.commenter, **say)
    assert refused(world.do, "appeal", "comment", world.comment, world.commenter, **say) == (
        "budgeting.appealed"
    )
    other = official()
    grants = door.load_grants
    now = time.now()
    assert [one.key for one in moderation.open_appeals(grants(other, now))] == [world.comment]
    assert moderation.open_appeals(grants(world.keeper, now)) == (), "who hid it does not answer"
    assert moderation.open_appeals(grants(official(JONGNO), now)) == ()
    assert refused(world.do, "uphold", "comment", world.comment) == "budgeting.moderated_alone"
    world.do("uphold", "comment", world.comment, other)
    assert moderation.open_appeals(grants(other, now)) == ()
    told = Notice.rows.filter(person=world.commenter.id).order_by("-made_at", "-pk")
    templates = sorted(told.values_list("template", flat=True))
    assert templates == ["budgeting.moderation.hidden", "budgeting.moderation.upheld"], (
        "who was answered is not asked to appeal again"
    )
    assert refused(world.do, "appeal", "comment", world.comment, world.commenter, **say) == (
        "budgeting.appealed"
    )
    assert ModerationAppeal.rows.count() == 1
    world.show("comment", world.comment)
    world.hide("comment", world.comment)
    world.do("appeal", "comment", world.comment, world.commenter, **say)
    assert ModerationAppeal.rows.count() == 2


def test_nobody_judges_what_is_their_own(world: World) -> None:
    keeper = staff()
    body = {"proposal_id": str(world.proposal.id), "text": "제가 썼어요"}
    own = run("budgeting.proposal.comment", body, keeper).result.id
    assert refused(world.hide, "comment", own, keeper) == "budgeting.moderates_own"
    world.hide("comment", own)
    assert refused(world.show, "comment", own, keeper) == "budgeting.moderates_own"


def test_what_is_refused_leaves_nothing(world: World) -> None:
    for actor in (resident(), world.author, world.commenter, official(JONGNO)):
        assert refused(world.hide, "comment", world.comment, actor) == "core.not_found"
    assert refused(world.show, "comment", world.comment) == "budgeting.moderated"
    other = sent(world.here, title="다른 제안")
    body = {"proposal_id": str(other.id), "target": "comment", "target_id": world.comment}
    name = "budgeting.moderation.hide"
    assert refused(run, name, {**body, "reason_code": "insult"}, world.keeper, reason=WHY) == (
        "core.not_found"
    ), "a comment of another proposal"
    assert refused(world.hide, "proposal", world.comment) == "core.not_found"
    assert refused(run, name, {**body, "reason_code": "ugly"}, world.keeper, reason=WHY) == (
        "core.bad_field"
    ), "the list of reasons is closed"
    assert refused(run, name, {**body, "reason_code": "insult"}, world.keeper) == (
        "core.reason_required"
    )
    assert Moderation.rows.count() == 0
    world.hide("comment", world.comment)
    assert refused(world.hide, "comment", world.comment) == "budgeting.moderated"
    with pytest.raises(DatabaseError), transaction.atomic():
        Moderation.rows.update(reason="다른 까닭")


def test_the_log_is_for_those_who_keep_or_audit_the_round(world: World) -> None:
    world.hide("comment", world.comment)
    world.hide("photo", world.photo, official())
    auditor = person_with(Role.AUDITOR, district=MAPO)
    for actor, count in ((world.here.lead, 2), (auditor, 2), (world.keeper, 2),
                         (world.author, 0), (official(JONGNO), 0)):  # fmt: skip
        known = door.load_grants(actor, time.now())
        assert moderation.log(world.here.call.pk, known).count() == count
    known = door.load_grants(auditor, time.now())
    call = world.here.call.pk
    rows = moderation.log_rows(moderation.log(call, known), call)
    assert [(row.act.target_text.en, row.who.en) for row in rows] == [
        ("Photo", "Moderator 2"), ("Comment", "Moderator 1"),
    ]  # fmt: skip


def test_an_offer_to_merge_does_not_tell_the_title_of_a_hidden_proposal(world: World) -> None:
    other = sent(world.here, title="골목에 나무 심기")
    body = {"source_id": str(world.proposal.id), "target_id": str(other.id), "text": "같은 골목"}
    run("budgeting.merge.offer", body, world.here.lead)

    def titles(actor: Actor) -> tuple[str, str]:
        seen = proposals.proposal_view(other.id, door.load_grants(actor, time.now()))
        assert seen is not None
        (offer,) = seen.offers
        return offer.source_title, offer.target_title

    before = titles(Actor.anonymous())
    assert before[1] == "골목에 나무 심기"
    world.hide("proposal")
    assert titles(Actor.anonymous()) == ("제안 1번", "골목에 나무 심기")
    assert titles(world.author) == before


def test_a_hidden_proposal_is_not_called_alike_after_another_is_shown_again(world: World) -> None:
    other = sent(world.here, title="골목에 나무 심기", need="골목에 나무가 없습니다")
    last = sent(world.here, title="도서관 저녁 열기", need="저녁에 책을 읽고 싶습니다")
    words = {"title": "골목에 나무 심기", "need": "골목에 나무가 없습니다"}
    assert last.number == 3, "the newest text stays the same throughout"

    def alike() -> list[int]:
        found = similar(world.here.id, Actor.anonymous(), **words)
        return [row.number for row in found if row.likeness_ppm > 900_000]

    def moderate(verb: str, one: Proposal, code: str) -> None:
        body = {"proposal_id": str(one.id), "target": "proposal", "reason_code": code}
        run(f"budgeting.moderation.{verb}", body, world.keeper, reason=WHY)

    world.hide("proposal")
    assert alike() == [2]
    world.show("proposal")
    moderate("hide", other, "insult")
    assert alike() == []
