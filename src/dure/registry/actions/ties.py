"""Ties between a person and a party, declared by the person; they end by a second row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dure.core import clock
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import UuidText
from dure.registry import policies
from dure.registry.errors import RegistryCode
from dure.registry.models import Organisation, Person, Tie
from dure.registry.queries import subjects

EVERYBODY: dict[Role, str] = {
    role: "o" for role in Role if role not in (Role.VISITOR, Role.OPERATOR)
}
TieKind = Literal["owner", "officer", "employee", "family", "creditor", "other"]


@dataclass(frozen=True, slots=True)
class TieRef:
    """A tie by its id."""

    id: str


@action(
    "registry.tie.declare",
    ko="이해관계를 신고합니다.",
    en="Declare a tie to an organisation.",
    policy=policies.may_act_on_own,
    letters=EVERYBODY,
    subject=subjects.actor_person,
    idempotent=True,
    audit_refusals=True,
    writes=("registry_tie",),
    refusals=(RegistryCode.OVERLAP,),
)
def declare_tie(party_id: UuidText, kind: TieKind, *, actor: Actor) -> TieRef:
    """Declare one's own tie to an organisation; decisions about it are then somebody else's."""
    person = subject(Person)
    party = Organisation.objects.within(actor).filter(pk=party_id).first()
    if party is None:
        raise Refusal(CoreCode.NOT_FOUND)
    living = Tie.rows.filter(person=person, organisation=party, kind=kind, ends__isnull=True)
    standing = living.filter(tie__isnull=True).first()
    if standing is not None:
        raise Refusal(RegistryCode.OVERLAP, row=standing.get_kind_display())
    made = Tie.rows.create(
        person=person,
        organisation=party,
        kind=kind,
        declared_at=clock.now(),
        audit=line().id,
    )
    line().object("registry.tie", made.pk)
    line().organisation(party.pk)
    line().changed("kind", None, kind)
    return TieRef(str(made.pk))


@action(
    "registry.tie.end",
    ko="이해관계가 끝났음을 알립니다.",
    en="Say that a declared tie is over.",
    policy=policies.may_act_on_own,
    letters=EVERYBODY,
    subject=subjects.own_tie,
    idempotent=True,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    writes=("registry_tie",),
    refusals=(RegistryCode.ANSWERED,),
    constraints={"registry_tie_ends_id_key": RegistryCode.CROSSED},
)
def end_tie(tie_id: UuidText, *, actor: Actor) -> TieRef:
    """Write the row that ends a tie; the declaration itself stays."""
    tie = subject(Tie)
    if tie.ends_id is not None or Tie.rows.filter(ends=tie).exists():
        raise Refusal(RegistryCode.ANSWERED, state="–")
    made = Tie.rows.create(
        person_id=tie.person_id,
        organisation_id=tie.organisation_id,
        other_person_id=tie.other_person_id,
        kind=tie.kind,
        source=tie.source,
        declared_at=clock.now(),
        ends=tie,
        audit=line().id,
    )
    line().object("registry.tie", made.pk)
    line().organisation(tie.organisation_id)
    line().changed("ends", None, str(tie.pk))
    return TieRef(str(made.pk))
