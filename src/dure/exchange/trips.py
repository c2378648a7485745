"""Trips of an offered ride: one a day it falls on, made ahead, with a leg from stop to stop.

Law: the id of a trip is that of its listing and day, so that no day is made twice; what a trip's
riders agreed to stays as it was made, whatever becomes of the listing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid5

from dure.core import clock, rulebook
from dure.core.actions import line
from dure.engines.recurrence import occurrences, read_rule
from dure.exchange.meeting_points import chosen_no_more
from dure.exchange.models import Asset, Listing
from dure.exchange.rerouting import new_leg
from dure.exchange.riding import Stop, Trip, stored, timed, way_text

AHEAD_RULE = "exchange.ride.ahead_days"
PAID_RULE = "exchange.ride.paid_hours"
HOLIDAYS_RULE = "exchange.ride.holidays"
SLACK = timedelta(hours=2)  # a trip with detours and waits is over by then
YEAR = timedelta(days=366)
WEEKEND = 5
SEATS_MAX = 8


@dataclass(frozen=True, slots=True)
class Offered:
    """What an offered ride says in its listing's terms. `first`: the day it counts from; `rrule`
    is empty for a single ride; what is asked of others is shown to nobody; `holidays`: a regular
    ride goes on public holidays, too."""

    stops: tuple[Stop, ...]
    at: str
    first: date
    rrule: str
    won_per_km: int
    share_won_max: int
    detour_ppm: int
    portion_ppm: int
    window_s: int
    speed_kmh: int
    wants: tuple[str, ...]
    says: tuple[str, ...]
    meet: str
    holidays: bool = False


def offered(terms: dict[str, Any]) -> Offered | None:  # Any: stored terms
    """The ride that a listing's terms tell of; None for another kind of listing."""
    if "stops" not in terms:
        return None
    return Offered(
        **{
            **{name: terms[name] for name in Offered.__slots__ if name in terms},
            "stops": tuple(Stop(**one) for one in terms["stops"]),
            "first": date.fromisoformat(terms["first"]),
            "wants": tuple(terms["wants"]),
            "says": tuple(terms["says"]),
        }
    )


def days(ride: Offered, begin: date, end: date) -> tuple[date, ...]:
    """The days of a ride within a window, both ends in it; a regular one rests on public holidays
    unless it says that it goes."""
    if not ride.rrule:
        return (ride.first,) if begin <= ride.first <= end else ()
    found = occurrences(read_rule(ride.rrule), ride.first, begin, end)
    resting = frozenset[date]() if ride.holidays else holidays()
    return tuple(day for day in found if day not in resting)


def holidays() -> frozenset[date]:
    """The public holidays that the rulebook names."""
    return frozenset(date.fromisoformat(one) for one in rulebook.value(HOLIDAYS_RULE).value)


def until(ride: Offered, last: date) -> str:
    """The rhythm of a ride with a last day; one that ends by itself before then stays as it is."""
    parts = ride.rrule.split(";")
    open_parts = [one for one in parts if not one.startswith(("UNTIL=", "COUNT="))]
    after = last + timedelta(days=1), last + YEAR
    if open_parts != parts and not occurrences(read_rule(ride.rrule), ride.first, *after):
        return ride.rrule
    return ";".join([*open_parts, f"UNTIL={last:%Y%m%d}"])


def may_be_paid(departs: datetime) -> bool:
    """Whether cost may be shared on a trip that sets out then: commuting hours of a weekday that is
    no public holiday."""
    here = departs.astimezone(clock.SEOUL)
    if here.weekday() >= WEEKEND or here.date() in holidays():
        return False
    hours = rulebook.value(PAID_RULE).value
    return any(
        time.fromisoformat(begin) <= here.time() <= time.fromisoformat(end) for begin, end in hours
    )


def lay(listing: Listing, ride: Offered) -> int:
    """Make the trips of a ride from today on, as far ahead as the rulebook says; how many new. A
    ride over a meeting point that is chosen no more has none."""
    if chosen_no_more(stop.key for stop in ride.stops):
        return 0
    today = clock.today()
    ahead = today + timedelta(days=rulebook.value(AHEAD_RULE).integer)
    moments = [
        datetime.combine(day, time.fromisoformat(ride.at), clock.SEOUL)
        for day in days(ride, today, ahead if ride.rrule else max(ahead, ride.first))
    ]
    wanted = {trip_id(listing.id, one.date()): one for one in moments if one > clock.now()}
    known = set(Asset.rows.filter(id__in=wanted).values_list("id", flat=True))
    rows = [
        row
        for made, departs in wanted.items()
        if made not in known
        for row in _rows(listing, ride, made, departs)
    ]
    Asset.rows.bulk_create([one for one in rows if one.parent_id is None])
    Asset.rows.bulk_create([one for one in rows if one.parent_id is not None])
    return sum(one.parent_id is None for one in rows)


def trip_id(listing_id: UUID, day: date) -> UUID:
    """The id of the trip of a ride on a day."""
    return uuid5(listing_id, day.isoformat())


def _rows(listing: Listing, ride: Offered, made: UUID, departs: datetime) -> list[Asset]:
    stops = timed(ride.stops, ride.speed_kmh)
    back = str(listing.reciprocity) if may_be_paid(departs) else "gift"
    trip = Trip(
        listing=str(listing.id),
        departs=departs,
        until=departs + timedelta(minutes=2 * stops[-1].minute) + SLACK,
        stops=stops,
        legs=tuple(uuid5(made, str(number)) for number in range(len(stops) - 1)),
        back=back,
        won_per_km=ride.won_per_km if back != "gift" else 0,
        share_won_max=ride.share_won_max,
        detour_ppm=ride.detour_ppm,
        portion_ppm=ride.portion_ppm,
        window_s=ride.window_s,
        speed_kmh=ride.speed_kmh,
        wants=ride.wants,
        says=ride.says,
        meet=ride.meet,
    )
    row = Asset(
        id=made,
        kind=Asset.Kind.TRIP,
        title=way_text(stops).ko[:200],
        district_id=listing.district_id,
        owner=listing.person,
        spec_id=listing.spec_id,
        lanes=min(listing.qty_max, SEATS_MAX),
        audience="public",
        terms=stored(trip),
        created_at=clock.now(),
        audit=line().id,
    )
    return [row, *(new_leg(row, leg, number) for number, leg in enumerate(trip.legs))]
