"""The hybrid score: W4, and that a norm changes the order."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from dure.engines.pb.election import Election, approvals
from dure.engines.pb.rules import Name, Norm, Rule, RuleError, Weight
from dure.engines.pb.scores import hybrid, normed, scores

MEASURES = {"committee": (80, 72, 90), "e-vote": (120, 150, 90), "survey": (30, 20, 50)}


def w4() -> Election:
    made = approvals([("A", 5, ()), ("B", 5, ()), ("C", 5, ())], 10, n=0)
    measures = {name: tuple(map(Fraction, values)) for name, values in MEASURES.items()}
    return replace(made, measures=measures)


def rule(norm: Norm) -> Rule:
    parts = (("committee", 450_000), ("e-vote", 450_000), ("survey", 100_000))
    return Rule(Name.SCORES, weights=tuple(Weight(name, ppm, norm) for name, ppm in parts))


def test_worked_numbers_by_share_of_max() -> None:
    assert hybrid(w4(), rule(Norm.SHARE_OF_MAX)) == (
        Fraction(41, 50),
        Fraction(17, 20),
        Fraction(41, 50),
    )
    outcome = scores(w4(), rule(Norm.SHARE_OF_MAX))
    assert outcome.winners == (1, 0)
    assert (outcome.final.rounds[1].tied, outcome.final.rounds[1].by) == ((0, 2), "id")


def test_worked_numbers_by_share_of_total() -> None:
    assert hybrid(w4(), rule(Norm.SHARE_OF_TOTAL)) == (
        Fraction(1989, 6050),
        Fraction(16523, 48400),
        Fraction(3193, 9680),
    )
    assert scores(w4(), rule(Norm.SHARE_OF_TOTAL)).winners == (1, 2)


def test_ranks_share_the_better_place() -> None:
    values = tuple(map(Fraction, (7, 9, 7, 1)))
    assert normed(values, Norm.RANK) == (Fraction(3, 4), 1, Fraction(3, 4), Fraction(1, 4))


def test_all_zero_stays_zero_and_raw_is_raw() -> None:
    zero = (Fraction(0), Fraction(0))
    assert normed(zero, Norm.SHARE_OF_MAX) == normed(zero, Norm.SHARE_OF_TOTAL) == zero
    assert normed((Fraction(7), Fraction(2)), Norm.RAW) == (7, 2)


def test_votes_are_a_measure() -> None:
    election = approvals([("a", 5, (0,)), ("b", 5, (0, 1))], 5, n=2)
    only = Rule(Name.SCORES, weights=(Weight("votes", 1_000_000, Norm.SHARE_OF_MAX),))
    assert scores(election, only).winners == (1,)


@pytest.mark.parametrize(
    ("weights", "code"),
    [
        ((), "pb.weights_missing"),
        ((Weight("votes", 999_999, Norm.RAW),), "pb.weights_sum"),
        ((Weight("a", -1, Norm.RAW), Weight("b", 1_000_001, Norm.RAW)), "pb.weights_sum"),
    ],
)
def test_weights_must_sum(weights: tuple[Weight, ...], code: str) -> None:
    with pytest.raises(RuleError) as refused:
        Rule(Name.SCORES, weights=weights)
    assert refused.value.code == code


def test_missing_measure_and_values_below_zero_are_refused() -> None:
    only = Rule(Name.SCORES, weights=(Weight("survey", 1_000_000, Norm.RAW),))
    bare = approvals([("a", 5, (0,))], 5, n=1)
    with pytest.raises(RuleError) as refused:
        scores(bare, only)
    assert refused.value.code == "pb.measure_missing"
    with pytest.raises(RuleError) as refused:
        scores(replace(bare, measures={"survey": (Fraction(-1),)}), only)
    assert refused.value.code == "pb.negative_points"
