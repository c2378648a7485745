"""What a library of things lends and when it is free, for the public feed; nothing about people."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Count

from dure.core import clock
from dure.engines import gbfs
from dure.engines.gbfs import Plan, Station, System, Vehicle, VehicleType, Words
from dure.exchange.models import Asset, Commitment
from dure.exchange.queries.library import TAKEN, opening, weekdays
from dure.exchange.terms import maintenance_due
from dure.registry.models import Organisation

AHEAD = timedelta(days=28)
OSM_DAYS = {"MO": "Mo", "TU": "Tu", "WE": "We", "TH": "Th", "FR": "Fr", "SA": "Sa", "SU": "Su"}
LANES_MAX = 5_000


@dataclass(frozen=True, slots=True)
class Availability:
    """A library as its feed tells it."""

    system: System
    stations: tuple[Station, ...]
    types: tuple[VehicleType, ...]
    vehicles: tuple[Vehicle, ...]
    plans: tuple[Plan, ...]


def of_library(organisation_id: UUID, *, contact: str, secret: bytes) -> Availability | None:
    """The public things of an organisation that have a place; None when it lends none such.

    contact : address of who answers for the feed;  secret : names the lanes, kept by the face
    """
    rows = Asset.rows.filter(
        organisation=organisation_id,
        owner=None,
        kind=Asset.Kind.EQUIPMENT,
        audience="public",
        retired_at=None,
        latitude_e5__isnull=False,
        longitude_e5__isnull=False,
    )
    assets = list(rows.order_by("created_at", "id")[:500])
    organisation = Organisation.rows.filter(id=organisation_id, merged_into=None).first()
    if organisation is None or not assets:
        return None
    name = Words(organisation.name, organisation.name)
    return Availability(
        System(str(organisation.id), name, "24/7", contact),
        tuple(_stations(assets)),
        tuple(VehicleType(str(a.id), Words(a.title, a.title), plan=_plan_id(a)) for a in assets),
        tuple(_vehicles(assets, secret)),
        tuple(_plan(one) for one in assets if _plan_id(one) is not None),
    )


def _station_id(asset: Asset) -> str:
    return f"{asset.latitude_e5}.{asset.longitude_e5}"


def _stations(assets: list[Asset]) -> list[Station]:
    """One for each place; its hours are those of the first thing there."""
    found: dict[str, list[Asset]] = defaultdict(list)
    for one in assets:
        found[_station_id(one)].append(one)
    return [
        Station(
            key,
            Words(here[0].place or here[0].title, here[0].place or here[0].title),
            here[0].latitude_e5 or 0,
            here[0].longitude_e5 or 0,
            capacity=sum(one.lanes for one in here),
            opening_hours=_hours(here[0]),
        )
        for key, here in found.items()
    ]


def _hours(asset: Asset) -> str:
    """OpenStreetMap's opening_hours: `Tu,Th 10:00-18:00`; empty where nothing is said."""
    if not asset.terms.get("opens") or not asset.terms.get("closes"):
        return ""
    opens, closes = opening(asset)
    days = ",".join(OSM_DAYS[one] for one in weekdays(asset))
    return f"{days} {opens:%H:%M}-{closes:%H:%M}"


def _plan_id(asset: Asset) -> str | None:
    fee = asset.terms.get("fee", 0)
    return f"plan.{asset.id}" if fee and asset.terms.get("fee_unit", "won") == "won" else None


def _plan(asset: Asset) -> Plan:
    fee = int(asset.terms["fee"])
    told = Words(f"한 번 빌릴 때 {fee:,}원", f"{fee:,} won a loan")
    return Plan(f"plan.{asset.id}", Words(asset.title, asset.title), told, fee)


def _kept_back(asset: Asset) -> list[tuple[datetime, datetime | None]]:
    """From the day after its next check is due a thing is free for nobody."""
    due = maintenance_due(asset.terms)
    if due is None:
        return []
    day = max(due, clock.today() - timedelta(days=1)) + timedelta(days=1)
    return [(datetime.combine(day, time(), clock.SEOUL), None)]


def _vehicles(assets: list[Asset], secret: bytes) -> list[Vehicle]:
    begin = clock.now()
    end = begin + AHEAD
    ids = [one.id for one in assets]
    busy: dict[tuple[UUID, int], list[tuple[datetime, datetime | None]]] = defaultdict(list)
    taken = Commitment.rows.filter(
        asset__in=ids, state__in=TAKEN, slot__overlap=DateTimeTZRange(begin, end, "[)")
    )
    for asset_id, lane, slot in taken.values_list("asset_id", "lane", "slot"):
        busy[(asset_id, lane)].append((slot.lower, slot.upper))
    ended = Commitment.rows.filter(asset__in=ids, state="done").values_list("asset_id", "lane")
    loans = {(a, lane): n for a, lane, n in ended.annotate(n=Count("id")).order_by()}
    lent = [one for one in assets if one.condition not in Asset.NOT_LENT]
    lanes = [(one, lane) for one in lent for lane in range(one.lanes)][:LANES_MAX]
    return [
        Vehicle(
            gbfs.vehicle_token(secret, str(one.id), lane, loans.get((one.id, lane), 0)),
            str(one.id),
            _station_id(one),
            gbfs.free_windows(
                [*busy[(one.id, lane)], *_kept_back(one)], begin, end, least_minutes=60
            ),
            plan=_plan_id(one),
        )
        for one, lane in lanes
    ]
