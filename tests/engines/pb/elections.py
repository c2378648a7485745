"""Small elections drawn at random, with many ties; and the worked elections of the page."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from hypothesis import strategies as st

from dure.engines.pb.election import BallotKind, Ballots, Election, Project, approvals


def made(
    kind: BallotKind,
    costs: list[Fraction],
    budget: Fraction,
    rows: list[list[tuple[int, int]]],
    points_scale: int = 1,
    requires: tuple[tuple[int, int], ...] = (),
    excludes: tuple[tuple[int, int], ...] = (),
) -> Election:
    """Make an election from rows of (project, points) marks."""
    starts = np.concatenate(([0], np.cumsum([len(row) for row in rows]))).astype(np.int64)
    marks = [mark for row in rows for mark in row]
    items = np.array([mark[0] for mark in marks], dtype=np.int32)
    points = None
    if kind in (BallotKind.CUMULATIVE, BallotKind.SCORING):
        points = np.array([mark[1] for mark in marks], dtype=np.int64)
    projects = tuple(Project(str(at + 1), cost, received=at) for at, cost in enumerate(costs))
    ballots = Ballots(starts, items, points, points_scale)
    return Election(projects, budget, kind, ballots, requires=requires, excludes=excludes)


@st.composite
def elections(
    draw: st.DrawFn, kind: BallotKind = BallotKind.APPROVAL, linked: bool = False
) -> Election:
    """Draw up to 8 projects and 14 ballots; few distinct costs: ties are the normal case."""
    k = draw(st.integers(1, 8))
    money = st.sampled_from([0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 6, 7, 12, 40])
    scale = draw(st.sampled_from([1, 1, 2, 3]))
    costs = [Fraction(draw(money), scale) for _ in range(k)]
    budget = Fraction(draw(st.integers(0, 40)), draw(st.sampled_from([1, 1, 3])))
    n = draw(st.integers(1, 14))
    rows = []
    for _ in range(n):
        chosen = draw(st.lists(st.integers(0, k - 1), unique=True, max_size=k))
        if kind is not BallotKind.ORDINAL:
            chosen.sort()
        rows.append([(one, draw(st.sampled_from([0, 1, 1, 2, 3, 5]))) for one in chosen])
    points_scale = draw(st.sampled_from([1, 2]))
    requires: tuple[tuple[int, int], ...] = ()
    excludes: tuple[tuple[int, int], ...] = ()
    if linked and k > 1:
        pairs = st.tuples(st.integers(0, k - 1), st.integers(0, k - 1)).filter(
            lambda x: x[0] != x[1]
        )
        requires = tuple(draw(st.lists(pairs, max_size=3)))
        excludes = tuple(draw(st.lists(pairs, max_size=3)))
    return made(kind, costs, budget, rows, points_scale, requires, excludes)


def worked() -> Election:
    """W1 of the page: ten ballots on six projects."""
    rows = ["B", "AF", "AEF", "D", "E", "AC", "BCE", "BDE", "ABF", "ABC"]
    costs = {"A": 2_000_000, "B": 2_000_000, "C": 800_000, "D": 1_000_000, "E": 2_400_000}
    costs["F"] = 2_400_000
    return approvals(
        [
            (name, cost, tuple(at for at, row in enumerate(rows) if name in row))
            for name, cost in costs.items()
        ],
        5_000_000,
        n=10,
    )
