"""Actions on sign-in addresses: a phone number or mail counts once it was confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from dure.core import jobs
from dure.core.actions import Reason, Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.policies import anyone, is_timer
from dure.core.text import T
from dure.core.types import UuidText
from dure.registry.actions.login import (
    ACCOUNT,
    OWN,
    checked_address,
    own_login,
    own_login_locked,
)
from dure.registry.actions.vault import person_of_staff
from dure.registry.models import Login, Person
from dure.registry.queries.login import (
    CONFIRM,
    RESET,
    confirm_link,
    confirms,
    login_named,
    reset_link,
)
from dure.registry.vault import Entry, address_schemes, keep, letters, policies, read, store
from dure.registry.vault.errors import LoginCode, VaultCode
from dure.registry.vault.held import Held, values_of

Scheme = Literal["phone", "mail"]
RESET_TIMER = "registry.login.reset"
WHY = {
    CONFIRM: "주소 확인 링크를 보냅니다.",
    RESET: "비밀번호를 다시 정하는 링크를 보냅니다.",
}


@dataclass(frozen=True, slots=True)
class AddressRef:
    """Which kind of address of whom."""

    person_id: str
    scheme: str


@dataclass(frozen=True, slots=True)
class PendingRead:
    """Where the waiting address waits: `vault.collect(read_id)` after the commit."""

    read_id: str


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer that is the same for everybody."""

    asked: bool


@action(
    "registry.login.propose_address",
    ko="로그인에 쓸 전화번호나 전자우편 주소를 적습니다.",
    en="Give a phone number or mail address to sign in with.",
    policy=policies.is_self,
    letters=OWN,
    subject=own_login,
    faces=("web",),
    refusals=(LoginCode.ADDRESS_SHAPE, CoreCode.RRN),
)
def propose_address(scheme: Scheme, values: Held, *, actor: Actor) -> AddressRef:
    """Keep an address in the vault until it is confirmed; nobody learns whether it is known."""
    login = subject(Login)
    text = checked_address(scheme, values_of(values).get("address", ""))
    store(
        Entry(login.person_id, {f"pending_{scheme}": text}),
        actor=actor,
        purpose=ACCOUNT,
    )
    line().object("registry.login", login.id)
    line().hidden(f"pending_{scheme}")
    return AddressRef(str(login.person_id), scheme)


@action(
    "registry.login.write_confirmation",
    ko="주소를 확인하는 편지를 보냅니다.",
    en="Send the letter that confirms an address.",
    policy=policies.is_self,
    letters=OWN,
    subject=own_login,
    faces=("web",),
)
def write_confirmation(scheme: Literal["mail"], *, actor: Actor) -> Asked:
    """Write to the waiting mail address; a waiting phone number is confirmed at the counter."""
    login = subject(Login)
    person_id, field = login.person_id, f"pending_{scheme}"
    answer = read(person_id, [field], actor=actor, purpose="notice", reason=WHY[CONFIRM])
    letters.send_after_commit(
        answer,
        field,
        T("두레 주소 확인", "Confirm your address for Dure"),
        T(
            "아래 주소를 열어 이 전자우편을 확인해 주세요. 하루 동안 열려 있습니다.",
            "Open the address below to confirm this mail address. It stays open for a day.",
        ),
        lambda: f"/me/address/{scheme}/{confirm_link(person_id, scheme)}/",
    )
    line().object("registry.login", login.id)
    return Asked(True)


@action(
    "registry.login.read_pending",
    ko="확인을 기다리는 내 주소를 봅니다.",
    en="Read my address that waits to be confirmed.",
    policy=policies.is_self,
    letters=OWN,
    subject=own_login,
    faces=("web",),
    refusals=(VaultCode.ERASED, VaultCode.NOT_IN_VAULT),
)
def read_pending(scheme: Scheme, *, actor: Actor) -> PendingRead:
    """Read the waiting address for its owner; it opens after the commit."""
    login = subject(Login)
    answer = read(
        login.person_id,
        [f"pending_{scheme}"],
        actor=actor,
        purpose="own_data",
        reason=WHY[CONFIRM],
    )
    line().object("registry.login", login.id)
    return PendingRead(keep(answer))


