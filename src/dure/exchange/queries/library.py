"""The library of things: what there is, when a lane is free, what is out, late or damaged."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q, QuerySet

from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange import counter
from dure.exchange.models import HOSTING, Agreement, Asset, Commitment, Listing
from dure.exchange.queries.agreements import RELATED
from dure.exchange.queries.neighbours import NEIGHBOUR, names_of
from dure.exchange.searching import asked_by
from dure.exchange.terms import maintenance_due
from dure.registry.models import Organisation

TAKEN = ("held", "out")
COUNT_MAX = 1_000
RUNNING = ("held", "booked", "displaced", "out", "overdue", "returned", "damaged", "lost")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked for; empty means everything."""

    text: str = ""
    district: str = ""
    spec: str = ""
    on: date | None = None


@dataclass(frozen=True, slots=True)
class ThingRow:
    """A thing as a list shows it. `free_now`: lanes nobody holds at this moment."""

    id: UUID
    title: str
    kind: str
    by: str
    district: str
    place: str
    lanes: int
    free_now: int
    condition: str
    fee: int
    fee_unit: str
    deposit: int
    deposit_unit: str


def things(filters: Filters, actor: Actor) -> QuerySet[Asset]:
    """Lendable things that `actor` may see, newest first; at most 1,000."""
    rows = Asset.objects.within(actor).filter(kind=Asset.Kind.EQUIPMENT, retired_at=None)
    if filters.district:
        rows = rows.filter(district_id=filters.district)
    if filters.spec:
        rows = rows.filter(spec_id=int(filters.spec))
    if filters.text.strip():
        asked = asked_by(filters.text[:100])
        rows = rows.filter(asked) if asked is not None else rows.none()
    rows = rows.select_related("spec", "district", "organisation")
    return rows.order_by("-created_at", "id")[:COUNT_MAX]


def rows_of(assets: Sequence[Asset]) -> list[ThingRow]:
    """A page of things in words, with how many are free now, in two queries."""
    names = names_of(one.owner for one in assets)
    now = clock.now()
    held: dict[UUID, set[int]] = defaultdict(set)
    taken = Commitment.rows.filter(
        asset__in=[one.id for one in assets], state__in=TAKEN, slot__contains=now
    )
    for asset_id, lane in taken.values_list("asset_id", "lane"):
        held[asset_id].add(lane)
    return [row_of(one, names, len(held[one.id])) for one in assets]


def row_of(asset: Asset, names: Mapping[UUID, str], taken: int) -> ThingRow:
    """One thing in words."""
    spec, terms = asset.spec, asset.terms
    by = asset.organisation.name if asset.organisation else ""
    if not by and asset.owner is not None:
        by = names.get(asset.owner, str(NEIGHBOUR))
    return ThingRow(
        id=asset.id,
        title=asset.title,
        kind=str(T(spec.ko, spec.en)) if spec else "",
        by=by,
        district=str(T(asset.district.name, asset.district.name_en)),
        place=asset.place,
        lanes=asset.lanes,
        free_now=max(asset.lanes - taken, 0),
        condition=asset.condition,
        fee=terms.get("fee", 0),
        fee_unit=terms.get("fee_unit", "won"),
        deposit=terms.get("deposit", 0),
        deposit_unit=terms.get("deposit_unit", "won"),
    )


def thing(asset_id: UUID, actor: Actor) -> Asset | None:
    """One thing that `actor` may see, or None."""
    rows = Asset.objects.within(actor).select_related("spec", "district", "organisation")
    return rows.exclude(kind=Asset.Kind.TRIP).filter(id=asset_id).first()


def may_change(asset: Asset, actor: Actor) -> bool:
    """Whether `actor` may change it; templates ask this and never for a role."""
    if actor.id is None:
        return False
    return Asset.rows.filter(Asset.mine_q(actor), id=asset.id).exists()


# --- when it is free


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar. `free`: lanes free all day; `is_open`: things are handed out."""

    on: date
    is_past: bool
    is_open: bool
    free: int
    lanes: int


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of a day that is handed out, and how many lanes are free in it."""

    at: datetime
    free: int


def opens_on(asset: Asset, day: date) -> bool:
    """Whether things are handed out on this day, as the steward's hours say."""
    return counter.opens_on(asset.hours, day)


def weekdays(asset: Asset) -> tuple[str, ...]:
    """The days of the week on which it is handed out; all of them where nothing is said."""
    return counter.weekdays(asset.hours)


