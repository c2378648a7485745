"""One driver and one rider (카풀 짝 하나): does the rider lie on the way, and if not, why not.

Nouns and law: as in `dure.engines.carpool`, which asks the same of thousands at once. Nothing is
compiled or imported here but the sphere, so that a page may ask.
Source: exchange design, *carpool*; defaults as Mobicoop.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from dure.engines.sphere import Point, distance_km

BASE_KM_MAX: Final = 500.0
PPM: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Trip:
    """A drive or a ride: from, to, and when: seconds of any one clock, departure or pick-up."""

    start: Point
    end: Point
    at_s: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Rulebook values: detour and shared portion in ppm of the base, window in s, speed in km/h."""

    detour_ppm: int = 250_000
    portion_ppm: int = 350_000
    window_s: int = 900
    speed_kmh: int = 30

    def __post_init__(self) -> None:
        assert 0 <= self.detour_ppm <= 3 * PPM and 0 <= self.portion_ppm <= 4 * PPM, self
        assert 0 <= self.window_s <= 86_400 and 1 <= self.speed_kmh <= 200, self


class Check(StrEnum):
    """What a pair is tested for, in this order."""

    DETOUR = "detour"
    TIME = "time"
    PORTION = "portion"
    WINDOW = "window"


@dataclass(frozen=True, slots=True)
class Failure:
    """The first test that failed, what was found and the limit: ppm of the base, or seconds."""

    check: Check
    found: int
    limit: int


@dataclass(frozen=True, slots=True)
class Fit:
    """One driver and one rider: lengths in km, the wait in seconds, and why not."""

    base_km: float
    via_km: float
    shared_km: float
    wait_s: float
    failure: Failure | None

    @property
    def is_feasible(self) -> bool:
        """True when no test failed."""
        return self.failure is None

    @property
    def detour_ppm(self) -> int:
        """How much longer the way gets, in ppm of the base."""
        return round((self.via_km / self.base_km - 1) * PPM)

    @property
    def portion_ppm(self) -> int:
        """How much of the driver's way is shared, in ppm."""
        return round(self.shared_km / self.base_km * PPM)


@dataclass(frozen=True, slots=True)
class Durations:
    """Measured driving times in seconds: O to D, O to p, p to q, q to D."""

    base_s: int
    to_pick_up_s: int
    shared_s: int
    from_set_down_s: int


def assess(
    drive: Trip, ride: Trip, limits: Limits | None = None, *, durations: Durations | None = None
) -> Fit:
    """Say whether a rider lies on a driver's way, with all lengths and the first failed test.

    drive, ride : points in degrees, seconds of one clock
    limits      : None = the defaults
    durations   : measured times; None = length over the one speed
    Returns       lengths in km and the wait in seconds; a failure names found and limit.
    Raises        AssertionError when origin and destination are one point or over 500 km apart.
    Source        exchange design, *carpool*.

    >>> drive = Trip(Point(37.60, 126.92), Point(37.50, 127.03), 0)
    >>> found = assess(drive, Trip(Point(37.58, 126.94), Point(37.49, 126.93), 300))
    >>> found.failure
    Failure(check=<Check.DETOUR: 'detour'>, found=475924, limit=250000)
    """
    limits = limits or Limits()
    base = distance_km(drive.start, drive.end)
    assert 0 < base <= BASE_KM_MAX, base
    begin = distance_km(drive.start, ride.start)
    shared = distance_km(ride.start, ride.end)
    via = begin + shared + distance_km(ride.end, drive.end)
    reached_s: float = begin * 3_600 / limits.speed_kmh
    longer = 0
    if durations is not None:
        taken = durations.to_pick_up_s + durations.shared_s + durations.from_set_down_s
        longer = -(-(taken - durations.base_s) * PPM // durations.base_s)
        reached_s = durations.to_pick_up_s
    wait = drive.at_s + reached_s - ride.at_s
    fit = Fit(base, via, shared, wait, None)
    failure = None
    if via > (1 + limits.detour_ppm / PPM) * base:
        failure = Failure(Check.DETOUR, fit.detour_ppm, limits.detour_ppm)
    elif longer > limits.detour_ppm:
        failure = Failure(Check.TIME, longer, limits.detour_ppm)
    elif shared < limits.portion_ppm / PPM * base:
        failure = Failure(Check.PORTION, fit.portion_ppm, limits.portion_ppm)
    elif abs(wait) > limits.window_s:
        failure = Failure(Check.WINDOW, round(abs(wait)), limits.window_s)
    return Fit(base, via, shared, wait, failure)
