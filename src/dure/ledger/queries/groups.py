"""What linked transfers moved, by unit: a case, a cycle and a round post under one group."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from dure.ledger.models import Transfer, Unit
from dure.ledger.posting import Kind
from dure.ledger.purposes import FEE

WON_UNITS = ("KRW", "VCH")  # won, and voucher won that stand for them one to one


@dataclass(frozen=True, slots=True)
class Moved:
    """What the groups moved in one unit: `amount` in its smallest step, less what was reversed or
    refunded, under whatever group; `groups` that moved any of it. A payment between two books
    counts once, a fee not at all."""

    unit: str
    groups: int
    amount: int


_MOVED = """
SELECT u.code, count(DISTINCT t.grp), sum(t.amount - coalesce(b.amount, 0))
FROM ledger_transfer t
JOIN ledger_unit u ON u.id = t.unit
JOIN ledger_account d ON d.id = t.debit
LEFT JOIN LATERAL (
    SELECT sum(r.amount) AS amount FROM ledger_transfer r WHERE r.ref = t.id AND r.kind = ANY(%s)
) b ON true
WHERE t.grp = ANY(%s) AND t.kind = ANY(%s) AND d.type <> 'clearing' AND t.purpose <> %s
GROUP BY u.code ORDER BY u.code
"""
BACK = (Kind.REVERSAL, Kind.REFUND)
MOVES = (Kind.POST, Kind.SETTLE)


def moved_by(groups: Sequence[UUID]) -> list[Moved]:
    """What these groups moved, a line a unit; holds that moved nothing do not count."""
    if not groups:
        return []
    with connection.cursor() as cursor:
        kinds = [[int(kind) for kind in some] for some in (BACK, MOVES)]
        cursor.execute(_MOVED, [kinds[0], list(groups), kinds[1], FEE])
        return [Moved(unit, count, int(amount)) for unit, count, amount in cursor.fetchall()]


def won_paid_by(keys: Iterable[UUID]) -> dict[UUID, int]:
    """The won that these rows moved, by their keys, whatever went back later; a key that names no
    row that moved won is left out."""
    rows = Transfer.rows.filter(ikey__in=list(keys), kind__in=MOVES)
    won = Unit.rows.filter(code__in=WON_UNITS).values("pk")
    return dict(rows.filter(unit__in=won).values_list("ikey", "amount"))
