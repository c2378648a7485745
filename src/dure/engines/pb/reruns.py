"""Counting again with one thing changed: at which cost, or with how much more support, a project
that lost would have won.

Nouns
    price : a whole cost, others unchanged
    extra : further ballots that name the project alone (one ballot with further points where the
            rule adds up points)
Law
    Nothing here is reckoned: an answer is told only when a count at it lets the project win, and
    (where it is called the greatest or the least) a count one step further does not.
Source
    Budgeting design, *Explanation*. Under greedy rules and Phragmén a lower cost or more support
    never moves a project back, so halving finds the turn; under completions of equal shares it may.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import Final

import numpy as np

from dure.engines.pb.election import Ballots, Election
from dure.engines.pb.outcome import Outcome
from dure.engines.pb.prices import winning_price, with_cost
from dure.engines.pb.rules import Name, Rule, Satisfaction
from dure.engines.pb.tally import tally
from dure.engines.pb.traces import Trace

EXTRA_MAX: Final = 1_000_000
PARTS: Final = (Fraction(1), Fraction(3, 4), Fraction(1, 2), Fraction(1, 4))


def wins(election: Election, rule: Rule, project: int) -> bool:
    """Count, and say whether the project won."""
    return project in tally(election, rule).winners


def wins_at(election: Election, rule: Rule, project: int, cost: int) -> bool:
    """Count with another cost of the project."""
    return wins(with_cost(election, project, Fraction(cost)), rule, project)


def with_support(election: Election, project: int, extra: int) -> Election:
    """The same election with `extra` more ballots for the project alone; on ballots with points one
    more, that gives it `extra` points.
    """
    ballots = election.ballots
    if ballots.points is None:
        more = np.arange(1, extra + 1, dtype=np.int64) + ballots.starts[-1]
        items = np.full(extra, project, dtype=np.int32)
        points = None
    else:
        more = np.array([ballots.starts[-1] + 1], dtype=np.int64)
        items = np.array([project], dtype=np.int32)
        points = np.concatenate(
            (ballots.points, np.array([extra * ballots.points_scale], dtype=np.int64))
        )
    return replace(
        election,
        ballots=Ballots(
            np.concatenate((ballots.starts, more)),
            np.concatenate((ballots.items, items)),
            points,
            ballots.points_scale,
        ),
    )


def price_by_halving(election: Election, outcome: Outcome, project: int) -> int | None:
    """Find the greatest whole cost below its own at which a loser of a greedy rule or of Phragmén
    would have won.

    Returns None when not even a cost of 0 would do
    Raises  AssertionError for a winner, or for equal shares (see `prices`, `verified_price`).

    >>> from dure.engines.pb.election import approvals
    >>> e = approvals([("a", 6, (0, 1, 2)), ("b", 5, (0, 1)), ("c", 4, (2,))], 10, n=3)
    >>> price_by_halving(e, tally(e, Rule(Name.GREEDY)), 1)
    4
    """
    rule = outcome.rule
    assert project not in outcome.winners and rule.name is not Name.MES
    top = ceil(election.projects[project].cost) - 1
    guess = min(top, int(outcome.left))

    def test(cost: int) -> bool:
        return wins_at(election, rule, project, cost)

    if guess >= 0 and test(guess) and (guess == top or not test(guess + 1)):
        return guess
    return _greatest(test, top)


def _greatest(test: Callable[[int], bool], top: int) -> int | None:
    """The greatest number from 0 to `top` that passes, where all below it pass as well."""
    if top < 0 or not test(0):
        return None
    low, high = 0, top + 1
    while high - low > 1:
        middle = (low + high) // 2
        if test(middle):
            low = middle
        else:
            high = middle
    return low


def extra_support(election: Election, outcome: Outcome, project: int) -> int | None:
    """Find the least further support with which a loser of a greedy rule by votes or points, or of
    Phragmén, would have won at its cost.

    Returns ballots for it alone, or points; None when no number up to 1,000,000 would do, or the
            rule is another one (under equal shares more ballots lower everybody's share)
    """
    rule = outcome.rule
    assert project not in outcome.winners
    if rule.name in (Name.MES, Name.SCORES) or rule.satisfaction is Satisfaction.BORDA:
        return None
    counts_points = rule.satisfaction is Satisfaction.POINTS
    if election.ballots.points is not None and not counts_points:
        return None

    def test(extra: int) -> bool:
        return wins(with_support(election, project, extra), rule, project)

    high = 1
    while not test(high):
        high *= 4
        if high > EXTRA_MAX or election.projects[project].cost > election.budget:
            return None
    low = high // 4
    while high - low > 1:
        middle = (low + high) // 2
        if test(middle):
            high = middle
        else:
            low = middle
    return high


def verified_price(election: Election, outcome: Outcome, project: int) -> int | None:
    """Find a whole cost at which a loser would have won, by counting again with the completion.

    Returns the first of a few costs, the greatest first, at which it wins; None when none does.
            Under a completion a greater cost may win too: never call it the greatest
    """
    assert project not in outcome.winners and outcome.rule.name is Name.MES
    guesses: set[int] = {0}
    for run in (outcome.final, outcome.after):
        if run is None or project in run.winners:
            continue
        found = winning_price(Trace(election, outcome.rule, run), project)
        if found is not None:
            guesses |= {int(found.cost * part) for part in PARTS}
    top = ceil(election.projects[project].cost) - 1
    guesses |= {min(top, int(outcome.left))}
    for cost in sorted((one for one in guesses if 0 <= one <= top), reverse=True):
        if wins_at(election, outcome.rule, project, cost):
            return cost
    return None
