"""What an action acts on: objects fetched through the actor's scope, and the same ones locked.

Law: a row outside the scope is "not found". Who holds no working role at all gets the public row,
so that the policy can say which role is needed.
"""

from __future__ import annotations

from typing import Protocol, TypeVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet

from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.registry.models import (
    Approval,
    District,
    Mandate,
    Membership,
    Merge,
    Organisation,
    OrgEdit,
    OrgStatus,
    OrgYear,
    Person,
    Tie,
)

WORKING = (Role.STAFF, Role.OFFICIAL, Role.BOARD, Role.TREASURER, Role.AUDITOR)
M = TypeVar("M", bound=Model)


class OfOrganisation(Protocol):
    """A body that names an organisation."""

    organisation_id: str


class OfDistrict(Protocol):
    """A body that names a district."""

    district: str


def working_q(actor: Actor, path: str = "") -> Q:
    """Organisations in which the actor holds a working role, as a condition on `path`."""
    districts: set[str] = set()
    organisations: set[str] = set()
    for grant in actor.grants:
        if grant.role in WORKING:
            if grant.scope_kind == "city":
                return Q(**{f"{path}pk__isnull": False})  # an empty Q would vanish in an "or"
            if grant.scope_kind == "district":
                districts.add(grant.scope_id)
            elif grant.scope_kind == "organisation":
                organisations.add(grant.scope_id)
    return Q(**{f"{path}district__in": districts}) | Q(
        **{f"{path}pk__in" if not path else f"{path}id__in": organisations}
    )


def _works_somewhere(actor: Actor) -> bool:
    return any(grant.role in WORKING for grant in actor.grants)


def _one(rows: QuerySet[M], pk: str | UUID) -> M:
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return found


def _organisations(actor: Actor) -> QuerySet[Organisation]:
    rows: QuerySet[Organisation] = Organisation.objects.within(actor)
    return rows.filter(working_q(actor)) if _works_somewhere(actor) else rows


def district(body: OfDistrict, actor: Actor) -> District:
    """The district a body names."""
    rows: QuerySet[District] = District.objects.within(actor)
    return _one(rows, body.district)


def public_organisation(body: OfOrganisation, actor: Actor) -> Organisation:
    """Any organisation of the public register."""
    rows: QuerySet[Organisation] = Organisation.objects.within(actor)
    return _one(rows, body.organisation_id)


def organisation(body: OfOrganisation, actor: Actor) -> Organisation:
    """The organisation a body names, where the actor works."""
    return _one(_organisations(actor).select_related("district"), body.organisation_id)


def lock_organisation(body: OfOrganisation, actor: Actor) -> Organisation:
    """The same, locked; nobody else changes it until the end of the action."""
    return _one(_organisations(actor).select_for_update(no_key=True), body.organisation_id)


def _of_organisation(rows: QuerySet[M], actor: Actor, path: str = "organisation__") -> QuerySet[M]:
    return rows.filter(working_q(actor, path)) if _works_somewhere(actor) else rows


class OfStatus(Protocol):
    """A body that names a status."""

    status_id: str


def lock_status(body: OfStatus, actor: Actor) -> OrgStatus:
    """A status and its organisation, both locked."""
    rows = OrgStatus.objects.everything("the organisation's own scope is applied next")
    rows = _of_organisation(rows, actor).select_related("organisation")
    found: OrgStatus = _one(rows.select_for_update(no_key=True), body.status_id)
    return found


class OfYear(Protocol):
    """A body that names a yearly value."""

    value_id: str


def yearly_value(body: OfYear, actor: Actor) -> OrgYear:
    """A yearly value of an organisation where the actor works."""
    rows = OrgYear.objects.everything("the organisation's own scope is applied next")
    found: OrgYear = _one(
        _of_organisation(rows, actor).select_related("organisation"), body.value_id
    )
    return found


class OfEdit(Protocol):
    """A body that names a proposed edit."""

    edit_id: str


def lock_edit(body: OfEdit, actor: Actor) -> OrgEdit:
    """A proposed edit, locked: where the actor works, or the actor's own."""
    rows = OrgEdit.objects.everything("the organisation's scope or the proposer is asked next")
    own = Q(proposer=actor.id) if actor.id else Q(pk__in=[])
    rows = rows.filter(working_q(actor, "organisation__") | own).select_related("organisation")
    found: OrgEdit = _one(rows.select_for_update(no_key=True), body.edit_id)
    return found


