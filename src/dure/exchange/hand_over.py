"""Hand-over by code: what one party shows, and the other scans within five minutes.

Law: a code names its case, step, giver and the moment at which the case entered its state, so it
is used once: the step that takes it ends that state. Its age is told by the database's clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.core import signing

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.exchange.cases import Case, held_roles
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Party

SALT = "exchange.hand_over"
LIFE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Shown:
    """Who showed a code, for whom, in which role."""

    person: UUID
    acting_for: UUID | None
    role: str

    @property
    def people(self) -> frozenset[UUID]:
        """Those who stand behind it."""
        return frozenset(one for one in (self.person, self.acting_for) if one is not None)


def code(case: Case, actor: Actor) -> str | None:
    """The code that `actor` may show for a step of two; None when it is not hers to show."""
    roles = held_roles(case, actor)
    if not roles or len(case.transition.by) < 2 or actor.id is None:
        return None
    body = [
        str(case.agreement.id),
        case.transition.name,
        case.agreement.entered_at.isoformat(),
        str(actor.id),
        str(actor.acting_for or ""),
        roles[0],
        clock.now().isoformat(),
    ]
    return signing.dumps(body, salt=SALT)


def read(text: str, case: Case) -> Shown:
    """Who showed this code. Raises HAND_OVER_INVALID for any that is not good here and now."""
    try:
        agreement, name, entered, person, helped, role, at = signing.loads(text, salt=SALT)
    except (signing.BadSignature, ValueError):
        raise Refusal(ExchangeCode.HAND_OVER_INVALID) from None
    fits = (
        agreement == str(case.agreement.id)
        and name == case.transition.name
        and entered == case.agreement.entered_at.isoformat()
        and role in {one.key for one in case.transition.by}
        and clock.now() < datetime.fromisoformat(at) + LIFE
    )
    if not fits or not _still(case, UUID(helped or person), role):
        raise Refusal(ExchangeCode.HAND_OVER_INVALID)
    return Shown(UUID(person), UUID(helped) if helped else None, role)


def _still(case: Case, person: UUID, role: str) -> bool:
    """Whether a party's role is still hers; who works for the host was asked when it was made."""
    if case.process.role(role).works:
        return True
    return Party.rows.filter(agreement=case.agreement, role=role, person=person).exists()
