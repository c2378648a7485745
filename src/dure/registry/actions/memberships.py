"""Joining and leaving: persons in organisations, organisations in federations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from dure.core import clock, facts
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import IsoDate, UuidText
from dure.registry import policies, stating
from dure.registry.actions.organisations import refuse_future
from dure.registry.errors import RegistryCode
from dure.registry.models import Membership, Organisation
from dure.registry.queries import subjects

PersonClass = Literal["consumer", "producer", "worker", "supporter", "preferred"]
ADMITTERS = {Role.STAFF: "m", Role.BOARD: "m"}


@dataclass(frozen=True, slots=True)
class MembershipRef:
    """A membership: its id and state."""

    id: str
    state: str


@action(
    "registry.membership.apply",
    ko="조합원이 되겠다고 신청합니다.",
    en="Apply for membership of an organisation.",
    policy=policies.may_apply,
    for_another=True,
    letters={role: "o" for role in Role if role not in (Role.VISITOR, Role.OPERATOR)},
    subject=subjects.public_organisation,
    idempotent=True,
    writes=("registry_membership",),
    refusals=(RegistryCode.MEMBER_ALREADY, RegistryCode.CLOSED),
    constraints={
        "membership_of_a_person_is_asked_for_once": RegistryCode.MEMBER_ALREADY,
        "membership_of_an_organisation_is_asked_for_once": RegistryCode.MEMBER_ALREADY,
    },
)
def apply_for_membership(
    organisation_id: UuidText,
    member_class: PersonClass = "consumer",
    member_id: UuidText | None = None,
    *,
    actor: Actor,
) -> MembershipRef:
    """Apply as oneself, or for an organisation of whose board one is (`member_id`)."""
    organisation = subject(Organisation)
    if organisation.ended_on is not None:
        raise Refusal(RegistryCode.CLOSED, on=organisation.ended_on.isoformat())
    member = _member(member_id, actor)
    person = None if member else actor.behalf
    living = Membership.rows.filter(
        organisation=organisation, person_id=person, member=member, valid__contains=clock.today()
    )
    if living.exists() or (member is not None and member.pk == organisation.pk):
        raise Refusal(RegistryCode.MEMBER_ALREADY)
    made = Membership.rows.create(
        organisation=organisation,
        person_id=person,
        member=member,
        member_class=Membership.Class.FEDERATED if member else member_class,
        applied_at=clock.now(),
        audit=line().id,
    )
    line().object("registry.membership", made.pk)
    line().organisation(organisation.pk)
    line().changed("state", None, made.state)
    return MembershipRef(str(made.pk), made.state)


def _member(member_id: str | None, actor: Actor) -> Organisation | None:
    if member_id is None:
        return None
    rows = Organisation.objects.within(actor)
    found: Organisation | None = rows.filter(pk=member_id).first()
    speaks = actor.has(Role.BOARD, organisation=member_id) or (
        found is not None and actor.has(Role.STAFF, district=found.district_id)
    )
    if found is None or not speaks:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


@action(
    "registry.membership.admit",
    ko="조합원 신청에 답합니다.",
    en="Answer an application for membership.",
    policy=policies.may_admit,
    letters=ADMITTERS,
    subject=subjects.lock_membership,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=("registry_membership",),
    labels=("member.active",),
    refusals=(
        RegistryCode.ANSWERED,
        RegistryCode.MEMBER_ALREADY,
        RegistryCode.FEDERATION_CYCLE,
        RegistryCode.FEDERATION_DEEP,
    ),
    constraints={
        "membership_of_a_person_is_one_a_day": RegistryCode.MEMBER_ALREADY,
        "membership_of_an_organisation_is_one_a_day": RegistryCode.MEMBER_ALREADY,
    },
)
def admit_member(
    membership_id: UuidText,
    decision: Literal["admit", "refuse"] = "admit",
    since: IsoDate | None = None,
    *,
    actor: Actor,
) -> MembershipRef:
    """Admit from a day on, or refuse; a federation that would come back to itself is refused."""
    membership = subject(Membership)
    if membership.state != Membership.State.APPLIED:
        raise Refusal(RegistryCode.ANSWERED, state=membership.get_state_display())
    if membership.person_id is not None and membership.person_id == actor.id:
        raise Refusal(RegistryCode.OWN_PROPOSAL)
    refuse_future(since, "since")
    line().object("registry.membership", membership.pk)
    line().organisation(membership.organisation_id)
    membership.admitted_by, membership.audit = actor.id, line().id
    if decision == "refuse":
        membership.state = Membership.State.REFUSED
        membership.save(update_fields=["state", "admitted_by", "audit"])
    else:
        day = since or clock.today()
        membership.state, membership.valid = Membership.State.ADMITTED, DateRange(day, None)
        _write_edge(membership)
        note_member(membership, 1, day)
    line().changed("state", "applied", membership.state)
    return MembershipRef(str(membership.pk), membership.state)


def _write_edge(membership: Membership) -> None:
    try:
        with transaction.atomic():
            membership.save(update_fields=["state", "valid", "admitted_by", "audit"])
    except DatabaseError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        message = getattr(diagnosis, "message_primary", "")
        if message == "registry.federation_cycle":
            path = _names((diagnosis.message_detail or "").split() if diagnosis else [])
            raise Refusal(RegistryCode.FEDERATION_CYCLE, path=path) from error
        if message == "registry.federation_too_deep":
            raise Refusal(RegistryCode.FEDERATION_DEEP) from error
        raise


def _names(ids: list[str]) -> str:
    rows = Organisation.objects.everything("names of a public register, for a refusal")
    names = {str(pk): name for pk, name in rows.filter(pk__in=ids).values_list("pk", "name")}
    return " → ".join(names.get(one, "?") for one in ids)


def note_member(membership: Membership, count: int, day: date) -> None:
    """State members of an organisation. The registry names no giver: who it was stays here."""
    organisation = membership.organisation
    part = "began" if count else f"ended.{line().id}"
    row = facts.Row(
        source=f"registry.membership:{membership.pk}:{part}",
        qty=count,
        district=organisation.district_id,
        org=organisation.pk,
        ended=stating.moment(day),
        evidence="B",
        proof=membership.pk,
        case_id=case_of(membership),
    )
    facts.note("member.active", rows=[row])


def case_of(membership: Membership) -> UUID:
    """The row's own id groups its beginning and its end; it names nobody."""
    return membership.pk


