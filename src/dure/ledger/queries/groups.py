"""What linked transfers moved, by unit: a case, a cycle and a round post under one group."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from dure.ledger.posting import Kind


@dataclass(frozen=True, slots=True)
class Moved:
    """What the groups moved in one unit: `amount` in its smallest step, less what was reversed or
    refunded; `groups` that moved any of it."""

    unit: str
    groups: int
    amount: int


_MOVED = """
SELECT u.code, count(DISTINCT t.grp),
    sum(CASE WHEN t.kind = ANY(%s) THEN -t.amount ELSE t.amount END)
FROM ledger_transfer t
JOIN ledger_unit u ON u.id = t.unit
WHERE t.grp = ANY(%s) AND t.kind = ANY(%s)
GROUP BY u.code ORDER BY u.code
"""
BACK = (Kind.REVERSAL, Kind.REFUND)
MOVES = (Kind.POST, Kind.SETTLE, *BACK)


def moved_by(groups: Sequence[UUID]) -> list[Moved]:
    """What these groups moved, a line a unit; holds that moved nothing do not count."""
    if not groups:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVED, [[int(kind) for kind in BACK], list(groups), [int(kind) for kind in MOVES]]
        )
        return [Moved(unit, count, int(amount)) for unit, count, amount in cursor.fetchall()]
