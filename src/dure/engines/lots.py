"""Voucher lots (발행 묶음): which lot a payment takes, and where a refund goes.

Nouns
    lot          : vouchers issued together with one expiry
    lot account  : the part of one lot that one holder has
    grace days   : days in which a refund into an expired lot can still be spent
Law
    What expires first is spent first; the rows of a payment sum to its amount; a lot past its last
    day pays nothing; a refund never goes into another lot than the one it came from, nor above
    what was taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

AMOUNT_MAX: Final = 10**12


class NotEnoughInLots(ValueError):
    """The valid lots together hold less than the amount; `spendable` says how much."""

    def __init__(self, amount: int, spendable: int) -> None:
        super().__init__(f"{amount} asked, {spendable} spendable")
        self.amount = amount
        self.spendable = spendable


@dataclass(frozen=True, slots=True)
class LotAccount:
    """One holder's part of a lot: what can be spent of it, and when."""

    account: int
    lot: int
    spendable: int
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class LotRow:
    """One row of a payment: so much out of this lot account."""

    account: int
    lot: int
    amount: int


@dataclass(frozen=True, slots=True)
class RefundRow:
    """One row of a refund: so much back into this lot account, spendable to that day."""

    account: int
    lot: int
    amount: int
    spend_to: date


def is_valid(lot: LotAccount, on: date) -> bool:
    """Say whether a lot pays on a day; its first and last day count.

    >>> day = date(2026, 6, 1)
    >>> is_valid(LotAccount(1, 1, 5, day, day), day)
    True
    """
    return lot.valid_from <= on <= lot.valid_to


def spendable(lots: Iterable[LotAccount], on: date) -> int:
    """Sum what a holder can pay out of valid lots on a day, minor units."""
    return sum(max(0, lot.spendable) for lot in lots if is_valid(lot, on))


def take(lots: Iterable[LotAccount], amount: int, on: date) -> tuple[LotRow, ...]:
    """Choose the lots that pay an amount, one row for each lot touched.

    lots    : the holder's lot accounts, each account once, in any order
    amount  : minor units, 1 … 10**12
    on      : the day of the payment in Korea
    Returns rows in the order of spending: earliest `valid_to`, then smallest lot id, then smallest
            account id; amounts > 0 that sum to `amount`.
    Raises  NotEnoughInLots with what is spendable; AssertionError for an amount out of range or an
            account named twice.
    Source  ledger design, *lot spending*.

    >>> a = LotAccount(1, 1, 3_000, date(2026, 1, 1), date(2026, 7, 1))
    >>> b = LotAccount(2, 2, 5_000, date(2026, 1, 1), date(2026, 6, 1))
    >>> [(row.lot, row.amount) for row in take((a, b), 6_000, date(2026, 5, 20))]
    [(2, 5000), (1, 1000)]
    """
    assert 1 <= amount <= AMOUNT_MAX, amount
    held = list(lots)
    assert len({lot.account for lot in held}) == len(held), "an account is named twice"
    valid = [lot for lot in held if is_valid(lot, on) and lot.spendable > 0]
    valid.sort(key=lambda lot: (lot.valid_to, lot.lot, lot.account))
    rows = []
    left = amount
    for lot in valid:
        part = min(left, lot.spendable)
        rows.append(LotRow(lot.account, lot.lot, part))
        left -= part
        if left == 0:
            break
    if left:
        raise NotEnoughInLots(amount, amount - left)
    assert sum(row.amount for row in rows) == amount and all(row.amount > 0 for row in rows)
    return tuple(rows)


def give_back(
    taken: Sequence[LotRow],
    amount: int,
    on: date,
    *,
    valid_to: Sequence[date],
    returned: Sequence[int] | None = None,
    grace_days: int,
) -> tuple[RefundRow, ...]:
    """Choose where a refund of a payment goes: back to the lots it came from.

    taken      : the rows of the payment in the order of spending
    amount     : minor units to give back, 1 … what was taken and not returned
    on         : the day of the refund in Korea
    valid_to   : last valid day of each row's lot
    returned   : what earlier refunds gave back of each row; None = nothing
    grace_days : rulebook value, >= 0: a refund into a lot that has expired can be spent this long
    Returns    rows, the last lot spent first (so what expires latest comes back first); `spend_to`
               is the lot's last day or, if later and the lot has expired, `on` + grace days.
    Raises     AssertionError when the amount is above what is left to return.
    Source     ledger design, *lot refund*.

    >>> rows = (LotRow(2, 2, 5_000), LotRow(1, 1, 1_000))
    >>> days = (date(2026, 6, 1), date(2026, 7, 1))
    >>> [(row.lot, row.amount, str(row.spend_to)) for row in give_back(
    ...     rows, 1_500, date(2026, 6, 10), valid_to=days, grace_days=30)]
    [(1, 1000, '2026-07-01'), (2, 500, '2026-07-10')]
    """
    before = [0] * len(taken) if returned is None else list(returned)
    assert len(before) == len(valid_to) == len(taken) and grace_days >= 0
    free = [row.amount - back for row, back in zip(taken, before, strict=True)]
    assert all(0 <= part <= row.amount for part, row in zip(free, taken, strict=True)), before
    assert 1 <= amount <= sum(free), (amount, sum(free))
    rows = []
    left = amount
    for place in reversed(range(len(taken))):
        part = min(left, free[place])
        if part:
            row = taken[place]
            last = spend_to(valid_to[place], on, grace_days=grace_days)
            rows.append(RefundRow(row.account, row.lot, part, last))
            left -= part
    assert left == 0 and sum(row.amount for row in rows) == amount
    return tuple(rows)


def spend_to(valid_to: date, refunded_on: date, *, grace_days: int) -> date:
    """Give the last day on which a refund into a lot can be spent; it is swept the day after.

    >>> spend_to(date(2026, 6, 1), date(2026, 5, 30), grace_days=30).isoformat()
    '2026-06-01'
    >>> spend_to(date(2026, 6, 1), date(2026, 6, 2), grace_days=30).isoformat()
    '2026-07-02'
    """
    assert grace_days >= 0, grace_days
    if refunded_on <= valid_to:
        return valid_to
    return refunded_on + timedelta(days=grace_days)
