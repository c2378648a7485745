"""What two people typed of a batch of papers, where they differ, and what a third one read.

Nouns: *slip* (one paper: serial, codes, points; codes are None where it counts for nothing),
*typing* (the newest of one person), *look* (the newest reading of a third person at a serial).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from dure.budgeting.models import PaperBatch, PaperEntry, PaperLook


@dataclass(frozen=True, slots=True)
class Slip:
    """One paper as it was read."""

    serial: str
    items: tuple[str, ...] | None
    points: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Typing:
    """What one person typed of a batch, by serial; `is_done` = no paper is left to type."""

    person: UUID
    is_done: bool
    slips: Mapping[str, Slip]


def slip_of(stored: list[Any]) -> Slip:  # Any: JSON of a slip
    """A slip as it is stored: [serial, codes or null, points or null].

    >>> slip_of(["7", ["a"], None])
    Slip(serial='7', items=('a',), points=None)
    """
    serial, items, points = stored
    return Slip(
        str(serial),
        None if items is None else tuple(items),
        None if points is None else tuple(points),
    )


def typings(batch: PaperBatch) -> list[Typing]:
    """The newest typing of each person of a batch, as typed."""
    newest = {one.person: one for one in PaperEntry.rows.filter(batch=batch).order_by("take")}
    return [
        Typing(person, one.is_done, {str(slip[0]): slip_of(slip) for slip in one.slips})
        for person, one in sorted(newest.items())
    ]


def looks(batch: PaperBatch) -> dict[str, Slip | None]:
    """What a third person read, by serial; None = there is no such paper."""
    rows = PaperLook.rows.filter(batch=batch).order_by("id").values_list("serial", "slip")
    return {serial: None if slip is None else slip_of(slip) for serial, slip in rows}


def differing(batch: PaperBatch) -> list[str]:
    """Serials that two typings read otherwise, or only one of them has, and nobody settled.

    Nothing before both are done: who still types learns nothing of the other.
    """
    found = typings(batch)
    if len(found) != 2 or not all(one.is_done for one in found):
        return []
    settled = looks(batch)
    one, other = (typing.slips for typing in found)
    return sorted(
        key
        for key in one.keys() | other.keys()
        if one.get(key) != other.get(key) and key not in settled
    )


def counted(batch: PaperBatch) -> dict[str, Slip]:
    """A batch as it counts: the first typing, with what a third person read instead."""
    found = typings(batch)
    slips: dict[str, Slip | None] = dict(found[0].slips) if found else {}
    slips |= looks(batch)
    return {key: slip for key, slip in slips.items() if slip is not None}