class OfMerge(Protocol):
    """A body that names a merge."""

    merge_id: str


class OfPair(Protocol):
    """A body that names two organisations."""

    kept_id: str
    other_id: str


def kept_of_pair(body: OfPair, actor: Actor) -> Organisation:
    """The organisation to keep; the other one must lie in the actor's scope too."""
    rows = _organisations(actor)
    _one(rows, body.other_id)
    return _one(rows, body.kept_id)


def lock_merge(body: OfMerge, actor: Actor) -> Merge:
    """A merge, locked with both organisations in the order of their ids."""
    rows = Merge.objects.everything("the organisation's own scope is applied next")
    merge = _one(_of_organisation(rows, actor, "kept__"), body.merge_id)
    pair = (merge.kept_id, merge.other_id)
    locked = Organisation.objects.everything("the pair of a merge in the actor's scope")
    list(locked.filter(pk__in=pair).order_by("pk").select_for_update(no_key=True))
    again = Merge.objects.everything("the same merge, locked")
    again = again.select_related("kept", "other").select_for_update(no_key=True, of=("self",))
    found: Merge = _one(again, merge.pk)
    return found


class OfMembership(Protocol):
    """A body that names a membership."""

    membership_id: str


def lock_membership(body: OfMembership, actor: Actor) -> Membership:
    """A membership, locked: of an organisation where the actor works, or the actor's own."""
    rows = Membership.objects.everything("the organisation's scope or the person is asked next")
    own = Q(person=actor.id) if actor.id else Q(pk__in=[])
    work = working_q(actor, "organisation__") | working_q(actor, "member__")
    rows = rows.filter(work | own).select_related("organisation")
    found: Membership = _one(rows.select_for_update(no_key=True, of=("self",)), body.membership_id)
    return found


class OfMandate(Protocol):
    """A body that names a mandate."""

    mandate_id: str


def lock_mandate(body: OfMandate, actor: Actor) -> Mandate:
    """A mandate of a scope in which the actor holds a working role, locked."""
    rows = Mandate.objects.within(actor)
    found: Mandate = _one(rows.select_for_update(no_key=True), body.mandate_id)
    return found


def actor_person(body: object, actor: Actor) -> Person:
    """The actor as a person; nobody else's row is found."""
    rows: QuerySet[Person] = Person.objects.within(actor)
    return _one(rows, actor.id or UUID(int=0))


class OfTie(Protocol):
    """A body that names a tie."""

    tie_id: str


def own_tie(body: OfTie, actor: Actor) -> Tie:
    """A tie the actor declared."""
    found: Tie = _one(Tie.objects.within(actor), body.tie_id)
    return found


class OfApproval(Protocol):
    """A body that names an approval."""

    approval_id: str


def lock_approval(body: OfApproval, actor: Actor) -> Approval:
    """An approval in the actor's scope or asked by the actor, locked."""
    rows = Approval.objects.within(actor)
    found: Approval = _one(rows.select_for_update(no_key=True), body.approval_id)
    return found


def organisation_named(body: dict[str, object]) -> str | None:
    """The id of the organisation that a body of any action of this room is about."""
    if body.get("scope_kind") == "organisation":
        return str(body["scope_id"])
    for name in ("organisation_id", "kept_id"):
        if isinstance(body.get(name), str):
            return str(body[name])
    for name, rows, path in (
        ("edit_id", OrgEdit.rows, "organisation_id"),
        ("merge_id", Merge.rows, "kept_id"),
        ("status_id", OrgStatus.rows, "organisation_id"),
    ):
        if isinstance(body.get(name), str):
            found = rows.filter(pk=body[name]).values_list(path, flat=True).first()
            return str(found) if found else None
    return None


def district_of_organisation(organisation_id: str) -> str | None:
    """The district an organisation lies in."""
    rows = Organisation.objects.everything("only the district's code is read")
    return rows.filter(pk=organisation_id).values_list("district_id", flat=True).first()
