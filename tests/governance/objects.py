"""Objects of governance for the matrix."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from dure.core import clock
from dure.core.actors import Actor
from dure.governance.models import Roll, RollObjection
from dure.registry.models import Mandate
from tests.harness.given import given
from tests.harness.matrix import OWN_DISTRICT, Place, slot, value


def organisation_of(place: Place, actor: Actor) -> UUID | None:
    """A board acts for its organisation's own fund, everybody else for a district's."""
    board = Mandate.rows.filter(person=actor.id, role="board").exists() if actor.id else False
    return place.organisation.id if board else None


def _named(place: Place, actor: Actor) -> str | None:
    found = organisation_of(place, actor)
    return str(found) if found else None


def _roll(district: str, organisation: UUID | None) -> Roll:
    now = clock.now()
    with given() as audit:
        return Roll.rows.create(
            subject_kind="test.matter",
            subject_id=uuid4(),
            district_id=district,
            organisation_id=organisation,
            rule={},
            as_of=clock.today(),
            drafted_at=now,
            objections_until=now + timedelta(days=1),
            audit=audit,
        )


value("governance.roll.draft:organisation_id", _named)
value("governance.roll.seal:district", lambda place, actor: place.district)


@slot("governance.roll.draft:district", "budgeting.call.draft:district")
def district(place: Place, actor: Actor) -> str:
    return place.district


@slot("governance.roll.seal:roll_id")
def roll(place: Place, actor: Actor) -> str:
    return str(_roll(place.district, organisation_of(place, actor)).id)


@slot("governance.roll.object:roll_id", placed=False)
def open_roll(place: Place, actor: Actor) -> str:
    return str(_roll(OWN_DISTRICT, None).id)


@slot("governance.roll.answer:objection_id")
def objection(place: Place, actor: Actor) -> str:
    held = _roll(place.district, organisation_of(place, actor))
    with given() as audit:
        made = RollObjection.rows.create(
            roll=held,
            person=place.owner,
            kind="remove",
            text="빼 주세요",
            by=place.owner,
            at=clock.now(),
            audit=audit,
        )
    return str(made.id)
