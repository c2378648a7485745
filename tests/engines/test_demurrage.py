"""Demurrage: worked numbers, a day-by-day twin, and what a minimum rule would give."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines.demurrage import accrued, charge
from dure.engines.rounding import Rounding, divide

balances = st.lists(st.integers(-(10**12), 10**12), min_size=28, max_size=31)
rates = st.integers(0, 10**6)


@pytest.mark.parametrize(
    ("days", "exempt", "exact"),
    [
        ([100_000] * 10 + [40_000] * 20, 0, 1_200),
        ([100_000] * 10 + [40_000] * 20, 30_000, 600),
        ([1_234] * 31, 0, 24),
        ([-5_000] * 15 + [5_000] * 15, 0, 50),
        ([100_000] * 29 + [0], 0, 1_933),
    ],
)
def test_worked_charges(days: list[int], exempt: int, exact: int) -> None:
    assert charge(days, 20_000, exempt) == exact


def test_minimum_rule_would_let_one_empty_day_pay_nothing() -> None:
    days = [100_000] * 29 + [0]
    assert min(days) * 20_000 // 10**6 == 0
    assert charge(days, 20_000) == 1_933


def twin(days: list[int], length: int, ppm: int, exempt: int) -> Fraction:
    """The slow twin: one exact fraction a day."""
    total = Fraction(0)
    for balance in days:
        if balance > exempt:
            total += Fraction(balance - exempt) * Fraction(ppm, 10**6) / length
    return total


@given(balances, rates, st.integers(0, 10**9))
def test_charge_is_the_floor_of_the_exact_sum(days: list[int], ppm: int, exempt: int) -> None:
    exact = twin(days, len(days), ppm, exempt)
    assert charge(days, ppm, exempt) == exact.numerator // exact.denominator


@given(balances, rates, st.integers(0, 10**9), st.integers(-(10**9), 10**9))
def test_cap_is_never_passed_and_debt_never_charged(
    days: list[int], ppm: int, exempt: int, cap: int
) -> None:
    found = charge(days, ppm, exempt, cap)
    assert 0 <= found <= max(0, cap)
    assert charge([min(0, day) for day in days], ppm) == 0


@given(balances, rates)
def test_accrued_never_falls_and_ends_as_the_charge(days: list[int], ppm: int) -> None:
    shown = [accrued(days[:count], len(days), ppm) for count in range(len(days) + 1)]
    assert shown == sorted(shown)
    assert shown[0] == 0
    assert shown[-1] == charge(days, ppm)


@given(st.integers(-(10**20), 10**20), st.integers(1, 10**9))
def test_roundings_against_fractions(numerator: int, denominator: int) -> None:
    exact = Fraction(numerator, denominator)
    half = exact + Fraction(1, 2)
    floor = divide(numerator, denominator)
    assert floor <= exact < floor + 1
    ceiling = divide(numerator, denominator, rounding=Rounding.CEILING)
    assert ceiling - 1 < exact <= ceiling
    nearest = divide(numerator, denominator, rounding=Rounding.HALF_UP)
    assert nearest <= half < nearest + 1


def test_days_outside_a_month_are_refused() -> None:
    for count in (0, 27, 32):
        with pytest.raises(AssertionError):
            charge([1] * count, 1)
