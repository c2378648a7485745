"""People of the roll as somebody at a booth finds them: by name, phone or login name."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from dure.budgeting.models import Call, kept_q
from dure.core.actors import Actor
from dure.governance.models import RollEntry
from dure.registry.models.login import Login, normal_handle
from dure.registry.vault import find, find_named, masked_names, normal

FOUND_MAX = 20
NAMED_MAX = 101  # of one name, beyond which the vault names nobody else
PURPOSE = "roll_booth"


@dataclass(frozen=True, slots=True)
class BoothRow:
    """Somebody on the roll. `name` is masked; `has_paper`: she took a paper before."""

    person: UUID
    name: str
    part: str
    has_paper: bool


@dataclass(frozen=True, slots=True)
class Found:
    """Who was found; `too_many`: more than a page, or than the vault names; nobody is shown."""

    rows: tuple[BoothRow, ...]
    too_many: bool = False


def people_on_roll(
    call_id: UUID, actor: Actor, *, name: str = "", birth_year: str = "", contact: str = ""
) -> Found:
    """People on the sealed roll of a call whose vote is open, for whoever works for it.

    name       : whole, as on the identity card; with `birth_year` also who has a birth date kept
    contact    : a phone number, a mail address or a login name instead
    """
    call = Call.objects.within(actor).filter(kept_q(actor), pk=call_id).first()
    if call is None or call.state != Call.State.VOTING or not (name or contact):
        return Found(())
    if name:
        people = find_named(name, birth_year, actor=actor, purpose=PURPOSE)
    else:
        person = _by_contact(contact, actor)
        people = () if person is None else (person,)
    on_roll = RollEntry.objects.everything("who stands on the roll of one's own call").filter(
        roll=call.roll_id, standing="voting", person__in=people
    )
    parts = dict(on_roll.values_list("person", "part"))
    if len(people) >= NAMED_MAX or len(parts) > FOUND_MAX:
        return Found((), too_many=True)
    names = masked_names(parts, actor=actor, purpose="list_page")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p FROM unnest(%s::uuid[]) p, marks.mark_of(%s, p) m WHERE m.channel = 'paper'",
            [list(parts), call.pk],
        )
        given = {row[0] for row in cursor.fetchall()}
    return Found(
        tuple(
            BoothRow(person, names.get(person, ""), parts[person], person in given)
            for person in sorted(parts, key=lambda one: (names.get(one, ""), one))
        )
    )


def _by_contact(contact: str, actor: Actor) -> UUID | None:
    """Whose login name, phone number or mail address this is."""
    handle = Login.objects.filter(handle=normal_handle(contact))
    person: UUID | None = handle.values_list("person_id", flat=True).first()
    if person is not None:
        return person
    try:
        scheme, value = normal.address(contact)
    except normal.NotAnAddress:
        return None
    return find(scheme, value, actor=actor, purpose=PURPOSE)
