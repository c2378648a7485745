"""Where a person is: kept only to the grain of a neighbourhood (동), never of a door.

Law: what is stored of a person's place is the middle of a cell, so that nobody who reads the
table, the map or the feed finds the house.
"""

from __future__ import annotations

from dure.core import rulebook

GRAIN_RULE = "exchange.place.grain_e5"


def blurred(degrees_e5: int | None) -> int | None:
    """The middle of the cell in which a coordinate lies, in 10^-5 degrees."""
    if degrees_e5 is None:
        return None
    grain = rulebook.value(GRAIN_RULE).integer
    return degrees_e5 // grain * grain + grain // 2


def exact(degrees_e5: int | None) -> int | None:
    """The coordinate itself: an organisation's door is public."""
    return degrees_e5
