"""Actions on sign-in: signing up, passwords, factors, addresses, sessions.

Personal values come held (`vault.holding`): a body carries their keyed tag, never a value.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from pydantic import Field

from dure.core import clock, notices, parsers
from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.policies import anyone
from dure.core.types import District, UuidText
from dure.registry import told
from dure.registry.actions.consents import write_act
from dure.registry.actions.invitations import accept_invited
from dure.registry.models import Consent, Login, Person, PersonFact, Purpose
from dure.registry.models.login import (
    end_sessions,
    is_handle,
    normal_handle,
    skeleton_of,
)
from dure.registry.queries.login import login_of_reset_link
from dure.registry.vault import (
    Entry,
    crypto,
    keys,
    normal,
    policies,
    store,
)
from dure.registry.vault.errors import LoginCode
from dure.registry.vault.held import Held, values_of
from dure.registry.vault.ring import ring

Factor = Literal[
    "totp_activated", "totp_deactivated", "webauthn_added", "webauthn_removed",
    "recovery_codes_generated", "recovery_code_used", "account_disconnected", "new_browser",
]  # fmt: skip
OWN = policies.OWN
ACCOUNT = "account"
SIGN_UP_REFUSALS = (
    LoginCode.HANDLE_SHAPE,
    LoginCode.HANDLE_TAKEN,
    LoginCode.PASSWORD_WEAK,
    LoginCode.NO_FACTOR,
    LoginCode.ADDRESS_SHAPE,
    LoginCode.LINK_SPENT,
    LoginCode.PERSON_HAS_LOGIN,
    CoreCode.RRN,
)
UNIQUE = {
    "registry_login_handle_key": LoginCode.HANDLE_TAKEN,
    "registry_login_skeleton_key": LoginCode.HANDLE_TAKEN,
    "registry_login_person_id_key": LoginCode.PERSON_HAS_LOGIN,
}


@dataclass(frozen=True, slots=True)
class SignedUp:
    """A new login; `pending` names the addresses still to be confirmed."""

    person_id: str
    login_id: str
    pending: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LoginRef:
    """The login that changed."""

    login_id: str


@dataclass(frozen=True, slots=True)
class SessionsEnded:
    """How many sessions were ended."""

    ended_count: int


def checked_handle(text: str) -> str:
    """The normal form of a handle. Raises Refusal(HANDLE_SHAPE)."""
    handle = normal_handle(text)
    if not is_handle(handle):
        raise Refusal(LoginCode.HANDLE_SHAPE, field="handle")
    return handle


def skeleton_tag(handle: str) -> str:
    """What stands in `Login.skeleton`: a keyed hash that outlives the handle."""
    return crypto.tag(ring().latest(keys.HANDLES)[1], "handle", skeleton_of(handle)).hex()


def checked_password(password: str, login: Login) -> str:
    """The hash of a password that is long enough and not common. Raises Refusal(PASSWORD_WEAK)."""
    try:
        validate_password(password, user=login)
    except ValidationError:
        raise Refusal(LoginCode.PASSWORD_WEAK, field="password") from None
    return make_password(password)


def checked_name(text: str) -> str:
    """A person's name. Raises Refusal naming the field."""
    try:
        return parsers.name(text)
    except parsers.ParseError as error:
        raise Refusal(error.code, field="name", range=error.accepted) from None


def checked_address(scheme: str, text: str) -> str:
    """An address in its normal form. Raises Refusal(ADDRESS_SHAPE), or RRN."""
    try:
        parsers.refuse_rrn(text)
        return normal.phone(text) if scheme == "phone" else normal.mail(text)
    except parsers.ParseError as error:
        raise Refusal(error.code, field=scheme) from None
    except normal.NotAnAddress:
        raise Refusal(LoginCode.ADDRESS_SHAPE, field=scheme) from None


