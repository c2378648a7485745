"""Listings as a reader finds them: by text, kind, place, time and what is given back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from math import cos, pi, radians
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet
from django.db.models.lookups import LessThanOrEqual

from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T
from dure.exchange.meeting_points import MeetingPoint, meeting_points
from dure.exchange.models import HOSTING, Listing, Spec
from dure.exchange.queries.neighbours import NEIGHBOUR, names_of
from dure.exchange.riding import way_of
from dure.exchange.searching import asked_by
from dure.registry.models import District, Organisation

COUNT_MAX = 1_000
TEXT_MAX = 100
EARTH_M = 6_371_008.8
KILOMETRES = (1, 2, 5, 10)
GIVEN = "given"  # of no kind of thing alone: whatever is given away for good


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked for; empty means everything."""

    text: str = ""
    side: str = ""
    district: str = ""
    kind: str = ""
    reciprocity: str = ""
    on: date | None = None
    dong: str = ""
    near: str = ""
    within_km: int = 0


@dataclass(frozen=True, slots=True)
class ListingRow:
    """A listing as a list shows it: no coordinates, no street, a neighbourhood at most."""

    id: UUID
    side: str
    title: str
    by: str
    district: str
    place: str
    kind: str
    reciprocity: str
    rate: int | None
    unit: str
    starts: datetime | None
    ends: datetime | None
    state: str
    asset_id: UUID | None
    is_ride: bool
    rhythm: tuple[str, ...]
    at: str
    gives: bool = False


class Found:
    """Open listings that an actor may see, newest first, as a paginator reads them.

    Few hits are fetched by the index of words and sorted; where there are a thousand or more, the
    list is walked along the index of time. The planner guesses this wrong for Hangul.
    """

    def __init__(self, filters: Filters, actor: Actor) -> None:
        rows = Listing.objects.within(actor).filter(state=Listing.State.OPEN)
        rows = _narrowed(rows, filters)
        if filters.text.strip():
            rows = _searched(rows, filters.text[:TEXT_MAX])
        self._rows = rows.select_related("spec", "district", "organisation")
        self._count: int | None = None

    def count(self) -> int:
        """How many there are, at most 1,000."""
        if self._count is None:
            self._count = self._rows.order_by()[:COUNT_MAX].count()
        return self._count

    def __len__(self) -> int:
        return self.count()

    def __getitem__(self, part: slice) -> list[Listing]:
        if self.count() >= COUNT_MAX:
            return list(self._rows.order_by("-created_at", "id")[:COUNT_MAX][part])
        sorted_rows = self._rows.annotate(at=F("created_at") + timedelta()).order_by("-at", "id")
        return list(sorted_rows[part])


def found(filters: Filters, actor: Actor) -> Found:
    """Open listings that `actor` may see, newest first; at most 1,000 of them."""
    return Found(filters, actor)


def _narrowed(rows: QuerySet[Listing], filters: Filters) -> QuerySet[Listing]:
    if filters.side:
        rows = rows.filter(side=filters.side)
    if filters.district:
        rows = rows.filter(district_id=filters.district)
    if filters.kind == GIVEN:
        rows = rows.filter(asset__isnull=False, terms__gives="yes")
    elif filters.kind:
        rows = rows.filter(spec__kind=filters.kind)
    if filters.reciprocity:
        rows = rows.filter(reciprocity=filters.reciprocity)
    if filters.dong:
        rows = rows.filter(place=filters.dong)
    point = meeting_points().get(filters.near)
    if point is not None and filters.within_km:
        rows = rows.filter(_near(point, filters.within_km))
    if filters.on is not None:
        day = datetime.combine(filters.on, time(), clock.SEOUL)
        rows = rows.filter(
            Q(window__isnull=True) | Q(window__overlap=(day, day + timedelta(days=1)))
        )
    return rows


def _near(point: MeetingPoint, km: int) -> Q:
    """Rows within so many kilometres of a point, on the plane that touches the earth there."""
    metres_a_step = 2 * pi * EARTH_M / 360 / 100_000  # of a hundred-thousandth of a degree
    narrowed = cos(radians(point.latitude_e5 / 100_000))
    north = (F("latitude_e5") - point.latitude_e5) * metres_a_step
    east = (F("longitude_e5") - point.longitude_e5) * metres_a_step * narrowed
    squared = float(km * 1_000) ** 2
    return Q(LessThanOrEqual(north * north + east * east, squared), latitude_e5__isnull=False)


def _searched(rows: QuerySet[Listing], text: str) -> QuerySet[Listing]:
    asked = asked_by(text)
    return rows.filter(asked) if asked is not None else rows.none()


