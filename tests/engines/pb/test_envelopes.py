"""Envelopes: each its own election, the rest handed to the city or kept, nothing lost."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from dure.engines.pb.election import Election, approvals
from dure.engines.pb.envelopes import (
    Envelope,
    EnvelopeError,
    EnvelopeOutcome,
    Leftover,
    count_envelopes,
    split,
)
from dure.engines.pb.greedy import greedy
from dure.engines.pb.outcome import Outcome
from dure.engines.pb.rules import Name, Rule

EAST = Envelope("동1", Fraction(10), ("a", "b"), np.array([0, 1, 2]))
WEST = Envelope("동2", Fraction(10), ("c",), np.array([3, 4]))
CITY = Envelope("구", Fraction(5), ("d", "e"), None, is_city=True)


def ballots() -> Election:
    return approvals(
        [("a", 6, (0, 1)), ("b", 5, (2, 3)), ("c", 11, (3,)), ("d", 9, (4,)), ("e", 5, (0, 4))],
        0,
        n=5,
    )


def by_votes(election: Election) -> Outcome:
    return greedy(election, Rule(Name.GREEDY))


def ids(one: EnvelopeOutcome) -> list[str]:
    return [one.election.projects[at].id for at in one.outcome.winners]


def test_each_envelope_counts_its_own_voters() -> None:
    east = split(ballots(), EAST)
    assert [one.id for one in east.projects] == ["a", "b"]
    assert (east.ballots.count, east.votes()) == (3, (2, 1))  # voter 3 may not vote in it
    west = split(ballots(), WEST)
    assert (west.ballots.count, west.votes()) == (2, (1,))  # voter 4 counts, with an empty ballot
    assert west.ballots.starts.tolist() == [0, 1, 1]


def test_rest_goes_to_the_city() -> None:
    found = count_envelopes(ballots(), (CITY, EAST, WEST), Leftover.TO_CITY, by_votes)
    assert [(one.envelope.name, ids(one)) for one in found] == [
        ("동1", ["a"]),
        ("동2", []),
        ("구", ["e", "d"]),
    ]
    assert [(one.handed_in, one.handed_on) for one in found] == [(0, 4), (0, 10), (14, 0)]
    assert found[2].election.budget == 19


def test_rest_is_kept() -> None:
    found = count_envelopes(ballots(), (CITY, EAST, WEST), Leftover.KEEP, by_votes)
    assert [ids(one) for one in found] == [["a"], [], ["e"]]
    assert [one.handed_on for one in found] == [0, 0, 0]


@pytest.mark.parametrize(
    ("envelopes", "leftover", "words"),
    [
        ((EAST, WEST), Leftover.KEEP, "project d is in no envelope"),
        ((EAST, WEST, CITY, EAST), Leftover.KEEP, "project a is in two envelopes"),
        ((replace(EAST, projects=("z",)),), Leftover.KEEP, "unknown project z"),
        (
            (EAST, WEST, replace(CITY, is_city=False)),
            Leftover.TO_CITY,
            "no city-wide envelope",
        ),
        ((EAST, replace(WEST, is_city=True), CITY), Leftover.KEEP, "two city-wide envelopes"),
        ((EAST, replace(WEST, amount=Fraction(-1)), CITY), Leftover.KEEP, "below zero"),
    ],
)
def test_envelopes_must_part_the_projects(
    envelopes: tuple[Envelope, ...], leftover: Leftover, words: str
) -> None:
    with pytest.raises(EnvelopeError, match=words):
        count_envelopes(ballots(), envelopes, leftover, by_votes)


def test_link_over_a_border_is_refused() -> None:
    with pytest.raises(EnvelopeError, match="two envelopes"):
        split(replace(ballots(), requires=((0, 2),)), EAST)
    inside = split(replace(ballots(), excludes=((1, 0),)), EAST)
    assert inside.excludes == ((1, 0),)
