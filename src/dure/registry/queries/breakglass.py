"""Break-glass: what waits for a second person, is open, or is to be looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from dure.core import assurance, clock, door, rulebook
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.registry.models import BreakGlass, Person

HOLDERS = (Role.ETHICS, Role.VAULT)
REVIEWERS = (*HOLDERS, Role.AUDITOR)
PURPOSE = "break_glass"


@dataclass(frozen=True, slots=True)
class BreakGlassShown:
    """One break-glass, as those see it who ask, grant and review: no name."""

    id: UUID
    person_id: UUID
    state: str
    why: str
    asked_at: datetime
    ends_at: datetime | None
    review_by: date | None
    may_decide: bool
    may_read: bool
    may_review: bool
    finding: str


def person_named(body: object, actor: Actor) -> Person:
    """The person named, for a holder of the role; else not found."""
    person: Person | None = Person.rows.filter(pk=getattr(body, "person_id", None)).first()
    if person is None or not any(actor.has(role) for role in HOLDERS):
        raise Refusal(CoreCode.NOT_FOUND)
    return person


def row_named(body: object, actor: Actor) -> BreakGlass:
    """The break-glass named, for those who ask, grant or review; else not found."""
    found = BreakGlass.rows.filter(pk=getattr(body, "breakglass_id", None)).first()
    if found is None or not any(actor.has(role) for role in REVIEWERS):
        raise Refusal(CoreCode.NOT_FOUND)
    row: BreakGlass = found
    return row


def own_row(body: object, actor: Actor) -> BreakGlass:
    """The break-glass that the actor asked for; else not found."""
    row = row_named(body, actor)
    if row.asked_by != actor.id:
        raise Refusal(CoreCode.NOT_FOUND)
    return row


def row_locked(body: object, actor: Actor) -> BreakGlass:
    """The same as `row_named`, held until the commit."""
    row: BreakGlass = BreakGlass.rows.select_for_update(no_key=True).get(
        pk=row_named(body, actor).pk
    )
    return row


def list_for(actor: Actor) -> list[BreakGlassShown]:
    """The newest of them. Raises NOT_FOUND without the role, SECOND_STEP before the step."""
    known = door.load_grants(actor, clock.now())
    if not any(known.has(role) for role in REVIEWERS):
        full = assurance.restored(known)
        waits = any(full.has(role) for role in REVIEWERS)
        raise Refusal(CoreCode.SECOND_STEP if waits else CoreCode.NOT_FOUND)
    now = clock.now()
    days = rulebook.value("breakglass.days_review").integer
    holds = any(known.has(role) for role in HOLDERS)
    return [
        BreakGlassShown(
            id=row.id,
            person_id=row.person_id,
            state=row.get_state_display(),
            why=row.why,
            asked_at=row.asked_at,
            ends_at=row.ends_at,
            review_by=clock.kst_date(row.granted_at + timedelta(days=days))
            if row.granted_at
            else None,
            may_decide=holds and row.state == "asked" and row.asked_by != actor.id,
            may_read=row.asked_by == actor.id and is_open(row, now),
            may_review=row.state == "granted"
            and not is_open(row, now)
            and actor.id not in (row.asked_by, row.decided_by),
            finding=row.get_finding_display() if row.finding else "",
        )
        for row in BreakGlass.rows.order_by("-asked_at")[:50]
    ]


def is_open(row: BreakGlass, now: datetime) -> bool:
    """Whether what was granted can be read now."""
    return row.state == "granted" and row.ends_at is not None and now < row.ends_at


def to_review(actor: Actor) -> list[BreakGlassShown]:
    """What waits for this person's look or answer."""
    if not any(actor.has(role) for role in REVIEWERS):
        return []
    return [one for one in list_for(actor) if one.may_review or one.may_decide]
