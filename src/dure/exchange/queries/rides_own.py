"""One's own side of shared rides: seats offered, rides looked for, whom one could take along."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import Q

from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T
from dure.engines.recurrence import read_rule
from dure.exchange import ride_fits
from dure.exchange.meeting_points import chosen_no_more
from dure.exchange.models import Agreement, Asset, Listing, Match
from dure.exchange.queries.neighbours import NEIGHBOUR, names_for
from dure.exchange.queries.rides import SHOWN_MAX
from dure.exchange.riding import Stop, Trip, trip_of, way_text
from dure.exchange.trips import Offered, offered

# --- my own


@dataclass(frozen=True, slots=True)
class Next:
    """A trip of one's own that is still to come."""

    id: UUID
    title: T
    departs: datetime
    asked: int
    taken: int
    seats: int


@dataclass(frozen=True, slots=True)
class Ride:
    """A ride that one offers: its listing, its rhythm, the next trips. `is_stopped`: offered no
    more, yet somebody counts on a trip; `is_over_closed`: a meeting point of it is used no more."""

    id: UUID
    title: T
    at: str
    rrule: str
    trips: tuple[Next, ...]
    holidays: bool
    last: date | None
    is_stopped: bool
    is_over_closed: bool


def mine(actor: Actor) -> list[Ride]:
    """The rides that the reader offers, with their next trips."""
    if actor.behalf is None:
        return []
    ahead = my_trips(actor)
    going = {row.terms["listing"] for row, _ in ahead}
    rows = Listing.objects.within(actor).filter(person=actor.behalf, side="offer")
    rows = rows.filter(spec__kind="ride").filter(~Q(state="closed") | Q(id__in=going))
    listings = [
        (one, ride)
        for one in rows.order_by("-created_at")[:20]
        if (ride := offered(one.terms)) is not None
    ]
    gone = chosen_no_more({stop.key for _, ride in listings for stop in ride.stops})
    return [_ride(one, ride, ahead, gone) for one, ride in listings]


def _ride(
    listing: Listing, ride: Offered, ahead: Sequence[tuple[Asset, Next]], gone: frozenset[str]
) -> Ride:
    own = [told for row, told in ahead if row.terms["listing"] == str(listing.id)]
    return Ride(
        listing.id,
        way_text(ride.stops),
        ride.at,
        ride.rrule,
        tuple(own[:5]),
        ride.holidays,
        read_rule(ride.rrule).until if ride.rrule else None,
        str(listing.state) == "closed",
        bool(ride.rrule and gone & {stop.key for stop in ride.stops}),
    )


def my_trips(actor: Actor) -> list[tuple[Asset, Next]]:
    """The reader's own trips to come, soonest first, with who asked."""
    if actor.behalf is None:
        return []
    rows = Asset.rows.filter(owner=actor.behalf, kind=Asset.Kind.TRIP, parent=None, retired_at=None)
    since = (clock.now() - timedelta(hours=6)).astimezone(clock.SEOUL).isoformat()
    found = list(rows.filter(terms__departs__gte=since).order_by("terms__departs")[:100])
    counts: dict[UUID, list[int]] = {row.id: [0, 0] for row in found}
    running = Agreement.rows.filter(asset__in=found, is_closed=False)
    for asset_id, state in running.values_list("asset_id", "state"):
        assert asset_id is not None
        counts[asset_id][state != "asked"] += 1
    return [
        (
            row,
            Next(
                row.id,
                way_text(trip.stops),
                trip.departs,
                asked=counts[row.id][0],
                taken=counts[row.id][1],
                seats=row.lanes,
            ),
        )
        for row in found
        if (trip := trip_of(row.terms)) is not None
    ]


# --- who looks for a ride


@dataclass(frozen=True, slots=True)
class Wish:
    """Somebody who looks for a ride, and whether a trip of the reader's goes that way."""

    id: UUID
    by: str
    board: T
    alight: T
    at: datetime
    text: str
    is_mine: bool
    trips: tuple[tuple[UUID, T, datetime], ...]
    proposed: tuple[UUID, ...]


def wishes(actor: Actor) -> list[Wish]:
    """Open wishes for a ride that are still to come, soonest first; with them the reader's own
    trips that would do."""
    rows = Listing.objects.within(actor).filter(side="request", state="open", spec__kind="ride")
    rows = rows.filter(terms__has_key="wanted", window__endswith__gt=clock.now())
    listed = list(rows.order_by("window", "id")[:SHOWN_MAX])
    names = names_for((one.person for one in listed), actor)
    ahead = [(row, trip) for row, _ in my_trips(actor) if (trip := trip_of(row.terms))]
    proposed = _proposed(listed, actor)
    return [_wish(one, names, ahead, tuple(proposed[one.id]), actor) for one in listed]


def _proposed(listed: Sequence[Listing], actor: Actor) -> Mapping[UUID, list[UUID]]:
    """The cars proposed to the reader, and those that she proposed, by the wish."""
    found: dict[UUID, list[UUID]] = defaultdict(list)
    if actor.behalf is None:
        return found
    rows = Match.rows.filter(request__in=[one.id for one in listed], asset__isnull=False)
    rows = rows.filter(Q(request__person=actor.behalf) | Q(answered_by=actor.behalf))
    for wish, trip in rows.order_by("id").values_list("request_id", "asset_id"):
        found[wish].append(trip)
    return found


def _wish(
    listing: Listing,
    names: Mapping[UUID, str],
    ahead: Sequence[tuple[Asset, Trip]],
    proposed: tuple[UUID, ...],
    actor: Actor,
) -> Wish:
    board, alight = Stop(**listing.terms["board"]), Stop(**listing.terms["alight"])
    at = datetime.fromisoformat(listing.terms["wanted"])
    is_mine = listing.person is not None and listing.person == actor.behalf
    fitting = (
        []
        if is_mine
        else [
            (row.id, way_text(trip.stops), trip.departs)
            for row, trip in ahead
            if abs(trip.departs - at) < timedelta(hours=6)
            and ride_fits.chance(trip, board, alight, at).why_not is None
        ]
    )
    return Wish(
        id=listing.id,
        by=names.get(listing.person, str(NEIGHBOUR)) if listing.person else str(NEIGHBOUR),
        board=board.text,
        alight=alight.text,
        at=at,
        text=listing.text,
        is_mine=is_mine,
        trips=tuple(fitting),
        proposed=proposed,
    )
