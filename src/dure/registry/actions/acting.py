"""Acting for a person without a phone: allowed before a witness, done in short stretches.

Law: whoever takes the consent is its witness and gives the mandate; nobody gives it to themselves.
Only actions that say so can be done for another; every line carries both.
Source: rulebook `acts_for.days_most`, `acting.minutes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from pydantic import Field

from dure.core import clock, notices, rulebook
from dure.core.actions import action, line, subject
from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.policies import is_person
from dure.core.types import UuidText
from dure.registry import policies as registry_policies
from dure.registry import told
from dure.registry.actions.consents import newest_purpose, write_act
from dure.registry.actions.mandates import CONSTRAINTS, MandateRef, write_mandate
from dure.registry.errors import RegistryCode
from dure.registry.models import Acting, Consent, Person
from dure.registry.queries import acting as queries
from dure.registry.vault import policies

Days = Annotated[int, Field(ge=1, le=366)]
HELPERS = {Role.STAFF: "m d"}


@dataclass(frozen=True, slots=True)
class ActingRef:
    """One stretch of acting for a person."""

    id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class ActingEnded:
    """How many stretches or mandates were ended."""

    ended_count: int


@action(
    "registry.acting.allow",
    ko="본인의 부탁을 듣고 동료가 그 일을 대신하게 합니다.",
    en="Let a colleague act for a person who asked for it.",
    strong=True,
    policy=policies.is_helper_of_person & ~registry_policies.acts_for_another,
    letters=HELPERS,
    subject=queries.person_of_helper,
    idempotent=True,
    audit_refusals=True,
    faces=("web",),
    writes=("registry_mandate", "registry_consent", "core_notice"),
    refusals=(
        RegistryCode.MANDATE_SELF,
        RegistryCode.MANDATE_LONG,
        RegistryCode.OVERLAP,
        RegistryCode.NOT_FOR_ANOTHER,
        CoreCode.NOT_FOUND,
    ),
    constraints=CONSTRAINTS,
    notices=(told.ACTING_ALLOWED,),
)
def allow_acting(
    person_id: UuidText,
    staff_id: UuidText,
    how: Literal["paper", "spoken"],
    days: Days,
    *,
    actor: Actor,
) -> MandateRef:
    """Write the person's consent, with the actor as its witness, and the mandate of the colleague.

    The colleague must be staff where the person belongs, too. Source: `acts_for.days_most`.
    """
    person, now = subject(Person), clock.now()
    most = rulebook.value("acts_for.days_most").integer
    if days > most:
        raise Refusal(RegistryCode.MANDATE_LONG, field="days", days=most)
    if staff_id == str(actor.id):
        raise Refusal(RegistryCode.MANDATE_SELF)
    if person_id in (staff_id, str(actor.id)) or person.state != Person.State.ACTIVE:
        raise Refusal(RegistryCode.NOT_FOR_ANOTHER)
    staff = Person.rows.filter(pk=staff_id).first()
    if staff is None or not queries.helps(staff.id, person, now):
        raise Refusal(CoreCode.NOT_FOUND)
    write_act(person, newest_purpose(queries.PURPOSE), Consent.Act.GIVEN, (), how, str(actor.id))
    mandate = write_mandate(
        staff_id, "acts_for", "person", person_id,
        begins=None, ends=now + timedelta(days=days), origin="acting", actor=actor,
    )  # fmt: skip
    notices.tell(person.id, told.ACTING_ALLOWED, places={"days": days})
    return MandateRef(str(mandate.pk))


@action(
    "registry.acting.withdraw",
    ko="대신하게 한 것을 거둡니다.",
    en="Withdraw that staff may act for a person.",
    policy=(policies.is_self | policies.is_helper_of_person) & ~registry_policies.acts_for_another,
    letters={**EVERY_PERSON, Role.STAFF: "o m d"},
    subject=queries.person_or_self,
    idempotent=True,
    audit_refusals=True,
    faces=("web",),
    writes=("registry_mandate", "registry_consent", "registry_acting"),
    refusals=(RegistryCode.CONSENT_NONE, CoreCode.NOT_FOUND),
)
def withdraw_acting(person_id: UuidText, *, actor: Actor) -> ActingEnded:
    """End every mandate to act for a person, and the stretches that run, as she says."""
    person, now = subject(Person), clock.now()
    mandates = queries.mandates_for(person.id, now)
    if not mandates:
        raise Refusal(RegistryCode.CONSENT_NONE)
    for mandate in mandates:
        begins = mandate.valid.lower
        mandate.valid = (
            DateTimeTZRange(begins, now) if begins < now else DateTimeTZRange(empty=True)
        )
        mandate.audit = line().id
        mandate.save(update_fields=["valid", "audit"])
    _end(Acting.rows.filter(person=person))
    by_self = person.id == actor.id
    how, witness = ("screen", None) if by_self else ("spoken", str(actor.id))
    purpose = newest_purpose(queries.PURPOSE)
    write_act(person, purpose, Consent.Act.WITHDRAWN, (), how, witness)
    return ActingEnded(len(mandates))


@action(
    "registry.acting.begin",
    ko="창구에서 한 사람의 일을 대신하기 시작합니다.",
    en="Begin to act for a person at the counter.",
    strong=True,
    policy=is_person & ~registry_policies.acts_for_another,
    letters=EVERY_PERSON,
    subject=queries.person_acted_for,
    audit_refusals=True,
    faces=("web",),
    writes=("registry_acting",),
    refusals=(RegistryCode.ACTING_OVER, CoreCode.NOT_FOUND),
)
def begin_acting(person_id: UuidText, *, actor: Actor) -> ActingRef:
    """Open one stretch under the mandate one holds; an earlier one ends. It ends by itself."""
    person, now = subject(Person), clock.now()
    assert actor.id is not None
    if not queries.helps(actor.id, person, now):
        raise Refusal(RegistryCode.ACTING_OVER)
    _end(Acting.rows.filter(staff=actor.id))
    minutes = rulebook.value("acting.minutes").integer
    made = Acting.rows.create(
        mandate=queries.mandates_for(person.id, now, staff=actor.id)[0],
        staff=actor.id, person=person, began_at=now, ends_at=now + timedelta(minutes=minutes),
        audit=line().id,
    )  # fmt: skip
    line().object("registry.acting", made.id)
    line().changed("ends_at", None, made.ends_at)
    return ActingRef(str(made.id), str(person.id))


@action(
    "registry.acting.end",
    ko="대신하기를 마칩니다.",
    en="End acting for a person.",
    policy=is_person & ~registry_policies.acts_for_another,
    letters=EVERY_PERSON,
    faces=("web",),
    writes=("registry_acting",),
)
def end_acting(*, actor: Actor) -> ActingEnded:
    """End the stretches that one runs; ending none is no fault."""
    return ActingEnded(_end(Acting.rows.filter(staff=actor.id)))


def _end(rows: object) -> int:
    now, ended = clock.now(), 0
    for row in rows.select_for_update().filter(ends_at__gt=now):  # type: ignore[attr-defined]  # rows
        row.ends_at, row.audit = max(now, row.began_at), line().id
        row.save(update_fields=["ends_at", "audit"])
        line().object("registry.acting", row.id)
        ended += 1
    return ended
