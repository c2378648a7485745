"""Public availability (GBFS 3.1): what a library of things lends, where, and when it is free.

Nouns
    system  : who lends; station: where things are handed out; vehicle type: a kind of thing
    vehicle : one lendable lane under a name that changes after every loan, so that nobody's trips
              can be strung together
    window  : a stretch in which a vehicle is free
Law
    Documents hold what the standard asks and nothing about people. Every text stands in Korean and
    English. Prices are whole won. Windows are ascending and apart, and never touch a booking.
Source
    GBFS 3.1 (MobilityData): gbfs, system_information, station_information, vehicle_types,
    vehicle_availability, system_pricing_plans.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

VERSION: Final = "3.1"
LANGUAGES: Final = ("ko", "en")
FEEDS: Final = (
    "system_information",
    "station_information",
    "vehicle_types",
    "vehicle_availability",
    "system_pricing_plans",
)
_ID: Final = re.compile(r"[A-Za-z0-9._:-]{1,100}")
_ADDRESS: Final = re.compile(r"https?://[!-~]+")

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Words:
    """One text in both languages."""

    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class System:
    """Who lends; hours as OpenStreetMap's opening_hours, `24/7` when things can be asked always."""

    id: str
    name: Words
    opening_hours: str
    contact: str
    since: date | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Station:
    """Where things are handed out; latitude and longitude in units of 10**-5 degrees."""

    id: str
    name: Words
    lat_e5: int
    lon_e5: int
    capacity: int | None = None
    opening_hours: str = ""


@dataclass(frozen=True, slots=True)
class VehicleType:
    """A kind of thing; `form` is of the standard's list, tools are `other`; all without motor."""

    id: str
    name: Words
    form: str = "other"
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Vehicle:
    """A lane of an asset: its rotating name, what it is, where, and its free windows."""

    token: str
    type: str
    station: str
    windows: tuple[tuple[datetime, datetime | None], ...]
    plan: str | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a loan costs in won: a flat price, and per started stretch of minutes after a while."""

    id: str
    name: Words
    description: Words
    price_won: int
    per_minutes: int | None = None
    per_minutes_won: int = 0
    free_minutes: int = 0


FORMS: Final = frozenset(
    ("bicycle", "cargo_bicycle", "car", "moped", "scooter_standing", "scooter_seated", "other")
)


def vehicle_token(secret: bytes, asset: str, lane: int, loans: int) -> str:
    """Name a lane so that the name changes after every loan and tells nothing.

    secret : >= 16 bytes, kept by the system
    loans  : loans of this lane that ended, >= 0
    Returns  22 characters: the first 132 bits of HMAC-SHA-256 in base 64 of addresses.
    Source   GBFS: vehicle_id must rotate to a random value after each trip; RFC 2104.

    >>> [vehicle_token(bytes(16), "drill", 0, loans)[:6] for loans in (0, 1)]
    ['r8GYpZ', 'YXXntr']
    """
    assert len(secret) >= 16 and lane >= 0 and loans >= 0, (lane, loans)
    text = f"{len(asset)}:{asset}:{lane}:{loans}".encode()
    number = int.from_bytes(hmac.new(secret, text, hashlib.sha256).digest()[:17], "big") >> 4
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return "".join(letters[number >> 6 * place & 63] for place in range(21, -1, -1))


def free_windows(
    busy: Iterable[tuple[datetime, datetime | None]],
    begin: datetime,
    end: datetime,
    *,
    least_minutes: int = 0,
) -> tuple[tuple[datetime, datetime], ...]:
    """Give the stretches between bookings in which a lane is free.

    busy          : booked slots [from, until), None = open-ended; any order, may overlap
    begin, end    : the horizon that is told, begin < end, aware
    least_minutes : shorter stretches are left out
    Returns         windows ascending and apart, within the horizon.

    >>> at = datetime(2026, 7, 1, tzinfo=UTC)
    >>> found = free_windows([(at.replace(hour=2), at.replace(hour=4))], at, at.replace(hour=6))
    >>> [(start.hour, stop.hour) for start, stop in found]
    [(0, 2), (4, 6)]
    """
    assert begin < end and least_minutes >= 0, (begin, end)
    found: list[tuple[datetime, datetime]] = []
    cursor = begin
    for start, stop in sorted(busy, key=lambda slot: slot[0]):
        if start > cursor:
            found.append((cursor, min(start, end)))
        cursor = max(cursor, end if stop is None else stop)
        if cursor >= end:
            break
    if cursor < end:
        found.append((cursor, end))
    least = 60 * least_minutes
    return tuple(
        (start, stop) for start, stop in found if start < stop and _seconds(start, stop) >= least
    )


def _seconds(start: datetime, stop: datetime) -> float:
    return (stop - start).total_seconds()


def discovery(base: str, made_at: datetime, *, ttl_s: int = 60) -> Json:
    """Write gbfs.json: where each feed lies under a base address.

    >>> made = datetime(2026, 7, 1, tzinfo=UTC)
    >>> discovery("https://dure.test/gbfs/", made)["data"]["feeds"][0]["url"]
    'https://dure.test/gbfs/system_information.json'
    """
    assert _ADDRESS.fullmatch(base), base
    feeds = [{"name": name, "url": f"{base.rstrip('/')}/{name}.json"} for name in FEEDS]
    return _document(made_at, ttl_s, {"feeds": feeds})


def system_information(system: System, made_at: datetime, *, ttl_s: int = 3_600) -> Json:
    """Write system_information.json.

    Raises AssertionError for an unfit id, contact or address.
    """
    assert re.fullmatch(r"[^@\s]+@[^@\s]+", system.contact), "an e-mail address of the office"
    data: Json = {
        "system_id": _id(system.id),
        "languages": list(LANGUAGES),
        "name": _words(system.name),
        "operator": _words(system.name),
        "opening_hours": system.opening_hours,
        "feed_contact_email": system.contact,
        "timezone": "Asia/Seoul",
    }
    if system.since is not None:
        data["start_date"] = system.since.isoformat()
    if system.address:
        assert _ADDRESS.fullmatch(system.address), system.address
        data["url"] = system.address
    return _document(made_at, ttl_s, data)


def station_information(
    stations: Sequence[Station], made_at: datetime, *, ttl_s: int = 3_600
) -> Json:
    """Write station_information.json; a station's place is that of the hand-over, never a home."""
    rows: list[Json] = []
    for station in stations:
        assert abs(station.lat_e5) <= 9_000_000 and abs(station.lon_e5) <= 18_000_000, station
        row: Json = {
            "station_id": _id(station.id),
            "name": _words(station.name),
            "lat": station.lat_e5 / 100_000,
            "lon": station.lon_e5 / 100_000,
        }
        if station.capacity is not None:
            assert station.capacity >= 0, station
            row["capacity"] = station.capacity
        if station.opening_hours:
            row["station_opening_hours"] = station.opening_hours
        rows.append(row)
    _once([station.id for station in stations])
    return _document(made_at, ttl_s, {"stations": rows})


