"""Acting for a person without a phone: who may, what runs now, what was done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dure.core import audit_reading, clock, door
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.registry.models import Acting, Consent, Mandate, Person
from dure.registry.vault import policies

PURPOSE = "acting_for"


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody who may act for a person until a day."""

    mandate_id: UUID
    staff: UUID
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Stretch:
    """One stretch of acting for a person."""

    id: UUID
    staff: UUID
    person_id: UUID
    began_at: datetime
    ends_at: datetime
    runs: bool

    @property
    def number(self) -> str:
        """What pages call the person by: the beginning of her random id."""
        return str(self.person_id)[:8]


def mandates_for(person: UUID, now: datetime, *, staff: UUID | None = None) -> list[Mandate]:
    """The mandates to act for a person that are in force; none once the consent was withdrawn."""
    acts = Consent.rows.filter(person_id=person, purpose__code=PURPOSE).order_by("-at", "-id")
    last = acts.first()
    if last is None or last.act == Consent.Act.WITHDRAWN:
        return []
    rows = Mandate.rows.filter(
        role="acts_for", scope_kind="person", scope_id=str(person), valid__contains=now
    )
    return list(rows if staff is None else rows.filter(person_id=staff))


def stretch_of(staff: UUID, person: UUID, now: datetime) -> Acting | None:
    """The stretch in which `staff` act for `person` now, or None.

    It needs the mandate, the consent, the person and the staff's own mandate still in force.
    """
    open_rows = Acting.rows.filter(staff=staff, person_id=person, person__state="active")
    found: Acting | None = open_rows.filter(began_at__lte=now, ends_at__gt=now).first()
    if found is None or not mandates_for(person, now, staff=staff):
        return None
    working = Mandate.rows.filter(person_id=staff, role="staff", valid__contains=now)
    return found if working.exists() else None


def runs_now(actor: Actor, person: UUID) -> Stretch | None:
    """The stretch in which the actor acts for this person now."""
    assert actor.id is not None
    found = stretch_of(actor.id, person, clock.now())
    return _shown(found) if found is not None else None


def _shown(row: Acting) -> Stretch:
    return Stretch(
        row.id, row.staff, row.person_id, row.began_at, row.ends_at, row.ends_at > clock.now()
    )


def person_of_helper(body: object, actor: Actor) -> Person:
    """The person named, if the actor is staff where she belongs; else not found."""
    person: Person | None = Person.rows.filter(pk=getattr(body, "person_id", None)).first()
    if person is None or not policies.is_helper_of_person.holds(actor, person, clock.now()):
        raise Refusal(CoreCode.NOT_FOUND)
    return person


def person_or_self(body: object, actor: Actor) -> Person:
    """The same, or the actor herself."""
    if str(actor.id) == getattr(body, "person_id", None):
        own: Person = Person.rows.get(pk=actor.id)
        return own
    return person_of_helper(body, actor)


def person_acted_for(body: object, actor: Actor) -> Person:
    """The person named, if the actor holds the mandate to act for her; else not found."""
    person: Person | None = Person.rows.filter(pk=getattr(body, "person_id", None)).first()
    if person is None or actor.id is None:
        raise Refusal(CoreCode.NOT_FOUND)
    if not mandates_for(person.id, clock.now(), staff=actor.id):
        raise Refusal(CoreCode.NOT_FOUND)
    return person


def helps(staff: UUID, person: Person, now: datetime) -> bool:
    """Whether somebody is staff where this person belongs."""
    known = door.load_grants(Actor.person(staff), now)
    return policies.is_helper_of_person.holds(known, person, now)


def helpers_of(person: UUID) -> list[Helper]:
    """Who may act for a person now."""
    return [
        Helper(row.id, row.person_id, row.valid.upper) for row in mandates_for(person, clock.now())
    ]


def colleagues(actor: Actor, person: UUID) -> list[UUID]:
    """Staff of the actor's own scopes who are neither the actor nor the person; at most 50."""
    now = clock.now()
    found: set[UUID] = set()
    for grant in actor.grants:
        if grant.role is Role.STAFF:
            rows = Mandate.rows.filter(
                role="staff",
                scope_kind=grant.scope_kind,
                scope_id=grant.scope_id,
                valid__contains=now,
            )
            found |= set(rows.values_list("person_id", flat=True)[:50])
    return sorted(found - {actor.id, person}, key=str)[:50]


def stretches_of(person: UUID, *, limit: int = 20) -> list[Stretch]:
    """The stretches in which somebody acted for a person, newest first."""
    rows = Acting.rows.filter(person_id=person).order_by("-began_at")[:limit]
    return [_shown(row) for row in rows]


def stretch_in_reach(stretch_id: UUID, actor: Actor) -> Stretch:
    """One stretch, for who acted, for whom, and staff where the person belongs."""
    row: Acting | None = Acting.rows.filter(pk=stretch_id).select_related("person").first()
    if row is not None and actor.acting_for is None:
        own = actor.id in (row.staff, row.person_id)
        if own or policies.is_helper_of_person.holds(actor, row.person, clock.now()):
            return _shown(row)
    raise Refusal(CoreCode.NOT_FOUND)


def done_in(stretch: Stretch) -> list[audit_reading.LineView]:
    """What was done in a stretch: the audit lines that carry both persons, in order."""
    return audit_reading.acted(stretch.staff, stretch.person_id, stretch.began_at, stretch.ends_at)