@action(
    "registry.login.sign_up",
    ko="로그인을 새로 만듭니다.",
    en="Make a login.",
    policy=anyone,
    letters={Role.VISITOR: "o", **OWN},
    idempotent=True,
    faces=("web",),
    writes=(
        "registry_person", "registry_login", "registry_personfact", "registry_consent",
        "registry_invitation", "registry_membership", "mfa_authenticator",
    ),
    labels=("member.active",),
    refusals=SIGN_UP_REFUSALS,
    constraints=UNIQUE,
)  # fmt: skip
def sign_up(
    login_id: UuidText,
    values: Held,
    factor: Literal["passkey", "password"],
    district: District | None = None,
    *,
    actor: Actor,
) -> SignedUp:
    """Make a person and her login, with a passkey or a password; addresses wait to be confirmed.

    Held values: handle, name, and as given phone, mail, password, credential, invitation.
    """
    given = values_of(values)
    now, audit = clock.now(), line().id
    handle = checked_handle(given.get("handle", ""))
    name = checked_name(given.get("name", ""))
    person = accept_invited(given.get("invitation"), now=now, audit=audit) or Person.rows.create(
        state=Person.State.ACTIVE, created_by=None, created_at=now, audit=audit
    )
    login = Login(
        id=UUID(login_id), person=person, handle=handle, skeleton=skeleton_tag(handle),
        created_at=now, audit=audit,
    )  # fmt: skip
    login.password = (
        checked_password(given.get("password", ""), login)
        if factor == "password"
        else make_password(None)
    )
    login.save(force_insert=True)
    if factor == "passkey":
        if not given.get("credential"):
            raise Refusal(LoginCode.NO_FACTOR)
        data = {"name": "passkey", "credential": json.loads(given["credential"])}
        login.factors.create(type="webauthn", data=data)
    if district:
        PersonFact.rows.create(
            person=person, kind="home", value=district, derived_at=now,
            valid=(clock.kst_date(now), None), audit=audit,
        )  # fmt: skip
    cells: dict[str, str | None] = {"name": name}
    for scheme in ("phone", "mail"):
        if given.get(scheme):
            cells[f"pending_{scheme}"] = checked_address(scheme, given[scheme])
    as_person = Actor.person(person.id, origin=actor.origin)
    store(Entry(person.id, cells), actor=as_person, purpose=ACCOUNT)
    _consent_to_account(person, sorted(cells))
    line().object("registry.person", person.id)
    for field in cells:
        line().hidden(field)
    line().changed("factor", None, factor)
    pending = tuple(scheme for scheme in ("phone", "mail") if f"pending_{scheme}" in cells)
    return SignedUp(str(person.id), login_id, pending)


def _consent_to_account(person: Person, fields: list[str]) -> None:
    """Write the receipt of the consent that the sign-up page asked for."""
    purpose = Purpose.rows.filter(code=ACCOUNT).order_by("-version").first()
    if purpose is None:
        return
    kept = tuple(sorted({field.removeprefix("pending_") for field in fields}))
    write_act(person, purpose, Consent.Act.GIVEN, kept, Consent.How.SCREEN, None)


def own_login(body: object, actor: Actor) -> Login:
    """The login of the actor; a login named in the body must be it."""
    login = Login.objects.filter(person_id=actor.id).first() if actor.id else None
    if login is None or getattr(body, "login_id", str(login.id)) != str(login.id):
        raise Refusal(CoreCode.NOT_FOUND)
    return login


def own_login_locked(body: object, actor: Actor) -> Login:
    """The same, held until the commit."""
    return Login.objects.select_for_update(no_key=True).get(pk=own_login(body, actor).pk)


@action(
    "registry.login.set_password",
    ko="내 비밀번호를 정합니다.",
    en="Set my password.",
    policy=policies.is_self,
    letters=OWN,
    subject=own_login,
    lock=own_login_locked,
    faces=("web",),
    writes=("registry_login", "core_notice"),
    refusals=(LoginCode.PASSWORD_WEAK,),
    notices=(told.CHANGES["password_set"],),
)
def set_password(values: Held, *, actor: Actor) -> LoginRef:
    """Store the hash of a new password of the actor's own login."""
    login = subject(Login)
    login.password = checked_password(values_of(values).get("password", ""), login)
    login.audit = line().id
    login.save(update_fields=["password", "audit"])
    line().object("registry.login", login.id)
    line().hidden("password")
    notices.tell(login.person_id, told.CHANGES["password_set"])
    return LoginRef(str(login.id))


