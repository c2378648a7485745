"""Meeting points (만나는 곳): public places by district, kept by the staff of each.

Nouns: a *point* is a public place with its code, its names and its place on the map. Whoever shares
a ride names two of them, so that nobody's door is ever written down. Coordinates are rough.
Law: a code names one place for good; a point that was taken off the lists still names old rides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dure.core.text import T
from dure.exchange.models import MeetingPoint as Row

GRAIN_E5 = 10  # about ten metres


@dataclass(frozen=True, slots=True)
class MeetingPoint:
    """A public place; hundred-thousandths of a degree."""

    code: str
    district: str
    text: T
    latitude_e5: int
    longitude_e5: int


def meeting_points() -> Mapping[str, MeetingPoint]:
    """The points that may be chosen, by their code, district by district."""
    rows = Row.rows.filter(retired_at=None, is_closing=False).order_by("district_id", "ko")
    return {row.code: _told(row) for row in rows}


def point_at(code: str) -> MeetingPoint | None:
    """The point of a code, also one that is chosen no more."""
    row = Row.rows.filter(code=code).first()
    return _told(row) if row is not None else None


def chosen_no_more(codes: Iterable[str]) -> frozenset[str]:
    """Those of the codes that no new ride may name."""
    rows = Row.rows.filter(code__in=list(codes)).exclude(retired_at=None, is_closing=False)
    return frozenset(rows.values_list("code", flat=True))


def rounded(degrees_e5: int) -> int:
    """A coordinate to about ten metres.

    >>> rounded(3755123)
    3755120
    """
    return round(degrees_e5 / GRAIN_E5) * GRAIN_E5


def _told(row: Row) -> MeetingPoint:
    text = T(row.ko, row.en)
    return MeetingPoint(row.code, row.district_id, text, row.latitude_e5, row.longitude_e5)
