"""Meeting points (만나는 곳): our own short list of public places by district.

Nouns: a *point* is a public place with its code, its names and its place on the map. Whoever shares
a ride names two of them, so that nobody's door is ever written down. Coordinates are rough.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dure.core.text import T

LIST = Path(__file__).parent / "data" / "meeting_points.csv"


@dataclass(frozen=True, slots=True)
class MeetingPoint:
    """A public place; hundred-thousandths of a degree."""

    code: str
    district: str
    text: T
    latitude_e5: int
    longitude_e5: int


@cache
def meeting_points() -> Mapping[str, MeetingPoint]:
    """All points by their code, in the order of the list."""
    with LIST.open(encoding="utf-8") as lines:
        return {
            row["code"]: MeetingPoint(
                row["code"],
                row["district"],
                T(row["ko"], row["en"]),
                int(row["latitude_e5"]),
                int(row["longitude_e5"]),
            )
            for row in csv.DictReader(lines)
        }
