"""Envelopes (재원 한도): parts of a ballot with money of their own, each counted by itself.

Nouns
    envelope : a name, its money, its projects, and the ballots that could vote in it
    leftover : what an envelope did not spend: kept, or handed to the city-wide one
Law
    A project draws on exactly one envelope. Money handed on is not lost: amounts, spent and left
    over all envelopes agree.
Source
    Budgeting design, *Envelopes*: dong first, then the city with the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

import numpy as np

from dure.engines.pb.election import Ballots, Election, Int64s
from dure.engines.pb.outcome import Outcome


class Leftover(StrEnum):
    """What becomes of money an envelope did not spend."""

    KEEP = "keep"
    TO_CITY = "to_city"


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """One part of the ballot.

    amount   : money of its own, >= 0
    projects : ids
    voters   : indices of the ballots that could vote in it, ascending; None = all
    is_city  : counted last, with what the others hand on; at most one
    """

    name: str
    amount: Fraction
    projects: tuple[str, ...]
    voters: Int64s | None = None
    is_city: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class EnvelopeOutcome:
    """One envelope counted: its own election (with its certificate's input) and the outcome."""

    envelope: Envelope
    election: Election
    outcome: Outcome
    handed_in: Fraction
    handed_on: Fraction


class EnvelopeError(ValueError):
    """Envelopes that do not part the projects: the message names the project or envelope."""


def count_envelopes(
    election: Election,
    envelopes: Sequence[Envelope],
    leftover: Leftover,
    count: Callable[[Election], Outcome],
) -> tuple[EnvelopeOutcome, ...]:
    """Count every envelope by itself, the city-wide one last.

    election  : all projects and ballots; its own budget is not used
    envelopes : together name every project exactly once
    count     : counts one election by the rule of the call
    Returns     in the order given, the city-wide one last
    Raises      EnvelopeError for a project in none or two, an unknown one, a second city, or
                TO_CITY without a city.
    """
    _check(election, envelopes, leftover)
    pool = Fraction(0)
    counted: list[EnvelopeOutcome] = []
    for one in sorted(envelopes, key=lambda each: each.is_city):
        handed_in = pool if one.is_city else Fraction(0)
        part = split(election, one, handed_in)
        outcome = count(part)
        hands_on = leftover is Leftover.TO_CITY and not one.is_city
        handed_on = outcome.left if hands_on else Fraction(0)
        pool += handed_on
        counted.append(EnvelopeOutcome(one, part, outcome, handed_in, handed_on))
    spent = sum((one.outcome.spent for one in counted), Fraction(0))
    kept = sum((one.outcome.left - one.handed_on for one in counted), Fraction(0))
    assert spent + kept == sum((one.amount for one in envelopes), Fraction(0))
    return tuple(counted)


def split(election: Election, envelope: Envelope, handed_in: Fraction = Fraction(0)) -> Election:
    """Make the election of one envelope: its projects, its voters' ballots, its money.

    Marks for projects of other envelopes are left out; ranks close up. Every voter who could vote
    in it counts among its ballots, with an empty one if nothing of it was marked.
    """
    index = election.index()
    places = sorted(index[name] for name in envelope.projects)
    new = np.full(len(election.projects), -1, dtype=np.int32)
    new[places] = np.arange(len(places), dtype=np.int32)
    ballots = election.ballots
    owners = ballots.owners()
    voters = np.arange(ballots.count) if envelope.voters is None else envelope.voters
    of_voter = np.full(ballots.count, -1, dtype=np.int64)
    of_voter[voters] = np.arange(len(voters))
    keep = (new[ballots.items] >= 0) & (of_voter[owners] >= 0)
    counts = np.bincount(of_voter[owners[keep]], minlength=len(voters))
    starts = np.concatenate((np.zeros(1, np.int64), np.cumsum(counts))).astype(np.int64)
    pairs = {at: int(new[at]) for at in places}
    return replace(
        election,
        projects=tuple(election.projects[at] for at in places),
        budget=envelope.amount + handed_in,
        ballots=Ballots(
            starts,
            new[ballots.items[keep]],
            None if ballots.points is None else ballots.points[keep],
            ballots.points_scale,
        ),
        meta={**election.meta, "subunit": envelope.name},
        notes=(),
        requires=_inside(election.requires, pairs),
        excludes=_inside(election.excludes, pairs),
        measures={name: tuple(row[at] for at in places) for name, row in election.measures.items()},
    )


def _inside(
    links: tuple[tuple[int, int], ...], pairs: dict[int, int]
) -> tuple[tuple[int, int], ...]:
    """Links between projects of one envelope; one over its border is refused."""
    inside = []
    for one, other in links:
        if (one in pairs) != (other in pairs):
            raise EnvelopeError("a link between projects of two envelopes")
        if one in pairs:
            inside.append((pairs[one], pairs[other]))
    return tuple(inside)


def _check(election: Election, envelopes: Sequence[Envelope], leftover: Leftover) -> None:
    index = election.index()
    seen: set[str] = set()
    for one in envelopes:
        if one.amount < 0:
            raise EnvelopeError(f"{one.name}: an amount below zero")
        for name in one.projects:
            if name not in index:
                raise EnvelopeError(f"{one.name}: unknown project {name}")
            if name in seen:
                raise EnvelopeError(f"project {name} is in two envelopes")
            seen.add(name)
    missing = sorted(set(index) - seen)
    if missing:
        raise EnvelopeError(f"project {missing[0]} is in no envelope")
    cities = sum(one.is_city for one in envelopes)
    if cities > 1:
        raise EnvelopeError("two city-wide envelopes")
    if leftover is Leftover.TO_CITY and cities == 0:
        raise EnvelopeError("no city-wide envelope to hand the rest to")