@action(
    "registry.login.renew_hash",
    ko="비밀번호 해시를 새 방식으로 바꿉니다.",
    en="Renew the hash of a password.",
    policy=anyone,
    letters={Role.VISITOR: "o", **OWN},
    faces=("web",),
    writes=("registry_login",),
    refusals=(CoreCode.NOT_FOUND,),
)
def renew_hash(login_id: UuidText, values: Held, *, actor: Actor) -> LoginRef:
    """Hash the password that has just opened this login in today's way; any other is not found."""
    login = Login.objects.select_for_update(no_key=True).filter(pk=login_id).first()
    password = values_of(values).get("password", "")
    if login is None or not login.has_old_hash() or not login.check_password(password):
        raise Refusal(CoreCode.NOT_FOUND)
    login.password = make_password(password)
    login.audit = line().id
    login.save(update_fields=["password", "audit"])
    line().object("registry.login", login.id)
    return LoginRef(str(login.id))


@action(
    "registry.login.reset_password",
    ko="받은 링크로 비밀번호를 다시 정합니다.",
    en="Set a password again by the link that was sent.",
    policy=anyone,
    letters={Role.VISITOR: "o", **OWN},
    faces=("web",),
    writes=("registry_login", "core_notice"),
    refusals=(LoginCode.LINK_SPENT, LoginCode.PASSWORD_WEAK),
    notices=(told.CHANGES["password_set"],),
)
def reset_password(values: Held, *, actor: Actor) -> LoginRef:
    """Set a password by a link of the vault's address; second factors stay, sessions end.

    Held values: link, password.
    """
    given = values_of(values)
    login = login_of_reset_link(given.get("link", ""))
    if login is None:
        raise Refusal(LoginCode.LINK_SPENT)
    login.password = checked_password(given.get("password", ""), login)
    login.audit = line().id
    login.save(update_fields=["password", "audit"])
    end_sessions(login)
    line().object("registry.login", login.id)
    line().hidden("password")
    notices.tell(login.person_id, told.CHANGES["password_set"])
    return LoginRef(str(login.id))


@action(
    "registry.login.record",
    ko="로그인 수단이 바뀐 것을 남깁니다.",
    en="Record what happened to a way to sign in.",
    policy=policies.is_self,
    letters=OWN,
    subject=own_login,
    faces=("web",),
    writes=("core_notice",),
    notices=tuple(told.CHANGES.values()),
)
def record_factor(change: Factor, *, actor: Actor) -> LoginRef:
    """Leave an audit line of what happened to one's ways to sign in, and tell their owner."""
    login = subject(Login)
    line().object("registry.login", login.id)
    line().changed("factor", None, change)
    notices.tell(login.person_id, told.CHANGES[change])
    return LoginRef(str(login.id))


@action(
    "registry.login.connect",
    ko="다른 곳의 계정을 내 로그인에 잇습니다.",
    en="Join an account elsewhere to my login.",
    policy=policies.is_self,
    letters=OWN,
    subject=own_login,
    faces=("web",),
    writes=("core_notice",),
    refusals=(LoginCode.ADDRESS_TAKEN,),
    notices=(told.CHANGES["account_connected"],),
)
def connect_outside(values: Held, *, actor: Actor) -> LoginRef:
    """Keep provider and opaque id of an outside account. Held values: provider, uid."""
    login, given = subject(Login), values_of(values)
    made = login.outside.model.objects.get_or_create(
        provider=given.get("provider", ""), uid=given.get("uid", ""), defaults={"user": login}
    )[0]
    if made.user_id != login.pk:
        raise Refusal(LoginCode.ADDRESS_TAKEN)
    line().object("registry.login", login.id)
    line().changed("factor", None, "account_connected")
    notices.tell(login.person_id, told.CHANGES["account_connected"])
    return LoginRef(str(login.id))


@action(
    "registry.login.end_session",
    ko="내 다른 로그인을 끝냅니다.",
    en="End my sessions elsewhere.",
    policy=policies.is_self,
    letters=OWN,
    subject=own_login,
    faces=("web",),
    refusals=(CoreCode.NOT_FOUND,),
)
def end_session(
    session_ids: Annotated[list[int], Field(min_length=1, max_length=50)],
    *,
    actor: Actor,
) -> SessionsEnded:
    """End the named sessions, all of them the actor's own."""
    login = subject(Login)
    sessions = list(login.browsers.filter(pk__in=session_ids))
    if len(sessions) != len(set(session_ids)):
        raise Refusal(CoreCode.NOT_FOUND)
    for session in sessions:
        session.end()
    line().object("registry.login", login.id)
    line().changed("ended_count", None, len(sessions))
    return SessionsEnded(len(sessions))
