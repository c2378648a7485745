"""Proof of shared rides (동승 증빙): which trips of one pair count as evidence.

Nouns
    trip  : a ride that both confirmed: when it began, how long it was, how it was shown
    class : A by a trace or by both taps, C by a word afterwards; none when it is too short or
            follows another trip of the pair too soon
Law
    A trip that is no proof is still a ride: it is evidence of nothing, and nobody is blamed. Of two
    trips within the pause the earlier counts.
Source
    Exchange design, *carpool*: two trips of a pair within 30 minutes or under 2 km are no proofs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

PAUSE_MIN: Final = 30
LENGTH_MIN_M: Final = 2_000


class Evidence(StrEnum):
    """How sure a ride is."""

    PROVEN = "A"
    TOLD = "C"


class NoProof(StrEnum):
    """Why a ride is no evidence."""

    TOO_SHORT = "too_short"
    TOO_SOON = "too_soon"


@dataclass(frozen=True, slots=True)
class Shared:
    """A trip of one pair: minutes of one clock, metres, and what shows it."""

    id: str
    pair: tuple[str, str]
    begins_min: int
    length_m: int
    has_trace: bool
    has_both_taps: bool


def proofs(
    trips: Sequence[Shared], *, pause_min: int = PAUSE_MIN, length_min_m: int = LENGTH_MIN_M
) -> dict[str, Evidence | NoProof]:
    """Say of each trip which evidence it is, or why none.

    trips        : each id once, any order; a pair is (driver, rider), and the same two the other
                   way round are the same pair
    pause_min    : minutes between the begins of two trips that count, >= 0
    length_min_m : metres, >= 0
    Returns        evidence or the reason, by id.
    Raises         AssertionError for a repeated id or a pair of one person.

    >>> one = Shared("1", ("a", "b"), 480, 6_000, True, True)
    >>> back = Shared("2", ("b", "a"), 500, 6_000, True, True)
    >>> {name: str(found) for name, found in proofs([back, one]).items()}
    {'1': 'A', '2': 'too_soon'}
    """
    assert pause_min >= 0 and length_min_m >= 0, (pause_min, length_min_m)
    assert len({trip.id for trip in trips}) == len(trips), "a trip stands twice"
    found: dict[str, Evidence | NoProof] = {}
    last: dict[frozenset[str], int] = {}
    for trip in sorted(trips, key=lambda one: (one.begins_min, one.id)):
        pair = frozenset(trip.pair)
        assert len(pair) == 2, trip
        if trip.length_m < length_min_m:
            found[trip.id] = NoProof.TOO_SHORT
        elif pair in last and trip.begins_min - last[pair] < pause_min:
            found[trip.id] = NoProof.TOO_SOON
        else:
            last[pair] = trip.begins_min
            shown = trip.has_trace or trip.has_both_taps
            found[trip.id] = Evidence.PROVEN if shown else Evidence.TOLD
    return found
