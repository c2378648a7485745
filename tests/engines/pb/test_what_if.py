"""What if: a change counted whole, beside the first outcome."""

from __future__ import annotations

from fractions import Fraction

import pytest

from dure.engines.pb.rules import Name, Rule, Satisfaction
from dure.engines.pb.tally import tally
from dure.engines.pb.what_if import Change, ChangeError, changed_election, what_if
from tests.engines.pb.elections import worked

COST = Rule(Name.MES, Satisfaction.COST)


def test_b_wins_at_its_price_and_nobody_goes_for_it() -> None:
    election = worked()
    found = what_if(election, tally(election, COST), Change(costs={"B": Fraction(1_700_000)}))
    assert (found.come, found.go, found.spent) == ((1,), (3,), 700_000)


def test_one_won_more_changes_nothing() -> None:
    election = worked()
    found = what_if(election, tally(election, COST), Change(costs={"B": Fraction(1_700_001)}))
    assert (found.come, found.go, found.spent, found.left) == ((), (), 0, 0)


def test_another_rule_is_counted_beside() -> None:
    election = worked()
    found = what_if(election, tally(election, COST), Change(rule=Rule(Name.GREEDY)))
    assert (found.come, found.go, found.outcome.winners) == ((1, 2), (3,), (0, 1, 2))


def test_a_greater_budget_buys_more() -> None:
    election = worked()
    found = what_if(
        election, tally(election, Rule(Name.GREEDY)), Change(budget=Fraction(5_800_000))
    )
    assert (found.come, found.go, found.left) == ((3,), (), -200_000)


def test_a_change_leaves_the_ballots_where_they_are() -> None:
    election = worked()
    changed = changed_election(election, Change(budget=Fraction(1)))
    assert changed.ballots is election.ballots


@pytest.mark.parametrize(
    "change",
    [
        Change(costs={"Z": Fraction(1)}),
        Change(costs={"A": Fraction(-1)}),
        Change(budget=Fraction(-1)),
    ],
)
def test_impossible_changes_are_refused(change: Change) -> None:
    election = worked()
    with pytest.raises(ChangeError):
        what_if(election, tally(election, COST), change)
