"""The winning price of every loser: the greatest whole cost at which a re-run lets it win."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.prices import Price, winning_price, with_cost
from dure.engines.pb.rules import Name, Rule, Satisfaction
from dure.engines.pb.shares import equal_shares
from dure.engines.pb.traces import Trace
from tests.engines.pb.elections import elections, worked

COST = Rule(Name.MES, Satisfaction.COST)
CARDINALITY = Rule(Name.MES, Satisfaction.CARDINALITY)


def prices(election: Election, rule: Rule) -> dict[str, int]:
    run = equal_shares(election, rule)
    trace = Trace(election, rule, run)
    found = {
        one.id: winning_price(trace, at)
        for at, one in enumerate(election.projects)
        if at not in run.winners
    }
    return {name: price.cost for name, price in found.items() if price is not None}


def wins_at(election: Election, rule: Rule, project: int, cost: int) -> bool:
    changed = with_cost(election, project, Fraction(cost))
    return project in equal_shares(changed, rule).winners


def test_prices_of_the_worked_election_by_cost() -> None:
    assert prices(worked(), COST) == {"B": 1_700_000, "C": 700_000, "E": 1_600_000, "F": 300_000}


def test_prices_of_the_worked_election_by_cardinality() -> None:
    assert prices(worked(), CARDINALITY) == {
        "A": 1_966_666,
        "B": 1_966_666,
        "E": 1_733_333,
        "F": 1_500_000,
    }


def test_price_of_b_comes_from_the_second_round() -> None:
    election = worked()
    trace = Trace(election, COST, equal_shares(election, COST))
    assert winning_price(trace, 1) == Price(1_700_000, 1)


@pytest.mark.parametrize("rule", [COST, CARDINALITY])
def test_worked_prices_win_and_one_won_more_loses(rule: Rule) -> None:
    election = worked()
    index = election.index()
    for name, price in prices(election, rule).items():
        assert wins_at(election, rule, index[name], price)
        assert not wins_at(election, rule, index[name], price + 1)


CHAINS = [("id",), ("min_cost", "id"), ("max_votes", "max_cost", "id"), ("max_cost", "id")]


def greatest(election: Election, rule: Rule, project: int) -> int | None:
    """The greatest whole cost below its own that wins, by trying them all."""
    below = range(ceil(election.projects[project].cost) - 1, -1, -1)
    return next((cost for cost in below if wins_at(election, rule, project, cost)), None)


def check(election: Election, satisfaction: Satisfaction, chain: tuple[str, ...]) -> None:
    rule = Rule(Name.MES, satisfaction, ties=chain)
    run = equal_shares(election, rule)
    trace = Trace(election, rule, run)
    for at, one in enumerate(election.projects):
        if at not in run.winners and one.cost:
            found = winning_price(trace, at)
            assert (found and found.cost) == greatest(election, rule, at), one


@settings(max_examples=40, deadline=None)
@given(elections(), st.sampled_from(CHAINS))
def test_no_cost_above_the_price_wins_by_cost(election: Election, chain: tuple[str, ...]) -> None:
    check(election, Satisfaction.COST, chain)


@settings(max_examples=25, deadline=None)
@given(elections(), st.sampled_from(CHAINS))
def test_no_cost_above_the_price_wins_by_cardinality(
    election: Election, chain: tuple[str, ...]
) -> None:
    check(election, Satisfaction.CARDINALITY, chain)


@settings(max_examples=25, deadline=None)
@given(elections(BallotKind.CUMULATIVE), st.sampled_from(CHAINS))
def test_no_cost_above_the_price_wins_by_points(election: Election, chain: tuple[str, ...]) -> None:
    check(election, Satisfaction.POINTS, chain)


@settings(max_examples=25, deadline=None)
@given(elections(BallotKind.ORDINAL), st.sampled_from(CHAINS))
def test_no_cost_above_the_price_wins_by_borda(election: Election, chain: tuple[str, ...]) -> None:
    check(election, Satisfaction.BORDA, chain)


@settings(max_examples=25, deadline=None)
@given(elections(linked=True))
def test_no_cost_above_the_price_wins_with_links(election: Election) -> None:
    check(election, Satisfaction.COST, ("id",))
