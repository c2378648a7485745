"""Hybrid scores (혼합 점수): committee, electronic vote and survey weighed into one, then greedy.

Nouns
    measure : one number per project: `votes`, `points`, or a further one of the election
    norm    : how measures become comparable: share of the greatest, of the total, rank, or raw
Law
    Weights are parts per million and sum to one million; the score is exact. The norm changes the
    order, so it is part of the rule.
Source
    Budgeting design, *Hybrid weighted score* and W4. How Seoul normalised in 2015 is unverified.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Final

from dure.engines.pb.election import Election
from dure.engines.pb.greedy import fund, scored
from dure.engines.pb.outcome import Outcome
from dure.engines.pb.rules import Name, Norm, Rule, RuleError, Satisfaction

MILLION: Final = 1_000_000


def scores(election: Election, rule: Rule) -> Outcome:
    """Count an election by its hybrid score: greedy with skip, caps per field kept.

    Raises RuleError when a measure is missing or below zero.
    """
    assert rule.name is Name.SCORES, rule.name
    summed = hybrid(election, rule)
    run = fund(election, rule, {at: one for at, one in enumerate(summed) if one > 0})
    return Outcome(rule, run.winners, run.cost, election.budget - run.cost, run)


def hybrid(election: Election, rule: Rule) -> tuple[Fraction, ...]:
    """Weigh the measures of every project into one score.

    Returns sum over the weights of ppm / 1,000,000 times the normed measure, exact.
    """
    total = [Fraction(0)] * len(election.projects)
    for weight in rule.weights:
        values = normed(_measure(election, weight.measure), weight.norm)
        for at, value in enumerate(values):
            total[at] += Fraction(weight.ppm, MILLION) * value
    return tuple(total)


def normed(values: Sequence[Fraction], norm: Norm) -> tuple[Fraction, ...]:
    """Make one measure comparable.

    values  : one per project, each >= 0
    norm    : SHARE_OF_MAX by the greatest, SHARE_OF_TOTAL by the sum (all 0 stays all 0), RANK
              (k - r + 1) / k where r - 1 projects are strictly better, RAW as it is
    Raises  RuleError when one is below zero.

    >>> [str(one) for one in normed((Fraction(80), Fraction(72), Fraction(90)), Norm.RANK)]
    ['2/3', '1/3', '1']
    """
    if any(one < 0 for one in values):
        raise RuleError("pb.negative_points")
    if norm is Norm.RAW:
        return tuple(values)
    if norm is Norm.RANK:
        count = len(values)
        order = sorted(values, reverse=True)
        places = {one: order.index(one) for one in set(values)}
        return tuple(Fraction(count - places[one], count) for one in values)
    whole = max(values, default=Fraction(0)) if norm is Norm.SHARE_OF_MAX else sum(values)
    return tuple(one / whole if whole else Fraction(0) for one in values)


def _measure(election: Election, name: str) -> tuple[Fraction, ...]:
    """A measure by name; votes and points come from the ballots."""
    if name in election.measures:
        return election.measures[name]
    if name == "votes":
        return scored(election, Satisfaction.COST)
    if name == "points":
        return scored(election, Satisfaction.POINTS)
    raise RuleError("pb.measure_missing", measure=name)
