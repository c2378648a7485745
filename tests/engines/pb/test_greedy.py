"""Greedy rules: the worked numbers W1, scores of other ballots, free projects, links, caps."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.pb.election import BallotKind, Ballots, Election, Project, approvals
from dure.engines.pb.greedy import greedy, scored
from dure.engines.pb.outcome import Ended
from dure.engines.pb.rules import Name, Rule, RuleError, Satisfaction
from dure.engines.pb.ties import first
from tests.engines.pb.elections import elections

BALLOTS = ("B", "AF", "AEF", "D", "E", "AC", "BCE", "BDE", "ABF", "ABC")
COSTS = {"A": 2_000_000, "B": 2_000_000, "C": 800_000, "D": 1_000_000, "E": 2_400_000}
COSTS["F"] = 2_400_000


def w1() -> Election:
    rows = [
        (name, cost, tuple(at for at, one in enumerate(BALLOTS) if name in one))
        for name, cost in COSTS.items()
    ]
    return approvals(list(rows), 5_000_000, n=10)


def names(election: Election, winners: tuple[int, ...]) -> str:
    return "".join(election.projects[at].id for at in winners)


@pytest.mark.parametrize(
    ("rule", "winners", "spent"),
    [
        (Rule(Name.GREEDY), "ABC", 4_800_000),
        (Rule(Name.GREEDY_NO_SKIP), "AB", 4_000_000),
        (Rule(Name.GREEDY_THRESHOLD, threshold=Fraction(4)), "AB", 4_000_000),
        (Rule(Name.GREEDY_THRESHOLD, threshold=Fraction(2, 5), share=True), "AB", 4_000_000),
        (Rule(Name.DENSITY), "CAB", 4_800_000),
        (Rule(Name.GREEDY, Satisfaction.COST), "ABC", 4_800_000),
    ],
)
def test_worked_numbers(rule: Rule, winners: str, spent: int) -> None:
    outcome = greedy(w1(), rule)
    assert names(w1(), outcome.winners) == winners
    assert (outcome.spent, outcome.left) == (spent, 5_000_000 - spent)


def test_ties_are_told_with_the_step() -> None:
    rounds = greedy(w1(), Rule(Name.GREEDY)).final.rounds
    assert [(one.winner, one.rate, one.tied, one.by) for one in rounds] == [
        (0, 5, (0, 1), "id"),
        (1, 5, (1,), None),
        (2, 3, (2, 5), "id"),
    ]


def test_last_step_of_the_chain_that_parts_is_told() -> None:
    rule = Rule(Name.GREEDY, ties=("min_cost", "max_votes", "id"))
    assert [one.by for one in greedy(w1(), rule).final.rounds] == ["id", None, "min_cost"]


def test_no_skip_says_that_it_stopped() -> None:
    assert greedy(w1(), Rule(Name.GREEDY_NO_SKIP)).final.ended is Ended.DOES_NOT_FIT
    assert greedy(w1(), Rule(Name.GREEDY)).final.ended is Ended.CONSIDERED


def test_score_zero_never_wins_and_free_projects_do() -> None:
    election = approvals([("a", 0, (0,)), ("b", 0, ()), ("c", 5, (0, 1)), ("d", 1, ())], 10, n=2)
    assert names(election, greedy(election, Rule(Name.GREEDY)).winners) == "ca"
    density = greedy(election, Rule(Name.DENSITY))
    assert names(election, density.winners) == "ac"
    assert [one.rate for one in density.final.rounds] == [0, Fraction(2, 5)]


def rankings() -> Election:
    rows = ("ABCD", "ACB", "BDA", "DBC", "CAD", "AB")
    starts = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    items = np.array(["ABCD".index(one) for row in rows for one in row], dtype=np.int32)
    projects = tuple(Project(one, Fraction(3 if one in "AB" else 2)) for one in "ABCD")
    return Election(projects, Fraction(6), BallotKind.ORDINAL, Ballots(starts, items))


def test_borda_is_length_less_place_less_one() -> None:
    # A 3+2+0+1+1, B 2+0+2+1+0, C 1+1+0+2, D 0+1+2+0
    assert scored(rankings(), Satisfaction.BORDA) == (7, 5, 4, 3)
    assert greedy(rankings(), Rule(Name.GREEDY, Satisfaction.BORDA)).winners == (0, 1)


def test_ballots_with_ranks_or_points_must_name_the_score() -> None:
    with pytest.raises(RuleError) as refused:
        greedy(rankings(), Rule(Name.GREEDY))
    assert refused.value.code == "pb.satisfaction_missing"
    with pytest.raises(RuleError) as refused:
        greedy(w1(), Rule(Name.GREEDY, Satisfaction.POINTS))
    assert refused.value.code == "pb.no_points"


def test_points_are_summed_exactly_and_below_zero_too() -> None:
    ballots = Ballots(
        np.array([0, 2, 4], dtype=np.int64),
        np.array([0, 1, 0, 1], dtype=np.int32),
        np.array([10**12, -5, 1, 2], dtype=np.int64),
        10,
    )
    projects = (Project("a", Fraction(1)), Project("b", Fraction(1)))
    election = Election(projects, Fraction(5), BallotKind.SCORING, ballots)
    assert scored(election, Satisfaction.POINTS) == (Fraction(10**12 + 1, 10), Fraction(-3, 10))
    assert greedy(election, Rule(Name.GREEDY, Satisfaction.POINTS)).winners == (0,)
    assert scored(election, Satisfaction.COST) == (2, 1)


def test_project_waits_for_what_it_requires() -> None:
    election = approvals([("a", 4, (0, 1)), ("b", 4, (0,)), ("c", 4, (1,))], 8, n=2)
    assert greedy(election, Rule(Name.GREEDY)).winners == (0, 1)
    # a only beside c: a must wait, b does not need to
    linked = replace(election, requires=((0, 2),))
    assert greedy(linked, Rule(Name.GREEDY)).winners == (1, 2)
    assert greedy(replace(linked, budget=Fraction(12)), Rule(Name.GREEDY)).winners == (1, 2, 0)


def test_excluded_project_is_out() -> None:
    election = approvals([("a", 4, (0, 1)), ("b", 4, (0,)), ("c", 4, (1,))], 8, n=2)
    for pair in ((0, 1), (1, 0)):
        assert greedy(replace(election, excludes=(pair,)), Rule(Name.GREEDY)).winners == (0, 2)


def test_cap_of_a_field_is_kept() -> None:
    election = approvals([("a", 4, (0, 1)), ("b", 4, (0,)), ("c", 3, (1,))], 11, n=2)
    park = tuple(replace(one, categories=("park",)) for one in election.projects[:2])
    election = replace(election, projects=(*park, election.projects[2]))
    rule = Rule(Name.GREEDY, caps=(("park", Fraction(7)),))
    assert greedy(election, rule).winners == (0, 2)


def test_greedy_by_cardinality_is_called_density() -> None:
    with pytest.raises(RuleError) as refused:
        Rule(Name.GREEDY, Satisfaction.CARDINALITY)
    assert refused.value.code == "pb.greedy_or_density"


def plain_greedy(election: Election, rule: Rule) -> list[int]:
    """Greedy said again, slowly: every time look at all projects anew."""
    points, votes = scored(election, rule.satisfaction), election.votes()
    costs = [one.cost for one in election.projects]
    looked: set[int] = set()
    won: list[int] = []
    while True:
        may = [
            at
            for at in range(len(costs))
            if at not in looked
            and points[at] > 0
            and points[at] >= (rule.threshold or 0)
            and all(other in won for one, other in election.requires if one == at)
            and not any({at, other} in ({a, b} for a, b in election.excludes) for other in won)
        ]
        if not may:
            return won
        if rule.name is Name.DENSITY and (free := [at for at in may if costs[at] == 0]):
            best = [at for at in free if points[at] == max(points[one] for one in free)]
        elif rule.name is Name.DENSITY:
            most = max(points[at] / costs[at] for at in may)
            best = [at for at in may if points[at] == most * costs[at]]
        else:
            best = [at for at in may if points[at] == max(points[one] for one in may)]
        at, _ = first(best, election, votes, rule)
        looked.add(at)
        if sum((costs[one] for one in won), costs[at]) <= election.budget:
            won.append(at)
        elif rule.name is Name.GREEDY_NO_SKIP:
            return won


@settings(max_examples=100, deadline=None)
@given(st.sampled_from([BallotKind.APPROVAL, BallotKind.CUMULATIVE, BallotKind.ORDINAL]), st.data())
def test_plain_twin_agrees(kind: BallotKind, data: st.DataObject) -> None:
    election = data.draw(elections(kind, linked=True))
    own = {BallotKind.CUMULATIVE: Satisfaction.POINTS, BallotKind.ORDINAL: Satisfaction.BORDA}
    score = own.get(kind)
    ties = data.draw(
        st.sampled_from([("id",), ("max_votes", "min_cost", "id"), ("max_cost", "lot")])
    )
    for name in (Name.GREEDY, Name.GREEDY_NO_SKIP, Name.DENSITY, Name.GREEDY_THRESHOLD):
        rule = Rule(
            name,
            score,
            ties=ties,
            seed=b"seed",
            call="2026",
            threshold=Fraction(3) if name is Name.GREEDY_THRESHOLD else None,
        )
        outcome = greedy(election, rule)
        assert list(outcome.winners) == plain_greedy(election, rule)
        assert outcome.spent <= election.budget
        for one in outcome.final.rounds:
            assert first(one.tied, election, election.votes(), rule) == (one.winner, one.by or "")
