"""Access tokens of the API: one purpose, an end, never more than their giver may now.

Nouns: token (접근 토큰), purpose (목적).
Law: the token is shown once; only its hash is stored. Mandates are read at each call, so a token
of a person whose mandate ended opens nothing. A token carries the second step of the sign-in that
made it, and none that its maker did not take.
"""

from __future__ import annotations

import secrets
import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Literal
from uuid import UUID

from dure.core import clock, locks, rulebook, statements
from dure.core.actions import action, line, subject
from dure.core.actors import EVERY_PERSON, Actor
from dure.core.errors import Code, CoreCode, Kind, Refusal, code
from dure.core.models.tokens import ApiToken
from dure.core.parsers import ParseError
from dure.core.policies import is_person
from dure.core.text import T
from dure.core.types import Count, Digest, Name, UuidText

PREFIX = "dure_"
BODY, CHECK = 32, 6
CALENDAR = "calendar"
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
Purpose = Literal["read", "registry", "exchange", "budgeting", "indicators", "calendar", "all"]
PURPOSE_TEXT = {
    "read": T("읽기만", "reading only"),
    "registry": T("조직 명부 일", "work on the register"),
    "exchange": T("수리·나눔 일", "repair and exchange"),
    "budgeting": T("주민참여예산 일", "participatory budget"),
    "indicators": T("지표 일", "indicators"),
    "calendar": T("내 달력 보여 주기", "showing my calendar"),
    "all": T("내가 할 수 있는 모든 일", "everything I may do"),
}


class TokenCode(Code):
    """Refusals about tokens."""

    TOO_LONG = code(
        "core.token_too_long",
        Kind.INVALID,
        "토큰은 %(days)s일까지 쓸 수 있습니다. 더 짧은 기간을 골라 주세요.",
        "A token may last at most %(days)s days. Please choose a shorter time.",
    )
    TOO_MANY = code(
        "core.token_too_many",
        Kind.CONFLICT,
        "토큰은 %(count)s개까지 가질 수 있습니다. 쓰지 않는 토큰을 거두어 주세요.",
        "You may hold at most %(count)s tokens. Please revoke one that you do not use.",
    )


def new_token() -> str:
    """A new token: ``dure_``, 32 random characters of base 62 and 6 of their CRC-32.

    Letters are mixed in so that no token looks like a number of a person.
    """
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(BODY))
        token = f"{PREFIX}{body}{_check(body)}"
        if not any(token[i : i + 6].isdigit() for i in range(len(token) - 5)):
            return token


def _check(body: str) -> str:
    number, digits = zlib.crc32(body.encode()), ""
    for _ in range(CHECK):
        number, rest = divmod(number, len(ALPHABET))
        digits = ALPHABET[rest] + digits
    return digits


def read_token(value: object) -> str:
    """Read a token; raises ParseError when its form or its check does not hold."""
    if isinstance(value, str) and value.isascii() and value.startswith(PREFIX):
        body, check = value[len(PREFIX) : -CHECK], value[-CHECK:]
        if len(body) == BODY and set(body) <= set(ALPHABET) and _check(body) == check:
            return value
    raise ParseError(CoreCode.BAD_FIELD, T("접근 토큰", "an access token"))


def hash_of(token: str) -> str:
    """What is stored of a token. 190 random bits need no slow hash.

    >>> len(hash_of("dure_x"))
    64
    """
    return sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class TokenRef:
    """A token by its id."""

    id: str


