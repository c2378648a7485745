"""The catalogue of actions: every registered use case, as data.

Nouns: entry (목록 항목), outcome (결과). The door, the running action and the faces read it;
`core.actions` fills it.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from pydantic import BaseModel

from dure.core.actors import Actor, ActorKind, Role
from dure.core.errors import Code
from dure.core.policies import Policy
from dure.core.statements import Asked
from dure.core.text import T

R = TypeVar("R")


class Reason(Enum):
    """Whether an action asks why."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"


class Who(Enum):
    """What sort of actor may call an action at all."""

    PERSON = "person"
    TIMER = "timer"
    OPERATOR = "operator"


_WHO_TEXT = {
    Who.PERSON: T("로그인한 사람", "signed-in person"),
    Who.TIMER: T("시간 작업", "timer"),
    Who.OPERATOR: T("운영자", "operator"),
}


@dataclass(frozen=True)
class Entry:
    """One line of the catalogue of actions."""

    name: str
    function: Callable[..., object]
    text: T
    body: type[BaseModel]
    result: type
    policy: Policy
    letters: Mapping[Role, str]
    subject: Callable[[Any, Actor], object] | None  # Any: each action its own body
    lock: Callable[[Any, Actor], object] | None  # Any: as above
    idempotent: bool
    reason: Reason
    audit_refusals: bool
    long: bool
    faces: tuple[str, ...]
    who: tuple[Who, ...]
    writes: tuple[str, ...]
    labels: tuple[str, ...]
    refusals: tuple[Code, ...]
    constraints: Mapping[str, Code]
    since: str
    second_person: Callable[[Any, Actor], bool] | None  # Any: each action its own body
    approver: Policy | None
    reason_codes: tuple[str, ...]
    value: bool
    notices: tuple[str, ...]
    strong: bool
    for_another: bool
    # What the body says is nobody's to know: neither key nor hash of it is kept on the line, so a
    # retry simply runs again.
    secret: bool
    # The one-statement form: (entry, body, actor, key, body hash) → the outcome, or None when the
    # door has to do it. No second meaning, only a shorter way.
    short: Callable[[Any, Any, Actor, str | None, str | None], Any] | None = None  # Any: as above
    # What `subject` reads first: body → the statement, sent along with the opening. `subject` takes
    # its rows by `running.take_brought()`, and asks itself where there are none.
    ahead: Callable[[Any], Asked] | None = None  # Any: as above

    @property
    def room(self) -> str:
        """The room this action belongs to."""
        return self.name.split(".", 1)[0]

    @cached_property
    def kinds(self) -> frozenset[ActorKind]:
        """What sorts of actor may call it at all."""
        named = {who.value for who in self.who}
        kinds = {ActorKind.OPERATOR, *(kind for kind in ActorKind if kind.value in named)}
        return frozenset({*kinds, ActorKind.ANONYMOUS} if Who.PERSON in self.who else kinds)

    @property
    def asks_second_step(self) -> bool:
        """Whether a mandate opens this only after a second step at sign-in."""
        return self.strong or self.value

    @property
    def roles_in_words(self) -> T:
        """The roles that may run this action, as a refusal names them."""
        roles = [role.text for role, letters in self.letters.items() if letters not in ("", "–")]
        if not roles:
            roles = [_WHO_TEXT[who] for who in self.who]
        return T(", ".join(r.ko for r in roles), ", ".join(r.en for r in roles))


@dataclass(frozen=True, slots=True)
class Outcome(Generic[R]):
    """What an action answered: its result, its audit line, and whether it is a replay."""

    result: R
    line_id: UUID
    replayed: bool


CATALOGUE: dict[str, Entry] = {}


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in dataclasses.fields(kind))


def to_plain(result: object) -> object:
    """The JSON form of a result: dataclasses become dicts, ids and dates text."""
    if result is None or isinstance(result, str | int | bool):
        return result
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        return {name: to_plain(getattr(result, name)) for name in _names(type(result))}
    if isinstance(result, list | tuple):
        return [to_plain(item) for item in result]
    if isinstance(result, Mapping):
        return {str(k): to_plain(v) for k, v in result.items()}
    return str(result)


def from_plain(kind: Any, stored: Any) -> Any:  # Any: walks arbitrary result annotations
    """Build a result of type `kind` again from its JSON form (for a replayed key)."""
    return None if stored is None else _reader(kind)(stored)


@cache
def _reader(kind: Any) -> Callable[[Any], Any]:  # Any: as above
    """How a value of `kind` is built from what is not null."""
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _reader(next(a for a in get_args(kind) if a is not type(None)))
    if origin is tuple:
        item = get_args(kind)[0]
        return lambda stored: tuple(from_plain(item, one) for one in stored)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        return lambda stored: kind(**{n: from_plain(hints[n], v) for n, v in stored.items()})
    return lambda stored: stored
