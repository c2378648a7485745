"""Lots: worked numbers, and every road of choosing against a unit-by-unit twin."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines.lots import (
    LotAccount,
    LotRow,
    NotEnoughInLots,
    give_back,
    spend_to,
    spendable,
    take,
)

FIRST = date(2026, 1, 1)
TODAY = date(2026, 5, 20)
A = LotAccount(101, 1, 3_000, FIRST, date(2026, 7, 1))
B = LotAccount(102, 2, 5_000, FIRST, date(2026, 6, 1))


def lot_accounts() -> st.SearchStrategy[list[LotAccount]]:
    one = st.builds(
        LotAccount,
        account=st.integers(1, 50),
        lot=st.integers(1, 8),
        spendable=st.integers(-5, 12),
        valid_from=st.integers(-3, 2).map(lambda days: TODAY + timedelta(days)),
        valid_to=st.integers(-2, 4).map(lambda days: TODAY + timedelta(days)),
    )
    return st.lists(one, max_size=8, unique_by=lambda lot: lot.account)


def test_worked_payment() -> None:
    rows = take((A, B), 6_000, TODAY)
    assert rows == (LotRow(102, 2, 5_000), LotRow(101, 1, 1_000))
    assert A.spendable - rows[1].amount == 2_000


def test_expired_lot_pays_nothing_and_its_last_day_counts() -> None:
    assert take((A, B), 3_000, date(2026, 6, 2)) == (LotRow(101, 1, 3_000),)
    assert take((B,), 5_000, date(2026, 6, 1)) == (LotRow(102, 2, 5_000),)
    with pytest.raises(NotEnoughInLots) as refused:
        take((A, B), 3_001, date(2026, 6, 2))
    assert refused.value.spendable == 3_000


def test_same_expiry_takes_the_smallest_lot() -> None:
    same = [LotAccount(9, 5, 10, FIRST, TODAY), LotAccount(8, 6, 10, FIRST, TODAY)]
    assert take(same, 12, TODAY) == (LotRow(9, 5, 10), LotRow(8, 6, 2))


def twin(lots: list[LotAccount], amount: int) -> list[tuple[int, int]] | None:
    """The slow twin: one unit at a time out of the best lot left."""
    left = {lot.account: lot.spendable for lot in lots if lot.valid_from <= TODAY <= lot.valid_to}
    by_account = {lot.account: lot for lot in lots}
    taken: dict[int, int] = {}
    for _unit in range(amount):
        open_now = [by_account[account] for account, units in left.items() if units > 0]
        if not open_now:
            return None
        best = min(open_now, key=lambda lot: (lot.valid_to, lot.lot, lot.account))
        left[best.account] -= 1
        taken[best.account] = taken.get(best.account, 0) + 1
    return list(taken.items())


@given(lot_accounts(), st.integers(1, 60), st.randoms(use_true_random=False))
def test_take_agrees_with_its_twin(
    lots: list[LotAccount], amount: int, order: random.Random
) -> None:
    expected = twin(lots, amount)
    order.shuffle(lots)
    if expected is None:
        with pytest.raises(NotEnoughInLots) as refused:
            take(lots, amount, TODAY)
        assert refused.value.spendable == spendable(lots, TODAY) < amount
    else:
        assert [(row.account, row.amount) for row in take(lots, amount, TODAY)] == expected


@given(lot_accounts(), st.integers(1, 60), st.data())
def test_refunds_return_each_lot_what_it_paid(
    lots: list[LotAccount], amount: int, data: st.DataObject
) -> None:
    if spendable(lots, TODAY) < amount:
        return
    taken = take(lots, amount, TODAY)
    last = {lot.account: lot.valid_to for lot in lots}
    days = [last[row.account] for row in taken]
    returned = [0] * len(taken)
    left = amount
    while left:
        part = data.draw(st.integers(1, left))
        for row in give_back(taken, part, TODAY, valid_to=days, returned=returned, grace_days=30):
            place = [old.account for old in taken].index(row.account)
            assert row.lot == taken[place].lot
            assert row.spend_to == days[place]
            returned[place] += row.amount
        left -= part
        assert sum(returned) == amount - left
    assert returned == [row.amount for row in taken]
    with pytest.raises(AssertionError):
        give_back(taken, 1, TODAY, valid_to=days, returned=returned, grace_days=30)


def test_refund_into_an_expired_lot_has_grace() -> None:
    taken = take((A, B), 6_000, TODAY)
    rows = give_back(
        taken, 2_000, date(2026, 6, 10), valid_to=(B.valid_to, A.valid_to), grace_days=7
    )
    assert [(row.lot, row.amount, row.spend_to) for row in rows] == [
        (1, 1_000, date(2026, 7, 1)),
        (2, 1_000, date(2026, 6, 17)),
    ]
    assert spend_to(date(2026, 6, 1), date(2026, 6, 2), grace_days=0) == date(2026, 6, 2)


def test_bad_amounts_and_doubled_accounts_are_refused() -> None:
    for amount in (0, -1, 10**12 + 1):
        with pytest.raises(AssertionError):
            take((A,), amount, TODAY)
    with pytest.raises(AssertionError):
        take((A, A), 1, TODAY)