@action(
    "core.token.create",
    ko="프로그램이 쓸 접근 토큰을 만듭니다.",
    en="Make an access token for a program.",
    policy=is_person,
    letters=EVERY_PERSON,
    idempotent=True,
    faces=("web",),
    writes=("core_apitoken",),
    refusals=(TokenCode.TOO_LONG, TokenCode.TOO_MANY),
)
def create_token(
    label: Name, purpose: Purpose, days: Count, token_hash: Digest, *, actor: Actor
) -> TokenRef:
    """Store the hash of a token that the face made; the token itself never comes here."""
    assert actor.id is not None
    most = rulebook.value("token.days_most").integer
    if not 1 <= days <= most:
        raise Refusal(TokenCode.TOO_LONG, field="days", days=most)
    held = rulebook.value("token.count_most").integer
    locks.advisory(1, [actor.id.int % 2**31])
    now = clock.now()
    if _in_force(now).filter(person=actor.id).count() >= held:
        raise Refusal(TokenCode.TOO_MANY, count=held)
    token = ApiToken.rows.create(
        person=actor.id,
        label=label,
        purpose=purpose,
        token_hash=token_hash,
        made_at=now,
        expires_at=now + timedelta(days=days),
        assured=actor.assured,
        audit=line().id,
    )
    line().object("core.apitoken", token.id)
    line().changed("purpose", None, purpose)
    line().changed("expires_at", None, token.expires_at)
    return TokenRef(str(token.id))


def _own(body: Any, actor: Actor) -> ApiToken:  # Any: the drawn body
    token: ApiToken | None = ApiToken.rows.filter(id=body.token_id, person=actor.id).first()
    if token is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return token


@action(
    "core.token.revoke",
    ko="접근 토큰을 거둡니다.",
    en="Revoke an access token.",
    policy=is_person,
    letters=EVERY_PERSON,
    subject=_own,
    faces=("web", "api"),
    writes=("core_apitoken",),
)
def revoke_token(token_id: UuidText, *, actor: Actor) -> TokenRef:
    """End one token of one's own at once; repeating it changes nothing."""
    token = subject(ApiToken)
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        line().changed("revoked_at", None, token.revoked_at)
    line().object("core.apitoken", token.id)
    return TokenRef(str(token.id))


@dataclass(frozen=True, slots=True)
class TokenView:
    """A token as its owner sees it."""

    id: UUID
    label: str
    purpose: str
    purpose_text: T
    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    is_in_force: bool


def of(actor: Actor) -> list[TokenView]:
    """The tokens of the person who acts, newest first."""
    if actor.id is None:
        return []
    now = clock.now()
    return [
        TokenView(
            t.id,
            t.label,
            t.purpose,
            PURPOSE_TEXT[t.purpose],
            t.made_at,
            t.expires_at,
            t.revoked_at,
            t.revoked_at is None and t.expires_at > now,
        )
        for t in ApiToken.rows.filter(person=actor.id).order_by("-made_at")
    ]


@dataclass(frozen=True, slots=True)
class Opened:
    """What a token opens: who gave it and for what."""

    actor: Actor
    purpose: str

    def allows(self, room: str) -> bool:
        """Whether actions of `room` lie within the purpose."""
        return self.purpose in (room, "all")


def open_token(value: str) -> Opened | None:
    """The actor behind a token in force, or None; the same for unknown, ended and revoked ones.

    The address of a calendar stands in other programs' settings: it opens nothing but a calendar.
    """
    try:
        token = read_token(value)
    except ParseError:
        return None
    found = statements.row(OPENED, (hash_of(token),))
    if found is None:
        return None
    person, assured, purpose = found
    if purpose == CALENDAR:
        return None
    return Opened(Actor.person(person, origin="api", assured=assured), purpose)


def open_calendar(value: str) -> UUID | None:
    """Whose calendar a token of that purpose opens, or None."""
    try:
        token = read_token(value)
    except ParseError:
        return None
    found = statements.row(OPENED, (hash_of(token),))
    return found[0] if found is not None and found[2] == CALENDAR else None


# The same tokens as `_in_force`, at each call of the API.
OPENED = """
SELECT person, assured, purpose FROM core_apitoken
WHERE token_hash = %s AND revoked_at IS NULL AND expires_at > dure_now()
"""


def _in_force(now: datetime) -> Any:  # Any: a queryset of tokens
    return ApiToken.rows.filter(revoked_at__isnull=True, expires_at__gt=now)
