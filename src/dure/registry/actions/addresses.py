"""Actions on sign-in addresses: a phone number or mail counts once it was confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.policies import anyone
from dure.registry.actions.login import (
    OWN,
    Held,
    checked_address,
    own_login,
    own_login_locked,
    values_of,
)
from dure.registry.models import Login
from dure.registry.queries.login import CONFIRM, RESET, confirms, login_named
from dure.registry.vault import Entry, Sealed, keep, policies, read, store
from dure.registry.vault.errors import LoginCode

Scheme = Literal["phone", "mail"]
ACCOUNT = "account"
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
class Letter:
    """To whom a letter goes: the address opens by `vault.collect(read_id)` after the commit.

    Nothing at all when nobody is to be written to.
    """

    read_id: str | None
    person_id: str | None


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
    ko="주소를 확인하는 편지를 씁니다.",
    en="Write the letter that confirms an address.",
    policy=policies.is_self,
    letters=OWN,
    subject=own_login,
    faces=("web",),
)
def write_confirmation(scheme: Scheme, *, actor: Actor) -> Letter:
    """Read the waiting address for one letter; the face sends it after the commit."""
    login = subject(Login)
    answer = read(
        login.person_id,
        [f"pending_{scheme}"],
        actor=actor,
        purpose="notice",
        reason=WHY[CONFIRM],
    )
    line().object("registry.login", login.id)
    return Letter(keep(answer), str(login.person_id))


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
    "registry.login.ask_reset",
    ko="비밀번호를 잊었다고 알립니다.",
    en="Say that a password was forgotten.",
    policy=anyone,
    letters={Role.VISITOR: "o", **OWN},
    faces=("web",),
)
def ask_reset(values: Held, *, actor: Actor) -> Letter:
    """Read the confirmed mail address of whoever this is, for one letter; nothing for a stranger.

    Held values: login, a handle or an address.
    """
    login = login_named(values_of(values).get("login", ""), actor)
    if login is None or not login.is_active:
        return Letter(None, None)
    answer: Sealed[dict[str, str]] = read(
        login.person_id, ["mail"], actor=actor, purpose="notice", reason=WHY[RESET]
    )
    line().object("registry.login", login.id)
    return Letter(keep(answer), str(login.person_id))
