"""Who is meant by what was typed at sign-in, and the links that prove control of an address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T
from dure.registry.models import District, Login
from dure.registry.models.login import is_handle, normal_handle
from dure.registry.queries.invitations import invitation_behind
from dure.registry.vault import links, normal, records

CONFIRM, RESET = "confirm", "reset"
HOURS = {CONFIRM: 24, RESET: 1}
SIGN_IN = "sign_in"


@dataclass(frozen=True, slots=True)
class Invited:
    """What an open invitation offers, in words for its page."""

    organisation: str
    organisation_id: UUID
    member_class: str
    expires_at: datetime
    person_has_login: bool


def district_choices() -> list[tuple[str, str]]:
    """Return the districts for a form: code and name in the page's language."""
    rows = District.rows.exclude(sig="00000").order_by("name").values_list("sig", "name", "name_en")
    return [(sig, str(T(name, name_en))) for sig, name, name_en in rows]


def invitation_shown(link: str) -> Invited | None:
    """Return what a link offers now, or nothing: wrong, used, revoked and over alike."""
    invitation = invitation_behind(link, now=clock.now())
    if invitation is None:
        return None
    return Invited(
        organisation=invitation.organisation.name,
        organisation_id=invitation.organisation_id,
        member_class=invitation.get_member_class_display(),
        expires_at=invitation.expires_at,
        person_has_login=Login.objects.filter(person_id=invitation.person_id).exists(),
    )


def login_named(typed: str, actor: Actor) -> Login | None:
    """Return the login of a handle, phone number or mail address; None for a stranger's."""
    handle = normal_handle(typed)
    if is_handle(handle):
        return Login.objects.filter(handle=handle).first()
    try:
        scheme, value = normal.address(typed)
    except normal.NotAnAddress:
        return None
    person_id = records.find(scheme, value, actor=actor, purpose=SIGN_IN)
    return Login.objects.filter(person_id=person_id).first() if person_id else None


def login_of_reset_link(link: str) -> Login | None:
    """Return the login a reset link opens now; None for wrong, spent and over alike."""
    try:
        login = Login.objects.filter(person_id=links.subject_of(link), is_active=True).first()
        if login is not None:
            links.check(link, RESET, _reset_stamp(login), now=clock.now())
    except links.BadLink:
        return None
    return login


def reset_link(person_id: UUID | str) -> str:
    """Return the link that lets a person set a password once, within the hour."""
    login = Login.objects.get(person_id=person_id)
    until = links.hours_from(clock.now(), HOURS[RESET])
    return links.make(RESET, login.person_id, _reset_stamp(login), until=until)


def confirm_link(person_id: UUID | str, scheme: str) -> str:
    """Return the link that confirms a person's waiting address of one kind."""
    login = Login.objects.get(person_id=person_id)
    until = links.hours_from(clock.now(), HOURS[CONFIRM])
    return links.make(CONFIRM, login.person_id, _confirm_stamp(login, scheme), until=until)


def confirms(login: Login, scheme: str, link: str) -> bool:
    """Tell whether a link confirms this login's waiting address of one kind, now."""
    try:
        return (
            links.check(link, CONFIRM, _confirm_stamp(login, scheme), now=clock.now())
            == login.person_id
        )
    except links.BadLink:
        return False


def _confirm_stamp(login: Login, scheme: str) -> str:
    return f"{scheme}:{login.id}:{records.address_stamp(login.person_id)}"


def _reset_stamp(login: Login) -> str:
    return f"{login.password}:{records.address_stamp(login.person_id)}"
