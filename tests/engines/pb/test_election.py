"""Profiles: equal ballots collapsed, exactly and whatever the order of the rows."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.pb import election as module
from dure.engines.pb.election import BallotKind, Ballots, Election, Profile, Project, profile
from dure.engines.pb.rules import RuleError, Satisfaction
from tests.engines.pb.elections import elections, made

KINDS = {
    BallotKind.APPROVAL: (Satisfaction.COST, Satisfaction.CARDINALITY),
    BallotKind.CUMULATIVE: (Satisfaction.CARDINALITY, Satisfaction.POINTS),
    BallotKind.SCORING: (Satisfaction.CARDINALITY, Satisfaction.POINTS),
    BallotKind.ORDINAL: (Satisfaction.CARDINALITY, Satisfaction.BORDA),
}
Support = tuple[tuple[int, Fraction], ...]


def plain(election: Election, satisfaction: Satisfaction) -> list[Support]:
    """What every ballot supports, one by one."""
    ballots, found = election.ballots, []
    for at in range(ballots.count):
        begin, end = int(ballots.starts[at]), int(ballots.starts[at + 1])
        support: dict[int, Fraction] = {}
        for place in range(begin, end):
            points = Fraction(1)
            if ballots.points is not None:
                points = Fraction(int(ballots.points[place]), ballots.points_scale)
            utility = Fraction(1)
            if satisfaction is Satisfaction.POINTS:
                utility = points
            elif satisfaction is Satisfaction.BORDA:
                utility = Fraction(end - place - 1)
            elif election.kind is BallotKind.SCORING and points <= 0:
                continue
            if utility > 0:
                support[int(ballots.items[place])] = utility
        found.append(tuple(sorted(support.items())))
    return found


def types_of(found: Profile) -> list[Support]:
    utilities = found.utilities
    return [
        tuple(
            (
                int(found.items[place]),
                Fraction(1)
                if utilities is None
                else Fraction(int(utilities[place]), found.utility_scale),
            )
            for place in range(int(found.starts[at]), int(found.starts[at + 1]))
        )
        for at in range(len(found.sizes))
    ]


def check(election: Election, satisfaction: Satisfaction) -> None:
    found, ballots = profile(election, satisfaction), plain(election, satisfaction)
    types = types_of(found)
    assert found.n == election.ballots.count
    assert len(set(types)) == len(types)
    expected = Counter(one for one in ballots if one)
    assert {one: int(size) for one, size in zip(types, found.sizes, strict=True)} == expected
    assert [types[kind] if kind >= 0 else () for kind in found.of_ballot.tolist()] == ballots
    by_project = [
        (
            at,
            int(found.p_types[place]),
            1 if found.p_utilities is None else int(found.p_utilities[place]),
        )
        for at in range(len(election.projects))
        for place in range(int(found.p_starts[at]), int(found.p_starts[at + 1]))
    ]
    turned = sorted(
        (project, kind, int(utility * found.utility_scale))
        for kind, support in enumerate(types)
        for project, utility in support
    )
    assert by_project == turned


@settings(max_examples=80, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_profile_says_what_the_ballots_say(kind: BallotKind, data: st.DataObject) -> None:
    election = data.draw(elections(kind))
    for satisfaction in KINDS[kind]:
        check(election, satisfaction)


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(KINDS)), st.data())
def test_profile_is_exact_where_every_sum_collides(kind: BallotKind, data: st.DataObject) -> None:
    election = data.draw(elections(kind))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_mixed", lambda words: words * np.uint64(0))
        for satisfaction in KINDS[kind]:
            check(election, satisfaction)


@settings(max_examples=40, deadline=None)
@given(elections(BallotKind.CUMULATIVE), st.randoms(use_true_random=False))
def test_order_of_ballots_does_not_change_the_types(election: Election, chance: object) -> None:
    order = list(range(election.ballots.count))
    getattr(chance, "shuffle")(order)  # noqa: B009  # hypothesis types it loosely
    ballots = election.ballots
    assert ballots.points is not None
    marks = [
        place
        for at in order
        for place in range(int(ballots.starts[at]), int(ballots.starts[at + 1]))
    ]
    counts = np.diff(ballots.starts)[order]
    turned = replace(
        election,
        ballots=Ballots(
            np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
            ballots.items[marks],
            ballots.points[marks],
            ballots.points_scale,
        ),
    )
    one, other = profile(election, Satisfaction.POINTS), profile(turned, Satisfaction.POINTS)
    assert types_of(one) == types_of(other)
    assert one.sizes.tolist() == other.sizes.tolist()


def test_utility_the_ballots_lack_is_refused() -> None:
    election = made(BallotKind.APPROVAL, [Fraction(1)], Fraction(1), [[(0, 1)]])
    for satisfaction, code in (
        (Satisfaction.POINTS, "pb.no_points"),
        (Satisfaction.BORDA, "pb.no_ranks"),
    ):
        with pytest.raises(RuleError) as refused:
            profile(election, satisfaction)
        assert refused.value.code == code
    below = made(BallotKind.SCORING, [Fraction(1)], Fraction(1), [[(0, -1)]])
    with pytest.raises(RuleError) as refused:
        profile(below, Satisfaction.POINTS)
    assert refused.value.code == "pb.negative_points"


def test_points_are_brought_to_the_least_scale() -> None:
    election = made(BallotKind.CUMULATIVE, [Fraction(1)], Fraction(1), [[(0, 20)], [(0, 50)]], 10)
    found = profile(election, Satisfaction.POINTS)
    assert found.utilities is not None
    assert (sorted(found.utilities.tolist()), found.utility_scale) == ([2, 5], 1)


def test_broken_elections_do_not_come_to_be() -> None:
    twice = (Project("a", Fraction(1)), Project("a", Fraction(2)))
    none = Ballots(np.zeros(1, dtype=np.int64), np.zeros(0, dtype=np.int32))
    with pytest.raises(AssertionError):
        Election(twice, Fraction(1), BallotKind.APPROVAL, none)
    with pytest.raises(AssertionError):
        Election(twice[:1], Fraction(-1), BallotKind.APPROVAL, none)
    with pytest.raises(AssertionError):
        Election(twice[:1], Fraction(1), BallotKind.CUMULATIVE, none)
