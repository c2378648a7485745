"""Rides (함께 타기) as they are agreed: a trip's stops and legs, who asks from where to where.

Nouns
    stop : a public meeting point at which a trip halts, as it stood when the stop was agreed
    trip : one drive on one day, an asset; its legs are assets below it, their lanes the seats
    key  : how a stop is named inside a trip: the code of its meeting point
Law
    Nobody's own place is ever a stop, by any face. What a trip's terms keep is not looked up
    again, save by `stop_at`; lengths are of the sphere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from dure.core.text import T
from dure.engines.sphere import Point, distance_m
from dure.exchange.meeting_points import MeetingPoint, point_at

WISHES = ("woman", "no_smoking", "guardian")  # what people may ask of each other, unexplained


@dataclass(frozen=True, slots=True)
class Stop:
    """Where a trip halts, under which names, and how many minutes after it set out."""

    key: str
    name: str
    latitude_e5: int
    longitude_e5: int
    minute: int = 0
    name_en: str = ""

    @property
    def point(self) -> Point:
        """The place in degrees."""
        return Point(self.latitude_e5 / 100_000, self.longitude_e5 / 100_000)

    @property
    def text(self) -> T:
        """Its name in both languages."""
        return T(self.name, self.name_en)


@dataclass(frozen=True, slots=True)
class Trip:
    """One drive as its terms have it. `until`: no ride of it lasts longer; `back`: what is given
    back; `wants` and `says`: what the driver asks of others and says of herself."""

    listing: str
    departs: datetime
    until: datetime
    stops: tuple[Stop, ...]
    legs: tuple[UUID, ...]
    back: str
    won_per_km: int
    share_won_max: int
    detour_ppm: int
    portion_ppm: int
    window_s: int
    speed_kmh: int
    wants: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    meet: str = ""

    def at(self, stop: Stop) -> datetime:
        """When the trip is at a stop."""
        return self.departs + timedelta(minutes=stop.minute)

    def place(self, key: str) -> int | None:
        """The number of a stop by its key; None where the trip does not halt there."""
        return next((n for n, one in enumerate(self.stops) if one.key == key), None)

    def span(self, board: str, alight: str) -> range | None:
        """The legs from one stop to another; None where they are no two stops in this order."""
        begin, end = self.place(board), self.place(alight)
        if begin is None or end is None or begin >= end:
            return None
        return range(begin, end)


def way_text(stops: Sequence[Stop]) -> T:
    """A way in words: from its first stop to its last."""
    first, last = stops[0].text, stops[-1].text
    return T(f"{first.ko} → {last.ko}", f"{first.en} → {last.en}")


def way_of(terms: Mapping[str, Any]) -> T | None:  # Any: stored terms
    """The way that a trip, a ride on offer or a wish for one goes, in words; None for others."""
    if "stops" in terms:
        return way_text([Stop(**one) for one in terms["stops"]])
    if "wanted" in terms:
        return way_text([Stop(**terms["board"]), Stop(**terms["alight"])])
    return None


def stop_at(key: str) -> Stop | None:
    """The stop at the meeting point of a code, also a closed one; None where there is none."""
    point = point_at(key)
    return stop_of(point) if point is not None else None


def stop_of(point: MeetingPoint) -> Stop:
    """The stop at a meeting point, as it stands now."""
    ko, en = point.text.ko, point.text.en
    return Stop(point.code, ko, point.latitude_e5, point.longitude_e5, name_en=en)


def timed(stops: Sequence[Stop], speed_kmh: int) -> tuple[Stop, ...]:
    """The same stops with the minutes after setting out, at one speed, whole minutes up."""
    found: list[Stop] = []
    minute = 0
    for stop in stops:
        if found:
            metres = distance_m(found[-1].point, stop.point)
            minute += max(1, -(-metres * 60 // (speed_kmh * 1_000)))
        found.append(replace(stop, minute=minute))
    return tuple(found)


def stored(trip: Trip) -> dict[str, object]:
    """A trip as its asset keeps it."""
    kept = asdict(trip)
    kept["departs"], kept["until"] = trip.departs.isoformat(), trip.until.isoformat()
    kept["legs"] = [str(leg) for leg in trip.legs]
    return kept


def trip_of(terms: Mapping[str, Any]) -> Trip | None:  # Any: stored terms
    """The trip that an asset's terms tell of; None for an asset that is no trip."""
    if "legs" not in terms or "stops" not in terms:
        return None
    named = {name: terms[name] for name in Trip.__slots__ if name in terms}
    return Trip(
        **{
            **named,
            "departs": datetime.fromisoformat(terms["departs"]),
            "until": datetime.fromisoformat(terms["until"]),
            "stops": tuple(Stop(**one) for one in terms["stops"]),
            "legs": tuple(UUID(leg) for leg in terms["legs"]),
            "wants": tuple(terms.get("wants", ())),
            "says": tuple(terms.get("says", ())),
        }
    )


def suits(wants: Sequence[str], says: Sequence[str]) -> bool:
    """Whether what one side asks is what the other says of herself."""
    return set(wants) <= set(says)


def share_won(metres: int, won_per_km: int, most: int) -> int:
    """A rider's part of the running cost of her own way, shared with the driver alone, capped.

    >>> share_won(8_000, 150, 3_000)
    600
    """
    return min(most, metres * won_per_km // 2_000)
