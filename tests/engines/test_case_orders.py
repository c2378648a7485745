"""Case orders: the worked numbers, a slow twin that fills cases unit by unit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines.case_orders import case_order, is_at_capacity, keeps_full_cases

WORKED = [(0, 12, 0), (11, 0, 0), (11, 1, 1), (12, 5, 1), (13, 10, 1), (13, 11, 2), (25, 20, 3)]


@pytest.mark.parametrize(("asked", "tolerance", "cases"), WORKED)
def test_worked_cases(asked: int, tolerance: int, cases: int) -> None:
    assert case_order(asked, tolerance, 12).cases == cases


def twin(asked: int, tolerance: int, case: int) -> int:
    """The slow twin: take case after case while one more serves somebody and can be filled."""
    cases = 0
    while cases * case < asked and (cases + 1) * case <= asked + tolerance:
        cases += 1
    return cases


@given(st.integers(0, 300), st.integers(0, 60), st.integers(1, 20), st.integers(0, 40))
def test_cases_agree_with_the_twin(asked: int, tolerance: int, case: int, most: int) -> None:
    found = case_order(asked, tolerance, case)
    assert found.cases == twin(asked, tolerance, case)
    assert found.amount == asked + found.spread - found.short
    limited = case_order(asked, tolerance, case, cases_max=most)
    assert limited.cases == min(found.cases, most)
    assert limited.amount == asked + limited.spread - limited.short


def test_what_is_ordered_is_split_into_asked_and_tolerance() -> None:
    found = case_order(13, 11, 12)
    assert (found.amount, found.spread, found.short) == (24, 11, 0)
    found = case_order(13, 10, 12)
    assert (found.amount, found.spread, found.short) == (12, 0, 1)


def test_full_cases_may_not_shrink() -> None:
    assert keeps_full_cases(24, 35, 12)
    assert keeps_full_cases(11, 0, 12)
    assert not keeps_full_cases(24, 23, 12)
    assert is_at_capacity(101, 100)


@pytest.mark.parametrize("bad", [(-1, 0, 1), (0, -1, 1), (0, 0, 0), (10**15 + 1, 0, 1)])
def test_bad_input_is_refused(bad: tuple[int, int, int]) -> None:
    with pytest.raises(AssertionError):
        case_order(*bad)
