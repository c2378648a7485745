"""Invitations to an organisation: sent, accepted once, or revoked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from dure.core import clock, parsers, rulebook
from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.policies import fact, is_person
from dure.core.text import T
from dure.core.types import UuidText
from dure.registry.actions.memberships import note_member
from dure.registry.models import Invitation, Membership, Organisation, Person
from dure.registry.queries.invitations import invitation_behind, link_of
from dure.registry.vault import Entry, letters, links, normal, read, store
from dure.registry.vault.errors import LoginCode
from dure.registry.vault.held import Held, values_of

MemberClass = Literal["consumer", "producer", "worker", "supporter", "preferred"]
WHY = "초대 편지를 보냅니다."
SENDERS = (Role.BOARD, Role.STAFF)
LETTERS = {Role.STAFF: "m", Role.BOARD: "m"}


@dataclass(frozen=True, slots=True)
class InvitationRef:
    """An invitation; its link is computed from this id when it is sent."""

    invitation_id: str
    person_id: str


@fact("is_host", ko="그 조직의 실무자나 이사", en="staff or board of that organisation")
def is_host(actor: Actor, thing: object, now: datetime) -> bool:
    """Whether the actor runs the organisation that invites."""
    organisation = (
        thing.organisation_id if isinstance(thing, Invitation) else getattr(thing, "id", None)
    )
    return any(actor.has(role, organisation=organisation) for role in SENDERS)


def _host_organisation(body: object, actor: Actor) -> Organisation:
    organisation = Organisation.rows.filter(pk=getattr(body, "organisation_id", None)).first()
    if organisation is None or not is_host.holds(actor, organisation, clock.now()):
        raise Refusal(CoreCode.NOT_FOUND)
    found: Organisation = organisation
    return found


@action(
    "registry.invitation.send",
    ko="조합원이 되어 달라고 초대합니다.",
    en="Invite somebody to become a member.",
    policy=is_host,
    letters=LETTERS,
    subject=_host_organisation,
    idempotent=True,
    faces=("web",),
    writes=("registry_person", "registry_invitation"),
    refusals=(
        CoreCode.NOT_FOUND,
        LoginCode.ADDRESS_SHAPE,
        CoreCode.RRN,
        CoreCode.RULE_MISSING,
    ),
)
def send_invitation(
    organisation_id: UuidText, member_class: MemberClass, values: Held, *, actor: Actor
) -> InvitationRef:
    """Make an invited person, keep name and address in the vault, and the offer that ends.

    Held values: name or nothing, phone or mail.
    """
    organisation = subject(Organisation)
    given = values_of(values)
    now, audit = clock.now(), line().id
    days = rulebook.value("invitation.days").integer
    cells: dict[str, str | None] = {}
    try:
        if given.get("name"):
            cells["name"] = parsers.name(given["name"])
        for scheme in ("phone", "mail"):
            if given.get(scheme):
                parsers.refuse_rrn(given[scheme])
                cells[f"pending_{scheme}"] = getattr(normal, scheme)(given[scheme])
    except parsers.ParseError as error:
        raise Refusal(error.code, field="name", range=error.accepted) from None
    except normal.NotAnAddress as error:
        raise Refusal(LoginCode.ADDRESS_SHAPE, field=str(error)) from None
    if not any(field.startswith("pending_") for field in cells):
        raise Refusal(LoginCode.ADDRESS_SHAPE, field="mail")
    person = Person.rows.create(
        state=Person.State.INVITED, created_by=actor.id, created_at=now, audit=audit
    )
    store(Entry(person.id, cells), actor=actor, purpose="invitation")
    invitation = Invitation.rows.create(
        organisation=organisation, member_class=member_class, person=person, sent_by=actor.id,
        sent_at=now, expires_at=links.hours_from(now, 24 * days), audit=audit,
    )  # fmt: skip
    _write_letter(invitation, cells, actor)
    line().object("registry.invitation", invitation.id)
    line().organisation(organisation.id)
    for field in cells:
        line().hidden(field)
    return InvitationRef(str(invitation.id), str(person.id))


def _write_letter(invitation: Invitation, cells: Mapping[str, str | None], actor: Actor) -> None:
    """Send the link to the mail address that was given, after the commit."""
    if "pending_mail" not in cells:
        return
    answer = read(
        invitation.person_id, ["pending_mail"], actor=actor, purpose="invitation", reason=WHY
    )
    letters.send_after_commit(
        answer,
        "pending_mail",
        T("두레 초대", "Invitation to Dure"),
        T(
            "조합원이 되어 달라는 초대가 왔습니다. 아래 주소에서 보고 받아들일 수 있습니다.",
            "You are invited to become a member. See and accept it at the address below.",
        ),
        lambda: f"/invitations/{link_of(invitation)}/",
    )


def accept_invited(
    link: str | None, *, now: datetime, audit: UUID, person: Person | None = None
) -> Person | None:
    """Accept an invitation for the person it was made for, or for `person` who has a login.

    Returns the member; None when no link was given. Raises Refusal(LINK_SPENT).
    """
    if not link:
        return None
    invitation = invitation_behind(link, now=now, locked=True)
    if invitation is None:
        raise Refusal(LoginCode.LINK_SPENT)
    member = person or invitation.person
    if person is None:
        if member.state != Person.State.INVITED:
            raise Refusal(LoginCode.LINK_SPENT)
        member.state = Person.State.ACTIVE
        member.audit = audit
        member.save(update_fields=["state", "audit"])
    invitation.accepted_at, invitation.accepted_by, invitation.audit = (
        now,
        member,
        audit,
    )
    invitation.save(update_fields=["accepted_at", "accepted_by", "audit"])
    membership = Membership.rows.create(
        organisation_id=invitation.organisation_id, person=member, state=Membership.State.ADMITTED,
        member_class=invitation.member_class, applied_at=now, admitted_by=invitation.sent_by,
        valid=(clock.kst_date(now), None), audit=audit,
    )  # fmt: skip
    note_member(membership, 1, clock.kst_date(now))
    line().organisation(invitation.organisation_id)
    return member


@action(
    "registry.invitation.accept",
    ko="받은 초대를 받아들입니다.",
    en="Accept an invitation.",
    policy=is_person,
    letters={role: "o" for role in Role if role not in (Role.VISITOR, Role.OPERATOR)},
    idempotent=True,
    faces=("web",),
    writes=("registry_invitation", "registry_membership"),
    labels=("member.active",),
    refusals=(LoginCode.LINK_SPENT,),
    constraints={"membership_of_a_person_is_one_a_day": LoginCode.LINK_SPENT},
)
def accept_invitation(values: Held, *, actor: Actor) -> InvitationRef:
    """Become a member by the link one holds, with the login one has. Held values: link."""
    link = values_of(values).get("link", "")
    me = Person.rows.get(pk=actor.id)
    accept_invited(link, now=clock.now(), audit=line().id, person=me)
    invitation = links.subject_of(link)
    line().object("registry.invitation", invitation)
    return InvitationRef(str(invitation), str(me.id))


def _open_invitation(body: object, actor: Actor) -> Invitation:
    invitation = (
        Invitation.rows.filter(
            pk=getattr(body, "invitation_id", None), accepted_at=None, revoked_at=None
        )
        .select_for_update(no_key=True)
        .first()
    )
    if invitation is None or not is_host.holds(actor, invitation, clock.now()):
        raise Refusal(CoreCode.NOT_FOUND)
    found: Invitation = invitation
    return found


@action(
    "registry.invitation.revoke",
    ko="보낸 초대를 거둡니다.",
    en="Revoke an invitation.",
    policy=is_host,
    letters=LETTERS,
    subject=_open_invitation,
    faces=("web", "api"),
    writes=("registry_invitation",),
    refusals=(CoreCode.NOT_FOUND,),
)
def revoke_invitation(invitation_id: UuidText, *, actor: Actor) -> InvitationRef:
    """Take an offer back before it was accepted."""
    invitation = subject(Invitation)
    invitation.revoked_at, invitation.audit = clock.now(), line().id
    invitation.save(update_fields=["revoked_at", "audit"])
    line().object("registry.invitation", invitation.id)
    line().organisation(invitation.organisation_id)
    return InvitationRef(str(invitation.id), str(invitation.person_id))
