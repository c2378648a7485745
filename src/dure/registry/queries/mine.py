"""What a person is tied to: own memberships, mandates, declared ties, and consents by purpose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T, active_language
from dure.registry import words
from dure.registry.models import Consent, Mandate, Membership, Organisation, Purpose, Tie
from dure.registry.queries.organisations import district_name

TIE_KINDS = {
    "owner": T("소유", "owner"),
    "officer": T("임원", "officer"),
    "employee": T("고용", "employee"),
    "family": T("가족", "family"),
    "creditor": T("채권·채무", "creditor or debtor"),
    "other": T("그 밖", "other"),
}


@dataclass(frozen=True, slots=True)
class OwnMembership:
    """One own membership or application."""

    id: UUID
    organisation_id: UUID
    organisation: str
    member_class: str
    is_applied: bool
    since: date | None


@dataclass(frozen=True, slots=True)
class OwnMandate:
    """One own mandate in force."""

    id: UUID
    role: str
    scope: str
    begins: datetime
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class OwnTie:
    """One own declared tie that has not ended."""

    id: UUID
    organisation: str
    kind: str
    declared_at: datetime


@dataclass(frozen=True, slots=True)
class OwnConsent:
    """A purpose, and whether one agrees to it now."""

    code: str
    name: str
    text: str
    is_given: bool
    is_needed: bool


@dataclass(frozen=True, slots=True)
class Mine:
    """Everything one is tied to."""

    memberships: tuple[OwnMembership, ...]
    mandates: tuple[OwnMandate, ...]
    ties: tuple[OwnTie, ...]
    consents: tuple[OwnConsent, ...]


def mine(actor: Actor) -> Mine:
    """The ties of the person who asks."""
    rows = Membership.objects.everything("one's own memberships").filter(person=actor.id)
    living = rows.filter(state__in=("applied", "admitted")).select_related("organisation")
    held = Mandate.objects.everything("one's own mandates").filter(
        person=actor.id, valid__contains=clock.now()
    )
    ties = Tie.objects.within(actor).filter(ends__isnull=True, tie__isnull=True)
    return Mine(
        tuple(_membership(row) for row in living.order_by("-applied_at")),
        tuple(_mandate(row) for row in held.order_by("-given_at")),
        tuple(
            OwnTie(row.pk, row.organisation.name, str(TIE_KINDS[row.kind]), row.declared_at)
            for row in ties.exclude(organisation=None).select_related("organisation")
        ),
        tuple(_consents(actor)),
    )


def own_organisations(actor: Actor) -> list[tuple[UUID, str, str]]:
    """Organisations in which one holds a mandate: id, name, roles in words. Grants are loaded."""
    roles: dict[str, list[str]] = {}
    for grant in actor.grants:
        if grant.scope_kind == "organisation" and grant.role.code in words.ROLES:
            roles.setdefault(grant.scope_id, []).append(words.word(words.ROLES, grant.role.code))
    rows = Organisation.objects.within(actor).filter(pk__in=roles).order_by("name_key")
    return [(row.pk, row.name, ", ".join(sorted(roles[str(row.pk)]))) for row in rows]


def _membership(row: Membership) -> OwnMembership:
    return OwnMembership(
        row.pk,
        row.organisation_id,
        row.organisation.name,
        words.word(words.MEMBER_CLASSES, row.member_class),
        row.state == "applied",
        row.valid.lower if row.valid else None,
    )


def _mandate(row: Mandate) -> OwnMandate:
    scope = row.scope_id
    if row.scope_kind == "organisation":
        names = Organisation.objects.everything("the name of one's own organisation")
        scope = names.filter(pk=row.scope_id).values_list("name", flat=True).first() or scope
    elif row.scope_kind == "district":
        scope = district_name(row.scope_id)
    elif row.scope_kind == "city":
        scope = str(T("서울 전체", "all of Seoul"))
    return OwnMandate(
        row.pk,
        words.word(words.ROLES, row.role),
        scope,
        row.valid.lower or row.given_at,
        row.valid.upper,
    )


def _consents(actor: Actor) -> list[OwnConsent]:
    acts = Consent.objects.within(actor).select_related("purpose").order_by("at")
    last = {row.purpose.code: row.act for row in acts}
    newest: dict[str, Purpose] = {}
    for purpose in Purpose.objects.everything("purposes are public").order_by("code", "version"):
        newest[purpose.code] = purpose
    english = active_language() == "en"
    return [
        OwnConsent(
            code,
            purpose.name_en if english else purpose.name,
            purpose.text_en if english else purpose.text,
            last.get(code, "withdrawn") != "withdrawn",
            code == "account",
        )
        for code, purpose in newest.items()
    ]
