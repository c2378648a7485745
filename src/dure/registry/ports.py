"""What the registry serves to core: grants in force, who holds a role, and the second person."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from dure.core import statements
from dure.core.actions import run
from dure.core.actors import Grant, Role
from dure.core.approvals import ASK, CHECK, Question
from dure.core.assurance import OWN
from dure.core.door import ACTORS_ENDED, ACTORS_LOAD, ACTS_FOR
from dure.core.errors import CoreCode, Refusal
from dure.core.heads import HOLDERS
from dure.core.running import line
from dure.registry.errors import RegistryCode
from dure.registry.models import Approval, ApprovalDecision
from dure.registry.queries.acting import stretch_of

ROLES = {role.code: role for role in Role}


@ACTORS_LOAD.plug
def grants_of(
    person_id: UUID, now: datetime, brought: Sequence[str] | None = None
) -> tuple[Grant, ...]:
    """Return the mandates and memberships of an active person in force at `now`, as grants.

    A mandate of a role that opens nothing by itself (contact, acts_for) gives no grant. A person
    who is paused or erased has none. `brought`: what `dure_grants` answered already.
    """
    if brought is None:
        found = statements.row("SELECT dure_grants(%s, %s)", (person_id, now))
        brought = found[0] if found else ()
    triples = zip(brought[::3], brought[1::3], brought[2::3], strict=True)
    return tuple(Grant(ROLES[role], kind, scope) for role, kind, scope in triples if role in ROLES)


@ACTS_FOR.plug
def grants_acting_for(staff: UUID, person: UUID, allowed: bool, now: datetime) -> tuple[Grant, ...]:
    """Return what a person carries herself, for the staff who act for her at the counter now.

    Mandates are nobody else's: of either only what belongs to the person stays. Raises
    Refusal(NOT_FOR_ANOTHER) where the action is not to be done for another, and
    Refusal(ACTING_OVER) when the stretch, the mandate or the consent has ended.
    """
    if not allowed:
        raise Refusal(RegistryCode.NOT_FOR_ANOTHER)
    if stretch_of(staff, person, now) is None:
        raise Refusal(RegistryCode.ACTING_OVER)
    return tuple(grant for grant in grants_of(person, now) if grant.role in OWN)


ENDED = """
SELECT m.role, m.scope_kind, m.scope_id, upper(m.valid)
FROM registry_mandate m
WHERE m.person_id = %s AND upper(m.valid) <= %s
ORDER BY upper(m.valid) DESC LIMIT 50
"""


@ACTORS_ENDED.plug
def grants_ended(person_id: UUID, now: datetime) -> tuple[tuple[Grant, datetime], ...]:
    """Return the mandates of a person that ended before `now`, the latest first, at most 50."""
    with connection.cursor() as cursor:
        cursor.execute(ENDED, [person_id, now])
        rows = cursor.fetchall()
    return tuple(
        (Grant(Role.of(role), kind, scope), end) for role, kind, scope, end in rows if role in ROLES
    )


HOLDING = """
SELECT DISTINCT m.person_id
FROM registry_mandate m JOIN registry_person p ON p.id = m.person_id
WHERE m.role = %s AND m.valid @> %s::timestamptz AND p.state = 'active'
ORDER BY 1
"""


@HOLDERS.plug
def holders_of(role: Role, now: datetime) -> tuple[UUID, ...]:
    """Return the active people who hold a role somewhere at `now`."""
    with connection.cursor() as cursor:
        cursor.execute(HOLDING, [role.code, now])
        rows = cursor.fetchall()
    return tuple(person for (person,) in rows)


@ASK.plug
def ask(question: Question) -> UUID:
    """Keep a question to a second person; the same open question gives the same id."""
    body = {
        "action": question.action,
        "body": json.dumps(question.body, ensure_ascii=False),
        "body_hash": question.body_hash,
    }
    if question.organisation is not None:
        body["organisation_id"] = str(question.organisation)
    if question.reason:
        body["why"] = question.reason[:200]
    outcome = run("registry.approval.ask", body, question.requester)
    return UUID(outcome.result.id)


@CHECK.plug
def check(
    approval: UUID, action: str, body_hash: str, requester: UUID, now: datetime
) -> tuple[UUID, ...]:
    """Lock an approval, mark it used and return its approvers.

    Raises Refusal(STATE_CHANGED) unless it is approved, in time, not used, and for exactly this.
    """
    rows = Approval.objects.everything("the door asks for one approval by its id")
    found = rows.select_for_update(no_key=True).filter(pk=approval).first()
    if (
        found is None
        or found.state != Approval.State.APPROVED
        or found.expires_at <= now
        or (found.action, found.body_hash, found.requester) != (action, body_hash, requester)
    ):
        state = found.get_state_display() if found else "–"
        raise Refusal(CoreCode.STATE_CHANGED, state=state)
    found.state, found.audit = Approval.State.USED, line().id
    found.save(update_fields=["state", "audit"])
    decisions = ApprovalDecision.rows.filter(approval=found, outcome="approved")
    return tuple(decisions.values_list("approver", flat=True))
