"""Who calls the API: a visitor, or the person behind a token, within the token's purpose."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

from dure.core import tokens
from dure.core.actors import Actor


@dataclass(frozen=True, slots=True)
class Caller:
    """The actor of a call; `purpose` is empty for a visitor."""

    actor: Actor
    purpose: str = ""

    def may_run(self, room: str) -> bool:
        """Whether actions of `room` lie within the purpose; a visitor has none to leave."""
        return not self.purpose or self.purpose in (room, "all") or room == "core"


def caller_of(request: HttpRequest) -> Caller | None:
    """The caller by ``Authorization: Bearer``; None when a token was sent that opens nothing.

    No cookie is read: a page of another site can make a browser send cookies, but no header.
    """
    header = request.headers.get("Authorization", "")
    if not header:
        return Caller(Actor.anonymous(origin="api"))
    kind, _, value = header.partition(" ")
    if kind.lower() != "bearer":
        return None
    opened = tokens.open_token(value.strip())
    return Caller(opened.actor, opened.purpose) if opened else None
