"""People, mandates, places and organisations that a test needs and no action made."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import connection

from dure.core.actors import Actor, Role
from dure.registry import models as registry
from dure.registry.naming import search_columns
from tests.harness.given import given

MAPO = "11440"
JONGNO = "11110"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
NAMES = {MAPO: ("11140", "마포구", "Mapo-gu"), JONGNO: ("11010", "종로구", "Jongno-gu")}


def _now() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT dure_now()")
        (now,) = cursor.fetchone()
    return now


def district(sig: str = MAPO) -> registry.District:
    """A district; install data holds all 25, else one is written."""
    found = registry.District.rows.filter(sig=sig).first()
    if found:
        return found
    kostat, name, name_en = NAMES.get(sig, (sig, f"구 {sig}", f"Gu {sig}"))
    with given() as audit:
        return registry.District.rows.create(
            sig=sig, kostat=kostat, name=name, name_en=name_en, audit=audit
        )


def organisation(
    name: str = "가람협동조합",
    *,
    district_sig: str = MAPO,
    form: str = "corporation",
    status: str | None = "coop.consumer",
    founded_on: date = date(2020, 1, 1),
) -> registry.Organisation:
    """An operating organisation with a name, a head site and (unless None) one status."""
    place = district(district_sig)
    days = (founded_on, None)
    with given() as audit:
        made = registry.Organisation.rows.create(
            **search_columns(name),
            form=form,
            founded_on=founded_on,
            district=place,
            created_at=_now(),
            audit=audit,
        )
        registry.OrgName.rows.create(
            organisation=made,
            name=name,
            search_key=made.name_key,
            valid=days,
            audit=audit,
        )
        registry.OrgState.rows.create(organisation=made, state="operating", valid=days, audit=audit)
        registry.Site.rows.create(
            organisation=made, district=place, is_head=True, valid=days, audit=audit
        )
        if status:
            registry.OrgStatus.rows.create(organisation=made, code=status, valid=days, audit=audit)
    return made


def person(home: str | None = MAPO) -> registry.Person:
    """An active person, at home in a district."""
    with given() as audit:
        made = registry.Person.rows.create(state="active", created_at=_now(), audit=audit)
        if home:
            district(home)
            registry.PersonFact.rows.create(
                person=made,
                kind="home",
                value=home,
                derived_at=_now(),
                valid=(LONG_AGO.date(), None),
                audit=audit,
            )
    return made


def mandate(
    person_id: UUID | str,
    role: Role | str,
    *,
    district: str | None = None,
    organisation: object = None,
    city: bool = False,
    purpose: str | None = None,
    since: datetime = LONG_AGO,
    until: datetime | None = None,
) -> registry.Mandate:
    """A mandate in one scope: a district, an organisation, a purpose or the city."""
    code = role.code if isinstance(role, Role) else role
    if organisation is not None:
        kind, scope = "organisation", str(getattr(organisation, "id", organisation))
    elif district is not None:
        kind, scope = "district", district
    elif purpose is not None:
        kind, scope = "purpose", purpose
    elif city:
        kind, scope = "city", "*"
    else:
        kind, scope = "installation", "*"
    with given() as audit:
        return registry.Mandate.rows.create(
            person_id=person_id,
            role=code,
            scope_kind=kind,
            scope_id=scope,
            valid=(since, until),
            given_by=uuid4(),
            given_at=since,
            audit=audit,
        )


def membership(
    person_id: UUID | str,
    organisation: registry.Organisation,
    member_class: str = "consumer",
) -> registry.Membership:
    """A membership of a person since long ago."""
    with given() as audit:
        return registry.Membership.rows.create(
            organisation=organisation,
            person_id=person_id,
            member_class=member_class,
            state="admitted",
            applied_at=LONG_AGO,
            valid=(LONG_AGO.date(), None),
            audit=audit,
        )


def person_with(
    role: Role,
    *,
    district: str | None = None,
    organisation: object = None,
    purpose: str | None = None,
    since: datetime = LONG_AGO,
    until: datetime | None = None,
    origin: str = "test",
) -> Actor:
    """An actor who holds `role` in one scope. The door loads the grant itself.

    RESIDENT is a person at home in `district`; MEMBER a member of `organisation`; VISITOR and
    OPERATOR are no persons.
    """
    if role is Role.VISITOR:
        return Actor.anonymous(origin)
    if role is Role.OPERATOR:
        return Actor.operator(origin)
    home = district or MAPO
    made = person(home)
    if role is Role.MEMBER:
        assert isinstance(organisation, registry.Organisation), "a member of which organisation?"
        membership(made.id, organisation)
    elif role is not Role.RESIDENT:
        mandate(
            made.id,
            role,
            district=district,
            organisation=organisation,
            purpose=purpose,
            since=since,
            until=until,
        )
    return Actor.person(made.id, origin=origin)


def ended(role: Role, **scope: object) -> Actor:
    """An actor whose mandate ended one second ago."""
    return person_with(role, until=_now() - timedelta(seconds=1), **scope)  # type: ignore[arg-type]  # scopes pass through


def after_term(actor: Actor, *, seconds: int = 1) -> None:
    """End every mandate of an actor `seconds` from now."""
    with given() as audit:
        for held in registry.Mandate.rows.filter(person_id=actor.id):
            held.valid = (held.valid.lower, _now() + timedelta(seconds=seconds))
            held.audit = audit
            held.save(update_fields=["valid", "audit"])
