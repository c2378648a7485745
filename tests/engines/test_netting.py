"""The clearing round: worked numbers, every small case by trying all, large ones by a library."""

from __future__ import annotations

import itertools
import random
import time

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines import netting
from dure.engines.flows import shortest_flow
from dure.engines.netting import Debt, MemberRound, clearing_round, verify

A, B, C = 1, 2, 3
WORKED = [Debt(1, A, B, 50), Debt(2, B, C, 30), Debt(3, C, A, 40), Debt(4, B, A, 10)]


def debts_of(pairs: list[tuple[int, int, int]]) -> list[Debt]:
    return [Debt(request, *pair) for request, pair in enumerate(pairs, start=1)]


def pairs(members: int, amount: int, count: int) -> st.SearchStrategy[list[tuple[int, int, int]]]:
    one = st.tuples(st.integers(1, members), st.integers(1, members), st.integers(1, amount))
    return st.lists(one.filter(lambda debt: debt[0] != debt[1]), max_size=count)


def test_worked_round() -> None:
    found = clearing_round(WORKED)
    assert found.cleared == (40, 30, 30, 10)
    assert found.total == 110
    assert [debt.amount - units for debt, units in zip(WORKED, found.cleared, strict=True)] == [
        10, 0, 10, 0,
    ]  # fmt: skip
    assert found.members == (
        MemberRound(A, owes=50, is_owed=50, cleared=40),
        MemberRound(B, owes=40, is_owed=50, cleared=40),
        MemberRound(C, owes=40, is_owed=30, cleared=30),
    )
    assert [member.net for member in found.members] == [0, 10, -10]


def test_same_pair_clears_the_oldest_first() -> None:
    found = clearing_round([Debt(9, A, B, 5), Debt(2, A, B, 5), Debt(4, B, A, 7)])
    assert found.cleared == (5, 2, 7)


def test_tie_goes_to_the_oldest_request_not_to_the_lowest_number() -> None:
    ways = [Debt(8, A, B, 5), Debt(1, A, C, 5)]
    back = [Debt(5, B, A, 5), Debt(6, C, A, 5)]
    shared = [Debt(20, 9, A, 5), Debt(21, B, 9, 5), Debt(22, C, 9, 5)]
    both = [*ways, *shared]
    assert clearing_round(both).cleared == (5, 0, 5, 5, 0)
    assert clearing_round([ways[1], ways[0], *shared]).cleared == (5, 0, 5, 0, 5)
    assert clearing_round([*ways, *back]).cleared == (5, 5, 5, 5)


def test_nothing_runs_in_a_circle() -> None:
    assert clearing_round([]).total == 0
    assert (
        clearing_round([Debt(1, A, B, 5), Debt(2, B, C, 5), Debt(3, A, C, 5)]).cleared == (0,) * 3
    )


def all_tried(debts: list[Debt]) -> tuple[int, ...]:
    """The slow oracle: every whole circulation, the one that clears most, then by age."""
    best: tuple[int, tuple[int, ...]] = (-1, ())
    for cleared in itertools.product(*(range(debt.amount + 1) for debt in debts)):
        net: dict[int, int] = {}
        for debt, units in zip(debts, cleared, strict=True):
            net[debt.debtor] = net.get(debt.debtor, 0) - units
            net[debt.creditor] = net.get(debt.creditor, 0) + units
        if not any(net.values()):
            best = max(best, (sum(cleared), cleared))
    return best[1]


@settings(max_examples=150, deadline=None)
@given(pairs(4, 3, 6))
def test_small_rounds_agree_with_trying_all(case: list[tuple[int, int, int]]) -> None:
    debts = debts_of(case)
    assert clearing_round(debts).cleared == all_tried(debts)


