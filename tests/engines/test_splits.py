"""Splits: conservation, quota, and ties that do not hang on the order of rows."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines.splits import Remainder, split

weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any)


def test_worked_splits() -> None:
    assert split(1_000_000, (3, 3, 1)) == (428_572, 428_571, 142_857)
    assert split(100, (1, 1, 1), ties=(30, 20, 10)) == (33, 33, 34)
    assert split(5, (1, 0, 1), remainder=Remainder.FIRST) == (3, 0, 2)


def twin(whole: int, parts: list[int]) -> list[int]:
    """The slow twin: hand out the units left over one by one to the largest remaining claim."""
    exact = [Fraction(whole * part, sum(parts)) for part in parts]
    found = [int(share) for share in exact]
    claims = [share - given for share, given in zip(exact, found, strict=True)]
    while sum(found) < whole:
        best = max(range(len(parts)), key=lambda index: (claims[index], -index))
        found[best] += 1
        claims[best] = Fraction(-1)
    return found


@given(st.integers(0, 10**15), weights)
def test_split_agrees_with_its_twin(whole: int, parts: list[int]) -> None:
    assert list(split(whole, parts)) == twin(whole, parts)


@given(st.integers(0, 10**15), weights, st.sampled_from(Remainder))
def test_parts_sum_and_stay_in_quota(whole: int, parts: list[int], rule: Remainder) -> None:
    found = split(whole, parts, remainder=rule)
    assert sum(found) == whole
    for part, weight in zip(found, parts, strict=True):
        assert abs(part - Fraction(whole * weight, sum(parts))) < 1
        assert part == 0 or weight > 0


@given(st.integers(0, 10**6), weights, st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(whole: int, parts: list[int], order: random.Random) -> None:
    ids = list(range(len(parts)))
    order.shuffle(ids)
    direct = split(whole, parts)
    shuffled = split(whole, [parts[index] for index in ids], ties=ids)
    assert [shuffled[ids.index(index)] for index in range(len(parts))] == list(direct)


def test_nothing_to_split_by_is_refused() -> None:
    for bad in ((), (0, 0), (-1, 2)):
        with pytest.raises(AssertionError):
            split(10, bad)
    with pytest.raises(AssertionError):
        split(10, (1, 1), ties=(5, 5))
