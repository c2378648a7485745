"""An election about money: what was on the ballot, what there is to spend, what was marked.

Nouns
    project  : a named thing with a fixed cost (사업)
    ballot   : what one voter marked: projects, projects with points, or projects in rank order
    election : projects, budget and ballots; its order of rows never changes a result
    profile  : the ballots under one satisfaction, equal ones collapsed into one type
Law
    Money is rational and exact from the text to the result. `Profile.n` counts every ballot, the
    empty ones too; `sum(sizes)` and the empty ones are `n` together.
Source
    Budgeting design, *The engine*; Peters, Pierczyński, Skowron, Proportional Participatory
    Budgeting with Additive Utilities (2021).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import gcd, lcm
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dure.engines.pb.rules import RuleError, Satisfaction

Int64s = NDArray[np.int64]
Int32s = NDArray[np.int32]

BALLOTS_MAX: Final = 5_000_000
MARKS_MAX: Final = 100_000_000
PROJECTS_MAX: Final = 20_000
POINTS_MAX: Final = 10**12  # of one mark, as numerator over the common scale


class BallotKind(StrEnum):
    """What a ballot is. Knapsack and N-choice are approval with limits."""

    APPROVAL = "approval"
    CHOOSE_1 = "choose-1"
    CUMULATIVE = "cumulative"
    SCORING = "scoring"
    ORDINAL = "ordinal"


HAS_POINTS: Final = frozenset({BallotKind.CUMULATIVE, BallotKind.SCORING})


@dataclass(frozen=True, slots=True)
class Project:
    """One project. `received` is its place in the order of arrival; `selected` what was published
    about it, which is never an input.
    """

    id: str
    cost: Fraction
    name: str = ""
    categories: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    received: int = 0
    selected: int | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was read leniently: the line of the file, 0 when it has none, and what."""

    line: int
    code: str
    ko: str
    en: str


@dataclass(frozen=True, slots=True, eq=False)
class Ballots:
    """n ballots with m marks, each project at most once in a ballot.

    starts : (n + 1,) int64; ballot i holds marks starts[i] .. starts[i + 1]
    items  : (m,) int32, index of the project; rank order for ordinal ballots, else ascending
    points : (m,) int64 numerators over `points_scale`, or None for ballots without points
    """

    starts: Int64s
    items: Int32s
    points: Int64s | None = None
    points_scale: int = 1

    @property
    def count(self) -> int:
        """Number of ballots, the empty ones too."""
        return len(self.starts) - 1

    def owners(self) -> Int64s:
        """Give the ballot of every mark, (m,) int64."""
        return np.repeat(np.arange(self.count, dtype=np.int64), np.diff(self.starts))


