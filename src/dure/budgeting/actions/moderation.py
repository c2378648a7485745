"""Moderation in the open: hide and show again with a public reason, and the writer's appeal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from dure.budgeting import policies, subjects, telling
from dure.budgeting.errors import BudgetCode
from dure.budgeting.models import (
    Comment,
    Moderation,
    ModerationAppeal,
    Proposal,
    ProposalPhoto,
)
from dure.core import clock, notices
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.running import current
from dure.core.types import Line, UuidText

Target = Literal["proposal", "comment", "photo"]
HidingCode = Literal[
    "personal", "insult", "hate", "advert", "rights", "off_topic", "repeated", "illegal"
]
ShowingCode = Literal["mended", "mistaken", "granted"]
WRITES = ("budgeting_moderation", "budgeting_proposal", "core_notice")
REFUSALS = (CoreCode.NOT_FOUND, BudgetCode.MODERATES_OWN, BudgetCode.MODERATED)


@dataclass(frozen=True, slots=True)
class ModerationRef:
    """One act of moderation, and whether the thing is hidden now."""

    id: str
    proposal: str
    hidden: bool


@action(
    "budgeting.moderation.hide",
    ko="댓글, 사진이나 제안 글을 가립니다.",
    en="Hide a comment, a photo or the text of a proposal.",
    policy=policies.may_keep_call,
    letters=policies.KEEPERS,
    subject=subjects.kept_proposal,
    lock=subjects.lock_kept_proposal,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=WRITES,
    refusals=REFUSALS,
    notices=(telling.HIDDEN,),
)
def hide(
    proposal_id: UuidText,
    target: Target,
    reason_code: HidingCode,
    target_id: UuidText | None = None,
    *,
    actor: Actor,
) -> ModerationRef:
    """Hide one thing; its place stays, with the reason, and its writer may appeal once.

    target_id : of the comment, or of the photo's upload; not for the proposal itself
    Effects: Moderation, Proposal when it is its text; a notice to whoever wrote it.
    """
    return _moderate(target, target_id, reason_code, actor, hidden=True)


@action(
    "budgeting.moderation.show",
    ko="가린 것을 다시 보입니다.",
    en="Show again what was hidden.",
    policy=policies.may_keep_call,
    letters=policies.KEEPERS,
    subject=subjects.kept_proposal,
    lock=subjects.lock_kept_proposal,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=WRITES,
    refusals=REFUSALS,
    notices=(telling.SHOWN,),
)
def show(
    proposal_id: UuidText,
    target: Target,
    reason_code: ShowingCode,
    target_id: UuidText | None = None,
    *,
    actor: Actor,
) -> ModerationRef:
    """Show one hidden thing again; both acts stay in the log. Effects: as for hiding."""
    return _moderate(target, target_id, reason_code, actor, hidden=False)


@action(
    "budgeting.moderation.uphold",
    ko="이의를 살핀 뒤 가린 채로 둡니다.",
    en="Keep a thing hidden after its appeal.",
    policy=policies.may_keep_call,
    letters=policies.KEEPERS,
    subject=subjects.kept_proposal,
    lock=subjects.lock_kept_proposal,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=WRITES,
    refusals=(*REFUSALS, BudgetCode.MODERATED_ALONE),
    notices=(telling.UPHELD,),
)
def uphold(
    proposal_id: UuidText,
    target: Target,
    target_id: UuidText | None = None,
    *,
    actor: Actor,
) -> ModerationRef:
    """Answer an appeal with no; somebody else than who hid the thing does. Effects: as above."""
    last = _last(subject(Proposal), target, _key(target, target_id))
    if last is None or not last.hidden or not hasattr(last, "appeal"):
        raise Refusal(BudgetCode.MODERATED)
    if last.by == actor.id:
        raise Refusal(BudgetCode.MODERATED_ALONE)
    return _moderate(target, target_id, last.reason_code, actor, hidden=True, again=True)


def _key(target: str, target_id: str | None) -> str:
    """How a thing is named in the log. Raises Refusal(NOT_FOUND) for a part that is not named."""
    if (target == "proposal") != (target_id is None):
        raise Refusal(CoreCode.NOT_FOUND, field="target_id")
    return target_id or ""


def _last(proposal: Proposal, target: str, key: str) -> Moderation | None:
    rows = proposal.moderations.filter(target=target, target_id=key).select_related("appeal")
    found: Moderation | None = rows.order_by("-pk").first()
    return found


def writers(proposal: Proposal, target: str, key: str) -> set[UUID]:
    """Who wrote a thing of a proposal. Raises Refusal(NOT_FOUND) where it has no such thing."""
    if target == "comment":
        found = set(Comment.rows.filter(proposal=proposal, pk=key).values_list("person", flat=True))
    elif target == "photo":
        rows = ProposalPhoto.rows.filter(version__proposal=proposal, upload=key)
        found = subjects.authors(proposal) if rows.exists() else set()
    else:
        found = subjects.authors(proposal)
    if not found:
        raise Refusal(CoreCode.NOT_FOUND, field="target_id")
    return found


def _moderate(
    target: str, target_id: str | None, reason_code: str, actor: Actor, *, hidden: bool,
    again: bool = False,
) -> ModerationRef:  # fmt: skip
    proposal = subject(Proposal)
    key = _key(target, target_id)
    wrote = writers(proposal, target, key)
    if actor.id in wrote | subjects.authors(proposal):
        raise Refusal(BudgetCode.MODERATES_OWN)
    last = _last(proposal, target, key)
    is_hidden = last is not None and last.hidden
    if is_hidden == hidden and not again:
        raise Refusal(BudgetCode.MODERATED)
    made = Moderation.rows.create(
        proposal=proposal,
        target=target,
        target_id=key,
        hidden=hidden,
        reason_code=reason_code,
        reason=current().reason or "",
        by=actor.id,
        at=clock.now(),
        audit=line().id,
    )
    if target == "proposal":
        proposal.is_hidden, proposal.audit = hidden, line().id
        proposal.save(update_fields=["is_hidden", "audit"])
    line().object("budgeting.proposal", proposal.id)
    line().organisation(proposal.call.organisation_id)
    line().changed(f"{target}.hidden", is_hidden, hidden)
    places: dict[str, str | int] = {"proposal": str(proposal.id), "number": proposal.number}
    told = telling.UPHELD if again else telling.HIDDEN if hidden else telling.SHOWN
    notices.tell_many(sorted(wrote), told, places=places)
    return ModerationRef(str(made.pk), str(proposal.id), hidden)


@action(
    "budgeting.moderation.appeal",
    ko="쓴 것이 가려진 데에 이의를 냅니다.",
    en="Appeal against the hiding of what one wrote.",
    policy=policies.may_propose,
    letters=policies.EVERYBODY,
    subject=subjects.proposal,
    lock=subjects.lock_proposal,
    idempotent=True,
    for_another=True,
    writes=("budgeting_moderationappeal",),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.APPEALED),
)
def appeal(
    proposal_id: UuidText,
    target: Target,
    text: Line,
    target_id: UuidText | None = None,
    *,
    actor: Actor,
) -> ModerationRef:
    """Say once why a thing one wrote should be shown again. Effects: ModerationAppeal.

    Who hid it may still show it again; only somebody else may uphold.
    """
    proposal = subject(Proposal)
    key = _key(target, target_id)
    if actor.behalf not in writers(proposal, target, key):
        raise Refusal(CoreCode.NOT_FOUND, field="target_id")
    last = _last(proposal, target, key)
    upheld = proposal.moderations.filter(
        target=target, target_id=key, hidden=True, appeal__isnull=False
    )
    if last is None or not last.hidden:
        raise Refusal(BudgetCode.APPEALED)
    shown = proposal.moderations.filter(target=target, target_id=key, hidden=False)
    since = shown.order_by("-pk").values_list("pk", flat=True).first() or 0
    if upheld.filter(pk__gt=since).exists():
        raise Refusal(BudgetCode.APPEALED)
    ModerationAppeal.rows.create(
        moderation=last, text=text, by=actor.behalf, at=clock.now(), audit=line().id
    )
    line().object("budgeting.proposal", proposal.id)
    line().organisation(proposal.call.organisation_id)
    return ModerationRef(str(last.pk), str(proposal.id), hidden=True)
