"""Actions on the identity vault: keys, reading one person, erasure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field

from dure.core import clock, jobs, running
from dure.core.actions import Reason, Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.policies import is_operator, is_timer
from dure.core.types import UuidText
from dure.registry.models import Device, Login, Person, PersonFact
from dure.registry.vault import crypto, keys, policies, records, rotation, sealed
from dure.registry.vault.errors import VaultCode
from dure.registry.vault.ring import ring

VaultField = Literal[
    "name", "birth_on", "phone", "mail", "address", "bank_account", "pending_phone", "pending_mail"
]
Purpose = Literal["own_data", "counter_service", "care", "notice", "membership", "erasure_check"]


@dataclass(frozen=True, slots=True)
class KeysReady:
    """How many kinds of key were made now."""

    made_count: int


@dataclass(frozen=True, slots=True)
class PersonRead:
    """Where the answer waits: `vault.collect(read_id).open()` after this action's commit."""

    read_id: str
    person_id: str


@dataclass(frozen=True, slots=True)
class PersonErased:
    """Who was erased."""

    person_id: str


@dataclass(frozen=True, slots=True)
class KeysRotated:
    """What the rotation moved."""

    rewrapped_count: int
    indexed_count: int


@action(
    "registry.vault.prepare",
    ko="신원 금고의 열쇠를 갖춥니다.",
    en="Make sure that the vault has its keys.",
    policy=is_operator,
    letters={Role.OPERATOR: "2"},
    who=Who.OPERATOR,
    faces=("cli",),
    refusals=(VaultCode.KEYS_DIFFER,),
)
def prepare_keys(*, actor: Actor) -> KeysReady:
    """Make each kind of key that this database never had; refuse keys of another database."""
    made = 0
    known = records.known_keys()
    for kind in keys.KINDS:
        living = [
            (version, mark) for version, mark, destroyed in known.get(kind, ()) if not destroyed
        ]
        if not known.get(kind):
            version = max(ring().versions(kind), default=0) or ring().make(kind)
            records.adopt_key(kind, version, crypto.fingerprint(ring().get(kind, version)))
            made += 1
        for version, mark in living:
            if version not in ring().versions(kind) or mark != crypto.fingerprint(
                ring().get(kind, version)
            ):
                raise Refusal(VaultCode.KEYS_DIFFER, key=f"{kind}-{version}")
    return KeysReady(made)


@action(
    "registry.vault.rotate",
    ko="신원 금고의 열쇠를 바꾸고 옛 열쇠를 없앱니다.",
    en="Change the vault's keys and destroy the old ones.",
    policy=is_operator | is_timer,
    letters={Role.OPERATOR: "2"},
    who=(Who.OPERATOR, Who.TIMER),
    faces=("cli", "job"),
    long=True,
)
def rotate_keys(*, actor: Actor) -> KeysRotated:
    """Re-wrap every data key while serving; what was erased before is dark in older dumps after."""
    done = rotation.rotate()
    line().changed("rewrapped_count", None, done.rewrapped)
    return KeysRotated(done.rewrapped, done.indexed)


jobs.timer("registry.vault.rotate", cron="20 4 1 * *")


def stated_reason() -> str:
    """The reason that the door has checked for the running action."""
    reason = running.current().reason
    assert reason is not None, "only in an action that requires a reason"
    return reason


def _person_in_reach(body: object, actor: Actor) -> Person:
    """The person named, if the actor may know that she is here; else not found."""
    person: Person | None = Person.rows.filter(pk=getattr(body, "person_id", None)).first()
    if person is None or not policies.may_read_person.holds(actor, person, clock.now()):
        raise Refusal(CoreCode.NOT_FOUND)
    return person


def person_of_staff(body: object, actor: Actor) -> Person:
    """The person named, if the actor is staff where she belongs; else not found."""
    person = Person.rows.filter(pk=getattr(body, "person_id", None)).first()
    if person is None or not policies.is_staff_of_person.holds(actor, person, clock.now()):
        raise Refusal(CoreCode.NOT_FOUND)
    found: Person = person
    return found


def _person_locked(body: object, actor: Actor) -> Person:
    person: Person = Person.rows.select_for_update(no_key=True).get(
        pk=getattr(body, "person_id", None)
    )
    return person


@action(
    "registry.person.read",
    ko="한 사람의 신원 정보를 이유를 적고 봅니다.",
    en="Read one person's identity for a stated reason.",
    strong=True,
    policy=policies.may_read_person & policies.is_not_erased,
    letters={**policies.OWN, Role.STAFF: "m p", Role.VAULT: "p"},
    subject=_person_in_reach,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    faces=("web",),
    refusals=(VaultCode.ERASED, VaultCode.NOT_IN_VAULT, CoreCode.NOT_FOUND),
)
def read_person(
    person_id: UuidText,
    fields: Annotated[list[VaultField], Field(min_length=1, max_length=8)],
    purpose: Purpose,
    *,
    actor: Actor,
) -> PersonRead:
    """Read fields of one person: access-log row first; the answer opens after the commit."""
    person = subject(Person)
    line().object("registry.person", person.id)
    line().changed("fields", None, sorted(fields))
    answer = records.read(person.id, fields, actor=actor, purpose=purpose, reason=stated_reason())
    return PersonRead(read_id=sealed.keep(answer), person_id=str(person.id))


@action(
    "registry.person.erase",
    ko="한 사람의 신원 정보를 되살릴 수 없게 지웁니다.",
    en="Erase one person's identity beyond recovery.",
    strong=True,
    policy=policies.may_erase_person & policies.is_not_erased,
    letters={**policies.OWN, Role.VAULT: "p"},
    subject=_person_in_reach,
    lock=_person_locked,
    idempotent=True,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    faces=("web",),
    writes=(
        "registry_person",
        "registry_login",
        "registry_personfact",
        "registry_device",
        "core_progress",
    ),
    refusals=(CoreCode.NOT_FOUND,),
)
def erase_person(person_id: UuidText, *, actor: Actor) -> PersonErased:
    """Destroy the person's key, addresses, derived facts, devices and ways to sign in.

    A job then changes the vault's keys, so that older dumps go dark as well.

    The random id stays in memberships, votes counted and books: it names nobody.
    """
    person = subject(Person)
    records.erase(person.id, actor=actor, purpose="erasure", reason=stated_reason())
    PersonFact.rows.filter(person=person).delete()
    Device.rows.filter(person=person, dropped_at=None).update(dropped_at=clock.now())
    Device.rows.filter(person=person).update(name="–", mark="", audit=line().id)
    login = Login.objects.filter(person=person).first()
    if login is not None:
        login.forget(audit=line().id)
    line().object("registry.person", person.id)
    line().changed("state", person.state, Person.State.ERASED)
    person.state = Person.State.ERASED
    person.audit = line().id
    person.save(update_fields=["state", "audit"])
    jobs.later("registry.vault.rotate", {}, Actor.timer("registry.vault"))
    return PersonErased(person_id=str(person.id))
