"""Emissions avoided: exact grams, and what is not known is not zero."""

import doctest
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines import carbon
from dure.engines.carbon import (
    Avoided,
    OutOfRange,
    Rounding,
    avoided_grams,
    avoided_sum,
    success_ppm,
)


def test_examples_in_docstrings() -> None:
    assert doctest.testmod(carbon) == doctest.TestResults(failed=0, attempted=4)


def test_laptop_of_260_kg_at_half_is_130_kg() -> None:
    assert avoided_grams(260_000_000_000, carbon.DISPLACEMENT_HALF_PPM) == 130_000


def test_missing_footprint_is_not_zero() -> None:
    assert avoided_grams(None, 500_000) is None
    assert avoided_grams(0, 500_000) == 0
    assert avoided_sum([(1, None), (1, 0)]) == Avoided(grams=0, piece_count=1, missing_count=1)
    assert not avoided_sum([(1, None)]).is_complete


def test_half_a_gram_goes_where_the_rounding_says() -> None:
    assert avoided_grams(3_000_000, 500_000) == 2
    assert avoided_grams(1_000_000, 500_000) == 0
    assert avoided_grams(3_000_000, 500_000, rounding=Rounding.DOWN) == 1


@pytest.mark.parametrize(
    ("footprint", "displacement", "pieces"),
    [
        (-1, 0, 1),
        (10**15 + 1, 0, 1),
        (1, -1, 1),
        (1, 1_000_001, 1),
        (None, 1_000_001, 1),
        (1, 1, -1),
    ],
)
def test_out_of_range_is_refused(footprint: int | None, displacement: int, pieces: int) -> None:
    with pytest.raises(OutOfRange):
        avoided_grams(footprint, displacement, pieces)


@given(st.integers(0, 10**15), st.integers(0, 10**6), st.integers(0, 10**9))
def test_agrees_with_the_plain_fraction(footprint: int, displacement: int, pieces: int) -> None:
    plain = Fraction(footprint, 10**6) * Fraction(displacement, 10**6) * pieces
    grams = avoided_grams(footprint, displacement, pieces)
    assert grams is not None
    assert abs(plain - grams) <= Fraction(1, 2)
    assert avoided_grams(footprint, displacement, pieces, rounding=Rounding.DOWN) == plain // 1


@given(st.lists(st.tuples(st.integers(0, 99), st.none() | st.integers(0, 10**6))))
def test_sum_loses_no_piece(parts: list[tuple[int, int | None]]) -> None:
    total = avoided_sum(parts)
    assert total.piece_count + total.missing_count == sum(pieces for pieces, _ in parts)


def test_success_rate_leaves_unknown_out() -> None:
    assert success_ppm(3, 1, 1) == 600_000
    assert success_ppm(0, 2, 0) == 0
    assert success_ppm(0, 0, 0) is None
