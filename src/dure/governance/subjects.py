"""The objects that actions act on, fetched through the actor's scope; outside it: not found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dure.core import locks
from dure.core.actions import line
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.registry.models import District, Organisation

from .models import Roll, RollObjection

# Any: each action its own body; the door hands over what the action declared.


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a roll is to be drafted: a district, or an organisation of it."""

    district_id: str
    organisation_id: UUID | None


def scope(body: Any, actor: Actor) -> Scope:
    """The district, and the organisation if one is named. Raises Refusal(NOT_FOUND)."""
    if not District.rows.filter(sig=body.district).exists():
        raise Refusal(CoreCode.NOT_FOUND, field="district")
    if body.organisation_id is None:
        return Scope(body.district, None)
    found: Organisation | None = Organisation.rows.filter(
        id=body.organisation_id, district_id=body.district, merged_into=None
    ).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="organisation_id")
    return Scope(body.district, found.id)


def roll(body: Any, actor: Actor) -> Roll:
    """A roll that the actor works for."""
    found: Roll | None = Roll.objects.within(actor).filter(id=body.roll_id).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="roll_id")
    return _placed(found, body)


def _placed(found: Roll, body: Any) -> Roll:
    """The roll where the body says that it lies: there a second person is asked."""
    if getattr(body, "district", found.district_id) != found.district_id:
        raise Refusal(CoreCode.NOT_FOUND, field="district")
    line().organisation(found.organisation_id)
    return found


def lock_roll(body: Any, actor: Actor) -> Roll:
    """The same roll, locked."""
    found: Roll | None = locks.row(Roll.objects.within(actor).filter(id=body.roll_id))
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="roll_id")
    return _placed(found, body)


def drafted_roll(body: Any, actor: Actor) -> Roll:
    """A roll that is open to objections; that it exists is public."""
    rows = Roll.objects.everything("whoever is missing from a roll must find it")
    found: Roll | None = rows.filter(id=body.roll_id).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="roll_id")
    return found


def lock_drafted_roll(body: Any, actor: Actor) -> Roll:
    """The same roll, locked."""
    rows = Roll.objects.everything("whoever is missing from a roll must find it")
    found: Roll | None = locks.row(rows.filter(id=body.roll_id))
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="roll_id")
    return found


@dataclass(frozen=True, slots=True)
class Objected:
    """An objection and its roll."""

    objection: RollObjection
    roll: Roll

    @property
    def organisation_id(self) -> UUID | None:
        """Whose roll it is, when an organisation's."""
        return self.roll.organisation_id

    @property
    def district_id(self) -> str:
        """The district of the roll."""
        return str(self.roll.district_id)


def objection(body: Any, actor: Actor) -> Objected:
    """An objection to a roll that the actor works for."""
    found: RollObjection | None = RollObjection.rows.filter(
        id=body.objection_id, decides=None, roll__in=Roll.objects.within(actor)
    ).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND, field="objection_id")
    return Objected(found, found.roll)


def lock_objection(body: Any, actor: Actor) -> Objected:
    """The same objection, its roll locked."""
    found = objection(body, actor)
    locked = locks.row(Roll.objects.within(actor).filter(id=found.roll.id))
    assert locked is not None, "it was there a moment ago"
    return Objected(found.objection, locked)
