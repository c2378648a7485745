"""Proposals: sent, revised, sent back, accepted, withdrawn; joined and commented on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import uuid4

from pydantic import Field as Bound

from dure.budgeting import policies, subjects, telling, writing
from dure.budgeting.errors import BudgetCode
from dure.budgeting.models import Call, Comment, Phase, Proposal, ProposalPerson
from dure.budgeting.types import LatitudeE5, LongitudeE5, PhotoIn, Shown
from dure.budgeting.words import PROPOSAL_STATES
from dure.core import clock, rulebook
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.running import current
from dure.core.types import CodeText, Line, Name, Note, UuidText, Won

Photos = Annotated[tuple[PhotoIn, ...], Bound(max_length=5)]
WRITES = ("budgeting_proposal", "budgeting_proposalversion", "budgeting_proposalphoto")
P = Proposal.State


@dataclass(frozen=True, slots=True)
class ProposalRef:
    """A proposal, its number in the call and its state."""

    id: str
    number: int
    state: str


def ref(proposal: Proposal) -> ProposalRef:
    """Name a proposal on the audit line, and give what the action answers."""
    line().object("budgeting.proposal", proposal.id)
    line().organisation(proposal.call.organisation_id)
    return ProposalRef(str(proposal.id), proposal.number, proposal.state)


def must_be(proposal: Proposal, *states: Proposal.State) -> None:
    """Raise Refusal(WRONG_STATE) unless a proposal is in one of `states`."""
    if proposal.state not in states:
        raise Refusal(BudgetCode.WRONG_STATE, state=PROPOSAL_STATES[proposal.state])


def _takes_proposals(call: Call) -> None:
    during = Phase.rows.filter(call=call, kind="proposing", during__contains=clock.now())
    if call.state != Call.State.OPEN or not (call.is_synthetic or during.exists()):
        raise Refusal(BudgetCode.NOT_OPEN)


@action(
    "budgeting.proposal.send",
    ko="제안을 보냅니다.",
    en="Send a proposal.",
    policy=policies.may_propose,
    letters=policies.EVERYBODY,
    subject=subjects.open_call,
    lock=subjects.lock_open_call,
    idempotent=True,
    for_another=True,
    writes=WRITES,
    refusals=(
        CoreCode.NOT_FOUND,
        BudgetCode.NOT_OPEN,
        BudgetCode.NOT_OF_CALL,
        BudgetCode.TOO_MANY,
        BudgetCode.UNKNOWN_CODE,
        BudgetCode.PHOTO,
    ),
)
def send_proposal(
    call_id: UuidText,
    title: Name,
    need: Note,
    benefits: Line | None = None,
    place: Line | None = None,
    dong: CodeText | None = None,
    latitude_e5: LatitudeE5 | None = None,
    longitude_e5: LongitudeE5 | None = None,
    estimate_won: Won | None = None,
    envelope: CodeText | None = None,
    field: CodeText | None = None,
    photos: Photos = (),
    author_name: Shown | None = None,
    previous_id: UuidText | None = None,
    *,
    actor: Actor,
) -> ProposalRef:
    """Send an idea to an open call; without `author_name` the author stays unnamed.

    `previous_id` names an own proposal of an earlier call that is sent again.
    Effects: Proposal, ProposalVersion, ProposalPhoto. Source: rulebook `budgeting.proposals_max`.
    """
    call = subject(Call)
    _takes_proposals(call)
    author = actor.behalf
    assert author is not None, "the policy lets persons alone through"
    if not policies.belongs(author, call, clock.now()):
        raise Refusal(BudgetCode.NOT_OF_CALL)
    most = rulebook.value("budgeting.proposals_max").integer
    live = Proposal.rows.filter(call=call, author=author).exclude(state=P.WITHDRAWN)
    if live.count() >= most:
        raise Refusal(BudgetCode.TOO_MANY, count=most)
    previous = None
    if previous_id is not None:
        previous = Proposal.rows.filter(id=previous_id, author=author).exclude(call=call).first()
        if previous is None:
            raise Refusal(CoreCode.NOT_FOUND, field="previous_id")
    made = Proposal(
        id=uuid4(),
        call=call,
        number=writing.next_number(call),
        author=author,
        author_name=author_name or "",
        previous=previous,
        received_at=clock.now(),
        entered_at=clock.now(),
        is_synthetic=call.is_synthetic,
        audit=line().id,
    )
    made.save(force_insert=True)
    told = writing.Told(
        title, need, benefits, place, dong, latitude_e5, longitude_e5, estimate_won, envelope,
        field, photos,
    )  # fmt: skip
    writing.write_version(made, told, actor)
    return ref(made)


@action(
    "budgeting.proposal.revise",
    ko="제안을 고칩니다.",
    en="Revise a proposal.",
    policy=policies.may_revise,
    letters=policies.EVERYBODY,
    subject=subjects.proposal,
    lock=subjects.lock_proposal,
    idempotent=True,
    for_another=True,
    writes=WRITES,
    refusals=(
        CoreCode.NOT_FOUND,
        BudgetCode.NOT_OPEN,
        BudgetCode.WRONG_STATE,
        BudgetCode.UNKNOWN_CODE,
        BudgetCode.PHOTO,
    ),
)
def revise_proposal(
    proposal_id: UuidText,
    title: Name,
    need: Note,
    benefits: Line | None = None,
    place: Line | None = None,
    dong: CodeText | None = None,
    latitude_e5: LatitudeE5 | None = None,
    longitude_e5: LongitudeE5 | None = None,
    estimate_won: Won | None = None,
    envelope: CodeText | None = None,
    field: CodeText | None = None,
    photos: Photos = (),
    change_note: Line | None = None,
    *,
    actor: Actor,
) -> ProposalRef:
    """Write a new version; the old ones stay. One that was sent back is sent again by this.

    A proposal that was sent back may be revised during the review, too. Effects: as for sending.
    """
    proposal = subject(Proposal)
    must_be(proposal, P.SENT, P.RETURNED)
    if not (proposal.state == P.RETURNED and proposal.call.state == Call.State.REVIEWING):
        _takes_proposals(proposal.call)
    proposal.version_count += 1
    proposal.audit = line().id
    proposal.save(update_fields=["version_count", "audit"])
    told = writing.Told(
        title, need, benefits, place, dong, latitude_e5, longitude_e5, estimate_won, envelope,
        field, photos,
    )  # fmt: skip
    writing.write_version(proposal, told, actor, note=change_note or "")
    line().changed("version", proposal.version_count - 1, proposal.version_count)
    if proposal.state == P.RETURNED:
        writing.move(proposal, P.SENT)
    return ref(proposal)


@action(
    "budgeting.proposal.return",
    ko="제안을 고쳐 달라고 돌려보냅니다.",
    en="Send a proposal back to be changed.",
    policy=policies.may_keep_call,
    letters=policies.KEEPERS,
    subject=subjects.kept_proposal,
    lock=subjects.lock_kept_proposal,
    idempotent=True,
    writes=("budgeting_proposal", "core_notice"),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.WRONG_STATE),
    notices=(telling.RETURNED,),
)
def return_proposal(proposal_id: UuidText, why: Note, *, actor: Actor) -> ProposalRef:
    """Ask the author for a change; the reason is public. Effects: Proposal, a notice."""
    proposal = subject(Proposal)
    must_be(proposal, P.SENT)
    writing.move(proposal, P.RETURNED, reason=why[:1000])
    telling.tell_authors(proposal, telling.RETURNED)
    return ref(proposal)


@action(
    "budgeting.proposal.accept",
    ko="제안을 받아들여 검토로 넘깁니다.",
    en="Accept a proposal for review.",
    policy=policies.may_keep_call,
    letters=policies.KEEPERS,
    subject=subjects.kept_proposal,
    lock=subjects.lock_kept_proposal,
    idempotent=True,
    writes=("budgeting_proposal", "core_notice"),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.WRONG_STATE),
    notices=(telling.ACCEPTED,),
)
def accept_proposal(proposal_id: UuidText, *, actor: Actor) -> ProposalRef:
    """Hand a proposal to the departments. Effects: Proposal, a notice."""
    proposal = subject(Proposal)
    must_be(proposal, P.SENT)
    writing.move(proposal, P.ACCEPTED)
    telling.tell_authors(proposal, telling.ACCEPTED)
    return ref(proposal)


@action(
    "budgeting.proposal.reject",
    ko="검토에서 부적합한 제안을 끝냅니다.",
    en="End a proposal that its reviews found unfit.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.kept_proposal,
    lock=subjects.lock_kept_proposal,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=("budgeting_proposal", "core_notice"),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.WRONG_STATE),
    notices=(telling.REJECTED,),
)
def reject_proposal(proposal_id: UuidText, *, actor: Actor) -> ProposalRef:
    """Keep an accepted proposal off the ballot, with a public reason. Effects: Proposal."""
    proposal = subject(Proposal)
    must_be(proposal, P.ACCEPTED)
    writing.move(proposal, P.REJECTED, reason=current().reason or "")
    telling.tell_authors(proposal, telling.REJECTED)
    return ref(proposal)


@action(
    "budgeting.proposal.withdraw",
    ko="제안을 거둡니다.",
    en="Withdraw a proposal.",
    policy=policies.may_revise,
    letters=policies.EVERYBODY,
    subject=subjects.proposal,
    lock=subjects.lock_proposal,
    idempotent=True,
    for_another=True,
    writes=("budgeting_proposal",),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.WRONG_STATE),
)
def withdraw_proposal(proposal_id: UuidText, *, actor: Actor) -> ProposalRef:
    """Take an own proposal back before it stands on the ballot. Effects: Proposal."""
    proposal = subject(Proposal)
    must_be(proposal, P.SENT, P.RETURNED, P.ACCEPTED)
    writing.move(proposal, P.WITHDRAWN)
    return ref(proposal)


@action(
    "budgeting.proposal.join",
    ko="제안에 함께하거나 공감합니다.",
    en="Join or support a proposal.",
    policy=policies.may_propose,
    letters=policies.EVERYBODY,
    subject=subjects.proposal,
    lock=subjects.lock_proposal,
    idempotent=True,
    for_another=True,
    writes=("budgeting_proposalperson",),
    refusals=(
        CoreCode.NOT_FOUND,
        BudgetCode.WRONG_STATE,
        BudgetCode.NOT_OF_CALL,
        BudgetCode.JOINED,
    ),
)
def join_proposal(
    proposal_id: UuidText,
    role: Literal["coauthor", "supporter", "none"],
    shown_name: Shown | None = None,
    *,
    actor: Actor,
) -> ProposalRef:
    """Stand beside an author, show support, or leave again (`none`).

    Effects: ProposalPerson; who leaves can come back.
    """
    proposal = subject(Proposal)
    must_be(proposal, P.SENT, P.RETURNED, P.ACCEPTED)
    person = actor.behalf
    assert person is not None, "the policy lets persons alone through"
    if not policies.belongs(person, proposal.call, clock.now()):
        raise Refusal(BudgetCode.NOT_OF_CALL)
    held: ProposalPerson | None = proposal.people.filter(person=person).first()
    standing = held.role if held is not None and held.left_at is None else "none"
    if proposal.author == person or standing == role:
        raise Refusal(BudgetCode.JOINED)
    row = held or ProposalPerson(proposal=proposal, person=person)
    if role == "none":
        row.left_at = clock.now()
    else:
        row.role, row.shown_name = role, shown_name or ""
        row.joined_at, row.left_at = clock.now(), None
    row.audit = line().id
    row.save()
    line().changed("role", standing, role)
    return ref(proposal)


@dataclass(frozen=True, slots=True)
class CommentRef:
    """A comment and the proposal it stands under."""

    id: str
    proposal: str


@action(
    "budgeting.proposal.comment",
    ko="제안에 댓글을 씁니다.",
    en="Comment on a proposal.",
    policy=policies.may_propose,
    letters=policies.EVERYBODY,
    subject=subjects.proposal,
    idempotent=True,
    writes=("budgeting_comment",),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.WRONG_STATE, BudgetCode.NOT_OF_CALL),
)
def comment(
    proposal_id: UuidText,
    text: Annotated[Note, Bound(max_length=2000)],
    shown_name: Shown | None = None,
    *,
    actor: Actor,
) -> CommentRef:
    """Say something to a living proposal; without `shown_name` the writer stays unnamed.

    Effects: Comment, never changed; moderation can hide it with a public reason.
    """
    proposal = subject(Proposal)
    must_be(proposal, P.SENT, P.RETURNED, P.ACCEPTED, P.PROJECT)
    if not policies.may_keep_call.holds(actor, proposal, clock.now()) and not policies.belongs(
        actor.id, proposal.call, clock.now()
    ):
        raise Refusal(BudgetCode.NOT_OF_CALL)
    made = Comment.rows.create(
        proposal=proposal,
        person=actor.id,
        shown_name=shown_name or "",
        text=text,
        at=clock.now(),
        audit=line().id,
    )
    ref(proposal)
    return CommentRef(str(made.id), str(proposal.id))
