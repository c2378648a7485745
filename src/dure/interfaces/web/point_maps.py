"""A map of one district with numbered places, and the same map to choose a place on.

The drawing is that of `maps`; a place is laid on it by the drawing's frame. A place is a pair
(latitude, longitude) in 10⁻⁵ degrees, as the rooms keep it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from dure.interfaces.web import formats
from dure.interfaces.web.maps import CREDIT_EN, SOURCE, Outline, outlines

E5 = 100_000
MARGIN = 12
SHEET = 1000
PLACE = re.compile(r"([0-9]{2}\.[0-9]{2,7})[0-9]*\s*[,\s]\s*([0-9]{3}\.[0-9]{2,7})[0-9]*")
_STEP = re.compile(r"([MmLlZz])|(-?[0-9]+)")

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """How degrees become places of the drawing: (lon − west) · x and (north − lat) · y."""

    west_e5: int
    north_e5: int
    x: int
    y: int

    def spot(self, place: Place) -> tuple[int, int]:
        """The drawing's tenths at which a place lies."""
        latitude, longitude = place
        across, down = longitude - self.west_e5, self.north_e5 - latitude
        return 10 * across * self.x // E5, 10 * down * self.y // E5


@dataclass(frozen=True, slots=True)
class Pin:
    """A numbered place on the map; `x` and `y` on the sheet."""

    number: str
    name: str
    href: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class PointMap:
    """A map of a district for its component: a part of the drawing on a sheet 1,000 wide.

    box   : left, top, width, height of that part, in the drawing's units
    frame : for the script that chooses a place
    """

    title: str
    district: str
    outline: str
    around: tuple[str, ...]
    box: tuple[int, int, int, int]
    pins: tuple[Pin, ...]
    frame: Frame
    credit: str

    @property
    def id(self) -> str:
        """A name for the elements of this map, the same on every draw."""
        return "pm" + hashlib.sha256(self.title.encode()).hexdigest()[:6]

    @property
    def height(self) -> int:
        """Of the sheet."""
        return SHEET * self.box[3] // self.box[2]

    @property
    def transform(self) -> str:
        """Lays the drawing on the sheet."""
        return f"scale({SHEET * 100 // self.box[2] / 100}) translate({-self.box[0]} {-self.box[1]})"


@lru_cache(maxsize=1)
def frame() -> Frame:
    """How the drawing lies on the earth."""
    told = json.loads(SOURCE.read_text(encoding="utf-8"))["frame"]
    return Frame(told["west_e5"], told["north_e5"], told["x"], told["y"])


def corners(path: str) -> list[tuple[int, int]]:
    """The corners of an outline drawn with M, m, l and z alone.

    >>> corners("M10 10l5 0 0-5z")
    [(10, 10), (15, 10), (15, 5)]
    """
    found: list[tuple[int, int]] = []
    kind, numbers = "", list[int]()
    for letter, number in _STEP.findall(path):
        if letter:
            kind, numbers = letter, []
            continue
        numbers.append(int(number))
        if len(numbers) == 2:
            x, y = numbers
            if kind in "ml" and found:
                x, y = found[-1][0] + x, found[-1][1] + y
            found.append((x, y))
            kind = {"M": "L", "m": "l"}.get(kind, kind)
            numbers = []
    return found


def point_map(title: str, district: str, pins: Sequence[tuple[str, str, str, Place]]) -> PointMap:
    """Draw one district with its pins.

    district : sig code; pins: number, name, address and place of each, in the order of their list
    Returns    a map whose box holds the district and every pin, clipped to the drawing.
    """
    shapes, width, height, credit = outlines()
    own = next((one for one in shapes if one.code == district), None)
    spots = [frame().spot(place) for _, _, _, place in pins]
    box = _box(own, [(x // 10, y // 10) for x, y in spots], width, height)
    return PointMap(
        title,
        (own.ko if formats.in_korean() else own.en) if own else "",
        own.path if own else "",
        tuple(one.path for one in shapes if one is not own),
        box,
        tuple(
            Pin(number, name, href, *_laid(x, y, box))
            for (number, name, href, _), (x, y) in zip(pins, spots, strict=True)
        ),
        frame(),
        credit if formats.in_korean() else CREDIT_EN,
    )


def _laid(x: int, y: int, box: tuple[int, int, int, int]) -> tuple[int, int]:
    """A spot, in tenths of the drawing, on the sheet."""
    left, top, wide, _ = box
    return (x - 10 * left) * SHEET // (10 * wide), (y - 10 * top) * SHEET // (10 * wide)


def _box(
    own: Outline | None, spots: Sequence[tuple[int, int]], width: int, height: int
) -> tuple[int, int, int, int]:
    held = corners(own.path) if own else [(0, 0), (width, height)]
    held += [spot for spot in spots if 0 <= spot[0] <= width and 0 <= spot[1] <= height]
    left = max(min(x for x, _ in held) - MARGIN, 0)
    top = max(min(y for _, y in held) - MARGIN, 0)
    right = min(max(x for x, _ in held) + MARGIN, width)
    bottom = min(max(y for _, y in held) + MARGIN, height)
    return left, top, right - left, bottom - top


def read_place(text: str) -> Place:
    """Read “latitude, longitude” in degrees as maps on a phone copy it, cut to 10⁻⁵ degrees.

    Raises ValueError for anything else.

    >>> read_place("37.566312, 126.90151")
    (3756631, 12690151)
    """
    found = PLACE.fullmatch(text.strip())
    if found is None:
        raise ValueError(text)
    latitude, longitude = (_e5(part) for part in found.groups())
    return latitude, longitude


def _e5(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * E5 + int(part[:5].ljust(5, "0"))


def place_text(place: Place) -> str:
    """Write a place as `read_place` reads it.

    >>> place_text((3756631, 12690151))
    '37.56631, 126.90151'
    """
    return ", ".join(f"{part // E5}.{part % E5:05d}" for part in place)