def opening(asset: Asset) -> tuple[time, time]:
    """From when to when a thing is handed out; all day where nothing is said."""
    return counter.opening(asset.terms)


def calendar(asset: Asset, first: date, days: int) -> list[Day]:
    """Day by day, how many lanes are free all day; what has passed is not."""
    start = datetime.combine(first, time(), clock.SEOUL)
    taken = _taken(asset, start, start + timedelta(days=days))
    today = clock.today()
    found = []
    for number in range(days):
        on = first + timedelta(days=number)
        begin = start + timedelta(days=number)
        free = _free(asset, taken, begin, begin + timedelta(days=1)) if on >= today else 0
        found.append(Day(on, on < today, opens_on(asset, on), free, asset.lanes))
    return found


def hours(asset: Asset, on: date) -> list[Hour]:
    """The hours of a day in which it is handed out, with the lanes that are free in each."""
    if not opens_on(asset, on):
        return []
    start = datetime.combine(on, time(), clock.SEOUL)
    taken = _taken(asset, start, start + timedelta(days=1))
    opens, closes = opening(asset)
    found = []
    for number in range(24):
        at = start + timedelta(hours=number)
        if opens <= at.time() < closes and at > clock.now():
            found.append(Hour(at, _free(asset, taken, at, at + timedelta(hours=1))))
    return found


def _taken(asset: Asset, start: datetime, end: datetime) -> list[tuple[int, DateTimeTZRange]]:
    rows = Commitment.rows.filter(
        asset=asset, state__in=TAKEN, slot__overlap=DateTimeTZRange(start, end, "[)")
    )
    return list(rows.values_list("lane", "slot"))


def _free(
    asset: Asset, taken: Sequence[tuple[int, DateTimeTZRange]], start: datetime, end: datetime
) -> int:
    busy = {
        lane
        for lane, slot in taken
        if (slot.lower is None or slot.lower < end) and (slot.upper is None or slot.upper > start)
    }
    return max(asset.lanes - len(busy), 0)


def waiting_count(asset: Asset) -> int:
    """How many neighbours wait for this thing."""
    rows = Listing.rows.filter(asset=asset, side=Listing.Side.REQUEST, state=Listing.State.OPEN)
    return rows.count()


def my_waiting(asset: Asset, actor: Actor) -> Listing | None:
    """The reader's own place in the waiting list, if she has one."""
    if actor.behalf is None:
        return None
    rows = Listing.rows.filter(
        asset=asset, side=Listing.Side.REQUEST, state=Listing.State.OPEN, person=actor.behalf
    )
    return rows.order_by("created_at").first()


# --- the steward's side


def stewarded(actor: Actor) -> QuerySet[Asset]:
    """Things that the reader owns or looks after, by name."""
    rows = Asset.objects.within(actor).filter(Asset.mine_q(actor), kind=Asset.Kind.EQUIPMENT)
    return rows.select_related("spec", "district", "organisation").order_by("title", "id")


def to_look_over(actor: Actor) -> list[Asset]:
    """Things that the reader looks after and whose next check is due, at most a hundred."""
    today = clock.today()
    rows = stewarded(actor).filter(terms__maintain_days__gt=0, retired_at=None)[:1_000]
    due = [one for one in rows if (day := maintenance_due(one.terms)) is not None and day <= today]
    return due[:100]


def loans(actor: Actor, *states: str) -> QuerySet[Agreement]:
    """Running loans and gifts of the things that the reader looks after, the nearest day first."""
    things = Asset.rows.filter(Asset.mine_q(actor)).values("id")
    rows = Agreement.objects.within(actor).filter(
        process__in=("equipment_loan", "give_away"), closed_at=None, asset__in=things
    )
    if states:
        rows = rows.filter(state__in=states)
    return rows.select_related(*RELATED).order_by("starts", "id")


def stewards(actor: Actor) -> list[tuple[str, str]]:
    """Id and name of the organisations in whose name `actor` may lend things; at most 100."""
    ids = {scope for role in HOSTING for scope in actor.scope_ids(role, "organisation")}
    districts = set(actor.scope_ids(HOSTING[0], "district"))
    rows = Organisation.rows.filter(merged_into=None, ended_on=None)
    rows = rows.filter(Q(id__in=ids) | Q(district_id__in=districts))
    found = rows.order_by("name_key", "id").values_list("id", "name")[:100]
    return [(str(pk), name) for pk, name in found]
