"""Opening an action: clock, mark, timeouts, key and grants in one statement.

Nouns: mark (행위 표시, the audit line's id and the transaction's, without which no domain table
takes a write), opened (연 것, what the statement answered).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from dure.core import statements
from dure.core.actors import Actor, ActorKind
from dure.core.catalogue import Entry

OPEN = """
SELECT at, xid, used_line, used_hash, used_result, old_mark, behind, grants
FROM dure_open(%s, %s, %s, %s, %s, %s, %s)
"""


@dataclass(frozen=True, slots=True)
class Opened:
    """What opening an action found.

    found  : the line that used the key before, with hash and result of its body
    behind : the clock stands before the newest seal
    grants : of the person who acts, as `dure_grants` told them; None = not asked
    brought: rows of what was asked along with it; None = nothing was
    """

    now: datetime
    xid: int
    found: UUID | None
    found_hash: str | None
    found_result: Any  # Any: whatever JSON the action answered
    old_mark: str
    behind: bool
    grants: Sequence[str] | None
    brought: list[statements.Row] | None = None


def opened_for(
    line_id: UUID,
    entry: Entry,
    actor: Actor,
    key: str | None,
    key_organisation: UUID | None,
    ahead: statements.Asked | None = None,
) -> Opened:
    """Open an action in the present transaction; waits for whoever runs with the same key.

    `ahead`: what the action asks first, sent along; its rows are `brought`.
    """
    person = actor.id if actor.kind is ActorKind.PERSON and actor.acting_for is None else None
    places = (line_id, actor.key, key_organisation, entry.name, key, entry.long, person)
    brought = None
    if ahead is None:
        (found,) = statements.rows(OPEN, places)
    else:
        (found,), brought = statements.rows_of_both((OPEN, places), ahead)
    at, xid, used, used_hash, used_result, old_mark, behind, grants = found
    stored = json.loads(used_result) if isinstance(used_result, str) else used_result
    return Opened(at, xid, used, used_hash, stored, old_mark or "", behind, grants, brought)


def mark_of(line_id: UUID, xid: int) -> str:
    """The mark of an action in a transaction."""
    return f"{line_id}@{xid}"


def set_mark(mark: str) -> None:
    """Set the mark until the transaction ends."""
    statements.rows("SELECT set_config('dure.action', %s, true)", (mark,))
