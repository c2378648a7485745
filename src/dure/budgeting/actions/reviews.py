"""Reviews: assigned to one department each, given with a public reason, answered once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID, uuid4

from dure.budgeting import policies, subjects, telling
from dure.budgeting.errors import BudgetCode
from dure.budgeting.models import Call, Proposal, Review, ReviewAnswer, ReviewAssignment
from dure.budgeting.types import ReviewKindText
from dure.budgeting.words import REVIEW_REASONS
from dure.core import clock, notices
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.running import current
from dure.core.types import CodeText, IsoDate, Line, Name, Note, UuidText, WonStock
from dure.governance.freezing import recuse
from dure.registry.models import Mandate

from .proposals import P, must_be

REVIEWER = {
    "dure.reviewer_is_author": BudgetCode.REVIEWER_AUTHOR,
    "dure.reviewer_is_recused": BudgetCode.REVIEWER_RECUSED,
    "dure.reviewer_is_tied": BudgetCode.REVIEWER_TIED,
    "dure.reviewer_is_the_first": BudgetCode.REVIEWER_FIRST,
    "dure.assignment_is_released": BudgetCode.RELEASED,
    "assignment_one_reviewer_a_round": BudgetCode.ASSIGNED,
    "review_once_a_kind_and_round": BudgetCode.ASSIGNED,
    "review_cost_is_stated_with_its_basis": BudgetCode.REVIEW_COST,
}
CODES = (
    BudgetCode.REVIEWER_AUTHOR,
    BudgetCode.REVIEWER_RECUSED,
    BudgetCode.REVIEWER_TIED,
    BudgetCode.REVIEWER_FIRST,
)


@dataclass(frozen=True, slots=True)
class AssignmentRef:
    """An assignment, its proposal and round."""

    id: str
    proposal: str
    round: int


def _named(proposal: Proposal) -> None:
    line().object("budgeting.proposal", proposal.id)
    line().organisation(proposal.call.organisation_id)


@action(
    "budgeting.review.assign",
    ko="제안의 검토를 맡깁니다.",
    en="Assign a review of a proposal.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.kept_proposal,
    lock=subjects.lock_kept_proposal,
    idempotent=True,
    writes=("budgeting_reviewassignment", "core_notice"),
    refusals=(
        CoreCode.NOT_FOUND,
        BudgetCode.WRONG_STATE,
        BudgetCode.ASSIGNED,
        BudgetCode.REVIEWER_UNFIT,
        *CODES,
    ),
    constraints=REVIEWER,
    notices=(telling.ASSIGNED,),
)
def assign_review(
    proposal_id: UuidText,
    kind: ReviewKindText,
    reviewer_id: UuidText,
    department: Name,
    due_on: IsoDate | None = None,
    *,
    actor: Actor,
) -> AssignmentRef:
    """Ask one official for one of the three reviews of an accepted proposal.

    A second round follows the author's answer to the first, with another reviewer.
    Effects: ReviewAssignment, a notice. Source: 지방재정법 39조① and 37조의3⑥–⑧.
    """
    proposal = subject(Proposal)
    must_be(proposal, P.ACCEPTED)
    if not _may_review(proposal.call, reviewer_id):
        raise Refusal(BudgetCode.REVIEWER_UNFIT, field="reviewer_id")
    given = proposal.reviews.filter(kind=kind)
    number = 1
    if given.filter(round=1).exists():
        if given.filter(round=2).exists() or not given.filter(answer__isnull=False).exists():
            raise Refusal(BudgetCode.ASSIGNED)
        number = 2
    assert actor.id is not None, "the policy lets persons alone through"
    made = ReviewAssignment(
        id=uuid4(),
        proposal=proposal,
        kind=kind,
        round=number,
        reviewer=reviewer_id,
        department=department,
        due_on=due_on,
        assigned_by=actor.id,
        assigned_at=clock.now(),
        audit=line().id,
    )
    made.save(force_insert=True)
    places: dict[str, str | int] = {
        "number": proposal.number, "call": str(proposal.call_id), "assignment": str(made.id),
    }  # fmt: skip
    notices.tell(reviewer_id, telling.ASSIGNED, places=places)
    _named(proposal)
    line().changed("reviewer", None, reviewer_id)
    return AssignmentRef(str(made.id), str(proposal.id), number)


def _may_review(call: Call, person: str) -> bool:
    """Whether a person holds a mandate by which reviews of this call are given."""
    rows = Mandate.rows.filter(person_id=person, valid__contains=clock.now())
    if call.organisation_id is not None:
        rows = rows.filter(scope_kind="organisation", scope_id=str(call.organisation_id))
        return bool(rows.filter(role__in=(Role.BOARD.code, Role.STAFF.code)).exists())
    here = rows.filter(scope_kind="district", scope_id=call.district_id)
    everywhere = rows.filter(scope_kind="city")
    return bool((here | everywhere).filter(role__in=("official", "staff")).exists())


@action(
    "budgeting.review.release",
    ko="맡긴 검토를 물립니다.",
    en="Release a review that was assigned.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.assignment,
    lock=subjects.lock_assignment,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=("budgeting_reviewassignment",),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.ASSIGNED),
)
def release_review(assignment_id: UuidText, *, actor: Actor) -> AssignmentRef:
    """Take a review back before it is given, so that another can be asked. Effects: the row."""
    found = subject(ReviewAssignment)
    if Review.rows.filter(assignment=found).exists():
        raise Refusal(BudgetCode.ASSIGNED)
    found.released_at, found.audit = clock.now(), line().id
    found.save(update_fields=["released_at", "audit"])
    _named(found.proposal)
    return AssignmentRef(str(found.id), str(found.proposal_id), found.round)


@action(
    "budgeting.review.recuse",
    ko="제안의 검토에서 빠지거나 빠지게 합니다.",
    en="Take oneself or another out of reviewing a proposal.",
    policy=policies.may_keep_call,
    letters=policies.KEEPERS,
    subject=subjects.kept_proposal,
    lock=subjects.lock_kept_proposal,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=("governance_recusal", "budgeting_reviewassignment"),
    refusals=(CoreCode.NOT_FOUND, CoreCode.REASON_REQUIRED),
)
def recuse_reviewer(
    proposal_id: UuidText,
    way: Literal["exclusion", "challenge", "withdrawal"] = "withdrawal",
    person_id: UuidText | None = None,
    *,
    actor: Actor,
) -> AssignmentRef:
    """Withdraw (oneself, without a reason), or exclude or challenge another with a reason.

    Effects: Recusal, never taken back; open assignments of the person are released.
    Source: 지방재정법 37조의3⑥–⑧, taken as the pattern for all reviewers.
    """
    proposal = subject(Proposal)
    person = UUID(person_id) if way != "withdrawal" and person_id else actor.id
    assert person is not None, "the policy lets persons alone through"
    reason = current().reason or ""
    if way != "withdrawal" and not reason:
        raise Refusal(CoreCode.REASON_REQUIRED, field="reason")
    recuse("budgeting.proposal", proposal.id, person, way=way, reason=reason, by=actor.id)
    waiting = ReviewAssignment.rows.filter(
        proposal=proposal, reviewer=person, released_at=None, review__isnull=True
    )
    for one in waiting:
        one.released_at, one.audit = clock.now(), line().id
        one.save(update_fields=["released_at", "audit"])
    _named(proposal)
    line().changed("recused", None, way)
    return AssignmentRef("", str(proposal.id), 0)


@dataclass(frozen=True, slots=True)
class ReviewRef:
    """A review that was given."""

    id: str
    proposal: str
    verdict: str


@action(
    "budgeting.review.give",
    ko="맡은 검토를 냅니다.",
    en="Give a review.",
    policy=policies.may_review,
    letters={Role.OFFICIAL: "o", Role.STAFF: "o", Role.BOARD: "o"},
    subject=subjects.assignment,
    lock=subjects.lock_assignment,
    idempotent=True,
    writes=("budgeting_review", "core_notice"),
    refusals=(
        CoreCode.NOT_FOUND,
        BudgetCode.ASSIGNED,
        BudgetCode.RELEASED,
        BudgetCode.REVIEW_COST,
        *CODES,
    ),
    constraints=REVIEWER,
    notices=(telling.REVIEWED,),
)
def give_review(
    assignment_id: UuidText,
    verdict: Literal["fit", "conditional", "unfit"],
    reason_code: CodeText,
    text: Note,
    cost_won: WonStock | None = None,
    cost_low_won: WonStock | None = None,
    cost_high_won: WonStock | None = None,
    upkeep_won: WonStock | None = None,
    basis: Line | None = None,
    *,
    actor: Actor,
) -> ReviewRef:
    """Say whether a proposal is lawful, can be done, or what it costs; public with its reason.

    Effects: Review, never changed; a notice to the authors. Source: 지방재정법 37조, 39조①.
    """
    found = subject(ReviewAssignment)
    proposal = found.proposal
    must_be(proposal, P.ACCEPTED)
    if reason_code not in REVIEW_REASONS:
        raise Refusal(CoreCode.BAD_FIELD, field="reason_code", range=", ".join(REVIEW_REASONS))
    if Review.rows.filter(assignment=found).exists():
        raise Refusal(BudgetCode.ASSIGNED)
    made = Review.rows.create(
        assignment=found,
        proposal=proposal,
        kind=found.kind,
        round=found.round,
        reviewer=actor.id,
        verdict=verdict,
        reason_code=reason_code,
        text=text,
        cost_won=cost_won,
        cost_low_won=cost_low_won,
        cost_high_won=cost_high_won,
        upkeep_won=upkeep_won,
        basis=basis or "",
        at=clock.now(),
        audit=line().id,
    )
    telling.tell_authors(proposal, telling.REVIEWED)
    _named(proposal)
    line().changed(f"{found.kind}.{found.round}", None, verdict)
    return ReviewRef(str(made.id), str(proposal.id), verdict)


@action(
    "budgeting.review.answer",
    ko="검토에 답합니다.",
    en="Answer a review.",
    policy=policies.may_revise,
    letters=policies.EVERYBODY,
    subject=subjects.review,
    idempotent=True,
    for_another=True,
    writes=("budgeting_reviewanswer",),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.ANSWERED, BudgetCode.WRONG_STATE),
    constraints={"budgeting_reviewanswer_review_id_key": BudgetCode.ANSWERED},
)
def answer_review(review_id: UuidText, text: Note, *, actor: Actor) -> ReviewRef:
    """Answer a first review once; then a second reviewer decides. Effects: ReviewAnswer."""
    found = subject(Review)
    must_be(found.proposal, P.ACCEPTED)
    if found.round != 1 or ReviewAnswer.rows.filter(review=found).exists():
        raise Refusal(BudgetCode.ANSWERED)
    ReviewAnswer.rows.create(
        review=found, by=actor.behalf, text=text, at=clock.now(), audit=line().id
    )
    _named(found.proposal)
    return ReviewRef(str(found.id), str(found.proposal_id), found.verdict)
