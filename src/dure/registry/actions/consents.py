"""Consent to a purpose: given, narrowed, withdrawn; the last act counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from dure.core import clock
from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import CodeText, UuidText
from dure.engines.canonical import sha256_hex
from dure.registry import policies
from dure.registry.errors import RegistryCode
from dure.registry.models import Consent, Person, Purpose
from dure.registry.queries import subjects

Fields = Annotated[tuple[CodeText, ...], Field(max_length=20)]
How = Literal["screen", "paper", "spoken"]
EVERYBODY: dict[Role, str] = {
    role: "o" for role in Role if role not in (Role.VISITOR, Role.OPERATOR)
}


@dataclass(frozen=True, slots=True)
class ConsentRef:
    """One act of consent and the hash printed on its receipt."""

    id: str
    receipt: str


def newest_purpose(code: str) -> Purpose:
    """The newest version of a purpose. Raises Refusal(NOT_FOUND)."""
    found = Purpose.objects.everything("purposes are public").filter(code=code)
    newest: Purpose | None = found.order_by("-version").first()
    if newest is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return newest


def last_act(person_id: object, code: str) -> Consent | None:
    """The last act of a person about a purpose."""
    rows = Consent.objects.everything("one person's own acts")
    mine = rows.filter(person_id=person_id, purpose__code=code).select_related("purpose")
    return mine.order_by("-at", "-id").first()


def write_act(
    person: Person,
    purpose: Purpose,
    act: str,
    fields: tuple[str, ...],
    how: str,
    witness: str | None,
) -> ConsentRef:
    """Write one act with its receipt, inside a running action."""
    if (how == "screen") != (witness is None) or witness == str(person.pk):
        raise Refusal(RegistryCode.WITNESS_NEEDED, field="witness_id")
    if not set(fields) <= set(purpose.fields):
        raise Refusal(RegistryCode.CONSENT_FIELDS, field="fields")
    now = clock.now()
    receipt = sha256_hex(
        {
            "act": act,
            "at": now.isoformat(),
            "fields": sorted(fields),
            "how": how,
            "person": str(person.pk),
            "purpose": purpose.code,
            "version": purpose.version,
            "witness": witness,
        }
    )
    made = Consent.rows.create(
        person=person,
        purpose=purpose,
        act=act,
        fields=sorted(fields),
        how=how,
        witness=witness,
        receipt=receipt,
        at=now,
        audit=line().id,
    )
    line().object("registry.consent", made.pk)
    line().changed("act", None, act)
    line().changed("purpose", None, f"{purpose.code}@{purpose.version}")
    line().changed("fields", None, sorted(fields))
    return ConsentRef(str(made.pk), receipt)


@action(
    "registry.consent.give",
    ko="이용 목적에 동의합니다.",
    en="Consent to a purpose.",
    policy=policies.may_act_on_own,
    letters=EVERYBODY,
    subject=subjects.actor_person,
    idempotent=True,
    writes=("registry_consent",),
    refusals=(RegistryCode.CONSENT_FIELDS, RegistryCode.WITNESS_NEEDED),
)
def give_consent(
    purpose: CodeText,
    fields: Fields = (),
    how: How = "screen",
    witness_id: UuidText | None = None,
    *,
    actor: Actor,
) -> ConsentRef:
    """Say yes to the newest version of a purpose, for all of its fields or for those named."""
    asked = newest_purpose(purpose)
    chosen = fields or tuple(asked.fields)
    return write_act(subject(Person), asked, Consent.Act.GIVEN, chosen, how, witness_id)


@action(
    "registry.consent.narrow",
    ko="동의한 항목을 줄입니다.",
    en="Narrow one's consent to fewer fields.",
    policy=policies.may_act_on_own,
    letters=EVERYBODY,
    subject=subjects.actor_person,
    idempotent=True,
    writes=("registry_consent",),
    refusals=(RegistryCode.CONSENT_NONE, RegistryCode.CONSENT_FIELDS),
)
def narrow_consent(purpose: CodeText, fields: Fields, *, actor: Actor) -> ConsentRef:
    """Keep the consent for some of its fields only; none of them means withdrawing."""
    person = subject(Person)
    last = last_act(person.pk, purpose)
    if last is None or last.act == Consent.Act.WITHDRAWN:
        raise Refusal(RegistryCode.CONSENT_NONE)
    if not fields or not set(fields) < set(last.fields):
        raise Refusal(RegistryCode.CONSENT_FIELDS, field="fields")
    return write_act(person, last.purpose, Consent.Act.NARROWED, fields, "screen", None)


@action(
    "registry.consent.withdraw",
    ko="동의를 거둡니다.",
    en="Withdraw one's consent.",
    policy=policies.may_act_on_own,
    letters=EVERYBODY,
    subject=subjects.actor_person,
    idempotent=True,
    writes=("registry_consent",),
    refusals=(RegistryCode.CONSENT_NONE,),
)
def withdraw_consent(purpose: CodeText, *, actor: Actor) -> ConsentRef:
    """Take a consent back; from this moment nothing more is done for the purpose."""
    person = subject(Person)
    last = last_act(person.pk, purpose)
    if last is None or last.act == Consent.Act.WITHDRAWN:
        raise Refusal(RegistryCode.CONSENT_NONE)
    return write_act(person, last.purpose, Consent.Act.WITHDRAWN, (), "screen", None)
