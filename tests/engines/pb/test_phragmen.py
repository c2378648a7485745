"""Sequential Phragmén: the engine is the plain twin, and the worked numbers of the page."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given, settings

from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.outcome import Ended
from dure.engines.pb.phragmen import phragmen
from dure.engines.pb.rules import Name, Rule
from tests.engines.pb import oracle
from tests.engines.pb.elections import elections, worked

RULE = Rule(Name.PHRAGMEN)


@settings(max_examples=250, deadline=None)
@given(elections(linked=True))
def test_loads_are_the_plain_twin(election: Election) -> None:
    assert phragmen(election, RULE).final == oracle.loads(oracle.plain(election, RULE))


@settings(max_examples=100, deadline=None)
@given(elections(BallotKind.CUMULATIVE))
def test_points_above_zero_are_support(election: Election) -> None:
    assert phragmen(election, RULE).final == oracle.loads(oracle.plain(election, RULE))


def test_worked() -> None:
    outcome = phragmen(worked(), RULE)
    assert outcome.winners == (2, 3, 0)
    rates = [one.rate for one in outcome.final.rounds]
    assert rates == [Fraction(800_000, 3), 500_000, Fraction(1_520_000, 3)]
    assert outcome.final.ended is Ended.DOES_NOT_FIT
    assert outcome.spent == 3_800_000
