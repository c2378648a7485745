"""The second person: asking for one, and running what a second person approved.

Nouns: requester (요청한 사람), approver (승인한 사람), approval (승인).
Law: an approval holds the canonical body. When it runs, both policies, the state and the hash are
asked anew; approver and requester are different people.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dure.core.actors import Actor
from dure.core.ports import Port


@dataclass(frozen=True, slots=True)
class Question:
    """What a second person is asked: this action with exactly this body, for this requester."""

    action: str
    body: dict[str, object]
    body_hash: str
    requester: Actor
    organisation: UUID | None
    reason: str | None


# Called by the door after the first transaction has rolled back, outside any transaction. Runs its
# own action and gives the id of the approval; the same open question gives the same id again.
Ask = Callable[[Question], UUID]
ASK: Port[Ask] = Port("approvals.ask", served_by="registry")

# Called by the door inside the action's transaction. Locks the approval, marks it used and gives
# its approvers; raises `core.state_changed` unless it is approved, not expired, not used, and for
# this action, body hash and requester.
Check = Callable[[UUID, str, str, UUID, datetime], tuple[UUID, ...]]
CHECK: Port[Check] = Port("approvals.check", served_by="registry")
