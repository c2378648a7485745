"""Invented ballots (가상 표): what people might mark, to try a count out before the vote.

Nouns
    taste : how much one group of invented voters likes each project
    paper : the projects one invented voter may mark, and the limits that her ballot obeys
Law
    Chance comes from the given seed alone: the same seed gives the same ballots. Every ballot obeys
    its limits. Nothing here predicts how people vote.
Source
    Budgeting design, *Officials' side*: test with synthetic voters.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from types import MappingProxyType
from typing import Final

from dure.engines.pb.election import BallotKind, Project

GROUPS: Final = 4
SHARE_OF_PAPER: Final = 3  # without a limit, at most a third of the paper is marked


class NoBallot(ValueError):
    """No ballot obeys the limits: fewer projects can be marked than the least number."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a ballot must obey.

    marks_min, marks_max   : how many projects; None = as many as there are
    points_max, points_sum : of one project, and of a ballot; for cumulative ballots
    spend_max              : most that the marked projects may cost together, in won
    category_max           : most marks in a category, by its code
    """

    kind: BallotKind
    marks_min: int = 0
    marks_max: int | None = None
    points_max: int | None = None
    points_sum: int | None = None
    spend_max: int | None = None
    category_max: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Choice:
    """One invented ballot: ids of projects (in rank order for ordinal ballots), and points."""

    items: tuple[str, ...]
    points: tuple[int, ...] | None


def tastes(projects: Sequence[Project], chance: Random) -> tuple[dict[str, float], ...]:
    """Draw how much each group likes each project: weights above 0, by project id."""
    return tuple({one.id: chance.random() ** 2 + 0.02 for one in projects} for _ in range(GROUPS))


def choice(
    projects: Sequence[Project], taste: Mapping[str, float], limits: Limits, chance: Random
) -> Choice:
    """Draw one ballot that obeys its limits.

    projects : those on the voter's paper
    taste    : weight > 0 by project id
    Raises     NoBallot where `marks_min` cannot be reached.
    Source     weighted sampling without replacement, Efraimidis and Spirakis (2006).

    >>> from fractions import Fraction
    >>> paper = [Project(name, Fraction(10)) for name in "abc"]
    >>> limits = Limits(BallotKind.APPROVAL, marks_min=1, marks_max=2)
    >>> drawn = choice(paper, {"a": 1.0, "b": 1.0, "c": 1.0}, limits, Random(7))
    >>> 1 <= len(drawn.items) <= 2
    True
    """
    order = sorted(projects, key=lambda one: -(chance.random() ** (1 / taste[one.id])))
    most = limits.marks_max or max(limits.marks_min, len(projects) // SHARE_OF_PAPER, 1)
    if limits.points_sum is not None:
        most = min(most, limits.points_sum)
    wanted = chance.randint(min(max(limits.marks_min, 1), most), most)
    items: list[str] = []
    spent, used = 0, dict.fromkeys(limits.category_max, 0)
    for one in order:
        if len(items) == wanted:
            break
        capped = [code for code in one.categories if code in used]
        if any(used[code] >= limits.category_max[code] for code in capped):
            continue
        if limits.spend_max is not None and spent + one.cost > limits.spend_max:
            continue
        spent += int(one.cost)
        for code in capped:
            used[code] += 1
        items.append(one.id)
    if len(items) < limits.marks_min:
        raise NoBallot
    if limits.kind is not BallotKind.CUMULATIVE:
        return Choice(tuple(items), None)
    return Choice(tuple(items), _points(len(items), limits, chance))


def _points(count: int, limits: Limits, chance: Random) -> tuple[int, ...]:
    """Share points out: at least one each, none above `points_max`, never more than the sum."""
    assert limits.points_sum is not None
    left, found = limits.points_sum, []
    for after in range(count - 1, -1, -1):
        most = min(limits.points_max or left, left - after)
        found.append(chance.randint(1, most))
        left -= found[-1]
    return tuple(found)
