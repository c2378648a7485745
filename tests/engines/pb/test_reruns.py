"""Prices and further support that are told after counting again."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.pb.election import Election
from dure.engines.pb.reruns import (
    extra_support,
    price_by_halving,
    verified_price,
    wins,
    wins_at,
    with_support,
)
from dure.engines.pb.rules import Completion, Name, Rule, Satisfaction, Start, Stop
from dure.engines.pb.tally import tally
from tests.engines.pb.elections import elections, worked

GREEDY = Rule(Name.GREEDY)
PHRAGMEN = Rule(Name.PHRAGMEN)


def test_greedy_prices_of_the_worked_election() -> None:
    election = worked()
    outcome = tally(election, GREEDY)
    index = election.index()
    assert {one: price_by_halving(election, outcome, index[one]) for one in "DEF"} == {
        "D": 200_000,
        "E": 1_000_000,
        "F": 200_000,
    }


def test_phragmen_prices_of_the_worked_election() -> None:
    election = worked()
    outcome = tally(election, PHRAGMEN)
    prices = {
        one: price_by_halving(election, outcome, at)
        for one, at in election.index().items()
        if at not in outcome.winners
    }
    for name, price in prices.items():
        assert price is not None
        assert wins_at(election, PHRAGMEN, election.index()[name], price)
        assert not wins_at(election, PHRAGMEN, election.index()[name], price + 1)


def test_further_votes_that_d_needs() -> None:
    election = worked()
    outcome = tally(election, GREEDY)
    project = election.index()["D"]
    # C, the last that fits beside A and B, has 3 votes; D has 2 and comes after it by id when tied.
    assert extra_support(election, outcome, project) == 2
    assert not wins(with_support(election, project, 1), GREEDY, project)


def test_equal_shares_name_no_further_support() -> None:
    election = worked()
    rule = Rule(Name.MES, Satisfaction.COST)
    assert extra_support(election, tally(election, rule), 1) is None


def test_a_price_under_a_completion_is_one_that_wins() -> None:
    election = worked()
    rule = Rule(
        Name.MES, Satisfaction.COST, Completion.ADD1, Fraction(1000), Start.EXACT, Stop.EXHAUSTIVE
    )
    outcome = tally(election, rule)
    for at in range(6):
        if at not in outcome.winners:
            price = verified_price(election, outcome, at)
            assert price is not None and wins_at(election, rule, at, price)


@pytest.mark.parametrize("rule", [GREEDY, PHRAGMEN, Rule(Name.DENSITY)])
def test_prices_win_and_one_more_loses(rule: Rule) -> None:
    @settings(max_examples=25, deadline=None)
    @given(elections(), st.data())
    def holds(election: Election, data: st.DataObject) -> None:
        outcome = tally(election, rule)
        lost = [at for at in range(len(election.projects)) if at not in outcome.winners]
        if not lost:
            return
        project = data.draw(st.sampled_from(lost))
        price = price_by_halving(election, outcome, project)
        if price is None:
            assert not wins_at(election, rule, project, 0)
            return
        assert wins_at(election, rule, project, price)
        assert price + 1 >= election.projects[project].cost or not wins_at(
            election, rule, project, price + 1
        )

    holds()
