"""Carpool (카풀): which riders lie on the way of which drivers, on the sphere.

Nouns
    drive  : origin O, destination D and departure; ride: pick-up p, set-down q and wanted pick-up
    via    : d(O,p) + d(p,q) + d(q,D); base: d(O,D); shared portion: d(p,q) / d(O,D)
    limits : how much longer a way may get, how much of it must be shared, how long one may wait
Law
    A pair is feasible when via <= (1 + detour) · base, d(p,q) >= portion · base and the pick-up is
    within the window. Plane and grid only leave out what is proved infeasible; the sphere decides.
    One speed holds for every leg, so time grows exactly as length does; who has measured durations
    gives them to `assess`, which then asks for both.
Source
    Exchange design, *carpool*; defaults as Mobicoop; distances: `dure.engines.sphere`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Final

import numpy as np

from dure.engines.carpool_fit import (
    BASE_KM_MAX,
    PPM,
    Check,
    Durations,
    Failure,
    Fit,
    Limits,
    Trip,
    assess,
)
from dure.engines.carpool_kernels import Floats, Places, near_pairs
from dure.engines.sphere import LATITUDE_MAX, LONGITUDE_MAX, RADIUS_KM

__all__ = (
    "Check",
    "Durations",
    "Failure",
    "Fit",
    "Limits",
    "Trip",
    "assess",
    "feasible_pairs",
    "trips_table",
)

RIDES_MAX: Final = 100_000
_RIDES_A_CELL: Final = 4


def feasible_pairs(drives: Floats, rides: Floats, limits: Limits | None = None) -> Places:
    """Find every feasible pair of many drives and rides.

    drives  : (n, 5) float64: origin lat, lon, destination lat, lon in degrees, departure in seconds
    rides   : (m, 5) float64: pick-up lat, lon, set-down lat, lon in degrees, wanted pick-up in s
    limits  : None = the defaults
    Returns   (k, 2) int64: row of the drive and of the ride, ascending.
    Raises    AssertionError when a latitude passes 70, a longitude 170 degrees, or a drive 500 km.
    Source    exchange design, *carpool*: cap round the midpoint, grid, plane, then the sphere.

    >>> drives = np.array([[37.60, 126.92, 37.50, 127.03, 0.0]])
    >>> rides = np.array([[37.58, 126.94, 37.52, 127.02, 3e2], [37.58, 126.94, 37.49, 126.93, 3e2]])
    >>> feasible_pairs(drives, rides).tolist()
    [[0, 0]]
    """
    limits = limits or Limits()
    here, there = _radians(drives), _radians(rides)
    if not len(here) or not len(there):
        return np.zeros((0, 2), np.int64)
    assert _arcs(here).max() * RADIUS_KM <= BASE_KM_MAX, "a drive is too long"
    south, west = there[:, 0].min(), there[:, 1].min()
    side = max(1, min(256, math.isqrt(len(there) // _RIDES_A_CELL)))
    height = max((there[:, 0].max() - south) / side, 1e-9) * (1 + 1e-9)
    width = max((there[:, 1].max() - west) / side, 1e-9) * (1 + 1e-9)
    cells = ((there[:, 0] - south) // height).astype(np.int64) * side
    cells += ((there[:, 1] - west) // width).astype(np.int64)
    rows = np.argsort(cells, kind="stable")
    there = there[rows]
    starts = np.searchsorted(cells[rows], np.arange(side * side + 1))
    found = near_pairs(
        here,
        np.ascontiguousarray(there.T),
        _arcs(there),
        rows,
        starts,
        np.array([south, west, height, width]),
        np.array([side, side]),
        np.array(
            [
                1 + limits.detour_ppm / PPM,
                limits.portion_ppm / PPM,
                float(limits.window_s),
                RADIUS_KM * 3_600 / limits.speed_kmh,
            ]
        ),
    )
    return found[np.lexsort((found[:, 1], found[:, 0]))]


def _radians(trips: Floats) -> Floats:
    """Check the bounds and turn degrees into radians; the time stays."""
    assert trips.ndim == 2 and trips.shape[1] == 5 and trips.dtype == np.float64, "(n, 5) float64"
    assert len(trips) <= RIDES_MAX and np.isfinite(trips).all(), "too many, or not a number"
    assert (np.abs(trips[:, (0, 2)]) <= LATITUDE_MAX).all(), "a latitude is out of range"
    assert (np.abs(trips[:, (1, 3)]) <= LONGITUDE_MAX).all(), "a longitude is out of range"
    turned = np.ascontiguousarray(trips, np.float64).copy()
    turned[:, :4] = np.radians(turned[:, :4])
    return turned


def _arcs(trips: Floats) -> Floats:
    """Arc of each trip, as `arc` gives it."""
    up = np.sin((trips[:, 2] - trips[:, 0]) / 2)
    side = np.sin((trips[:, 3] - trips[:, 1]) / 2)
    half = up * up + np.cos(trips[:, 0]) * np.cos(trips[:, 2]) * side * side
    lengths: Floats = 2 * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return lengths


def trips_table(trips: Sequence[Trip]) -> Floats:
    """Lay trips out as the array `feasible_pairs` takes.

    >>> from dure.engines.sphere import Point
    >>> trips_table([Trip(Point(37.5, 127.0), Point(37.6, 127.1), 60)]).tolist()
    [[37.5, 127.0, 37.6, 127.1, 60.0]]
    """
    rows = [(t.start.lat, t.start.lon, t.end.lat, t.end.lon, t.at_s) for t in trips]
    return np.array(rows, np.float64).reshape(len(rows), 5)
