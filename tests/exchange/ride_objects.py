"""Meeting points and rides for the matrix."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from uuid import UUID, uuid4

from dure.core import clock
from dure.core.actors import Actor
from dure.exchange.models import Asset, Listing, MeetingPoint
from dure.exchange.riding import Trip, stop_at, stored, timed
from tests.harness.given import given
from tests.harness.matrix import Place, slot, value

value("exchange.meeting_point.add:kind", "square")
value("exchange.meeting_point.add:latitude_e5", 3_756_000)
value("exchange.meeting_point.add:longitude_e5", 12_691_000)
value("exchange.meeting_point.change:latitude_e5", 3_756_000)
value("exchange.meeting_point.change:longitude_e5", 12_691_000)
value("exchange.meeting_point.change:kind", "square")

value("exchange.ride.offer:stops", [{"point": "mapo-hapjeong"}, {"point": "jung-seoul"}])
value("exchange.ride.offer:at", "07:30")
value("exchange.ride.offer:rrule", None)
value("exchange.ride.offer:reciprocity", "gift")
value("exchange.ride.offer:won_per_km", None)
value("exchange.ride.wish:board", {"point": "mapo-hapjeong"})
value("exchange.ride.wish:alight", {"point": "jung-seoul"})
value("exchange.ride.wish:at", "07:30")
value("exchange.ride.ask:board", "mapo-hapjeong")
value("exchange.ride.ask:alight", "jung-seoul")
value("exchange.ride.ask:wants", ())
value("exchange.ride.ask:stamp", None)
value("exchange.ride.declare:wants", ())
value("exchange.ride.declare:says", ())
value("exchange.ride.shift:at", "23:59")
value("exchange.ride.offer:holidays", False)
value("exchange.ride.stop:last_on", None)


def a_listing(place: Place, person: UUID, **more: object) -> str:
    """A listing of a person at a place."""
    with given() as audit:
        made = Listing.rows.create(
            title="부탁",
            organisation=place.organisation,
            district_id=place.district,
            person=person,
            reciprocity="gift",
            created_at=clock.now(),
            audit=audit,
            **more,
        )
    return str(made.id)


@slot("exchange.meeting_point.add:district")
def district_of_points(place: Place, actor: Actor) -> str:
    return place.district


@slot("exchange.meeting_point.change:code", "exchange.meeting_point.retire:code")
def a_point(place: Place, actor: Actor) -> str:
    code = f"point-{uuid4().hex[:12]}"
    with given() as audit:
        MeetingPoint.rows.create(
            code=code,
            district_id=place.district,
            kind="square",
            ko=code,
            en=code,
            latitude_e5=3_756_000,
            longitude_e5=12_691_000,
            created_at=clock.now(),
            audit=audit,
        )
    return code


@slot("exchange.ride.offer:on", "exchange.ride.wish:on", placed=False)
def tomorrow(place: Place, actor: Actor) -> str:
    return (clock.today() + timedelta(days=1)).isoformat()


def _trip(place: Place, owner: UUID) -> str:
    """A trip that leaves tomorrow; its legs are not needed where nobody takes a seat."""
    departs = clock.now() + timedelta(days=1)
    stops = tuple(one for key in ("mapo-hapjeong", "jung-seoul") if (one := stop_at(key)))
    trip = Trip(
        listing=str(uuid4()),
        departs=departs,
        until=departs + timedelta(hours=3),
        stops=timed(stops, 30),
        legs=(uuid4(),),
        back="gift",
        won_per_km=0,
        share_won_max=0,
        detour_ppm=250_000,
        portion_ppm=350_000,
        window_s=900,
        speed_kmh=30,
    )
    with given() as audit:
        made = Asset.rows.create(
            kind="trip",
            title="함께 타기",
            district_id=place.district,
            owner=owner,
            audience="public",
            terms=stored(trip),
            created_at=clock.now(),
            audit=audit,
        )
    return str(made.id)


@slot("exchange.ride.ask:trip_id", placed=False)
def any_trip(place: Place, actor: Actor) -> str:
    return _trip(place, uuid4())


@slot(
    "exchange.ride.propose:trip_id",
    "exchange.ride.skip:trip_id",
    "exchange.ride.shift:trip_id",
    owned=True,
)
def own_trip(place: Place, actor: Actor) -> str:
    return _trip(place, place.owner)


@slot("exchange.ride.propose:listing_id", placed=False)
def wish_for_a_ride(place: Place, actor: Actor) -> str:
    stops = [asdict(one) for key in ("mapo-hapjeong", "jung-seoul") if (one := stop_at(key))]
    wanted = (clock.now() + timedelta(days=1)).isoformat()
    terms = {"board": stops[0], "alight": stops[1], "wanted": wanted}
    return a_listing(place, uuid4(), side="request", audience="public", terms=terms)


@slot("exchange.ride.stop:listing_id", owned=True)
def own_ride(place: Place, actor: Actor) -> str:
    stops = [asdict(one) for key in ("mapo-hapjeong", "jung-seoul") if (one := stop_at(key))]
    terms = {
        "stops": stops, "at": "07:30", "first": clock.today().isoformat(), "rrule": "",
        "won_per_km": 0, "share_won_max": 0, "detour_ppm": 0, "portion_ppm": 0, "window_s": 0,
        "speed_kmh": 30, "wants": [], "says": [], "meet": "",
    }  # fmt: skip
    return a_listing(place, place.owner, side="offer", audience="members", terms=terms)
