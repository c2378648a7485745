"""What each rule promises, and what it does not: properties on random elections, counterexamples
where a property does not hold, and for every property a planted fault that it catches.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import chain, combinations, pairwise

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from dure.engines.pb.election import BallotKind, Election, approvals
from dure.engines.pb.rules import Completion, Name, Rule, Satisfaction, Start, Stop
from dure.engines.pb.tally import tally
from tests.engines.pb.certified import shuffled
from tests.engines.pb.elections import elections, made

CHAIN = ("max_votes", "min_cost", "id")
COST = Rule(Name.MES, Satisfaction.COST, ties=CHAIN)
CARDINALITY = Rule(Name.MES, Satisfaction.CARDINALITY, ties=CHAIN)
ADD1 = Rule(
    Name.MES,
    Satisfaction.COST,
    Completion.ADD1,
    Fraction(1, 2),
    Start.EXACT,
    Stop.OVERSPEND,
    ties=CHAIN,
)
GREEDY = Rule(Name.GREEDY, ties=CHAIN)
NO_SKIP = Rule(Name.GREEDY_NO_SKIP, ties=CHAIN)
DENSITY = Rule(Name.DENSITY, ties=CHAIN)
PHRAGMEN = Rule(Name.PHRAGMEN, ties=CHAIN)
ONCE = [GREEDY, NO_SKIP, DENSITY, PHRAGMEN, COST, CARDINALITY]
COMPLETED = [
    ADD1,
    replace(ADD1, stop=Stop.EXHAUSTIVE, start=Start.FLOOR),
    Rule(Name.MES, Satisfaction.COST, Completion.UTILITARIAN, ties=CHAIN),
    Rule(Name.MES, Satisfaction.CARDINALITY, Completion.COMPARISON, ties=CHAIN),
]
EVERY = ONCE + COMPLETED


def label(rule: Rule) -> str:
    return " ".join(filter(None, (rule.name, rule.satisfaction, rule.completion)))


def names(election: Election, winners: Sequence[int]) -> list[str]:
    return [election.projects[at].id for at in winners]


# Budget


def within_budget(election: Election, winners: Sequence[int]) -> bool:
    return sum((election.projects[at].cost for at in winners), Fraction(0)) <= election.budget


@pytest.mark.parametrize("rule", EVERY, ids=label)
def test_budget_is_never_exceeded(rule: Rule) -> None:
    @settings(max_examples=20, deadline=None)
    @given(elections(linked=True))
    def holds(election: Election) -> None:
        assert within_budget(election, tally(election, rule).winners)

    holds()


def test_budget_check_catches_a_rule_that_takes_all() -> None:
    election = approvals([("a", 6, (0,)), ("b", 5, (0,))], 10, n=1)
    assert not within_budget(election, (0, 1))


# Order of the input


def reordered(election: Election, order: Sequence[int]) -> Election:
    """The same projects in another order of the file; each keeps when it was received."""
    place = {old: new for new, old in enumerate(order)}
    starts = election.ballots.starts.tolist()
    items = election.ballots.items.tolist()
    rows = [
        sorted((place[item], 1) for item in items[begin:end]) for begin, end in pairwise(starts)
    ]
    again = made(election.kind, [Fraction(1)] * len(order), election.budget, rows)
    return replace(again, projects=tuple(election.projects[at] for at in order))


@pytest.mark.parametrize("rule", EVERY, ids=label)
def test_outcome_does_not_know_the_order_of_ballots_or_projects(rule: Rule) -> None:
    @settings(max_examples=15, deadline=None)
    @given(elections(), st.randoms(use_true_random=False))
    def holds(election: Election, draw: random.Random) -> None:
        order = list(range(len(election.projects)))
        draw.shuffle(order)
        other = shuffled(reordered(election, order), draw)
        one, two = tally(election, rule), tally(other, rule)
        assert names(election, one.winners) == names(other, two.winners)

    holds()


def test_order_check_catches_a_rule_that_takes_the_first_of_the_file() -> None:
    election = approvals([("a", 6, (0,)), ("b", 6, (1,))], 6, n=2)
    other = reordered(election, (1, 0))
    assert names(election, (0,)) != names(other, (0,))
    assert names(election, tally(election, GREEDY).winners) == ["a"]
    assert names(other, tally(other, GREEDY).winners) == ["a"]


# Monotonicity


def cheaper(election: Election, project: int, cost: Fraction) -> Election:
    projects = list(election.projects)
    projects[project] = replace(projects[project], cost=cost)
    return replace(election, projects=tuple(projects))


def with_vote(election: Election, ballot: int, project: int) -> Election:
    """The same election, one ballot naming one project more."""
    starts = election.ballots.starts.tolist()
    items = election.ballots.items.tolist()
    rows = [[(item, 1) for item in items[begin:end]] for begin, end in pairwise(starts)]
    rows[ballot] = sorted({*rows[ballot], (project, 1)})
    again = made(election.kind, [Fraction(1)] * len(election.projects), election.budget, rows)
    return replace(again, projects=election.projects)


COST_MONOTONE = [GREEDY, DENSITY, PHRAGMEN, COST, CARDINALITY]


@pytest.mark.parametrize("rule", COST_MONOTONE, ids=label)
def test_a_winner_that_costs_less_still_wins(rule: Rule) -> None:
    @settings(max_examples=30, deadline=None)
    @given(elections(), st.data())
    def holds(election: Election, data: st.DataObject) -> None:
        winners = tally(election, rule).winners
        assume(winners)
        winner = data.draw(st.sampled_from(winners))
        part = data.draw(st.sampled_from([Fraction(0), Fraction(1, 3), Fraction(9, 10)]))
        cost = election.projects[winner].cost * part
        assert winner in tally(cheaper(election, winner, cost), rule).winners

    holds()


def test_no_skip_too_keeps_a_winner_that_costs_less() -> None:
    election = approvals([("a", 6, (0, 1)), ("b", 4, (0,))], 10, n=2)
    assert tally(cheaper(election, 1, Fraction(1)), NO_SKIP).winners == (0, 1)


@pytest.mark.parametrize("rule", ONCE, ids=label)
def test_a_winner_with_one_vote_more_still_wins(rule: Rule) -> None:
    @settings(max_examples=30, deadline=None)
    @given(elections(), st.data())
    def holds(election: Election, data: st.DataObject) -> None:
        winners = tally(election, rule).winners
        assume(winners)
        winner = data.draw(st.sampled_from(winners))
        ballot = data.draw(st.integers(0, election.ballots.count - 1))
        assert winner in tally(with_vote(election, ballot, winner), rule).winners

    holds()


def test_vote_check_catches_a_rule_that_prefers_few_votes() -> None:
    def fewest(election: Election) -> tuple[int, ...]:
        votes = election.votes()
        return (min(range(len(votes)), key=lambda at: (votes[at], at)),)

    election = approvals([("a", 1, (0,)), ("b", 1, (0, 1))], 1, n=3)
    assert fewest(election) == (0,)
    assert 0 in fewest(with_vote(election, 1, 0))
    assert 0 not in fewest(with_vote(with_vote(election, 1, 0), 2, 0))


ADD1_WHOLE = replace(ADD1, step=Fraction(1))
ADD1_FULL = replace(ADD1_WHOLE, stop=Stop.EXHAUSTIVE)


def small(costs: Sequence[int], budget: int, rows: Sequence[Sequence[int]]) -> Election:
    marks = [[(at, 1) for at in row] for row in rows]
    return made(BallotKind.APPROVAL, [Fraction(one) for one in costs], Fraction(budget), marks)


def test_add1_may_drop_a_winner_that_costs_less() -> None:
    rows = [[1, 3, 4], [0, 3], [0, 2], [2, 3], [0, 1, 2, 4]]
    election = small([6, 3, 3, 9, 12], 9, rows)
    assert tally(election, ADD1_WHOLE).winners == (2, 0)
    assert tally(cheaper(election, 0, Fraction(4)), ADD1_WHOLE).winners == (2,)
    election = small([10, 7, 6, 10], 22, [[0, 1, 3], [], [3], [0, 2], [1]])
    assert tally(election, ADD1_FULL).winners == (1, 2)
    assert tally(cheaper(election, 2, Fraction(4)), ADD1_FULL).winners == (1, 0)


def test_add1_may_drop_a_winner_with_one_vote_more() -> None:
    rows = [[0, 1], [0, 1], [0, 2], [0], [0, 1, 2], [0, 2], [2]]
    election = small([11, 3, 6], 11, rows)
    assert tally(election, ADD1_FULL).winners == (2, 1)
    assert tally(with_vote(election, 5, 1), ADD1_FULL).winners == (0,)
    rows = [[1, 2, 4], [3, 4], [0, 2, 3, 4], [0, 1], [1, 2], [3, 4]]
    election = small([6, 11, 6, 2, 8], 9, rows)
    assert tally(election, ADD1_WHOLE).winners == (4,)
    assert tally(with_vote(election, 4, 4), ADD1_WHOLE).winners == (3,)


def test_a_greater_budget_may_take_a_win_away() -> None:
    """Three votes for the dear project: it fits only into the greater budget, and pushes out."""
    election = approvals([("1", 6, (0, 1, 2)), ("2", 1, (0,))], 5, n=3)
    for rule in (GREEDY, COST):
        assert tally(election, rule).winners == (1,)
        assert tally(replace(election, budget=Fraction(6)), rule).winners == (0,)
    for rule in (DENSITY, PHRAGMEN, CARDINALITY):
        assert counterexample(rule, loses_by_budget) is not None, rule


def test_no_skip_keeps_all_winners_under_a_greater_budget() -> None:
    @settings(max_examples=40, deadline=None)
    @given(elections(), st.integers(1, 9))
    def holds(election: Election, more: int) -> None:
        winners = tally(election, NO_SKIP).winners
        richer = replace(election, budget=election.budget + more)
        assert tally(richer, NO_SKIP).winners[: len(winners)] == winners

    holds()


def loses_by_budget(election: Election, rule: Rule) -> bool:
    richer = replace(election, budget=election.budget + 1)
    return not set(tally(election, rule).winners) <= set(tally(richer, rule).winners)


def counterexample(
    rule: Rule, broken: Callable[[Election, Rule], bool], tries: int = 3000
) -> Election | None:
    """Look for a small election that breaks a property, always in the same order."""
    draw = random.Random(11)
    for _ in range(tries):
        k, n = draw.randint(2, 4), draw.randint(2, 5)
        costs = [Fraction(draw.randint(1, 6)) for _ in range(k)]
        rows = [[(p, 1) for p in range(k) if draw.random() < 0.5] for _ in range(n)]
        election = made(BallotKind.APPROVAL, costs, Fraction(draw.randint(3, 12)), rows)
        if broken(election, rule):
            return election
    return None


# Clones


def with_clone(election: Election, project: int) -> Election:
    """The same election with a twin of a project: same cost, same supporters, last of the file."""
    k = len(election.projects)
    starts = election.ballots.starts.tolist()
    items = election.ballots.items.tolist()
    rows = [
        [(item, 1) for item in items[begin:end] + ([k] if project in items[begin:end] else [])]
        for begin, end in pairwise(starts)
    ]
    again = made(election.kind, [Fraction(1)] * (k + 1), election.budget, rows)
    twin = replace(election.projects[project], id=f"9{election.projects[project].id}", received=k)
    return replace(again, projects=(*election.projects, twin))


@pytest.mark.parametrize("rule", ONCE, ids=label)
def test_a_clone_of_a_loser_changes_nothing(rule: Rule) -> None:
    @settings(max_examples=25, deadline=None)
    @given(elections(), st.data())
    def holds(election: Election, data: st.DataObject) -> None:
        winners = tally(election, rule).winners
        lost = [at for at in range(len(election.projects)) if at not in winners]
        assume(lost)
        clone = with_clone(election, data.draw(st.sampled_from(lost)))
        assert tally(clone, rule).winners == winners

    holds()


def two_towns() -> Election:
    """Six want a, b; four want c; nobody wants from both towns."""
    return approvals(
        [("a", 3, tuple(range(6))), ("b", 3, tuple(range(6))), ("c", 4, (6, 7, 8, 9))], 10, n=10
    )


def test_clones_sweep_under_greedy() -> None:
    election = two_towns()
    assert names(election, tally(election, GREEDY).winners) == ["a", "b", "c"]
    clone = with_clone(election, 0)
    assert sorted(names(clone, tally(clone, GREEDY).winners)) == ["9a", "a", "b"]
    assert names(clone, tally(clone, COST).winners) == ["9a", "a", "c"]


@pytest.mark.parametrize("rule", [COST, CARDINALITY], ids=label)
def test_clones_take_no_money_of_those_who_do_not_want_them(rule: Rule) -> None:
    """Equal shares: towns that share no supporter do not touch one another."""

    @settings(max_examples=25, deadline=None)
    @given(elections(), elections(), st.data())
    def holds(north: Election, south: Election, data: st.DataObject) -> None:
        both = joined(north, south)
        k = len(north.projects)
        alone = [at for at in tally(both, rule).winners if at >= k]
        clone = with_clone(both, data.draw(st.integers(0, k - 1)))
        after = [at for at in tally(clone, rule).winners if k <= at < len(both.projects)]
        assert after == alone

    holds()


def joined(north: Election, south: Election) -> Election:
    """Both elections as one, on the northern budget: no ballot names projects of both."""
    k = len(north.projects)
    rows = []
    for part, first in ((north, 0), (south, k)):
        starts, items = part.ballots.starts.tolist(), part.ballots.items.tolist()
        rows += [
            [(item + first, 1) for item in items[begin:end]] for begin, end in pairwise(starts)
        ]
    costs = [one.cost for one in (*north.projects, *south.projects)]
    return made(BallotKind.APPROVAL, costs, north.budget + south.budget, rows)


# Extended justified representation up to one project


def cheated(election: Election, winners: Sequence[int], satisfaction: Satisfaction) -> bool:
    """True when a group that could pay for a set of projects it agrees on got too little.

    For every set T: of the ballots that name all of T, those who have less than the utility of T,
    and at most it even with one more project of T, must be too few to pay for T with their shares.
    """
    projects = election.projects
    by_cost = satisfaction is Satisfaction.COST
    worth = [one.cost if by_cost else Fraction(1) for one in projects]
    starts, items = election.ballots.starts.tolist(), election.ballots.items.tolist()
    ballots = [set(items[a:b]) for a, b in pairwise(starts)]
    n, won = len(ballots), set(winners)
    for wanted in subsets(range(len(projects))):
        due = sum((worth[at] for at in wanted), Fraction(0))
        price = sum((projects[at].cost for at in wanted), Fraction(0))
        unhappy = 0
        for ballot in ballots:
            if not set(wanted) <= ballot:
                continue
            has = sum((worth[at] for at in ballot & won), Fraction(0))
            more = max((worth[at] for at in wanted if at not in won), default=Fraction(0))
            unhappy += has < due and has + more <= due
        if unhappy and price * n <= unhappy * election.budget:
            return True
    return False


def subsets(places: Sequence[int]) -> Iterator[tuple[int, ...]]:
    return chain.from_iterable(combinations(places, size) for size in range(1, len(places) + 1))


@pytest.mark.parametrize("rule", [COST, CARDINALITY], ids=label)
def test_equal_shares_represent_every_group_up_to_one_project(rule: Rule) -> None:
    @settings(max_examples=60, deadline=None)
    @given(elections())
    def holds(election: Election) -> None:
        assert rule.satisfaction is not None
        assume(all(one.cost for one in election.projects))
        assert not cheated(election, tally(election, rule).winners, rule.satisfaction)

    holds()


def test_greedy_leaves_a_group_without_anything() -> None:
    """Four of ten could pay for c with their shares, and get nothing."""
    election = with_clone(two_towns(), 0)
    assert cheated(election, tally(election, GREEDY).winners, Satisfaction.COST)
    assert not cheated(election, tally(election, COST).winners, Satisfaction.COST)