def rows_of(listings: Sequence[Listing]) -> list[ListingRow]:
    """A page of listings in words, with the names of who made them in one query; whose a ride is
    stands on the pages of rides, for the signed-in alone."""
    names = names_of(one.person for one in listings if way_of(one.terms) is None)
    return [row_of(one, names) for one in listings]


def days_of(rrule: str) -> tuple[str, ...]:
    """The codes of the days on which a weekly rule repeats; none for a single day.

    >>> days_of("FREQ=WEEKLY;BYDAY=TU,TH")
    ('TU', 'TH')
    """
    return tuple(filter(None, rrule.partition("BYDAY=")[2].partition(";")[0].split(",")))


def row_of(listing: Listing, names: dict[UUID, str]) -> ListingRow:
    """One listing in words."""
    spec, window = listing.spec, listing.window
    organisation = listing.organisation
    by = organisation.name if organisation else ""
    way = way_of(listing.terms)
    if not by and listing.person is not None:
        by = str(NEIGHBOUR) if way else names.get(listing.person, str(NEIGHBOUR))
    return ListingRow(
        id=listing.id,
        side=listing.side,
        title=str(way or listing.title),
        by=by,
        district=str(T(listing.district.name, listing.district.name_en)),
        place="" if way else listing.place,  # the way says it, in both languages
        kind=str(T(spec.ko, spec.en)) if spec else "",
        reciprocity=listing.reciprocity,
        rate=listing.rate,
        unit=listing.unit,
        starts=window.lower if window else None,
        ends=window.upper if window else None,
        state=listing.state,
        asset_id=listing.asset_id,
        is_ride=way is not None,
        rhythm=days_of(str(listing.terms.get("rrule") or "")),
        at=str(listing.terms.get("at") or "") if way else "",
        gives=listing.terms.get("gives") == "yes",
    )


def counts_by_district(filters: Filters, actor: Actor) -> dict[str, int]:
    """How many open listings each district has, for these filters."""
    rows = Listing.objects.within(actor).filter(state=Listing.State.OPEN)
    counted = _narrowed(rows, filters).order_by().values_list("district_id").annotate(n=Count("id"))
    return dict(counted)


def counts_by_place(filters: Filters, actor: Actor) -> list[tuple[str, int]]:
    """The neighbourhoods of a district that have open listings, most first; at most fifty."""
    rows = Listing.objects.within(actor).filter(state=Listing.State.OPEN).exclude(place="")
    counted = _narrowed(rows, filters).order_by().values_list("place").annotate(n=Count("id"))
    return list(counted.order_by("-n", "place")[:50])


def one(listing_id: UUID, actor: Actor) -> Listing | None:
    """One listing that `actor` may see, or None."""
    rows = Listing.objects.within(actor).select_related("spec", "district", "organisation", "asset")
    return rows.filter(id=listing_id).first()


def may_change(listing: Listing, actor: Actor) -> bool:
    """Whether `actor` may change or close it; templates ask this and never for a role."""
    if actor.id is None:
        return False
    return Listing.rows.filter(Listing.mine_q(actor), id=listing.id).exists()


def mine(actor: Actor) -> QuerySet[Listing]:
    """Listings of the person, not closed, newest first."""
    rows = Listing.objects.within(actor).filter(person=actor.behalf).exclude(state="closed")
    return rows.select_related("spec", "district", "organisation").order_by("-created_at", "id")


def districts() -> list[tuple[str, str]]:
    """Code and name of every district, by name."""
    found = District.rows.values_list("sig", "name", "name_en")
    return sorted(((sig, str(T(ko, en))) for sig, ko, en in found), key=lambda pair: pair[1])


def kinds_of_specs(*kinds: str) -> list[tuple[str, str]]:
    """Id and name of the things and skills a listing may be about."""
    rows = Spec.rows.filter(organisation=None, scheme="dure")
    if kinds:
        rows = rows.filter(kind__in=kinds)
    return [(str(pk), str(T(ko, en))) for pk, ko, en in rows.values_list("id", "ko", "en")[:200]]


def organisations_served(actor: Actor) -> list[tuple[str, str]]:
    """Id and name of the organisations in whose name `actor` may write; at most 100."""
    ids = {scope for role in HOSTING for scope in actor.scope_ids(role, "organisation")}
    rows = Organisation.rows.filter(id__in=ids, merged_into=None, ended_on=None)
    found = rows.order_by("name_key", "id").values_list("id", "name")[:100]
    return [(str(pk), name) for pk, name in found]