@action(
    "registry.membership.leave",
    ko="조합원 자격을 마칩니다.",
    en="End a membership, or withdraw an application.",
    policy=policies.may_leave,
    for_another=True,
    letters={Role.RESIDENT: "o", Role.MEMBER: "o", Role.STAFF: "m", Role.BOARD: "m"},
    subject=subjects.lock_membership,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=("registry_membership",),
    labels=("member.active",),
    refusals=(RegistryCode.ANSWERED, RegistryCode.DATE_ORDER),
)
def leave(membership_id: UuidText, on: IsoDate | None = None, *, actor: Actor) -> MembershipRef:
    """Leave on a day; an application that nobody answered is withdrawn."""
    membership = subject(Membership)
    line().object("registry.membership", membership.pk)
    line().organisation(membership.organisation_id)
    was = membership.state
    membership.audit = line().id
    if was == Membership.State.APPLIED:
        membership.state = Membership.State.WITHDRAWN
        membership.save(update_fields=["state", "audit"])
    elif was == Membership.State.ADMITTED:
        day = on or clock.today()
        refuse_future(on, "on")
        if membership.valid.lower is not None and day < membership.valid.lower:
            raise Refusal(RegistryCode.DATE_ORDER, field="on")
        membership.state = Membership.State.LEFT
        membership.valid = (
            DateRange(membership.valid.lower, day)
            if day != membership.valid.lower
            else DateRange(empty=True)
        )
        membership.save(update_fields=["state", "valid", "audit"])
        note_member(membership, 0, day)
    else:
        raise Refusal(RegistryCode.ANSWERED, state=membership.get_state_display())
    line().changed("state", was, membership.state)
    return MembershipRef(str(membership.pk), membership.state)
