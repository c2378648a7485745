"""Whether a rider lies on a trip's way, and in words why not; a page may ask, nothing compiles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from dure.core import clock, rulebook
from dure.core.text import T
from dure.engines.carpool_fit import Check, Failure, Limits, assess
from dure.engines.carpool_fit import Trip as Way
from dure.exchange.riding import Stop, Trip

LIMITS_RULE = "exchange.ride.limits"


@dataclass(frozen=True, slots=True)
class Chance:
    """How a rider and a trip meet: when and where she gets in and out, or why they do not.

    `detour_ppm`: how much longer the way gets; 0 where the trip halts there anyway.
    """

    board_at: datetime
    alight_at: datetime
    wait: timedelta
    detour_ppm: int
    why_not: T | None


def limits() -> Limits:
    """The limits that the rulebook has for who sets none."""
    return Limits(**rulebook.value(LIMITS_RULE).value)


def chance(trip: Trip, board: Stop, alight: Stop, wanted: datetime | None = None) -> Chance:
    """Say whether a trip can take a rider from one stop to another at about a time.

    wanted : when she wants to get in; None = whenever the trip is there
    """
    span = trip.span(board.key, alight.key)
    if span is not None:
        begins = trip.at(trip.stops[span.start])
        wait = begins - wanted if wanted is not None else timedelta()
        late = _late(wait, trip) if wanted is not None else None
        return Chance(begins, trip.at(trip.stops[span.stop]), wait, 0, late)
    first, last = trip.stops[0], trip.stops[-1]
    start = int(trip.departs.timestamp())
    drive = Way(first.point, last.point, start)
    allowed = Limits(trip.detour_ppm, trip.portion_ppm, trip.window_s, trip.speed_kmh)
    at = int(wanted.timestamp()) if wanted is not None else start
    fit = assess(drive, Way(board.point, alight.point, at), allowed)
    begins = _seconds_after(wanted or trip.departs, fit.wait_s)
    ends = _seconds_after(begins, fit.shared_km * 3_600 / trip.speed_kmh)
    failure = fit.failure
    if failure is not None and failure.check is Check.WINDOW and wanted is None:
        failure = None
    wait = begins - wanted if wanted is not None else timedelta()
    return Chance(begins, ends, wait, fit.detour_ppm, why(failure) if failure else None)


def _late(wait: timedelta, trip: Trip) -> T | None:
    seconds = round(abs(wait.total_seconds()))
    if seconds <= trip.window_s:
        return None
    return why(Failure(Check.WINDOW, seconds, trip.window_s))


def _seconds_after(moment: datetime, seconds: float) -> datetime:
    return (moment + timedelta(seconds=seconds)).astimezone(clock.SEOUL).replace(microsecond=0)


def why(failure: Failure) -> T:
    """The first test that failed, with its number and the limit: ``detour 47.6 % > 25 %``."""
    if failure.check is Check.WINDOW:
        found, limit = failure.found // 60, failure.limit // 60
        return T(f"때가 {found}분 다름 > {limit}분", f"{found} min apart > {limit} min")
    found_text, limit_text = percent(failure.found), percent(failure.limit)
    if failure.check is Check.PORTION:
        return T(
            f"함께 가는 길 {found_text} < {limit_text}", f"shared way {found_text} < {limit_text}"
        )
    name = T("돌아가는 길", "detour") if failure.check is Check.DETOUR else T("걸리는 시간", "time")
    return T(f"{name.ko} {found_text} > {limit_text}", f"{name.en} {found_text} > {limit_text}")


def percent(ppm: int) -> str:
    """Parts per million as percent with at most one digit.

    >>> percent(475_924), percent(250_000)
    ('47.6 %', '25 %')
    """
    tenths = (ppm + 500) // 1_000
    whole, rest = divmod(tenths, 10)
    return f"{whole}.{rest} %" if rest else f"{whole} %"
