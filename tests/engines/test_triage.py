"""Triage: worked chances, limits of shrinkage, order of the queue."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines.triage import Waiting, queue_order, repair_chance


@pytest.mark.parametrize(
    ("repaired", "tried", "parent", "expected"),
    [(43, 50, "0.53", "0.7657"), (2, 2, "0.36", "0.4182"), (0, 0, "0.29", "0.2900")],
)
def test_worked_chances(repaired: int, tried: int, parent: str, expected: str) -> None:
    assert f"{float(repair_chance(repaired, tried, Fraction(parent))):.4f}" == expected


@given(st.integers(0, 500), st.integers(0, 500), st.fractions(0, 1), st.integers(1, 100))
def test_chance_is_the_mean_of_record_and_invented_tries(
    one: int, other: int, parent: Fraction, weight: int
) -> None:
    repaired, tried = min(one, other), max(one, other)
    found = repair_chance(repaired, tried, parent, prior_weight=weight)
    record = [Fraction(1)] * repaired + [Fraction(0)] * (tried - repaired) + [parent] * weight
    assert found == sum(record) / len(record)


things = st.lists(
    st.tuples(
        st.fractions(0, 1, max_denominator=50),
        st.integers(0, 10**6),
        st.integers(0, 10**6),
        st.integers(0, 300),
    ),
    max_size=8,
)


@given(things, st.integers(0, 20_000))
def test_queue_is_ordered_by_rank_then_by_waiting(
    rows: list[tuple[Fraction, int, int, int]], penalty: int
) -> None:
    waiting = [Waiting(f"{place}", *row) for place, row in enumerate(rows)]
    by_id = {thing.id: thing for thing in waiting}
    places = queue_order(reversed(waiting), penalty_ppm_a_minute=penalty)
    assert [place.number for place in places] == list(range(1, len(rows) + 1))
    longest = max((row[3] for row in rows), default=0)
    for place in places:
        thing = by_id[place.id]
        prospect = thing.chance * thing.skill_ppm * thing.parts_ppm / 10**12
        assert place.rank == prospect - Fraction((longest - thing.waited_min) * penalty, 10**6)
    for first, second in pairwise(places):
        assert first.rank >= second.rank
        if first.rank == second.rank:
            assert by_id[first.id].waited_min >= by_id[second.id].waited_min


def test_nobody_waits_for_ever() -> None:
    hopeless = Waiting("old", Fraction(0), 0, 0, 1_000)
    fresh = Waiting("new", Fraction(1), 10**6, 10**6, 0)
    assert queue_order([hopeless, fresh], penalty_ppm_a_minute=0)[0].id == "new"
    assert queue_order([hopeless, fresh], penalty_ppm_a_minute=1_001)[0].id == "old"


def test_bad_input_is_refused() -> None:
    for bad in ((3, 2, Fraction(1, 2)), (-1, 2, Fraction(1, 2)), (1, 2, Fraction(3, 2))):
        with pytest.raises(AssertionError):
            repair_chance(*bad)
    one = Waiting("a", Fraction(1), 1, 1, 1)
    with pytest.raises(AssertionError, match="stands twice"):
        queue_order([one, one], penalty_ppm_a_minute=0)
