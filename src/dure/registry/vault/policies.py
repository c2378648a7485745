"""Who may read, erase and sign in: small named facts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from dure.core import clock
from dure.core.actors import Actor, ActorKind, Role
from dure.core.policies import fact
from dure.registry.models import Membership, Person, PersonFact

# Every signed-in person with her own things, whatever her roles.
OWN: dict[Role, str] = {role: "o" for role in Role if role not in (Role.VISITOR, Role.OPERATOR)}


@fact("is_self", ko="본인", en="the person")
def is_self(actor: Actor, thing: object, now: datetime) -> bool:
    """Whether the actor is the person acted on, and nobody else acts for her."""
    if actor.kind is not ActorKind.PERSON or actor.acting_for is not None:
        return False
    return person_id_of(thing) == actor.id


@fact("is_vault_officer", ko="신원 금고 담당", en="vault officer")
def is_vault_officer(actor: Actor, thing: object, now: datetime) -> bool:
    """Whether the actor holds the vault officer's mandate now."""
    return actor.has(Role.VAULT)


@fact(
    "is_staff_of_person",
    ko="그 사람의 조직이나 센터의 실무자",
    en="staff of the person's organisation or centre",
)
def is_staff_of_person(actor: Actor, thing: object, now: datetime) -> bool:
    """Whether the actor is staff where the person is a member, or of her district's centre."""
    person = person_id_of(thing)
    today = clock.kst_date(now)
    organisations = actor.scope_ids(Role.STAFF, "organisation")
    if organisations and (
        Membership.rows.filter(
            person_id=person,
            organisation_id__in=organisations,
            state="admitted",
            valid__contains=today,
        ).exists()
    ):
        return True
    districts = actor.scope_ids(Role.STAFF, "district")
    return (
        bool(districts)
        and PersonFact.rows.filter(
            person_id=person, kind="home", value__in=districts, valid__contains=today
        ).exists()
    )


def districts_of_staff(actor: Actor) -> tuple[str, ...]:
    """The districts in whose centre the actor is staff; ``*`` is the whole city."""
    return actor.scope_ids(Role.STAFF, "district") + actor.scope_ids(Role.STAFF, "city")


def _lives_in(thing: object, districts: tuple[str, ...], now: datetime) -> bool:
    person = person_id_of(thing)
    if not districts or person is None:
        return False
    homes = PersonFact.rows.filter(
        person_id=person, kind="home", valid__contains=clock.kst_date(now)
    )
    return bool((homes if "*" in districts else homes.filter(value__in=districts)).exists())


@fact(
    "is_centre_of_person",
    ko="그 사람이 사는 자치구 센터의 직원",
    en="staff of the centre where the person lives",
)
def is_centre_of_person(actor: Actor, thing: object, now: datetime) -> bool:
    """Whether the actor is staff of the centre of the person's district, or of the city's."""
    return _lives_in(thing, districts_of_staff(actor), now)


is_helper_of_person = is_centre_of_person | is_staff_of_person


@fact("is_asker", ko="부탁한 사람", en="who asked")
def is_asker(actor: Actor, thing: object, now: datetime) -> bool:
    """Whether the actor asked for the thing."""
    return actor.id is not None and getattr(thing, "asked_by", None) == actor.id


@fact("breaks_glass", ko="윤리위원이나 금고 담당", en="ethics committee or vault officer")
def may_break_glass(actor: Actor, thing: object, now: datetime) -> bool:
    """Whether the actor is one of those who may open in need, as one of two."""
    return actor.acting_for is None and (actor.has(Role.ETHICS) or actor.has(Role.VAULT))


@fact("reviews_glass", ko="윤리위원, 금고 담당이나 감사", en="ethics, vault officer or auditor")
def may_review_glass(actor: Actor, thing: object, now: datetime) -> bool:
    """Whether the actor may look at what was opened in need."""
    held = (Role.ETHICS, Role.VAULT, Role.AUDITOR)
    return actor.acting_for is None and any(actor.has(role) for role in held)


@fact("is_not_erased", ko="지워지지 않은 사람", en="person not erased")
def is_not_erased(actor: Actor, thing: object, now: datetime) -> bool:
    """Whether the person's identity is still there."""
    return not (isinstance(thing, Person) and thing.state == Person.State.ERASED)


may_read_person = is_self | is_vault_officer | is_staff_of_person
may_erase_person = is_self | is_vault_officer


def person_id_of(thing: object) -> UUID | None:
    """The person a subject is, or belongs to."""
    if isinstance(thing, Person):
        return thing.id
    found = getattr(thing, "person_id", None)
    return UUID(str(found)) if found else None
