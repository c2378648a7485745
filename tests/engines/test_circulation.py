"""Local currency figures: worked numbers, slow twins, a library for the cycles."""

from __future__ import annotations

import itertools
import random
from datetime import date, timedelta
from fractions import Fraction

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.circulation import (
    Velocity,
    concentration,
    cycles,
    gini,
    inactive,
    velocity,
)

TODAY = date(2026, 6, 30)
balances = st.lists(st.integers(-1_000, 1_000), max_size=250)


def test_worked_velocity() -> None:
    found = velocity(1_200_000, 100_000, [550_000] * 30)
    assert found == Velocity(Fraction(2), Fraction(73, 3))
    assert velocity(1_200_000, 100_000, [500_000, 600_000] * 15) == found


def test_nothing_circulating_has_no_velocity() -> None:
    assert velocity(0, 0, [0] * 30) == Velocity(None, None)
    for bad in ((1, 2, [1]), (1, -1, [1]), (1, 0, [])):
        with pytest.raises(AssertionError):
            velocity(*bad)


def test_ninety_days_count_the_day_itself() -> None:
    held = {1: 100, 2: 300, 3: 0, 4: -50}
    edge = TODAY - timedelta(89)
    assert inactive(held, {1: edge, 2: edge}, TODAY) == 0
    assert inactive(held, {1: edge - timedelta(1), 2: edge}, TODAY) == Fraction(1, 4)
    assert inactive(held, {}, TODAY) == 1
    assert inactive({1: 0, 2: -5}, {}, TODAY) is None


@given(balances)
def test_concentration_against_taking_the_largest_one_by_one(units: list[int]) -> None:
    held = [max(0, one) for one in units]
    top, left = 0, list(held)
    for _owner in range((len(units) + 99) // 100):
        top += max(left)
        left.remove(max(left))
    expected = Fraction(top, sum(held)) if sum(held) else None
    assert concentration(units) == expected


@given(st.lists(st.integers(-100, 1_000), max_size=40))
def test_gini_is_half_the_mean_difference(units: list[int]) -> None:
    held = [max(0, one) for one in units]
    if not sum(held):
        assert gini(units) is None
        return
    apart = sum(abs(a - b) for a in held for b in held)
    assert gini(units) == Fraction(apart, 2 * len(held) * sum(held))


def twin(edges: set[tuple[int, int]], owners: range) -> tuple[dict[int, int], set[int]]:
    """The slow twin: every order of every few owners, those that begin with the smallest."""
    counts, on = {}, set()
    for length in (2, 3, 4, 5):
        rings = [
            ring
            for ring in itertools.permutations(owners, length)
            if ring[0] == min(ring)
            and all((a, b) in edges for a, b in zip(ring, (*ring[1:], ring[0]), strict=True))
        ]
        counts[length] = len(rings)
        on |= {owner for ring in rings for owner in ring}
    return counts, on


flows = st.lists(st.tuples(st.integers(1, 7), st.integers(1, 7), st.integers(0, 10)), max_size=40)


@settings(max_examples=60, deadline=None)
@given(flows, st.integers(1, 12))
def test_cycles_agree_with_trying_all(pairs: list[tuple[int, int, int]], least: int) -> None:
    sums: dict[tuple[int, int], int] = {}
    for a, b, amount in pairs:
        if a != b and amount:
            sums[a, b] = sums.get((a, b), 0) + amount
    counts, on = twin({pair for pair, amount in sums.items() if amount >= least}, range(1, 8))
    found = cycles(pairs, least=least)
    assert dict(found.counts) == counts
    assert found.owners == len(on)
    assert found.active == len({owner for pair in sums for owner in pair})
    assert found.is_complete


def test_cycles_agree_with_the_library() -> None:
    chance = random.Random(3)
    edges = {(chance.randrange(60), chance.randrange(60)) for _ in range(240)}
    graph = nx.DiGraph([(a, b) for a, b in edges if a != b])
    rings = list(nx.simple_cycles(graph, length_bound=5))
    found = cycles([(a, b, 1) for a, b in edges])
    assert found.total == len(rings)
    assert found.owners == len({owner for ring in rings for owner in ring})


def test_count_stops_and_says_so() -> None:
    everyone = [(a, b, 1) for a in range(12) for b in range(12)]
    whole = cycles(everyone)
    assert whole.is_complete
    assert dict(whole.counts) == {2: 66, 3: 440, 4: 2_970, 5: 19_008}
    stopped = cycles(everyone, cycles_max=1_000)
    assert (stopped.total, stopped.is_complete) == (1_000, False)
    exact = cycles(everyone, cycles_max=whole.total)
    assert (exact.total, exact.is_complete) == (whole.total, True)
    assert not cycles(everyone, steps_max=500).is_complete


def test_nobody_active_has_no_portion() -> None:
    found = cycles([(1, 1, 5), (1, 2, 0)])
    assert (found.total, found.active, found.portion) == (0, 0, None)
