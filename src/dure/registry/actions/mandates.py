"""Mandates: given by somebody else with a second person, ended with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from pydantic import Field

from dure.core import clock, rulebook
from dure.core.actions import Reason, Who, action, always, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import IsoInstant, UuidText
from dure.registry import policies
from dure.registry.errors import RegistryCode
from dure.registry.models import District, Mandate, MandatePair, Organisation, Person
from dure.registry.queries import subjects

RoleCode = Literal[
    "staff",
    "treasurer",
    "approver",
    "board",
    "auditor",
    "ethics",
    "official",
    "analyst",
    "vault",
    "operator",
    "contact",
]
ScopeKind = Literal["organisation", "district", "city", "purpose", "installation"]
ScopeText = Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[0-9a-z_.*-]+$")]
Origin = Literal["elected", "by_election", "ex_officio", "appointed", "acting"]
GIVERS = {Role.BOARD: "m2", Role.OFFICIAL: "d2"}
OF_ORGANISATION = frozenset({"staff", "treasurer", "approver", "board", "auditor", "contact"})
OF_DISTRICT = frozenset({"staff", "official", "auditor", "ethics"})


CONSTRAINTS = {
    "mandatepair_roles_are_not_held_together": RegistryCode.CROSSED,
    "mandate_held_once_at_a_time": RegistryCode.CROSSED,
    "mandate_is_given_by_somebody_else": RegistryCode.MANDATE_SELF,
}


@dataclass(frozen=True, slots=True)
class MandateRef:
    """A mandate by its id."""

    id: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What a mandate is about to be given in: read by the policy facts like an object."""

    organisation: Organisation | None = None
    district_id: str | None = None


def scope_of(kind: str, scope_id: str, actor: Actor) -> Scope:
    """The scope a body names. Raises NOT_FOUND for one that is not there or not the actor's."""
    if kind == "organisation":
        rows = Organisation.objects.within(actor).filter(subjects.working_q(actor))
        found = rows.filter(pk=scope_id).first() if len(scope_id) == 36 else None
        if found is None:
            raise Refusal(CoreCode.NOT_FOUND)
        return Scope(organisation=found)
    if kind == "district":
        if not District.objects.within(actor).filter(pk=scope_id).exists():
            raise Refusal(CoreCode.NOT_FOUND)
        return Scope(district_id=scope_id)
    return Scope()


class OfScope:
    """A body that names a scope."""

    scope_kind: str
    scope_id: str


def scope(body: OfScope, actor: Actor) -> Scope:
    """The scope of a mandate to be given, as the policy's object."""
    return scope_of(body.scope_kind, body.scope_id, actor)


@action(
    "registry.mandate.give",
    ko="직책을 줍니다.",
    en="Give a mandate.",
    strong=True,
    policy=policies.may_give_mandate,
    second_person=always,
    letters=GIVERS,
    subject=scope,
    idempotent=True,
    reason=Reason.OPTIONAL,
    audit_refusals=True,
    writes=("registry_mandate", "registry_mandatepair"),
    refusals=(
        RegistryCode.MANDATE_SELF,
        RegistryCode.MANDATE_PAIR,
        RegistryCode.MANDATE_LONG,
        RegistryCode.MANDATE_SCOPE,
        RegistryCode.DATE_ORDER,
        RegistryCode.OVERLAP,
    ),
    constraints=CONSTRAINTS,
)
def give_mandate(
    person_id: UuidText,
    role: RoleCode,
    scope_kind: ScopeKind,
    scope_id: ScopeText,
    begins: IsoInstant | None = None,
    ends: IsoInstant | None = None,
    origin: Origin = "appointed",
    *,
    actor: Actor,
) -> MandateRef:
    """Give a role in a scope over [from, to), with the agreement of a second person.

    Source: rulebook `mandate.days_most`; incompatible pairs as the permission page lists them.
    """
    if actor.id is not None and str(actor.id) == person_id:
        raise Refusal(RegistryCode.MANDATE_SELF)
    return MandateRef(
        str(
            write_mandate(
                person_id,
                role,
                scope_kind,
                scope_id,
                begins=begins,
                ends=ends,
                origin=origin,
                actor=actor,
            ).pk
        )
    )


def write_mandate(
    person_id: str,
    role: str,
    scope_kind: str,
    scope_id: str,
    *,
    begins: datetime | None,
    ends: datetime | None,
    origin: str,
    actor: Actor,
) -> Mandate:
    """Check and write one mandate inside a running action."""
    fits = {
        "organisation": OF_ORGANISATION,
        "district": OF_DISTRICT,
    }.get(scope_kind)
    if fits is not None and role not in fits:
        raise Refusal(RegistryCode.MANDATE_SCOPE, field="scope_kind")
    people = Person.objects.everything("a mandate may be given to anybody who is active")
    who = people.select_for_update(no_key=True).filter(pk=person_id, state="active").first()
    if who is None:
        raise Refusal(CoreCode.NOT_FOUND)
    start = begins or clock.now()
    if ends is not None:
        days = rulebook.value("mandate.days_most").integer
        if ends <= start:
            raise Refusal(RegistryCode.DATE_ORDER, field="ends")
        if (ends - start).days > days:
            raise Refusal(RegistryCode.MANDATE_LONG, field="ends", days=days)
    valid = DateTimeTZRange(start, ends)
    _refuse_held(who, role, scope_kind, scope_id, valid)
    made: Mandate = Mandate.rows.create(
        person=who,
        role=role,
        scope_kind=scope_kind,
        scope_id=scope_id,
        valid=valid,
        given_by=actor.id,
        given_at=clock.now(),
        origin=origin,
        audit=line().id,
    )
    line().object("registry.mandate", made.pk)
    if scope_kind == "organisation":
        line().organisation(scope_id)
    line().changed("role", None, role)
    line().changed("scope", None, f"{scope_kind}:{scope_id}")
    line().changed("valid", None, [str(start), str(ends) if ends else None])
    return made


