"""One person, as whoever may know that she is here sees her: never a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from dure.core import assurance, clock, door
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.registry.models import Login, Membership, Person
from dure.registry.queries.access_log import verify_access_log
from dure.registry.vault import policies, records


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A person without a name: state, memberships, whether she can sign in."""

    id: UUID
    state: str
    is_erased: bool
    has_login: bool
    schemes: tuple[str, ...]
    memberships: tuple[tuple[str, str], ...]
    may_confirm: bool
    may_recover: bool


@dataclass(frozen=True, slots=True)
class KeyShown:
    """One key by its number; never the key."""

    kind: str
    version: int
    created_at: datetime
    retired_at: datetime | None
    destroyed_at: datetime | None


@dataclass(frozen=True, slots=True)
class VaultDesk:
    """What the vault officer looks at each month."""

    keys: tuple[KeyShown, ...]
    is_log_whole: bool


def person_in_reach(person_id: UUID, actor: Actor) -> PersonShown:
    """The person, if the actor may know that she is here. Raises Refusal(NOT_FOUND)."""
    now = clock.now()
    found: Person | None = Person.rows.filter(pk=person_id).first()
    reach = policies.may_read_person | policies.is_centre_of_person
    if found is None or not reach.holds(actor, found, now):
        raise Refusal(CoreCode.NOT_FOUND)
    ties = Membership.rows.filter(person=found, valid__contains=clock.kst_date(now))
    return PersonShown(
        id=found.id,
        state=found.get_state_display(),
        is_erased=found.state == Person.State.ERASED,
        has_login=Login.objects.filter(person=found, is_active=True).exists(),
        schemes=records.address_schemes(found.id),
        memberships=tuple(
            (tie.organisation.name, tie.get_member_class_display())
            for tie in ties.select_related("organisation")[:20]
        ),
        may_confirm=policies.is_staff_of_person.holds(actor, found, now),
        may_recover=policies.is_centre_of_person.holds(actor, found, now),
    )


def vault_desk(actor: Actor) -> VaultDesk:
    """Keys and the log's health. Raises Refusal(NOT_FOUND) for everybody but the vault officer,
    SECOND_STEP for an officer who has not taken it.
    """
    known = door.load_grants(actor, clock.now())
    if not known.has(Role.VAULT):
        waits = assurance.restored(known).has(Role.VAULT)
        raise Refusal(CoreCode.SECOND_STEP if waits else CoreCode.NOT_FOUND)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, version, created_at, retired_at, destroyed_at FROM vault.keys()"
        )
        keys = tuple(KeyShown(*row) for row in cursor.fetchall())
    return VaultDesk(keys, verify_access_log().is_whole)
