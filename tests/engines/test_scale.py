"""The arithmetic of charts against plain twins and laws."""

from __future__ import annotations

import itertools
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines.scale import PPM, bounds_of, class_of, place, portions, step_of, ticks

whole = st.integers(-(10**12), 10**12)


@given(whole, whole, st.integers(1, 12))
def test_ticks_enclose_the_span_in_equal_round_steps(a: int, b: int, count: int) -> None:
    low, high = min(a, b), max(a, b)
    found = ticks(low, high, count)
    steps = {y - x for x, y in itertools.pairwise(found)}
    assert found[0] <= low
    assert found[-1] >= high
    assert len(steps) == 1
    assert str(steps.pop()).rstrip("0") in {"1", "2", "5"}
    assert 2 <= len(found) <= count + 2


@given(whole, whole)
def test_zero_is_a_tick_when_it_lies_inside(a: int, b: int) -> None:
    assert 0 in ticks(min(a, b, 0), max(a, b, 0))


@given(st.integers(0, 10**12), st.integers(1, 20))
def test_step_is_the_least_of_its_kind(span: int, count: int) -> None:
    step = step_of(span, count)
    kinds = sorted(m * 10**p for m in (1, 2, 5) for p in range(14))
    assert step == next(kind for kind in kinds if kind * count >= span)


def test_place_takes_fractions_and_cuts_at_the_ends() -> None:
    assert place(Fraction(1, 3), 0, 1) == 333_333
    assert place(-5, 0, 10) == 0
    assert place(50, 0, 10) == PPM


@given(st.lists(st.integers(0, 10**12), min_size=1, max_size=30))
def test_portions_add_up_and_stay_within_one_part(amounts: list[int]) -> None:
    found = portions(amounts)
    total = sum(amounts)
    assert sum(found) == (PPM if total else 0)
    if total:
        exact = [Fraction(amount * PPM, total) for amount in amounts]
        assert max(abs(a - b) for a, b in zip(found, exact, strict=True)) < 1


@given(st.lists(st.integers(-1000, 1000), max_size=60), st.integers(2, 9))
def test_bounds_ascend_and_class_every_value(values: list[int], count: int) -> None:
    bounds = bounds_of(values, count)
    assert list(bounds) == sorted(set(bounds))
    assert len(bounds) <= count - 1
    assert all(0 <= class_of(value, bounds) < count for value in values)


def test_descending_bounds_are_refused() -> None:
    with pytest.raises(AssertionError, match="ascend"):
        class_of(3, (5, 2))
