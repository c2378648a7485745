"""Who may do what in the registry: small named facts, composed into one sentence a verb.

A *thing* is the object that the action's subject query found. Facts that read an organisation take
the organisation itself or anything that has one.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q

from dure.core.actors import Actor, Role
from dure.core.policies import NOTHING, Fact, anyone, fact, is_operator, is_person, is_timer
from dure.registry.models import Organisation, Person

__all__ = ("anyone", "is_operator", "is_person", "is_timer")


def organisation_of(thing: Any) -> Organisation | None:  # Any: whatever the action acts on
    """The organisation a thing is or belongs to; of a merge, the one that stays."""
    if isinstance(thing, Organisation):
        return thing
    found = getattr(thing, "organisation", None) or getattr(thing, "kept", None)
    return found if isinstance(found, Organisation) else None


def district_of(thing: Any) -> str | None:  # Any: as above
    """The district code a thing lies in."""
    organisation = organisation_of(thing)
    if organisation is not None:
        return organisation.district_id
    code = getattr(thing, "district_id", None) or getattr(thing, "sig", None)
    return code if isinstance(code, str) else None


def _districts(actor: Actor, role: Role) -> Q:
    if any(g.role is role and g.scope_kind == "city" for g in actor.grants):
        return Q(pk__isnull=False)  # an empty Q would vanish in an "or"
    return Q(district__in=actor.scope_ids(role, "district"))


def _organisations(actor: Actor, *roles: Role) -> Q:
    ids = [one for role in roles for one in actor.scope_ids(role, "organisation")]
    return Q(pk__in=ids)


def _in_district(name: str, role: Role, *, ko: str, en: str) -> Fact:
    """The fact that the actor holds `role` in the district a thing lies in."""

    @fact(name, ko=ko, en=en, q=lambda actor, now: _districts(actor, role))
    def holds(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: as above
        district = district_of(thing)
        return district is not None and actor.has(role, district=district)

    return holds


def _in_organisation(name: str, role: Role, *, ko: str, en: str) -> Fact:
    """The fact that the actor holds `role` in the organisation a thing is or belongs to."""

    @fact(name, ko=ko, en=en, q=lambda actor, now: _organisations(actor, role))
    def holds(actor: Actor, thing: Any, now: datetime) -> bool:  # Any: as above
        organisation = organisation_of(thing)
        return organisation is not None and actor.has(role, organisation=organisation.pk)

    return holds


is_centre_staff = _in_district(
    "is_centre_staff", Role.STAFF, ko="그 자치구 센터 직원", en="staff of the district's centre"
)
is_official = _in_district(
    "is_official", Role.OFFICIAL, ko="그 자치구 담당 공무원", en="official of the district"
)
is_organisation_staff = _in_organisation(
    "is_organisation_staff", Role.STAFF, ko="그 조직 실무자", en="staff of the organisation"
)
is_board = _in_organisation(
    "is_board", Role.BOARD, ko="그 조직 이사", en="board member of the organisation"
)
is_treasurer = _in_organisation(
    "is_treasurer", Role.TREASURER, ko="그 조직 회계 담당", en="treasurer of the organisation"
)
is_member = _in_organisation(
    "is_member", Role.MEMBER, ko="그 조직 조합원", en="member of the organisation"
)


@fact(
    "is_own",
    ko="본인",
    en="the person concerned",
    q=lambda actor, now: Q(person=actor.behalf) if actor.id else NOTHING,
)
def is_own(actor: Actor, thing: Any, now: datetime) -> bool:
    """The thing is the actor's own, or of the person acted for: the person, or a row of hers."""
    if actor.id is None:
        return False
    owner = thing.pk if isinstance(thing, Person) else getattr(thing, "person_id", None)
    return owner is not None and UUID(str(owner)) == actor.behalf


@fact("is_proposer", ko="제안한 사람", en="who proposed it")
def is_proposer(actor: Actor, thing: Any, now: datetime) -> bool:
    """The actor proposed the thing."""
    return actor.id is not None and getattr(thing, "proposer", None) == actor.id


@fact("is_requester", ko="요청한 사람", en="who asked")
def is_requester(actor: Actor, thing: Any, now: datetime) -> bool:
    """The actor asked for the approval."""
    return actor.id is not None and getattr(thing, "requester", None) == actor.id


@fact("acts_for_another", ko="다른 사람을 대신하는 중", en="acting for another person")
def acts_for_another(actor: Actor, thing: Any, now: datetime) -> bool:
    """The actor does this for somebody else."""
    return actor.acting_for is not None


@fact("keeps_sites", ko="센터 직원이나 공무원", en="centre staff or official")
def works_in_a_district(actor: Actor, thing: Any, now: datetime) -> bool:
    """The actor is centre staff or an official anywhere."""
    return bool(
        actor.scope_ids(Role.STAFF, "district")
        or actor.scope_ids(Role.STAFF, "city")
        or actor.scope_ids(Role.OFFICIAL, "district")
        or actor.scope_ids(Role.OFFICIAL, "city")
    )


def needs_second(body: object, actor: Actor) -> bool:
    """Whether an action of the centre asks a second person: for an official, not for staff."""
    return not any(
        grant.role is Role.STAFF and grant.scope_kind in ("district", "city")
        for grant in actor.grants
    )


# -- one sentence a verb ---------------------------------------------------------------------------

may_keep_organisation = is_centre_staff | is_official
may_set_status = is_centre_staff | is_organisation_staff | is_board
may_confirm_status = is_centre_staff
may_state_year = is_centre_staff | is_board | is_treasurer
may_propose_edit = is_person & ~acts_for_another
may_review_edit = is_centre_staff | is_official
may_merge = is_centre_staff | is_official
may_apply = is_person
may_admit = is_organisation_staff | is_board | is_centre_staff
may_leave = is_own | is_organisation_staff | is_board | is_centre_staff
may_give_mandate = (is_board | is_official) & ~acts_for_another
may_end_mandate = is_board | is_official
may_act_on_own = is_own & ~acts_for_another
may_witness_consent = is_own | works_in_a_district
may_state_population = works_in_a_district
