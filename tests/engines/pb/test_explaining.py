"""Explanations of W2, and that every won of a supporter is accounted for."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.explaining import Taken, losses, portions, standings
from dure.engines.pb.rules import Completion, Name, Rule, Satisfaction
from dure.engines.pb.tally import tally
from tests.engines.pb.elections import elections, worked

COST = Rule(Name.MES, Satisfaction.COST)


def test_where_the_money_behind_b_went() -> None:
    election = worked()
    loss = losses(election, tally(election, COST))[0]
    assert election.projects[loss.project].id == "B"
    assert loss.given == 2_500_000
    assert loss.taken == (Taken(0, Fraction(800_000)), Taken(3, Fraction(500_000)))
    assert (loss.left, loss.missing, loss.price) == (1_200_000, 800_000, 1_700_000)


def test_prices_of_all_losers_of_the_worked_election() -> None:
    election = worked()
    found = {
        election.projects[one.project].id: one.price
        for one in losses(election, tally(election, COST))
    }
    assert found == {"B": 1_700_000, "C": 700_000, "E": 1_600_000, "F": 300_000}


def test_standings_of_b() -> None:
    election = worked()
    stood = standings(election, tally(election, COST), 1)
    assert [one.behind for one in stood] == [2_500_000, 1_700_000, 1_200_000]
    assert [one.effective for one in stood] == [5, None, None]


def test_what_the_money_of_two_halves_bought() -> None:
    election = worked()
    found = portions(election, tally(election, COST), ["north"] * 5 + ["south"] * 5)
    north, south = found
    assert (north.group, north.ballots, north.given) == ("north", 5, 2_500_000)
    assert [(one.winner, one.money, one.supporters) for one in north.bought] == [
        (0, 800_000, 2),
        (3, 500_000, 1),
    ]
    assert (north.left, south.left) == (1_200_000, 800_000)
    assert [(one.winner, one.money, one.supporters) for one in south.bought] == [
        (0, 1_200_000, 3),
        (3, 500_000, 1),
    ]


def test_kinds_of_ballots_are_the_groups_when_none_are_given() -> None:
    election = worked()
    found = portions(election, tally(election, COST))
    assert [one.group for one in found if one.ballots] == sorted(
        ["B", "A,F", "A,E,F", "D", "E", "A,C", "B,C,E", "B,D,E", "A,B,F", "A,B,C"]
    )


KINDS = {
    BallotKind.APPROVAL: (Satisfaction.COST, Satisfaction.CARDINALITY),
    BallotKind.CUMULATIVE: (Satisfaction.POINTS, Satisfaction.CARDINALITY),
    BallotKind.ORDINAL: (Satisfaction.BORDA, Satisfaction.COST),
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_every_won_is_accounted_for(kind: BallotKind) -> None:
    @settings(max_examples=25, deadline=None)
    @given(elections(kind, linked=True), st.sampled_from(KINDS[kind]), st.data())
    def holds(election: Election, satisfaction: Satisfaction, data: st.DataObject) -> None:
        outcome = tally(election, Rule(Name.MES, satisfaction, Completion.UTILITARIAN))
        for loss in losses(election, outcome):
            assert sum((one.money for one in loss.taken), loss.left) == loss.given
        count = election.ballots.count
        names = data.draw(st.lists(st.sampled_from("abc"), min_size=count, max_size=count))
        found = portions(election, outcome, names)
        assert sum(one.ballots for one in found) == count
        for one in found:
            assert sum((part.money for part in one.bought), one.left) == one.given
        spent = sum((part.money for one in found for part in one.bought), Fraction(0))
        assert spent == outcome.final.cost

    holds()
