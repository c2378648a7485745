"""Distances on the earth (거리): a sphere of mean radius, no map and no library.

Law: within 0.6 % of the ellipsoid; symmetric; a point is 0 from itself.
Source: haversine formula, Sinnott, Sky and Telescope 68 (1984); mean radius 6,371.0088 km (IUGG).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

RADIUS_KM: Final = 6371.0088
LATITUDE_MAX: Final = 70.0
LONGITUDE_MAX: Final = 170.0


@dataclass(frozen=True, slots=True)
class Point:
    """A place in degrees north and east; |lat| <= 70, |lon| <= 170: no pole, no date line."""

    lat: float
    lon: float

    def __post_init__(self) -> None:
        assert abs(self.lat) <= LATITUDE_MAX and abs(self.lon) <= LONGITUDE_MAX, "out of range"


def distance_km(start: Point, end: Point) -> float:
    """Length of the great circle between two points in km.

    Source  haversine formula, radius 6,371.0088 km.

    >>> round(distance_km(Point(37.60, 126.92), Point(37.50, 127.03)), 3)
    14.754
    """
    lat_a, lat_b = math.radians(start.lat), math.radians(end.lat)
    up = math.sin((lat_b - lat_a) / 2.0)
    side = math.sin((math.radians(end.lon) - math.radians(start.lon)) / 2.0)
    half = up * up + math.cos(lat_a) * math.cos(lat_b) * side * side
    return RADIUS_KM * (2.0 * math.asin(min(1.0, math.sqrt(half))))


def distance_m(start: Point, end: Point) -> int:
    """Length of the great circle between two points in whole metres.

    >>> distance_m(Point(37.60, 126.92), Point(37.50, 127.03))
    14754
    """
    return round(distance_km(start, end) * 1_000)
