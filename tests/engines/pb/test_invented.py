"""Invented ballots obey their limits and follow from the seed."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

from dure.engines.pb.election import BallotKind, Project
from dure.engines.pb.invented import Choice, Limits, NoBallot, choice, tastes

PAPER = [
    Project(f"p{n}", Fraction(10 * (n + 1)), categories=("green" if n % 2 else "road",))
    for n in range(12)
]
COST = {one.id: int(one.cost) for one in PAPER}
CATEGORY = {one.id: one.categories[0] for one in PAPER}
LIMITS = {
    "approval": Limits(BallotKind.APPROVAL, 2, 5),
    "free": Limits(BallotKind.APPROVAL),
    "one": Limits(BallotKind.CHOOSE_1, 1, 1),
    "points": Limits(BallotKind.CUMULATIVE, 1, 4, points_max=5, points_sum=10),
    "few points": Limits(BallotKind.CUMULATIVE, 0, None, points_max=9, points_sum=2),
    "ranks": Limits(BallotKind.ORDINAL, 3, 3),
    "money": Limits(BallotKind.APPROVAL, 0, None, spend_max=100),
    "fields": Limits(BallotKind.APPROVAL, 1, 6, category_max={"green": 1}),
}


def faults(one: Choice, limits: Limits) -> list[str]:
    """Which limits a ballot breaks."""
    marks, given = one.items, one.points or ()
    greens = sum(CATEGORY[code] == "green" for code in marks)
    held = {
        "twice": len(set(marks)) == len(marks),
        "min": len(marks) >= limits.marks_min,
        "max": len(marks) <= (limits.marks_max or len(PAPER)),
        "kind": (one.points is not None) == (limits.kind is BallotKind.CUMULATIVE),
        "point": all(1 <= n <= (limits.points_max or 0) for n in given),
        "sum": sum(given) <= (limits.points_sum or 0),
        "money": limits.spend_max is None or sum(COST[code] for code in marks) <= limits.spend_max,
        "field": greens <= limits.category_max.get("green", len(PAPER)),
    }
    return [name for name, holds in held.items() if not holds]


def drawn(limits: Limits, seed: int, count: int = 300) -> list[Choice]:
    chance = Random(seed)
    groups = tastes(PAPER, chance)
    return [choice(PAPER, chance.choice(groups), limits, chance) for _ in range(count)]


@pytest.mark.parametrize("name", LIMITS)
def test_every_ballot_obeys_its_limits(name: str) -> None:
    limits = LIMITS[name]
    assert [faults(one, limits) for one in drawn(limits, 3)] == [[]] * 300


def test_a_ballot_over_a_limit_would_be_seen() -> None:
    ballot = Choice(("p1", "p3", "p3"), (6, 6, 1))
    assert faults(ballot, LIMITS["points"]) == ["twice", "point", "sum"]
    assert "field" in faults(Choice(("p1", "p3"), None), LIMITS["fields"])
    assert "money" in faults(Choice(("p10", "p11"), None), LIMITS["money"])


def test_the_seed_decides_alone() -> None:
    limits = LIMITS["approval"]
    assert drawn(limits, 3) == drawn(limits, 3)
    assert drawn(limits, 3) != drawn(limits, 4)


def test_limits_that_no_ballot_can_obey_are_told() -> None:
    with pytest.raises(NoBallot):
        drawn(Limits(BallotKind.APPROVAL, 3, 5, spend_max=15), 1, 1)
    with pytest.raises(NoBallot):
        drawn(Limits(BallotKind.APPROVAL, 13, None), 1, 1)