@action(
    "registry.login.confirm_address",
    ko="받은 링크로 로그인 주소를 확인합니다.",
    en="Confirm a sign-in address by the link that was sent.",
    policy=policies.is_self,
    letters=OWN,
    subject=own_login,
    lock=own_login_locked,
    faces=("web",),
    refusals=(LoginCode.LINK_SPENT, LoginCode.ADDRESS_TAKEN),
    constraints={"one_person_an_address": LoginCode.ADDRESS_TAKEN},
)
def confirm_address(scheme: Scheme, values: Held, *, actor: Actor) -> AddressRef:
    """Make the waiting address a sign-in address. Held values: link, address.

    The address is in the link's page only for a moment: the face reads it first, sealed, and
    holds it here, so that the index is made of what was confirmed.
    """
    login = subject(Login)
    given = values_of(values)
    if not confirms(login, scheme, given.get("link", "")) or not given.get("address"):
        raise Refusal(LoginCode.LINK_SPENT)
    cells: dict[str, str | None] = {scheme: given["address"], f"pending_{scheme}": None}
    store(Entry(login.person_id, cells), actor=actor, purpose=ACCOUNT)
    line().object("registry.login", login.id)
    line().hidden(scheme)
    return AddressRef(str(login.person_id), scheme)


@action(
    "registry.login.remove_address",
    ko="로그인 주소를 지웁니다.",
    en="Remove a sign-in address.",
    policy=policies.is_self,
    letters=OWN,
    subject=own_login,
    faces=("web",),
)
def remove_address(scheme: Scheme, *, actor: Actor) -> AddressRef:
    """Remove an address and its index; signing in by handle stays."""
    login = subject(Login)
    cells: dict[str, str | None] = {scheme: None, f"pending_{scheme}": None}
    store(Entry(login.person_id, cells), actor=actor, purpose=ACCOUNT)
    line().object("registry.login", login.id)
    line().hidden(scheme)
    return AddressRef(str(login.person_id), scheme)


@action(
    "registry.login.confirm_phone",
    ko="창구에서 확인한 전화번호를 로그인에 쓰게 합니다.",
    en="Let a phone number be used to sign in that was confirmed at the counter.",
    strong=True,
    policy=policies.is_staff_of_person,
    letters={Role.STAFF: "m p"},
    subject=person_of_staff,
    reason=Reason.REQUIRED,
    audit_refusals=True,
    faces=("web",),
    refusals=(LoginCode.ADDRESS_SHAPE, LoginCode.ADDRESS_TAKEN, CoreCode.RRN, CoreCode.NOT_FOUND),
    constraints={"one_person_an_address": LoginCode.ADDRESS_TAKEN},
)
def confirm_phone(person_id: UuidText, values: Held, *, actor: Actor) -> AddressRef:
    """Store a phone number that staff have called while its owner stood by."""
    person = subject(Person)
    text = checked_address("phone", values_of(values).get("address", ""))
    cells: dict[str, str | None] = {"phone": text, "pending_phone": None}
    store(Entry(person.id, cells), actor=actor, purpose=ACCOUNT)
    line().object("registry.person", person.id)
    line().hidden("phone")
    return AddressRef(str(person.id), "phone")


@action(
    "registry.login.ask_reset",
    ko="비밀번호를 잊었다고 알립니다.",
    en="Say that a password was forgotten.",
    policy=anyone,
    letters={Role.VISITOR: "o", **OWN},
    faces=("web",),
    writes=("core_progress",),
)
def ask_reset(values: Held, *, actor: Actor) -> Asked:
    """Ask for a letter to the confirmed mail address of whoever this is.

    A job is written for a stranger too, so that both take the same time. Held values: login.
    """
    login = login_named(values_of(values).get("login", ""), actor)
    person_id = str(login.person_id) if login is not None and login.is_active else None
    jobs.later("registry.login.write_reset", {"person_id": person_id}, Actor.timer(RESET_TIMER))
    return Asked(True)


@action(
    "registry.login.write_reset",
    ko="비밀번호를 다시 정하는 편지를 보냅니다.",
    en="Send the letter that lets a password be set again.",
    policy=is_timer,
    letters={},
    who=Who.TIMER,
    idempotent=True,
    faces=("job",),
)
def write_reset(person_id: UuidText | None, *, actor: Actor) -> Asked:
    """Write to a person's confirmed address after the commit; nothing for nobody."""
    if person_id is None or "mail" not in address_schemes(UUID(person_id)):
        return Asked(False)
    answer = read(UUID(person_id), ["mail"], actor=actor, purpose="notice", reason=WHY[RESET])
    letters.send_after_commit(
        answer,
        "mail",
        T("두레 비밀번호 다시 정하기", "Set your password for Dure again"),
        T(
            "아래 주소에서 비밀번호를 다시 정할 수 있습니다. 한 시간 동안, 한 번만 열립니다."
            " 부탁하지 않으셨다면 아무것도 하지 않으셔도 됩니다.",
            "At the address below you can set your password again, once, within an hour."
            " If you did not ask for this, you need not do anything.",
        ),
        lambda: f"/accounts/password/reset/{reset_link(person_id)}/",
    )
    line().object("registry.person", person_id)
    return Asked(True)
