"""Triage of repairs (수리 순서): the chance that a thing can be repaired, and who is next.

Nouns
    chance : repaired out of tried in a category, drawn towards the parent category's rate
    rank   : chance · skill · parts less a penalty for those who have waited less than others
Law
    Fractions, never floats. The more was tried, the more a category's own record counts; with
    nothing tried it is the parent's rate. Of two things with equal prospects the one that waited
    longer comes first.
Source
    Exchange design, *repair*; shrinkage to a prior as in Gelman and others, Bayesian Data Analysis,
    chapter 2 (beta-binomial mean with prior weight a).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

PPM: Final = 1_000_000
PRIOR_WEIGHT: Final = 20


@dataclass(frozen=True, slots=True)
class Waiting:
    """A thing in the queue.

    chance     : chance of repair, 0 … 1
    skill_ppm  : how well the fixers present know the category, 0 … 1,000,000
    parts_ppm  : how surely parts and tools are there, 0 … 1,000,000
    waited_min : minutes in the queue, >= 0
    """

    id: str
    chance: Fraction
    skill_ppm: int
    parts_ppm: int
    waited_min: int

    def __post_init__(self) -> None:
        assert 0 <= self.chance <= 1 and self.waited_min >= 0, self
        assert 0 <= self.skill_ppm <= PPM and 0 <= self.parts_ppm <= PPM, self


@dataclass(frozen=True, slots=True)
class Place:
    """A thing's place in the queue, from 1, and the numbers behind it."""

    id: str
    number: int
    rank: Fraction
    prospect: Fraction
    penalty: Fraction


def repair_chance(
    repaired: int, tried: int, parent_rate: Fraction, *, prior_weight: int = PRIOR_WEIGHT
) -> Fraction:
    """Estimate how often a category is repaired.

    repaired, tried : counts of the category, 0 <= repaired <= tried
    parent_rate     : rate of the parent category, 0 … 1
    prior_weight    : a, how many tries the parent's rate is worth, >= 1
    Returns           (repaired + a · parent_rate) / (tried + a).
    Raises            AssertionError outside these ranges.
    Source            exchange design, *repair*.

    >>> [round(float(repair_chance(k, n, Fraction(p, 100))), 4)
    ...     for k, n, p in ((43, 50, 53), (2, 2, 36), (0, 0, 29))]
    [0.7657, 0.4182, 0.29]
    """
    assert 0 <= repaired <= tried and prior_weight >= 1, (repaired, tried, prior_weight)
    assert 0 <= parent_rate <= 1, parent_rate
    return (repaired + prior_weight * parent_rate) / (tried + prior_weight)


def queue_order(waiting: Iterable[Waiting], *, penalty_ppm_a_minute: int) -> tuple[Place, ...]:
    """Order the things that wait for a fixer.

    waiting              : each id once
    penalty_ppm_a_minute : rulebook value, >= 0: what each minute costs that a thing has waited less
                           than the longest waiting one; 0 = prospects alone
    Returns                places by rank = chance · skill · parts - penalty, the highest first; on
                           a tie who waited longer, then by id.
    Raises                 AssertionError when an id stands twice.
    Source                 exchange design, *repair*.

    >>> lamp = Waiting("lamp", Fraction(3, 4), 1_000_000, 1_000_000, 0)
    >>> radio = Waiting("radio", Fraction(1, 2), 1_000_000, 1_000_000, 60)
    >>> [place.id for place in queue_order([lamp, radio], penalty_ppm_a_minute=1_000)]
    ['lamp', 'radio']
    >>> [place.id for place in queue_order([lamp, radio], penalty_ppm_a_minute=5_000)]
    ['radio', 'lamp']
    """
    things = list(waiting)
    assert penalty_ppm_a_minute >= 0, penalty_ppm_a_minute
    assert len({thing.id for thing in things}) == len(things), "a thing stands twice"
    longest = max((thing.waited_min for thing in things), default=0)
    rows = []
    for thing in things:
        prospect = thing.chance * Fraction(thing.skill_ppm * thing.parts_ppm, PPM * PPM)
        penalty = Fraction((longest - thing.waited_min) * penalty_ppm_a_minute, PPM)
        rows.append((penalty - prospect, -thing.waited_min, thing.id, prospect, penalty))
    rows.sort(key=lambda row: row[:3])
    return tuple(
        Place(name, number, -worth, prospect, penalty)
        for number, (worth, _waited, name, prospect, penalty) in enumerate(rows, start=1)
    )
