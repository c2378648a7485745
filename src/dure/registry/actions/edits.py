"""Corrections that anybody may propose and somebody else reviews."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dure.core import clock, parsers
from dure.core.actions import Reason, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import Line, UuidText
from dure.registry import policies
from dure.registry.actions.organisations import rename
from dure.registry.errors import RegistryCode
from dure.registry.models import Organisation, OrgContact, OrgEdit, Site
from dure.registry.queries import subjects
from dure.registry.queries.values import present_value

EditField = Literal["name", "name_en", "address", "phone", "mail", "web", "founded_on"]
HIDDEN_OF_TRADERS = frozenset({"address", "phone", "mail"})


@dataclass(frozen=True, slots=True)
class EditRef:
    """A proposed edit: its id and what became of it."""

    id: str
    state: str


@action(
    "registry.organisation.propose",
    ko="조직 정보의 수정을 제안합니다.",
    en="Propose a correction of an organisation's entry.",
    policy=policies.may_propose_edit,
    letters={role: "o" for role in Role if role not in (Role.VISITOR, Role.OPERATOR)},
    subject=subjects.public_organisation,
    idempotent=True,
    writes=("registry_orgedit",),
    refusals=(RegistryCode.NOTHING_CHANGED, RegistryCode.HIDDEN_FIELD),
)
def propose_edit(
    organisation_id: UuidText,
    field: EditField,
    value: Line,
    why: Line | None = None,
    *,
    actor: Actor,
) -> EditRef:
    """Propose a new value for one field; nothing changes until somebody else accepts it."""
    organisation = subject(Organisation)
    new = _parsed(organisation, field, value)
    old = present_value(organisation, field)
    if new == old:
        raise Refusal(RegistryCode.NOTHING_CHANGED, field="value")
    assert actor.id is not None
    made = OrgEdit.rows.create(
        organisation=organisation,
        field=field,
        old=old,
        new=new,
        why=why or "",
        proposer=actor.id,
        proposed_at=clock.now(),
        audit=line().id,
    )
    line().object("registry.orgedit", made.pk)
    line().organisation(organisation.pk)
    line().changed(field, old, new)
    return EditRef(str(made.pk), made.state)


def _parsed(organisation: Organisation, field: str, value: str) -> str:
    if field in HIDDEN_OF_TRADERS and organisation.form == Organisation.Form.SOLE_TRADER:
        raise Refusal(RegistryCode.HIDDEN_FIELD, field="value")
    try:
        if field in ("name", "name_en"):
            return parsers.name(value)
        if field == "founded_on":
            day = parsers.form_date(value)
            if day > clock.today():
                raise Refusal(RegistryCode.DATE_FUTURE, field="value")
            return day.isoformat()
    except parsers.ParseError as error:
        raise Refusal(CoreCode.BAD_FIELD, field="value", range=error.accepted) from None
    return value


@action(
    "registry.organisation.review",
    ko="수정 제안을 검토합니다.",
    en="Review a proposed correction.",
    policy=policies.may_review_edit,
    second_person=policies.needs_second,
    letters={Role.STAFF: "d", Role.OFFICIAL: "d2"},
    subject=subjects.lock_edit,
    idempotent=True,
    writes=(
        "registry_orgedit",
        "registry_organisation",
        "registry_orgname",
        "registry_site",
        "registry_orgcontact",
    ),
    refusals=(RegistryCode.OWN_PROPOSAL, RegistryCode.ANSWERED),
    constraints={"orgedit_reviewer_is_not_the_proposer": RegistryCode.OWN_PROPOSAL},
)
def review_edit(
    edit_id: UuidText,
    decision: Literal["accept", "decline"],
    answer: Line | None = None,
    *,
    actor: Actor,
) -> EditRef:
    """Accept or decline; an edit whose field changed meanwhile is stale and changes nothing."""
    edit = subject(OrgEdit)
    if edit.state != OrgEdit.State.PROPOSED:
        raise Refusal(RegistryCode.ANSWERED, state=edit.get_state_display())
    if edit.proposer == actor.id:
        raise Refusal(RegistryCode.OWN_PROPOSAL)
    rows = Organisation.objects.within(actor).select_for_update(no_key=True)
    organisation = rows.get(pk=edit.organisation_id)
    line().object("registry.orgedit", edit.pk)
    line().organisation(organisation.pk)
    if decision == "decline":
        edit.state = OrgEdit.State.DECLINED
    elif present_value(organisation, edit.field) != edit.old:
        edit.state = OrgEdit.State.STALE
    else:
        edit.state = OrgEdit.State.ACCEPTED
        _apply(organisation, edit)
    line().changed("state", "proposed", edit.state)
    edit.reviewer, edit.reviewed_at = actor.id, clock.now()
    edit.answer, edit.audit = answer or "", line().id
    edit.save(update_fields=["state", "reviewer", "reviewed_at", "answer", "audit"])
    return EditRef(str(edit.pk), edit.state)


def _apply(organisation: Organisation, edit: OrgEdit) -> None:
    audit, field, new = line().id, edit.field, edit.new
    line().changed(field, edit.old, new)
    if field == "name":
        rename(organisation, new, clock.today())
    elif field == "name_en":
        organisation.name_en, organisation.audit = new, audit
        organisation.save(update_fields=["name_en", "audit"])
    elif field == "founded_on":
        organisation.founded_on, organisation.audit = date.fromisoformat(new), audit
        organisation.save(update_fields=["founded_on", "audit"])
    elif field == "address":
        Site.rows.filter(
            organisation=organisation, is_head=True, valid__endswith__isnull=True
        ).update(address=new, audit=audit)
    else:
        held = OrgContact.rows.filter(organisation=organisation, kind=field, value=edit.old)
        if not (edit.old and held.update(value=new, audit=audit)):
            OrgContact.rows.create(organisation=organisation, kind=field, value=new, audit=audit)


@action(
    "registry.organisation.withdraw",
    ko="내가 낸 수정 제안을 거둡니다.",
    en="Withdraw one's own proposed correction.",
    policy=policies.is_proposer,
    letters={role: "o" for role in Role if role not in (Role.VISITOR, Role.OPERATOR)},
    subject=subjects.lock_edit,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=("registry_orgedit",),
    refusals=(RegistryCode.ANSWERED,),
)
def withdraw_edit(edit_id: UuidText, *, actor: Actor) -> EditRef:
    """Take back a proposal that nobody has answered yet."""
    edit = subject(OrgEdit)
    if edit.state != OrgEdit.State.PROPOSED:
        raise Refusal(RegistryCode.ANSWERED, state=edit.get_state_display())
    edit.state, edit.audit = OrgEdit.State.WITHDRAWN, line().id
    edit.save(update_fields=["state", "audit"])
    line().object("registry.orgedit", edit.pk)
    line().organisation(edit.organisation_id)
    line().changed("state", "proposed", "withdrawn")
    return EditRef(str(edit.pk), edit.state)
