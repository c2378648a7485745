"""Clearing round of hours: the worked round, every round of small cases, an independent library."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines import hours_kernels
from dure.engines.hours_round import HoursRound, Limits, MemberHours, Wish, hours_round

WISHES = [
    Wish("A", "B", 2),
    Wish("B", "C", 3),
    Wish("C", "A", 2),
    Wish("A", "C", 2),
    Wish("D", "A", 2),
    Wish("C", "D", 1),
]
LIMITS = [Limits("A", 3, 3, 0), Limits("B", 3, 2, 0), Limits("C", 3, 3, 0), Limits("D", 2, 2, 0)]


def test_worked_round() -> None:
    assert hours_round(WISHES, LIMITS) == HoursRound(
        (2, 2, 2, 1, 1, 1),
        9,
        (
            MemberHours("A", 3, 3),
            MemberHours("B", 2, 2),
            MemberHours("C", 3, 3),
            MemberHours("D", 1, 1),
        ),
    )


def test_nobody_and_nothing() -> None:
    assert hours_round([], []) == HoursRound((), 0, ())
    assert hours_round([], LIMITS).total == 0
    assert hours_round([Wish("A", "B", 0)], LIMITS).exchanged == (0,)
    assert hours_round([Wish("A", "B", 5)], LIMITS).total == 0


def best(wishes: list[Wish], limits: list[Limits]) -> int:
    """The slow twin: every amount of every wish."""
    found = 0
    for amounts in itertools.product(*(range(wish.units + 1) for wish in wishes)):
        given, received = dict.fromkeys("ABC", 0), dict.fromkeys("ABC", 0)
        for wish, amount in zip(wishes, amounts, strict=True):
            given[wish.giver] += amount
            received[wish.taker] += amount
        if all(
            given[one.member] <= one.supply
            and received[one.member] <= one.need
            and abs(given[one.member] - received[one.member]) <= one.imbalance
            for one in limits
        ):
            found = max(found, sum(amounts))
    return found


pairs = [(a, b) for a in "ABC" for b in "ABC" if a != b]
small = st.tuples(
    st.lists(
        st.tuples(st.sampled_from(pairs), st.integers(0, 2)), max_size=5, unique_by=lambda w: w[0]
    ),
    st.tuples(*[st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2))] * 3),
)


@settings(max_examples=150, deadline=None)
@given(small)
def test_no_round_exchanges_more(
    drawn: tuple[list[tuple[tuple[str, str], int]], tuple[tuple[int, int, int], ...]],
) -> None:
    wishes = [Wish(*pair, units) for pair, units in drawn[0]]
    limits = [Limits(name, *numbers) for name, numbers in zip("ABC", drawn[1], strict=True)]
    assert hours_round(wishes, limits).total == best(wishes, limits)


def town(seed: int, members: int, edges: int) -> tuple[list[Wish], list[Limits]]:
    chance = random.Random(seed)
    names = [f"m{number:04}" for number in range(members)]
    drawn: dict[tuple[str, str], int] = {}
    while len(drawn) < edges:
        giver, taker = chance.sample(names, 2)
        drawn[giver, taker] = chance.randrange(1, 9)
    limits = [
        Limits(name, chance.randrange(4, 25), chance.randrange(4, 25), chance.randrange(0, 5))
        for name in names
    ]
    return [Wish(*pair, units) for pair, units in drawn.items()], limits


def test_round_agrees_with_a_library() -> None:
    wishes, limits = town(7, 60, 400)
    graph = nx.DiGraph()
    for one in limits:
        graph.add_edge(("in", one.member), ("hub", one.member), capacity=one.need, weight=0)
        graph.add_edge(("hub", one.member), ("out", one.member), capacity=one.supply, weight=0)
        graph.add_edge(("hub", one.member), "pool", capacity=one.imbalance, weight=0)
        graph.add_edge("pool", ("hub", one.member), capacity=one.imbalance, weight=0)
    for wish in wishes:
        graph.add_edge(("out", wish.giver), ("in", wish.taker), capacity=wish.units, weight=-1)
    cost, _flow = nx.network_simplex(graph)
    found = hours_round(wishes, limits)
    assert found.total == -cost > 400


def test_order_of_rows_does_not_matter() -> None:
    wishes, limits = town(9, 40, 250)
    chance = random.Random(1)
    once = dict(zip(wishes, hours_round(wishes, limits).exchanged, strict=True))
    mixed = chance.sample(wishes, len(wishes))
    again = hours_round(mixed, chance.sample(limits, len(limits)))
    assert dict(zip(mixed, again.exchanged, strict=True)) == once


def test_plain_and_compiled_give_the_same_round() -> None:
    code = (
        "from benches.bench_hours_round import town\n"
        "from dure.engines.hours_round import hours_round\n"
        "wishes, limits = town()\n"
        "print(hours_round(wishes[:3000], limits))\n"
    )
    root = Path(__file__).resolve().parent.parent.parent
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "DURE_COMPILED": turned, "PYTHONPATH": f"{root / 'src'}:{root}"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for turned in ("0", "1")
    ]
    assert told[0] == told[1] and "total=" in told[0]


def test_a_flow_that_costs_too_much_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: nothing exchanged at all keeps every limit, yet is not the best."""

    def lazy(first, ahead, ends, costs, room, wanted):  # type: ignore[no-untyped-def]  # a plant
        height = true_flow(first, ahead, ends, costs, room, wanted)
        for arc in range(0, 12, 2):
            room[arc], room[arc + 1] = 0, room[arc] + room[arc + 1]
        return height

    true_flow = hours_kernels.least_cost_flow
    monkeypatch.setattr(hours_kernels, "least_cost_flow", lazy)
    with pytest.raises(AssertionError):
        hours_round(WISHES, LIMITS)


@pytest.mark.parametrize(
    ("wishes", "limits"),
    [
        ([Wish("A", "A", 1)], LIMITS),
        ([Wish("A", "B", -1)], LIMITS),
        ([Wish("A", "X", 1)], LIMITS),
        ([Wish("A", "B", 1), Wish("A", "B", 2)], LIMITS),
        ([], [*LIMITS, LIMITS[0]]),
        ([], [Limits("A", -1, 0, 0)]),
        ([], [Limits("A", 0, 0, 10**9 + 1)]),
    ],
)
def test_bad_input_is_refused(wishes: list[Wish], limits: list[Limits]) -> None:
    with pytest.raises(AssertionError):
        hours_round(wishes, limits)
