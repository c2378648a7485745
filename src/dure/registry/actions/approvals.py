"""The second person: asked with the exact body, decided by somebody else, run at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, ValidationError

from dure.core import clock, rulebook
from dure.core.actions import CATALOGUE, Reason, action, line, run, subject
from dure.core.actors import Actor, Grant, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import CodeText, Line, UuidText
from dure.engines.canonical import sha256_hex
from dure.registry import policies
from dure.registry.errors import RegistryCode
from dure.registry.models import Approval, ApprovalDecision, Organisation, Tie
from dure.registry.queries import subjects

BodyText = Annotated[str, Field(min_length=2, max_length=20_000)]
SECONDS = (Role.BOARD, Role.OFFICIAL, Role.STAFF, Role.APPROVER, Role.TREASURER, Role.ETHICS)


@dataclass(frozen=True, slots=True)
class ApprovalRef:
    """An approval: its id and state."""

    id: str
    state: str


def _works(actor: Actor) -> tuple[Grant, ...]:
    return tuple(grant for grant in actor.grants if grant.role in SECONDS)


@action(
    "registry.approval.ask",
    ko="두 번째 사람의 승인을 요청합니다.",
    en="Ask a second person to approve an action.",
    policy=policies.is_person & ~policies.acts_for_another,
    letters={role: "o" for role in SECONDS},
    idempotent=True,
    audit_refusals=True,
    writes=("registry_approval",),
    refusals=(RegistryCode.MANDATE_SCOPE,),
)
def ask_approval(
    action: CodeText, body: BodyText, why: Line | None = None, *, actor: Actor
) -> ApprovalRef:
    """Keep an action and its body until a second person of the same scope decides.

    The body is checked now and runs exactly as it stands. Source: rulebook `approval.days`.
    """
    entry = CATALOGUE.get(action)
    if entry is None or not any("2" in letters for letters in entry.letters.values()):
        raise Refusal(CoreCode.NOT_FOUND)
    content = _body(action, body)
    scope_kind, scope_id, organisation = _scope(content, actor)
    now = clock.now()
    days = rulebook.value("approval.days").integer
    assert actor.id is not None
    made = Approval.rows.create(
        action=action,
        body=content,
        body_hash=sha256_hex(content),
        requester=actor.id,
        scope_kind=scope_kind,
        scope_id=scope_id,
        organisation=organisation,
        reason=why or "",
        asked_at=now,
        expires_at=now + timedelta(days=days),
        audit=line().id,
    )
    line().object("registry.approval", made.pk)
    line().organisation(organisation)
    line().changed("action", None, action)
    return ApprovalRef(str(made.pk), made.state)


def _body(action: str, text: str) -> dict[str, Any]:  # Any: JSON of any action's body
    try:
        parsed = CATALOGUE[action].body.model_validate(json.loads(text))
    except (ValidationError, ValueError, RecursionError):
        raise Refusal(CoreCode.BAD_FIELD, field="body", range=action) from None
    plain: dict[str, Any] = json.loads(parsed.model_dump_json(exclude_none=True))  # Any: as above
    return plain


def _scope(body: Mapping[str, Any], actor: Actor) -> tuple[str, str, UUID | None]:  # Any: as above
    """The scope whose people may be the second: the organisation's or district's of the body."""
    if body.get("scope_kind") in ("organisation", "district"):
        kind, where = body["scope_kind"], body["scope_id"]
        if any(grant.scope_kind == kind and grant.scope_id == where for grant in _works(actor)):
            return kind, where, UUID(where) if kind == "organisation" else None
        raise Refusal(CoreCode.NOT_FOUND)
    named = body.get("organisation_id") or body.get("kept_id")
    district = body.get("district")
    organisation = None
    if named:
        rows = Organisation.objects.within(actor).filter(subjects.working_q(actor))
        organisation = rows.filter(pk=named).first()
        if organisation is None:
            raise Refusal(CoreCode.NOT_FOUND)
        district = organisation.district_id
    for grant in _works(actor):
        if grant.scope_kind == "district" and grant.scope_id == district:
            return "district", str(district), organisation.pk if organisation else None
        if organisation and grant.scope_id == str(organisation.pk):
            return "organisation", str(organisation.pk), organisation.pk
    if len({(g.scope_kind, g.scope_id) for g in _works(actor)}) == 1 and not (named or district):
        only = _works(actor)[0]
        return only.scope_kind, only.scope_id, None
    raise Refusal(RegistryCode.MANDATE_SCOPE, field="body")


@action(
    "registry.approval.decide",
    ko="요청받은 일을 승인하거나 거절합니다.",
    en="Approve or refuse what another person asks for.",
    policy=~policies.is_requester & policies.is_person & ~policies.acts_for_another,
    letters={role: "o" for role in SECONDS},
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
    constraints={"approvaldecision_one_a_person": RegistryCode.CROSSED},
)
def decide_approval(
    approval_id: UuidText, outcome: Literal["approve", "refuse"], *, actor: Actor
) -> ApprovalRef:
    """Decide as the second person; an approved action runs now, as the requester, in one piece.

    Both policies, state and body hash are asked anew. A refusal of the action refuses the decision.
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
    approval.state = "approved" if outcome == "approve" else "refused"
    if outcome == "approve":
        if sha256_hex(approval.body) != approval.body_hash:
            raise Refusal(CoreCode.STATE_CHANGED, state=approval.get_state_display())
        agreed = policies.Agreed(approval.action, approval.requester, actor.id)
        requester = Actor.person(approval.requester, origin=actor.origin)
        with policies.agreed(agreed):
            run(approval.action, approval.body, requester, reason=approval.reason or None)
        approval.state = Approval.State.USED
    line().changed("state", "asked", approval.state)
    approval.audit = line().id
    approval.save(update_fields=["state", "audit"])
    return ApprovalRef(str(approval.pk), approval.state)


def _check_second(approval: Approval, actor: Actor) -> None:
    if approval.state != Approval.State.ASKED or approval.expires_at <= clock.now():
        raise Refusal(RegistryCode.APPROVAL_OVER)
    held = any(
        grant.scope_kind == approval.scope_kind and grant.scope_id == approval.scope_id
        for grant in _works(actor)
    )
    if not held:
        raise Refusal(CoreCode.NOT_FOUND)
    living = Tie.rows.filter(ends__isnull=True, tie__isnull=True)
    tied = living.filter(person_id=actor.id, organisation_id=approval.organisation)
    related = living.filter(person_id=actor.id, other_person_id=approval.requester)
    other = living.filter(person_id=approval.requester, other_person_id=actor.id)
    if (approval.organisation and tied.exists()) or related.exists() or other.exists():
        raise Refusal(RegistryCode.APPROVAL_TIED)


@action(
    "registry.approval.withdraw",
    ko="내가 낸 승인 요청을 거둡니다.",
    en="Withdraw one's own request for approval.",
    policy=policies.is_requester,
    letters={role: "o" for role in SECONDS},
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