@dataclass(frozen=True, slots=True, eq=False)
class Election:
    """One election. Pairs of indices in `requires` mean: the first wins only beside the second;
    in `excludes`: not both. `measures` are further scores per project, for the hybrid score.
    """

    projects: tuple[Project, ...]
    budget: Fraction
    kind: BallotKind
    ballots: Ballots
    meta: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()
    requires: tuple[tuple[int, int], ...] = ()
    excludes: tuple[tuple[int, int], ...] = ()
    measures: Mapping[str, tuple[Fraction, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        starts, items = self.ballots.starts, self.ballots.items
        assert 0 <= len(self.projects) <= PROJECTS_MAX
        assert 0 <= self.ballots.count <= BALLOTS_MAX
        assert len(items) <= MARKS_MAX
        assert starts[0] == 0 and starts[-1] == len(items) and bool((np.diff(starts) >= 0).all())
        assert not len(items) or (items.min() >= 0 and items.max() < len(self.projects))
        assert (self.ballots.points is None) == (self.kind not in HAS_POINTS)
        assert len({one.id for one in self.projects}) == len(self.projects)
        assert self.budget >= 0 and all(one.cost >= 0 for one in self.projects)

    def costs(self) -> tuple[tuple[int, ...], int, int]:
        """Give every cost, the budget, and the scale: all money times the least common denominator.

        >>> e = approvals([("a", "1/2", ()), ("b", 3, ())], 10, n=0)
        >>> e.costs()
        ((1, 6), 20, 2)
        """
        scale = lcm(self.budget.denominator, *(one.cost.denominator for one in self.projects))
        return (
            tuple(int(one.cost * scale) for one in self.projects),
            int(self.budget * scale),
            scale,
        )

    def votes(self) -> tuple[int, ...]:
        """Count the ballots that support each project: that name it (a scoring ballot: with points
        above zero).
        """
        items = self.ballots.items
        if self.kind is BallotKind.SCORING and self.ballots.points is not None:
            items = items[self.ballots.points > 0]
        return tuple(int(one) for one in np.bincount(items, minlength=len(self.projects)))

    def index(self) -> dict[str, int]:
        """Give the index of each project id."""
        return {one.id: at for at, one in enumerate(self.projects)}


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """Ballots under one satisfaction; t types of k projects. Only utilities above zero are held.

    n           : ALL ballots, the empty ones too
    sizes       : (t,) int64, ballots of each type, >= 1
    starts      : (t + 1,) int64; type j supports items[starts[j]:starts[j + 1]], ascending
    items       : int32, index of the project
    utilities   : int64 beside `items`, numerators over `utility_scale`; None = one for each (cost
                  satisfaction too: its factor is the rule's)
    p_starts    : (k + 1,) int64; project p is supported by p_types[p_starts[p]:p_starts[p + 1]]
    p_types     : int32, ascending within a project
    p_utilities : int64 beside `p_types`, or None as above
    of_ballot   : (n,) int32, type of each ballot, -1 for one that supports nothing
    """

    n: int
    sizes: Int64s
    starts: Int64s
    items: Int32s
    utilities: Int64s | None
    p_starts: Int64s
    p_types: Int32s
    p_utilities: Int64s | None
    utility_scale: int
    of_ballot: Int32s


def approvals(
    rows: list[tuple[str, Fraction | int | str, tuple[int, ...]]], budget: Fraction | int, *, n: int
) -> Election:
    """Make an approval election from rows of project id, cost and the ballots that name it.

    rows   : (id, cost, numbers of the ballots 0 .. n - 1 that approve it)
    Returns the election, projects in the order given.

    >>> approvals([("a", 5, (0, 1)), ("b", 3, (1,))], 10, n=3).votes()
    (2, 1)
    """
    marks = sorted((ballot, at) for at, row in enumerate(rows) for ballot in row[2])
    counts = np.bincount(np.array([one for one, _ in marks], dtype=np.int64), minlength=n)
    starts = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    items = np.array([at for _, at in marks], dtype=np.int32)
    projects = tuple(
        Project(name, Fraction(cost), received=at) for at, (name, cost, _) in enumerate(rows)
    )
    return Election(projects, Fraction(budget), BallotKind.APPROVAL, Ballots(starts, items))


def profile(election: Election, satisfaction: Satisfaction) -> Profile:
    """Collapse the ballots of an election that are equal under a satisfaction.

    satisfaction : COST, CARDINALITY (any ballots; who names a project supports it, on a scoring
                   ballot only with points above zero), POINTS (ballots with points, none below
                   zero), BORDA (ordinal ballots: length of this ballot less position less one, so
                   the last ranked is not supported)
    Returns        types in an order that does not depend on the order of the ballots
    Raises         RuleError when the ballots have no such utility.
    Source         budgeting design, *satisfaction*.

    >>> e = approvals([("a", 5, (0, 1)), ("b", 3, (0, 1))], 10, n=3)
    >>> p = profile(e, Satisfaction.CARDINALITY)
    >>> p.n, p.sizes.tolist(), p.items.tolist(), p.of_ballot.tolist()
    (3, [2], [0, 1], [0, 0, -1])
    """
    owners, items, utilities = _support(election, satisfaction)
    scale = 1
    if utilities is not None and satisfaction is Satisfaction.POINTS:
        scale = election.ballots.points_scale
        divisor = int(np.gcd.reduce(utilities, initial=0)) or 1
        divisor = gcd(divisor, scale)
        utilities, scale = utilities // divisor, scale // divisor
    n, k = election.ballots.count, len(election.projects)
    keys = owners * k + items
    if len(keys) and bool((keys[1:] <= keys[:-1]).any()):
        order = np.argsort(keys, kind="stable")
        owners, items = owners[order], items[order]
        utilities = None if utilities is None else utilities[order]
    counts = np.bincount(owners, minlength=n)
    begins = np.concatenate(([0], np.cumsum(counts))).astype(np.int64)
    of_ballot, firsts = _types(begins, items, utilities)
    sizes = np.bincount(of_ballot[of_ballot >= 0], minlength=len(firsts)).astype(np.int64)
    lengths = counts[firsts]
    starts = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    places = np.arange(starts[-1]) + np.repeat(begins[firsts] - starts[:-1], lengths)
    t_items = items[places]
    t_utilities = None if utilities is None else utilities[places]
    by_project = np.argsort(t_items.astype(np.int16), kind="stable")  # 16 bits sort by radix
    p_counts = np.bincount(t_items, minlength=k)
    return Profile(
        n=n,
        sizes=sizes,
        starts=starts,
        items=t_items,
        utilities=t_utilities,
        p_starts=np.concatenate(([0], np.cumsum(p_counts))).astype(np.int64),
        p_types=np.repeat(np.arange(len(firsts), dtype=np.int32), lengths)[by_project],
        p_utilities=None if t_utilities is None else t_utilities[by_project],
        utility_scale=scale,
        of_ballot=of_ballot,
    )


def _support(
    election: Election, satisfaction: Satisfaction
) -> tuple[Int64s, Int32s, Int64s | None]:
    """Ballot, project and utility of every mark with a utility above zero."""
    ballots = election.ballots
    owners, items = ballots.owners(), ballots.items
    if satisfaction in (Satisfaction.COST, Satisfaction.CARDINALITY):
        if ballots.points is None or election.kind is not BallotKind.SCORING:
            return owners, items, None
        given = ballots.points > 0
        return owners[given], items[given], None
    if satisfaction is Satisfaction.POINTS:
        if ballots.points is None:
            raise RuleError("pb.no_points")
        if bool((ballots.points < 0).any()):
            raise RuleError("pb.negative_points")
        given = ballots.points > 0
        return owners[given], items[given], ballots.points[given]
    if election.kind is not BallotKind.ORDINAL:
        raise RuleError("pb.no_ranks")
    borda = ballots.starts[1:][owners] - np.arange(len(items)) - 1
    given = borda > 0
    return owners[given], items[given], borda[given]


def _types(begins: Int64s, items: Int32s, utilities: Int64s | None) -> tuple[Int32s, Int64s]:
    """Type of each ballot (-1 = empty) and the first ballot of each type; exact.

    Ballots are told apart by a 64-bit sum, and each is then compared with the first of its type:
    where a sum was met by two different ballots, texts of all marks decide instead.
    """
    counts = np.diff(begins)
    filled = np.flatnonzero(counts)
    words = _mixed(np.arange(1, int(items.max(initial=0)) + 2, dtype=np.uint64))[items]
    if utilities is not None:
        words = _mixed(words + utilities.astype(np.uint64))
    sums = np.concatenate((np.zeros(1, np.uint64), np.cumsum(words, dtype=np.uint64)))
    hashes = (sums[begins[1:]] - sums[begins[:-1]])[filled]
    order = np.argsort(hashes)
    is_new = np.concatenate(([True], np.diff(hashes[order]) != 0))[: len(order)]
    kinds = np.empty(len(order), dtype=np.int64)
    kinds[order] = np.cumsum(is_new) - 1
    firsts = filled[order[is_new]]
    place = np.repeat(begins[firsts][kinds] - begins[filled], counts[filled])
    twins = np.minimum(np.arange(len(items)) + place, max(len(items) - 1, 0))
    same = bool((counts[firsts][kinds] == counts[filled]).all()) and bool(
        (items[twins] == items).all()
    )
    if same and utilities is not None:
        same = bool((utilities[twins] == utilities).all())
    if not same:
        texts = [
            items[begins[one] : begins[one + 1]].tobytes()
            + (b"" if utilities is None else utilities[begins[one] : begins[one + 1]].tobytes())
            for one in filled
        ]
        known = {text: at for at, text in enumerate(sorted(set(texts)))}
        kinds = np.array([known[text] for text in texts], dtype=np.int64)
        _, firsts = np.unique(kinds, return_index=True)
        firsts = filled[firsts]
    of_ballot = np.full(len(counts), -1, dtype=np.int32)
    of_ballot[filled] = kinds
    return of_ballot, firsts


def _mixed(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Mix 64-bit words (splitmix64, Steele and others 2014)."""
    words = words * np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
