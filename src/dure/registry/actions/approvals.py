"""The second person: asked with the exact body, decided by somebody else, run at once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from dure.core import assurance, clock, door, jobs, rulebook, running
from dure.core.actions import CATALOGUE, Reason, action, line, run, subject
from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import CodeText, Digest, Line, UuidText
from dure.engines.canonical import sha256_hex
from dure.registry import policies
from dure.registry.errors import RegistryCode
from dure.registry.models import Approval, ApprovalDecision, Tie
from dure.registry.queries import subjects

BodyText = Annotated[str, Field(min_length=2, max_length=100_000)]
SECONDS = (Role.BOARD, Role.OFFICIAL, Role.STAFF, Role.APPROVER, Role.TREASURER, Role.ETHICS)


@dataclass(frozen=True, slots=True)
class ApprovalRef:
    """An approval: its id and state."""

    id: str
    state: str


@action(
    "registry.approval.ask",
    ko="두 번째 사람의 승인을 요청합니다.",
    en="Ask a second person to approve an action.",
    policy=policies.is_person & ~policies.acts_for_another,
    letters=EVERY_PERSON,
    faces=(),
    audit_refusals=True,
    writes=("registry_approval",),
)
def ask_approval(
    action: CodeText,
    body: BodyText,
    body_hash: Digest,
    organisation_id: UuidText | None = None,
    why: Line | None = None,
    *,
    actor: Actor,
) -> ApprovalRef:
    """Keep an action and its body until a second person decides; the door calls this alone.

    The same open question is asked once. Source: rulebook `approval.days`.
    """
    content: dict[str, Any] = json.loads(body)  # Any: JSON of any action's body
    now = clock.now()
    organisation = organisation_id or subjects.organisation_named(content)
    assert actor.id is not None
    assert sha256_hex(content) == body_hash, "the door hashed another body"
    open_rows = Approval.objects.within(actor).filter(requester=actor.id, state="asked")
    same = open_rows.filter(action=action, body_hash=body_hash, expires_at__gt=now).first()
    if same is not None:
        line().object("registry.approval", same.pk)
        return ApprovalRef(str(same.pk), same.state)
    made = Approval.rows.create(
        action=action,
        body=content,
        body_hash=body_hash,
        requester=actor.id,
        organisation=organisation,
        **scope_named(content, organisation),
        reason=why or "",
        asked_at=now,
        expires_at=now + timedelta(days=rulebook.value("approval.days").integer),
        audit=line().id,
    )
    line().object("registry.approval", made.pk)
    line().organisation(organisation)
    line().changed("action", None, action)
    return ApprovalRef(str(made.pk), made.state)


def scope_named(body: dict[str, Any], organisation_id: str | None) -> dict[str, str]:  # Any: JSON
    """The scope on whose desk the question lies: what the body names, or its organisation."""
    if body.get("scope_kind") in ("organisation", "district"):
        return {"scope_kind": body["scope_kind"], "scope_id": str(body["scope_id"])}
    if isinstance(body.get("district"), str) and organisation_id is None:
        return {"scope_kind": "district", "scope_id": body["district"]}
    district = subjects.district_of_organisation(organisation_id) if organisation_id else None
    return {"scope_kind": "district" if district else "", "scope_id": district or ""}


@action(
    "registry.approval.decide",
    ko="요청받은 일을 승인하거나 거절합니다.",
    en="Approve or refuse what another person asks for.",
    policy=~policies.is_requester & policies.is_person & ~policies.acts_for_another,
    letters=dict.fromkeys(SECONDS, "o"),
    subject=subjects.lock_approval,
    idempotent=True,
    reason=Reason.OPTIONAL,
    audit_refusals=True,
    writes=("registry_approval", "registry_approvaldecision"),
    refusals=(
        RegistryCode.APPROVAL_OWN,
        RegistryCode.APPROVAL_TIED,
        RegistryCode.APPROVAL_OVER,
        CoreCode.STATE_CHANGED,
    ),
    constraints={
        "approvaldecision_one_a_person": RegistryCode.CROSSED,
        "registry.approval_by_requester": RegistryCode.APPROVAL_OWN,
        "registry.approval_by_tied_person": RegistryCode.APPROVAL_TIED,
        "registry.approval_is_over": RegistryCode.APPROVAL_OVER,
    },
)
def decide_approval(
    approval_id: UuidText, outcome: Literal["approve", "refuse"], *, actor: Actor
) -> ApprovalRef:
    """Decide as the second person; an approved action runs now, as the requester, in one piece.

    Both policies, state and body hash are asked anew; a refusal of the action refuses the decision.
    A long action runs as a job.
    """
    approval = subject(Approval)
    assert actor.id is not None
    _check_second(approval, actor)
    line().object("registry.approval", approval.pk)
    line().organisation(approval.organisation)
    ApprovalDecision.rows.create(
        approval=approval,
        approver=actor.id,
        outcome="approved" if outcome == "approve" else "refused",
        decided_at=clock.now(),
        audit=line().id,
    )
    approval.state = Approval.State.REFUSED
    if outcome == "approve":
        approval.state = Approval.State.APPROVED
        requester = Actor.person(approval.requester, origin=actor.origin)
        if CATALOGUE[approval.action].long:
            jobs.later("registry.approval.run", {"approval_id": str(approval.pk)}, requester)
        else:
            _run(approval, requester)
    line().changed("state", "asked", approval.state)
    approval.audit = line().id
    approval.save(update_fields=["state", "audit"])
    return ApprovalRef(str(approval.pk), approval.state)


def _run(approval: Approval, requester: Actor) -> None:
    if sha256_hex(approval.body) != approval.body_hash:
        raise Refusal(CoreCode.STATE_CHANGED, state=approval.get_state_display())
    answers = ApprovalDecision.rows.filter(approval=approval, outcome="approved")
    running.current().approvers = tuple(answers.values_list("approver", flat=True))
    run(approval.action, approval.body, requester, reason=approval.reason or None)
    approval.state = Approval.State.USED


def _check_second(approval: Approval, actor: Actor) -> None:
    if approval.state != Approval.State.ASKED or approval.expires_at <= clock.now():
        raise Refusal(RegistryCode.APPROVAL_OVER)
    entry = CATALOGUE[approval.action]
    body = entry.body.model_validate(approval.body)
    second = assurance.carried(actor, strong=entry.asks_second_step)
    thing = door.subject_of(entry, body, second, clock.now())
    door.ask(entry, second, thing, clock.now(), entry.approver)
    living = Tie.rows.filter(ends__isnull=True, tie__isnull=True)
    tied = living.filter(person_id=actor.id, organisation_id=approval.organisation)
    related = living.filter(person_id=actor.id, other_person_id=approval.requester)
    other = living.filter(person_id=approval.requester, other_person_id=actor.id)
    if (approval.organisation and tied.exists()) or related.exists() or other.exists():
        raise Refusal(RegistryCode.APPROVAL_TIED)


@action(
    "registry.approval.run",
    ko="승인받은 긴 일을 실행합니다.",
    en="Run a long action that a second person approved.",
    policy=policies.is_requester,
    letters=EVERY_PERSON,
    subject=subjects.lock_approval,
    idempotent=True,
    long=True,
    faces=("job",),
    writes=("registry_approval",),
    refusals=(RegistryCode.APPROVAL_OVER,),
)
def run_approved(approval_id: UuidText, *, actor: Actor) -> ApprovalRef:
    """Run what was approved, as the requester, with the exact body."""
    approval = subject(Approval)
    if approval.state != Approval.State.APPROVED:
        raise Refusal(RegistryCode.APPROVAL_OVER)
    line().object("registry.approval", approval.pk)
    line().organisation(approval.organisation)
    _run(approval, actor)
    approval.audit = line().id
    approval.save(update_fields=["state", "audit"])
    return ApprovalRef(str(approval.pk), approval.state)


@action(
    "registry.approval.withdraw",
    ko="내가 낸 승인 요청을 거둡니다.",
    en="Withdraw one's own request for approval.",
    policy=policies.is_requester,
    letters=EVERY_PERSON,
    subject=subjects.lock_approval,
    idempotent=True,
    writes=("registry_approval",),
    refusals=(RegistryCode.APPROVAL_OVER,),
)
def withdraw_approval(approval_id: UuidText, *, actor: Actor) -> ApprovalRef:
    """Take a request back that nobody has decided yet."""
    approval = subject(Approval)
    if approval.state != Approval.State.ASKED:
        raise Refusal(RegistryCode.APPROVAL_OVER)
    approval.state, approval.audit = Approval.State.WITHDRAWN, line().id
    approval.save(update_fields=["state", "audit"])
    line().object("registry.approval", approval.pk)
    line().changed("state", "asked", "withdrawn")
    return ApprovalRef(str(approval.pk), approval.state)
