"""Equal shares: the engine is the plain twin, round by round; the worked numbers of the page."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings

from dure.engines.pb import classes as classes_module
from dure.engines.pb import market as market_module
from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.outcome import Ended, Run
from dure.engines.pb.record import recorded
from dure.engines.pb.rules import Name, Rule, RuleError, Satisfaction
from dure.engines.pb.shares import case, equal_shares, run_from
from tests.engines.pb import oracle
from tests.engines.pb.elections import elections, made, worked

COST = Rule(Name.MES, Satisfaction.COST)
CARDINALITY = Rule(Name.MES, Satisfaction.CARDINALITY)
POINTS = Rule(Name.MES, Satisfaction.POINTS)
BORDA = Rule(Name.MES, Satisfaction.BORDA)


def agree(election: Election, rule: Rule) -> None:
    prepared, plain = case(election, rule), oracle.plain(election, rule)
    for start in (prepared.start, prepared.start * 2, Fraction(7, 3)):
        run = run_from(prepared, start)
        assert recorded(election, rule, run) == oracle.shares(plain, start)


@settings(max_examples=250, deadline=None)
@given(elections())
def test_cost_is_the_plain_twin(election: Election) -> None:
    agree(election, COST)


@settings(max_examples=250, deadline=None)
@given(elections())
def test_cardinality_is_the_plain_twin(election: Election) -> None:
    agree(election, CARDINALITY)


@settings(max_examples=200, deadline=None)
@given(elections(BallotKind.CUMULATIVE))
def test_points_are_the_plain_twin(election: Election) -> None:
    agree(election, POINTS)


@settings(max_examples=200, deadline=None)
@given(elections(BallotKind.ORDINAL))
def test_borda_is_the_plain_twin(election: Election) -> None:
    agree(election, BORDA)


@settings(max_examples=200, deadline=None)
@given(elections(linked=True))
def test_links_are_kept_as_the_plain_twin_keeps_them(election: Election) -> None:
    agree(election, COST)
    agree(election, replace(CARDINALITY, ties=("min_cost", "max_votes", "id")))


@settings(max_examples=200, deadline=None)
@given(elections(BallotKind.SCORING, linked=True))
def test_links_among_points_are_kept(election: Election) -> None:
    agree(election, POINTS)


def test_worked_cost() -> None:
    run = equal_shares(worked(), COST)
    assert run.winners == (0, 3)
    assert run.rounds[0].tied == (0, 1)
    assert run.rounds[0].by == "id"
    assert run.rounds[0].rate == Fraction(1, 5)
    assert run.rounds[1].rate == Fraction(1, 2)
    assert (run.cost, run.ended) == (3_000_000, Ended.UNAFFORDABLE)


def test_worked_cardinality() -> None:
    run = recorded(worked(), CARDINALITY, equal_shares(worked(), CARDINALITY))
    assert run.winners == (2, 3)
    assert [one.payment for step in run.rounds for one in step.payers] == [
        Fraction(800_000, 3),
        500_000,
    ]
    assert run.cost == 1_800_000


def points_election() -> Election:
    """W3 of the page."""
    rows = [
        [(0, 5), (2, 3), (3, 2)],
        [(0, 6), (1, 4)],
        [(0, 7), (2, 3)],
        [(1, 10)],
        [(1, 4), (3, 6)],
        [(2, 5), (3, 5)],
    ]
    costs = [Fraction(cost) for cost in (3_000_000, 3_000_000, 2_000_000, 2_000_000)]
    return made(BallotKind.CUMULATIVE, costs, Fraction(6_000_000), rows)


def test_worked_points() -> None:
    run = recorded(points_election(), POINTS, equal_shares(points_election(), POINTS))
    assert run.winners == (3,)
    assert run.rounds[0].rate == Fraction(2_000_000, 13)
    left = sorted(one.before - one.payment for one in run.rounds[0].payers)
    assert left == [Fraction(1_000_000, 13), Fraction(3_000_000, 13), Fraction(9_000_000, 13)]


def test_worked_borda() -> None:
    orders = ["ABCD", "ACB", "BDA", "DBC", "CAD", "AB"]
    rows = [[("ABCD".index(name), 1) for name in order] for order in orders]
    costs = [Fraction(cost) for cost in (3_000_000, 3_000_000, 2_000_000, 2_000_000)]
    election = made(BallotKind.ORDINAL, costs, Fraction(6_000_000), rows)
    assert equal_shares(election, BORDA).winners == (0, 3)


def test_a_huge_cost_is_exact() -> None:
    huge = Fraction(10**400)
    election = made(
        BallotKind.APPROVAL,
        [huge, huge + 1, Fraction(1)],
        huge,
        [[(0, 1), (1, 1)], [(0, 1), (2, 1)]],
    )
    assert equal_shares(election, COST).winners == (0,)


def test_no_ballot_is_refused() -> None:
    with pytest.raises(RuleError) as refused:
        equal_shares(made(BallotKind.APPROVAL, [Fraction(1)], Fraction(1), []), COST)
    assert refused.value.code == "pb.no_ballots"


def test_points_beyond_exact_sums_are_refused() -> None:
    rows = [[(0, 10**12)]] * 9_007
    election = made(BallotKind.SCORING, [Fraction(1)], Fraction(1), rows)
    odd = made(BallotKind.SCORING, [Fraction(1)], Fraction(1), [*rows, [(0, 10**12 - 1)]])
    assert equal_shares(election, POINTS).winners == (0,)
    with pytest.raises(RuleError) as refused:
        equal_shares(odd, POINTS)
    assert refused.value.code == "pb.points_too_large"


def close_prices() -> tuple[Election, Rule]:
    """Two projects whose rho differ by one part in 10**40: no float can tell them apart."""
    costs = [Fraction(10**40 + 1), Fraction(10**40)]
    rows = [[(0, 1)], [(0, 1)], [(1, 1)], [(1, 1)]]
    return made(BallotKind.APPROVAL, costs, Fraction(10**41), rows), CARDINALITY


def test_prices_closer_than_floats_are_told_apart() -> None:
    election, rule = close_prices()
    run = equal_shares(election, rule)
    assert run.winners == (1, 0)
    assert run.rounds[0].tied == (1,)


def test_a_filter_without_its_error_bound_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    election, rule = close_prices()
    monkeypatch.setattr(market_module, "BELOW", 1.0 + 2.0**-20)  # a lower bound that is none
    monkeypatch.setattr(market_module, "ROUNDING", 0.0)
    monkeypatch.setattr(classes_module, "ROUNDING", 0.0)
    with pytest.raises(AssertionError):
        assert equal_shares(election, rule) == oracle_light(election, rule)


def oracle_light(election: Election, rule: Rule) -> Run:
    run = oracle.shares(oracle.plain(election, rule), election.budget / election.ballots.count)
    rounds = tuple(replace(step, payers=(), dropped=()) for step in run.rounds)
    return replace(run, rounds=rounds, dropped=())
