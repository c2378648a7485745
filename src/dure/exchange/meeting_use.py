"""Who still counts on a meeting point: trips to come, regular rides, wishes for a ride."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from dure.core import clock
from dure.exchange.models import Asset, Listing


@dataclass(frozen=True, slots=True)
class Use:
    """How many trips to come halt at a point and when the last leaves; how many regular rides and
    open wishes name it."""

    trips: int
    last: date | None
    rides: int
    wishes: int

    @property
    def is_free(self) -> bool:
        """Nobody was promised a ride there, and nobody waits for one."""
        return not (self.trips or self.wishes)


def use_of(code: str) -> Use:
    """The use of one point now."""
    departs = list(coming(code).values_list("terms__departs", flat=True))
    return Use(
        trips=len(departs),
        last=max((_day(one) for one in departs), default=None),
        rides=regular(code).count(),
        wishes=_wishes(code).count(),
    )


def _day(departs: str) -> date:
    return datetime.fromisoformat(departs).astimezone(clock.SEOUL).date()


def coming(code: str) -> QuerySet[Asset]:
    """Trips that are not over and halt at a point."""
    rows = Asset.rows.filter(kind=Asset.Kind.TRIP, parent=None, retired_at=None)
    since = clock.now().astimezone(clock.SEOUL).isoformat()
    return rows.filter(terms__until__gte=since, terms__stops__contains=[{"key": code}])


def regular(code: str) -> QuerySet[Listing]:
    """Regular rides that name a point and still lay trips."""
    rows = Listing.rows.filter(side="offer", spec__kind="ride").exclude(state="closed")
    rows = rows.filter(terms__stops__contains=[{"key": code}], terms__has_key="rrule")
    return rows.exclude(terms__rrule="")


def _wishes(code: str) -> QuerySet[Listing]:
    rows = Listing.rows.filter(side="request", spec__kind="ride").exclude(state="closed")
    here = Q(terms__board__key=code) | Q(terms__alight__key=code)
    return rows.filter(here, window__endswith__gt=clock.now())


def drivers(code: str) -> list[UUID]:
    """Who offers a regular ride over a point."""
    people = {one for one in regular(code).values_list("person", flat=True) if one is not None}
    return sorted(people)
