"""Objects of budgeting for the matrix."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from dure.budgeting.models import (
    Award,
    Call,
    Envelope,
    MergeOffer,
    Project,
    Proposal,
    ProposalVersion,
    Result,
    Review,
    ReviewAssignment,
    Spending,
)
from dure.core import clock
from dure.core.actors import Actor
from dure.engines.pb.pabulib_writing import write
from tests.engines.pb.elections import worked
from tests.engines.pb.test_pabulib_writing import META
from tests.engines.test_pictures import jpeg
from tests.governance.objects import organisation_of
from tests.harness.given import given
from tests.harness.matrix import OWN_DISTRICT, Place, slot, value


def a_call(
    district: str, organisation: UUID | None, state: str = "open", title: str = "공모"
) -> Call:
    """A call as rows, in a state before it is frozen."""
    now = clock.now()
    with given() as audit:
        return Call.rows.create(
            title=title,
            year=2027,
            district_id=district,
            organisation_id=organisation,
            state=state,
            ballot_kind="approval",
            marks_max=5,
            rule={"name": "greedy", "ties": ["id"]},
            roll_rule={"basis": "residents", "grounds": ["home"]},
            similar_ppm=180_000,
            silent_days=90,
            is_synthetic=True,
            made_at=now,
            entered_at=now,
            audit=audit,
        )


def a_proposal(call: Call, author: UUID, state: str = "accepted") -> Proposal:
    """A proposal with its first version."""
    now = clock.now()
    with given() as audit:
        made = Proposal.rows.create(
            call=call,
            number=Proposal.rows.filter(call=call).count() + 1,
            state=state,
            author=author,
            received_at=now,
            entered_at=now,
            audit=audit,
        )
        ProposalVersion.rows.create(
            proposal=made,
            number=1,
            title="제안",
            need="까닭",
            made_by=author,
            made_at=now,
            audit=audit,
        )
    return made


def _call(place: Place, actor: Actor, state: str = "open", title: str = "공모") -> Call:
    return a_call(place.district, organisation_of(place, actor), state, title)


VERBS = ("change", "open", "review", "list", "freeze", "vote", "close", "finish", "void")
value("budgeting.call.draft:template", "gu")
value(
    "budgeting.call.draft:organisation_id",
    lambda place, actor: str(o) if (o := organisation_of(place, actor)) else None,
)
value("budgeting.call.freeze:district", lambda place, actor: place.district)
value("budgeting.call.void:district", lambda place, actor: place.district)
value("budgeting.result.publish:district", lambda place, actor: place.district)
value("budgeting.award.cancel:district", lambda place, actor: place.district)
value("budgeting.award.change:district", lambda place, actor: place.district)
value("budgeting.envelope.set:envelopes", [{"code": "gu", "name": "구", "amount_won": 1000}])
value("budgeting.review.assign:reviewer_id", lambda place, actor: str(uuid4()))
value("budgeting.review.give:reason_code", "fits")
value("budgeting.photo.store:content", jpeg())
value("budgeting.election.import:content", write(replace(worked(), meta=META)).encode())
value("budgeting.election.import:rule", {"name": "greedy", "ties": ["id"]})
value(
    "budgeting.election.import:organisation_id",
    lambda place, actor: str(o) if (o := organisation_of(place, actor)) else None,
)
value("budgeting.paper.enter:batch", "A1")
value("budgeting.paper.match:batch", "A1")
value("budgeting.paper.settle:batch", "A1")
value("budgeting.paper.settle:serial", "1")
value("budgeting.paper.enter:papers", [{"serial": "1", "items": []}])


@slot(
    *(f"budgeting.call.{verb}:call_id" for verb in VERBS),
    "budgeting.envelope.set:call_id",
    "budgeting.result.compute:call_id",
    *(f"budgeting.paper.{verb}:call_id" for verb in ("mark", "enter", "match", "settle")),
)
def call(place: Place, actor: Actor) -> str:
    return str(_call(place, actor, "draft").id)


@slot("budgeting.review.recuse:person_id", "budgeting.paper.mark:person_id", placed=False)
def anybody(place: Place, actor: Actor) -> str:
    return str(uuid4())


@slot("budgeting.proposal.send:call_id", "budgeting.ballot.cast:call_id", placed=False)
def open_call(place: Place, actor: Actor) -> str:
    return str(a_call(OWN_DISTRICT, None).id)


@slot("budgeting.proposal.revise:proposal_id", "budgeting.proposal.withdraw:proposal_id",
      "budgeting.moderation.appeal:proposal_id", owned=True, placed=False)  # fmt: skip
def own_proposal(place: Place, actor: Actor) -> str:
    return str(a_proposal(a_call(OWN_DISTRICT, None), place.owner, "sent").id)


@slot("budgeting.proposal.join:proposal_id", "budgeting.proposal.comment:proposal_id", placed=False)
def anyones_proposal(place: Place, actor: Actor) -> str:
    return str(a_proposal(a_call(OWN_DISTRICT, None), uuid4(), "sent").id)


@slot(
    "budgeting.proposal.return:proposal_id",
    "budgeting.proposal.accept:proposal_id",
    "budgeting.proposal.reject:proposal_id",
    "budgeting.review.assign:proposal_id",
    "budgeting.review.recuse:proposal_id",
    "budgeting.project.list:proposal_id",
    *(f"budgeting.moderation.{verb}:proposal_id" for verb in ("hide", "show", "uphold")),
)
def kept_proposal(place: Place, actor: Actor) -> str:
    return str(a_proposal(_call(place, actor), uuid4()).id)


@slot("budgeting.merge.offer:source_id", "budgeting.merge.offer:target_id", owned=True)
def one_of_two(place: Place, actor: Actor) -> str:
    held = Call.rows.filter(
        title="합칠", district_id=place.district, organisation_id=organisation_of(place, actor)
    ).first()
    return str(a_proposal(held or _call(place, actor, title="합칠"), place.owner, "sent").id)


@slot("budgeting.merge.accept:offer_id", owned=True, placed=False)
def offer(place: Place, actor: Actor) -> str:
    here = a_call(OWN_DISTRICT, None)
    with given() as audit:
        made = MergeOffer.rows.create(
            source=a_proposal(here, place.owner, "sent"),
            target=a_proposal(here, uuid4(), "sent"),
            text="비슷해요",
            offered_by=uuid4(),
            offered_at=clock.now(),
            audit=audit,
        )
    return str(made.id)


def an_assignment(proposal: Proposal, reviewer: UUID) -> ReviewAssignment:
    """A legality review that waits."""
    with given() as audit:
        return ReviewAssignment.rows.create(
            proposal=proposal,
            kind="legality",
            reviewer=reviewer,
            department="공원녹지과",
            assigned_by=uuid4(),
            assigned_at=clock.now(),
            audit=audit,
        )


@slot("budgeting.review.give:assignment_id", owned=True)
def own_assignment(place: Place, actor: Actor) -> str:
    return str(an_assignment(a_proposal(_call(place, actor), uuid4()), place.owner).id)


@slot("budgeting.review.release:assignment_id")
def assignment(place: Place, actor: Actor) -> str:
    return str(an_assignment(a_proposal(_call(place, actor), uuid4()), uuid4()).id)


@slot("budgeting.review.answer:review_id", owned=True, placed=False)
def review(place: Place, actor: Actor) -> str:
    asked = an_assignment(a_proposal(a_call(OWN_DISTRICT, None), place.owner), uuid4())
    with given() as audit:
        made = Review.rows.create(
            assignment=asked,
            proposal=asked.proposal,
            kind=asked.kind,
            round=1,
            reviewer=asked.reviewer,
            verdict="unfit",
            reason_code="law",
            text="법에 어긋납니다",
            at=clock.now(),
            audit=audit,
        )
    return str(made.id)


@slot("budgeting.project.drop:project_id", "budgeting.project.link:project_id")
def project(place: Place, actor: Actor) -> str:
    return str(a_project(_call(place, actor, "reviewing")).id)


def a_project(here: Call) -> Project:
    """A project on the ballot, with its money."""
    with given() as audit:
        envelope = Envelope.rows.create(
            call=here, code="gu", name="구", amount_won=1000, audit=audit
        )
        return Project.rows.create(
            call=here,
            code="1",
            name="쉼터",
            cost_won=10,
            envelope=envelope,
            received=1,
            listed_at=clock.now(),
            audit=audit,
        )


@slot("budgeting.result.publish:result_id")
def result(place: Place, actor: Actor) -> str:
    return str(a_result(_call(place, actor)).id)


def a_result(here: Call) -> Result:
    """A result of a call as a row."""
    with given() as audit:
        return Result.rows.create(
            call=here,
            number=1,
            rule_sha256="0" * 64,
            roll_sha256="0" * 64,
            seed="0" * 64,
            engine_version="0",
            online_count=0,
            paper_count=0,
            computed_at=clock.now(),
            audit=audit,
        )


@slot(
    "budgeting.award.report:award_id",
    "budgeting.award.cancel:award_id",
    "budgeting.award.change:award_id",
)
def award(place: Place, actor: Actor) -> str:
    here = _call(place, actor, "reviewing")
    held, listed = a_result(here), a_project(here)
    with given() as audit:
        made = Award.rows.create(
            result=held, project=listed, amount_won=10, position=1, at=clock.now(), audit=audit
        )
    return str(made.id)


@slot("budgeting.spending.take_back:spending_id")
def spending(place: Place, actor: Actor) -> str:
    with given() as audit:
        made = Spending.rows.create(
            award_id=award(place, actor), amount_won=5, paid_on=clock.today(), purpose="설계",
            document="1", by=uuid4(), at=clock.now(), audit=audit,
        )  # fmt: skip
    return str(made.id)