def _refuse_held(
    who: Person, role: str, scope_kind: str, scope_id: str, valid: DateTimeTZRange
) -> None:
    rows = Mandate.objects.everything("incompatible roles are asked over all of one person's")
    mine = rows.filter(person=who, valid__overlap=valid)
    same = mine.filter(role=role, scope_kind=scope_kind, scope_id=scope_id).first()
    if same is not None:
        raise Refusal(RegistryCode.OVERLAP, row=same.get_role_display())
    for pair, side in PAIRS.get(role, ()):
        where = "*" if pair >= 4 else f"{scope_kind}:{scope_id}"
        crossing = MandatePair.rows.filter(
            person=who.pk, scope=where, pair=pair, valid__overlap=valid
        ).exclude(side=side)
        other = crossing.select_related("mandate").first()
        if other is not None:
            raise Refusal(RegistryCode.MANDATE_PAIR, other=other.mandate.get_role_display())


PAIRS: dict[str, tuple[tuple[int, int], ...]] = {
    "treasurer": ((1, 0), (2, 0), (5, 1)),
    "approver": ((1, 1), (5, 1)),
    "auditor": ((2, 1), (3, 1), (5, 1)),
    "board": ((3, 0), (5, 1)),
    "analyst": ((4, 0), (5, 1)),
    "vault": ((4, 1), (5, 1)),
    "operator": ((5, 0),),
    "staff": ((5, 1),),
    "ethics": ((5, 1),),
    "official": ((5, 1),),
}


@action(
    "registry.mandate.seed",
    ko="운영자가 첫 직책을 줍니다.",
    en="Give a first mandate as the operator.",
    policy=policies.is_operator,
    letters={},
    who=Who.OPERATOR,
    faces=("cli",),
    reason=Reason.OPTIONAL,
    audit_refusals=True,
    writes=("registry_mandate", "registry_mandatepair"),
    refusals=(RegistryCode.MANDATE_SCOPE, RegistryCode.MANDATE_PAIR, RegistryCode.OVERLAP),
    constraints=CONSTRAINTS,
)
def seed_mandate(
    person_id: UuidText,
    role: RoleCode,
    scope_kind: ScopeKind,
    scope_id: ScopeText,
    ends: IsoInstant | None = None,
    *,
    actor: Actor,
) -> MandateRef:
    """Give a mandate as the operator: the way in before anybody can give one."""
    made = write_mandate(
        person_id,
        role,
        scope_kind,
        scope_id,
        begins=None,
        ends=ends,
        origin="appointed",
        actor=actor,
    )
    return MandateRef(str(made.pk))


@action(
    "registry.mandate.end",
    ko="직책을 끝냅니다.",
    en="End a mandate.",
    strong=True,
    policy=policies.may_end_mandate | policies.is_own,
    letters={Role.BOARD: "m", Role.OFFICIAL: "d", Role.RESIDENT: "o"},
    subject=lambda body, actor: scoped(subjects.lock_mandate(body, actor), actor),
    idempotent=True,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    writes=("registry_mandate", "registry_mandatepair"),
    refusals=(RegistryCode.ANSWERED,),
)
def end_mandate(mandate_id: UuidText, *, actor: Actor) -> MandateRef:
    """End a mandate now; its holder may lay it down, somebody with the scope may take it."""
    mandate = subject(ScopedMandate).mandate
    now = clock.now()
    if mandate.valid.upper is not None and mandate.valid.upper <= now:
        raise Refusal(RegistryCode.ANSWERED, state=str(mandate.valid.upper.date()))
    line().object("registry.mandate", mandate.pk)
    if mandate.scope_kind == "organisation":
        line().organisation(mandate.scope_id)
    line().changed("ends", mandate.valid.upper, now)
    begins = mandate.valid.lower
    mandate.valid = DateTimeTZRange(begins, now) if begins < now else DateTimeTZRange(empty=True)
    mandate.audit = line().id
    mandate.save(update_fields=["valid", "audit"])
    return MandateRef(str(mandate.pk))


@dataclass(frozen=True, slots=True)
class ScopedMandate:
    """A mandate with the scope it lies in, as the policy facts read it."""

    mandate: Mandate
    organisation: Organisation | None
    district_id: str | None

    @property
    def person_id(self) -> object:
        """Whose mandate it is."""
        return self.mandate.person_id


def scoped(mandate: Mandate, actor: Actor) -> ScopedMandate:
    """The mandate with its organisation or district."""
    if mandate.scope_kind == "organisation":
        rows = Organisation.objects.within(actor)
        return ScopedMandate(mandate, rows.filter(pk=mandate.scope_id).first(), None)
    return ScopedMandate(
        mandate, None, mandate.scope_id if mandate.scope_kind == "district" else None
    )
