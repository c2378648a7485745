"""Fees: worked numbers and bounds."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines.fees import fee

amounts = st.integers(1, 10**12)
rates = st.integers(0, 10**6)


@pytest.mark.parametrize(("amount", "exact"), [(12_345, 185), (10_000, 150), (67, 1), (66, 0)])
def test_worked_fees(amount: int, exact: int) -> None:
    assert fee(amount, 15_000) == exact


@given(amounts, rates)
def test_fee_is_the_floor_of_the_exact_share(amount: int, ppm: int) -> None:
    exact = Fraction(amount * ppm, 10**6)
    assert fee(amount, ppm) <= exact < fee(amount, ppm) + 1


@given(amounts, rates, st.integers(0, 10**6), st.integers(0, 10**6))
def test_bounds_hold_and_change_nothing_inside(amount: int, ppm: int, a: int, b: int) -> None:
    least, most = min(a, b), max(a, b)
    found, free = fee(amount, ppm, least, most), fee(amount, ppm)
    assert least <= found <= most
    assert found == free or found in (least, most)


@pytest.mark.parametrize(
    ("amount", "ppm", "least", "most"),
    [(0, 1, 0, None), (10**12 + 1, 1, 0, None), (1, -1, 0, None), (1, 1, -1, None), (1, 1, 5, 4)],
)
def test_out_of_range_is_refused(amount: int, ppm: int, least: int, most: int | None) -> None:
    with pytest.raises(AssertionError):
        fee(amount, ppm, least, most)
