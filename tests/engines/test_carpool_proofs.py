"""Proof of shared rides: the two limits, both directions, order of rows."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from dure.engines.carpool_proofs import Evidence, NoProof, Shared, proofs

RIDE = Shared("1", ("a", "b"), 480, 6_000, True, False)


def test_each_limit_at_its_edge() -> None:
    found = proofs(
        [
            RIDE,
            replace(RIDE, id="2", begins_min=509),
            replace(RIDE, id="3", begins_min=510),
            replace(RIDE, id="4", begins_min=600, length_m=1_999),
            replace(RIDE, id="5", begins_min=601, length_m=2_000),
            replace(RIDE, id="6", pair=("a", "c")),
        ]
    )
    assert found == {
        "1": Evidence.PROVEN,
        "2": NoProof.TOO_SOON,
        "3": Evidence.PROVEN,
        "4": NoProof.TOO_SHORT,
        "5": Evidence.PROVEN,
        "6": Evidence.PROVEN,
    }


def test_a_word_alone_is_told_and_both_taps_prove() -> None:
    assert proofs([replace(RIDE, has_trace=False)]) == {"1": Evidence.TOLD}
    assert proofs([replace(RIDE, has_trace=False, has_both_taps=True)]) == {"1": Evidence.PROVEN}


def test_there_and_back_at_once_counts_once_whatever_the_order() -> None:
    rides = [
        replace(
            RIDE, id=str(step), pair=("a", "b") if step % 2 else ("b", "a"), begins_min=10 * step
        )
        for step in range(12)
    ]
    found = proofs(random.Random(2).sample(rides, len(rides)))
    proven = [name for name, told in found.items() if told is Evidence.PROVEN]
    assert sorted(proven, key=int) == ["0", "3", "6", "9"]


def test_bad_trips_are_refused() -> None:
    with pytest.raises(AssertionError):
        proofs([replace(RIDE, pair=("a", "a"))])
    with pytest.raises(AssertionError, match="stands twice"):
        proofs([RIDE, RIDE])
