"""Questions to the ledger in memory: what statements, trial balances and holds must say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tests.ledger.model import MOVING, RESOLVING, Kind, Ledger, Refused, Row


def moves(ledger: Ledger, account: int) -> list[tuple[Row, int]]:
    """Rows that moved an account's balance, with their signed amounts, in order of posting."""
    return [
        (row, row.amount if row.credit == account else -row.amount)
        for row in ledger.rows.values()
        if row.kind in MOVING and account in (row.debit, row.credit)
    ]


def as_of(ledger: Ledger, account: int, day: date) -> int:
    return sum(signed for row, signed in moves(ledger, account) if row.event_date <= day)


def trial(ledger: Ledger, day: date) -> dict[int, int]:
    return {account: as_of(ledger, account, day) for account in ledger.accounts}


def statement(ledger: Ledger, account: int, first: date, last: date) -> tuple[int, list[int], int]:
    """Opening balance, signed amounts by date and then order of posting, closing balance."""
    inside = [pair for pair in moves(ledger, account) if first <= pair[0].event_date <= last]
    inside.sort(key=lambda pair: pair[0].event_date)
    amounts = [signed for _, signed in inside]
    closing = as_of(ledger, account, last)
    return closing - sum(amounts), amounts, closing


def held(ledger: Ledger, account: int) -> tuple[int, int]:
    """Open holds of an account: going out, coming in."""
    resolved = {row.ref for row in ledger.rows.values() if row.kind in RESOLVING}
    rows = [r for r in ledger.rows.values() if r.kind is Kind.HOLD and r.key not in resolved]
    return (
        sum(row.amount for row in rows if row.debit == account),
        sum(row.amount for row in rows if row.credit == account),
    )


def spend(ledger: Ledger, holder: Sequence[int], amount: int) -> list[tuple[int, int]]:
    """Which lots of a holder pay: earliest valid_to first, then the smallest lot."""
    taken = []
    usable = [
        (one.valid_to, one.lot, one)
        for one in map(ledger.accounts.__getitem__, holder)
        if one.status == "open" and one.valid_to and one.valid_to >= ledger.today
    ]
    for _, _, lot in sorted(usable, key=lambda found: found[:2]):
        part = min(amount, max(0, lot.spendable or 0))
        if part:
            taken.append((lot.id, part))
            amount -= part
    if amount:
        raise Refused("insufficient")
    return taken
