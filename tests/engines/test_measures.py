"""Worked numbers of the indicators page, and the laws of a published cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines import measures
from dure.engines.measures import Better, Measure, Missing, NotAMeasure, State


def test_ratio_of_sums_is_not_the_mean_of_ratios() -> None:
    cell = measures.ratio(90 + 10, 100 + 900)
    assert (cell.num, cell.den) == (100, 1000)
    assert measures.ratio_text(100, 1000) == "10.00"


def test_target_edge_is_not_met_and_shown_below() -> None:
    assert measures.meets(49_999_999, 1_000_000_000, 50_000) is False
    assert measures.ratio_text(49_999_999, 1_000_000_000) == "4.99"
    assert measures.ratio_text(49_999_999, 1_000_000_000, better=Better.LESS) == "5.00"


def test_repair_success_rate_of_three_of_five() -> None:
    assert measures.ratio_text(3, 5) == "60.00"


def test_restated_carbon_falls_by_eight_point_one() -> None:
    assert measures.change_text(417_300, 454_100) == "-8.10"


def test_no_denominator_is_not_applicable_and_never_zero() -> None:
    assert measures.ratio(0, 0) == measures.NOT_APPLICABLE


def test_four_states_are_four_different_cells() -> None:
    cells = {
        Measure(num=0),
        measures.missing(Missing.NO_FACTOR),
        measures.SUPPRESSED,
        measures.NOT_APPLICABLE,
    }
    assert len(cells) == 4
    assert {cell.state for cell in cells} == set(State)


@pytest.mark.parametrize(
    "fields",
    [
        {"num": None},
        {"num": 1, "state": State.SUPPRESSED},
        {"num": None, "state": State.MISSING},
        {"num": None, "state": State.MISSING, "reason": "because"},
        {"num": None, "state": State.NOT_APPLICABLE, "reason": "no_report"},
        {"num": 1, "den": 0},
        {"num": None, "den": 3, "state": State.SUPPRESSED},
        {"num": 1, "coverage_ppm": 1_000_001},
        {"num": 2**63},
    ],
)
def test_a_cell_that_contradicts_itself_is_refused(fields: dict[str, object]) -> None:
    with pytest.raises(NotAMeasure):
        Measure(**fields)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize("number", [1.0, float("nan"), float("inf"), True])
def test_anything_but_an_integer_is_refused(number: object) -> None:
    with pytest.raises(TypeError):
        Measure(num=number)  # type: ignore[arg-type]  # wrong on purpose


def test_a_missing_part_makes_the_sum_missing() -> None:
    parts = [Measure(num=5), measures.missing(Missing.NO_FACTOR)]
    assert measures.add(parts).reason == "no_factor"


def test_one_factor_short_of_the_floor_is_missing() -> None:
    cell = measures.covered(100, 79, 100, floor_ppm=800_000, reason=Missing.NO_FACTOR)
    assert (cell.state, cell.reason) == (State.MISSING, "no_factor")
    assert measures.covered(100, 80, 100, floor_ppm=800_000, reason=Missing.NO_FACTOR).num == 100


@pytest.mark.parametrize(("contributors", "state"), [(0, ""), (1, ":c"), (4, ":c"), (5, "")])
def test_fewer_than_k_contributors_are_hidden(contributors: int, state: str) -> None:
    assert measures.hide_small_groups(Measure(num=7), contributors, k=5).state == state


@given(st.integers(0, 10**15), st.integers(1, 10**15), st.integers(0, 2_000_000))
def test_the_text_never_says_met_when_it_is_not(num: int, den: int, target: int) -> None:
    text = measures.ratio_text(num, den, digits=4)
    shown_ppm = int(text.replace(".", ""))
    assert not (shown_ppm >= target and not measures.meets(num, den, target))


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**6))
def test_losing_known_facts_never_raises_coverage(known: int, lost: int, unknown: int) -> None:
    lost = min(lost, known)
    full = measures.covered(0, known, known + unknown, floor_ppm=0, reason=Missing.NO_FACTOR)
    less = measures.covered(
        0, known - lost, known - lost + unknown, floor_ppm=0, reason=Missing.NO_FACTOR
    )
    assert full.coverage_ppm is not None and less.coverage_ppm is not None
    assert less.coverage_ppm <= full.coverage_ppm
