"""Members and mandates of an organisation, for those who keep them. Names are masked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dure.core import clock
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.registry import policies, words
from dure.registry.models import Mandate, Membership, Organisation
from dure.registry.vault import masked_names

ROLES_OF_ORGANISATION = frozenset({"staff", "treasurer", "approver", "board", "auditor", "contact"})
MEMBERS_MAX = 100


@dataclass(frozen=True, slots=True)
class MemberRow:
    """One membership: a person's masked name (or number) or an organisation's name."""

    id: UUID
    person: str
    organisation: str
    organisation_id: UUID | None
    member_class: str
    state: str
    since: date | None
    applied_at: datetime
    person_id: UUID | None


@dataclass(frozen=True, slots=True)
class MandateRow:
    """One mandate in words."""

    id: UUID
    person: str
    role: str
    begins: datetime
    ends: datetime | None
    origin: str
    is_over: bool
    person_id: UUID


@dataclass(frozen=True, slots=True)
class PeopleOf:
    """Applications, members and mandates of one organisation, and what the reader may do."""

    applications: tuple[MemberRow, ...]
    members: tuple[MemberRow, ...]
    mandates: tuple[MandateRow, ...]
    may_admit: bool
    may_give: bool
    may_open: bool


may_see_people = (
    policies.is_organisation_staff
    | policies.is_board
    | policies.is_treasurer
    | policies.is_centre_staff
    | policies.is_official
)


may_see_masks = (
    policies.is_organisation_staff
    | policies.is_board
    | policies.is_treasurer
    | policies.is_centre_staff
)


def short(person_id: UUID) -> str:
    """The first letters of a person's number, enough to tell two apart in a list."""
    return person_id.hex[:8]


def people_of(organisation_id: str, actor: Actor) -> PeopleOf:
    """Members and mandates; NOT_FOUND for whoever has no business there."""
    one = Organisation.objects.within(actor).filter(pk=organisation_id).first()
    now = clock.now()
    if one is None or not may_see_people.holds(actor, one, now):
        raise Refusal(CoreCode.NOT_FOUND)
    rows = Membership.objects.everything("the organisation's own roll, for those who keep it")
    mine = rows.filter(organisation=one).select_related("member").order_by("-applied_at")
    today = clock.today()
    applied = mine.filter(state="applied")
    held = Mandate.objects.everything("the organisation's own mandates, for those who keep them")
    mandates = held.filter(scope_kind="organisation", scope_id=str(one.pk)).order_by("-given_at")
    asked, members = applied[:MEMBERS_MAX], mine.filter(valid__contains=today)[:MEMBERS_MAX]
    holders = mandates[:MEMBERS_MAX]
    names: dict[UUID, str] = {}
    if may_see_masks.holds(actor, one, now):
        for page in (asked, members, holders):
            ids = {row.person_id for row in page if row.person_id} - names.keys()
            names |= masked_names(ids, actor=actor, purpose="list_page")
    return PeopleOf(
        tuple(_member(row, names) for row in asked),
        tuple(_member(row, names) for row in members),
        tuple(_mandate(row, now, names) for row in holders),
        policies.may_admit.holds(actor, one, now),
        policies.may_give_mandate.holds(actor, one, now),
        (policies.is_organisation_staff | policies.is_centre_staff).holds(actor, one, now),
    )


def _member(row: Membership, names: Mapping[UUID, str]) -> MemberRow:
    return MemberRow(
        row.pk,
        names.get(row.person_id, short(row.person_id)) if row.person_id else "",
        row.member.name if row.member else "",
        row.member_id,
        words.word(words.MEMBER_CLASSES, row.member_class),
        row.state,
        row.valid.lower if row.valid else None,
        row.applied_at,
        row.person_id,
    )


def _mandate(row: Mandate, now: datetime, names: Mapping[UUID, str]) -> MandateRow:
    ends = row.valid.upper
    return MandateRow(
        row.pk,
        names.get(row.person_id, short(row.person_id)),
        words.word(words.ROLES, row.role),
        row.valid.lower or row.given_at,
        ends,
        words.word(words.ORIGINS, row.origin),
        row.valid.isempty or (ends is not None and ends <= now),
        row.person_id,
    )
