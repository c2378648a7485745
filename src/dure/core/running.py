"""What is running: the present action of this thread, its line in the making, its subject.

Kept apart from the door so that clock, facts and rulebook can ask without importing it.
"""

from __future__ import annotations

import builtins
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from dure.core.actors import Actor
from dure.core.catalogue import Entry
from dure.core.statements import Row

S = TypeVar("S")


@dataclass(slots=True)
class PendingLine:
    """The audit line of the running action, filled by the body, written by the door."""

    id: UUID
    object_name: str | None = None
    organisation_id: UUID | None = None
    changes: dict[str, list[Any]] = field(default_factory=dict)
    rule_versions: list[str] = field(default_factory=list)

    def object(self, kind: str, object_id: builtins.object) -> None:
        """Name the object acted on: `kind` is ``room.model``, `object_id` its id."""
        self.object_name = f"{kind}:{object_id}"

    def organisation(self, organisation_id: UUID | str | None) -> None:
        """Name the organisation whose affair this is."""
        self.organisation_id = UUID(str(organisation_id)) if organisation_id else None

    def changed(self, name: str, old: builtins.object, new: builtins.object) -> None:
        """Record one field from old to new; values must be JSON scalars, lists or dates."""
        self.changes[name] = [_plain(old), _plain(new)]

    def hidden(self, name: str) -> None:
        """Record that a vault field changed, never its values."""
        self.changes[name] = ["•", "•"]

    def used_rule(self, version_id: UUID | str) -> None:
        """Name a rule version that decided something here."""
        if str(version_id) not in self.rule_versions:
            self.rule_versions.append(str(version_id))


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int | bool):
        return value
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return str(value)


@dataclass(slots=True)
class Running:
    """One running action."""

    entry: Entry
    actor: Actor
    now: datetime
    line: PendingLine
    xid: int
    depth: int
    reason: str | None = None
    subject: object | None = None
    approvers: tuple[UUID, ...] = ()
    labels: set[str] = field(default_factory=set)
    notices: set[str] = field(default_factory=set)
    locked: tuple[int, int, int] = (0, 0, 0)
    locked_what: str = ""
    locked_tables: list[str] = field(default_factory=list)
    brought: list[Row] | None = None


_current: ContextVar[Running | None] = ContextVar("dure_running", default=None)


def current_or_none() -> Running | None:
    """The running action of this thread, or None."""
    return _current.get()


def current() -> Running:
    """The running action of this thread; asserts that there is one."""
    running = _current.get()
    assert running is not None, "only inside a running action"
    return running


def take_brought() -> list[Row] | None:
    """The rows that came along with the opening, once; None when the subject asks itself."""
    present = current_or_none()
    if present is None:
        return None
    found, present.brought = present.brought, None
    return found


def line() -> PendingLine:
    """The audit line in the making of the running action."""
    return current().line


def subject(kind: type[S]) -> S:
    """The (locked) subject that the door fetched for the running action."""
    found = current().subject
    assert isinstance(found, kind), f"the subject is {type(found)}, not {kind}"
    return found