def library_total(debts: list[Debt]) -> int:
    """The independent answer: network simplex of networkx, exact on whole numbers."""
    graph = nx.DiGraph()
    for debt in debts:
        known = graph.get_edge_data(debt.debtor, debt.creditor, {"capacity": 0})
        graph.add_edge(
            debt.debtor, debt.creditor, weight=-1, capacity=known["capacity"] + debt.amount
        )
    return -int(nx.network_simplex(graph)[0]) if debts else 0


@settings(max_examples=60, deadline=None)
@given(pairs(9, 10**12, 30))
def test_total_agrees_with_the_library(case: list[tuple[int, int, int]]) -> None:
    debts = debts_of(case)
    assert clearing_round(debts).total == library_total(debts)


@settings(max_examples=60, deadline=None)
@given(pairs(8, 50, 24), st.randoms(use_true_random=False))
def test_names_of_members_and_requests_do_not_matter(
    case: list[tuple[int, int, int]], order: random.Random
) -> None:
    names = list(range(1, 9))
    order.shuffle(names)
    requests = order.sample(range(1_000), len(case))
    renamed = [
        Debt(request, names[a - 1], names[b - 1], units)
        for request, (a, b, units) in zip(requests, case, strict=True)
    ]
    assert clearing_round(renamed).cleared == clearing_round(debts_of(case)).cleared


@settings(max_examples=40, deadline=None)
@given(pairs(8, 50, 24), st.integers(1, 8))
def test_round_without_a_member_leaves_it_out(
    case: list[tuple[int, int, int]], member: int
) -> None:
    debts = [debt for debt in debts_of(case) if member not in (debt.debtor, debt.creditor)]
    found = clearing_round(debts)
    assert found.total <= clearing_round(debts_of(case)).total
    assert member not in [view.member for view in found.members]


def test_verify_refuses_a_round_that_makes_value() -> None:
    verify(WORKED, (40, 30, 30, 10))
    for bad in ((41, 30, 30, 10), (40, 30, 30, 11), (-1, 0, 0, 0), (40, 30, 30), (40, 30, 30, 9)):
        with pytest.raises(AssertionError):
            verify(WORKED, bad)


def test_planted_fault_in_the_flow_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(nodes: int, arcs: object, supplies: object) -> object:
        found = shortest_flow(nodes, arcs, supplies)  # type: ignore[arg-type]  # passed through
        amounts = (found.amounts[0] + 1, *found.amounts[1:])
        return type(found)(amounts, found.potentials)

    monkeypatch.setattr(netting, "shortest_flow", faulty)
    with pytest.raises(AssertionError):
        clearing_round(WORKED)


def test_largest_amounts_do_not_wrap() -> None:
    most = 10**12
    debts = debts_of([(n, n % 50 + 1, most) for n in range(1, 51) for _ in range(20)])
    assert clearing_round(debts).total == 1_000 * most


def test_bad_debts_are_refused() -> None:
    for bad in (
        [Debt(1, A, A, 5)], [Debt(1, A, B, 0)], [Debt(1, A, B, 10**12 + 1)],
        [Debt(1, A, B, 5), Debt(1, B, A, 5)],
    ):  # fmt: skip
        with pytest.raises(AssertionError):
            clearing_round(bad)
    with pytest.raises(AssertionError):
        shortest_flow(2, [(0, 1, 4)], (5, -5))
    with pytest.raises(AssertionError):
        shortest_flow(2, [(0, 1, 4)], (5, -4))


@pytest.mark.parametrize("shape", ["random", "equal", "near"])
def test_a_thousand_members_take_at_most_three_seconds(shape: str) -> None:
    chance = random.Random(7)
    debts = []
    for request in range(5_000):
        debtor = chance.randrange(1_000)
        step = chance.choice((1, 2, 3, -1, -2)) if shape == "near" else chance.randrange(1, 1_000)
        amount = 10 if shape == "equal" else chance.randint(1, 10**6)
        debts.append(Debt(request, debtor, (debtor + step) % 1_000, amount))
    began = time.process_time()
    found = clearing_round(debts)
    assert time.process_time() - began <= 3
    if shape == "random":
        assert found.total == library_total(debts)