def vehicle_types(kinds: Sequence[VehicleType], made_at: datetime, *, ttl_s: int = 3_600) -> Json:
    """Write vehicle_types.json; all is moved by people and goes back where it was fetched."""
    rows: list[Json] = []
    for kind in kinds:
        assert kind.form in FORMS, kind
        row: Json = {
            "vehicle_type_id": _id(kind.id),
            "form_factor": kind.form,
            "propulsion_type": "human",
            "name": _words(kind.name),
            "return_constraint": "roundtrip_station",
        }
        if kind.plan is not None:
            row["default_pricing_plan_id"] = _id(kind.plan)
            row["pricing_plan_ids"] = [kind.plan]
        rows.append(row)
    _once([kind.id for kind in kinds])
    return _document(made_at, ttl_s, {"vehicle_types": rows})


def vehicle_availability(
    vehicles: Sequence[Vehicle], made_at: datetime, *, ttl_s: int = 60
) -> Json:
    """Write vehicle_availability.json: when each vehicle is free; never by whom it is not.

    Raises AssertionError when windows touch, overlap or are empty, or a token stands twice.
    """
    rows: list[Json] = []
    for vehicle in vehicles:
        before: datetime | None = None
        for place, (start, stop) in enumerate(vehicle.windows):
            assert (before is None or before < start) and (stop is None or start < stop), vehicle
            assert stop is not None or place == len(vehicle.windows) - 1, "open in the middle"
            before = stop
        row: Json = {
            "vehicle_id": _id(vehicle.token),
            "vehicle_type_id": _id(vehicle.type),
            "station_id": _id(vehicle.station),
            "availabilities": [
                {"from": _instant(start)} | ({"until": _instant(stop)} if stop else {})
                for start, stop in vehicle.windows
            ],
        }
        if vehicle.plan is not None:
            row["pricing_plan_id"] = _id(vehicle.plan)
        rows.append(row)
    _once([vehicle.token for vehicle in vehicles])
    return _document(made_at, ttl_s, {"vehicles": rows})


def system_pricing_plans(plans: Sequence[Plan], made_at: datetime, *, ttl_s: int = 3_600) -> Json:
    """Write system_pricing_plans.json in won.

    What is paid in hours has no currency code and is told in the description alone.
    """
    rows: list[Json] = []
    for plan in plans:
        assert plan.price_won >= 0 and plan.per_minutes_won >= 0 and plan.free_minutes >= 0, plan
        row: Json = {
            "plan_id": _id(plan.id),
            "name": _words(plan.name),
            "currency": "KRW",
            "price": plan.price_won,
            "is_taxable": False,
            "description": _words(plan.description),
        }
        if plan.per_minutes is not None:
            assert plan.per_minutes >= 1, plan
            row["per_min_pricing"] = [
                {
                    "start": plan.free_minutes,
                    "rate": plan.per_minutes_won,
                    "interval": plan.per_minutes,
                }
            ]
        rows.append(row)
    _once([plan.id for plan in plans])
    return _document(made_at, ttl_s, {"plans": rows})


def _document(made_at: datetime, ttl_s: int, data: Json) -> Json:
    assert ttl_s >= 0, ttl_s
    return {"last_updated": _instant(made_at), "ttl": ttl_s, "version": VERSION, "data": data}


def _instant(at: datetime) -> str:
    """RFC 3339 in UTC, whole seconds."""
    assert at.tzinfo is not None, "a naive instant"
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _words(words: Words) -> list[Json]:
    assert words.ko and words.en, words
    return [{"text": words.ko, "language": "ko"}, {"text": words.en, "language": "en"}]


def _id(text: str) -> str:
    assert _ID.fullmatch(text), text
    return text


def _once(names: Sequence[str]) -> None:
    assert len(set(names)) == len(names), "an id stands twice"
