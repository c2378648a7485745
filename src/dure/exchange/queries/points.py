"""Meeting points as the staff of a district keep them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from dure.core.actors import Actor, Role
from dure.core.text import T
from dure.exchange.meeting_use import Use, use_of
from dure.exchange.models import MeetingPoint
from dure.registry.models import District

STATES = ("chosen", "closing", "retired")
TEXT_MAX = 60


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reader asked for; no state means all that still stand."""

    text: str = ""
    state: str = ""
    district: str = ""


@dataclass(frozen=True, slots=True)
class Point:
    """A point as its page shows it."""

    code: str
    district: str
    kind: str
    text: T
    latitude_e5: int
    longitude_e5: int
    state: str


def districts(actor: Actor) -> list[tuple[str, str]]:
    """Code and name of the districts whose points `actor` keeps."""
    rows = District.rows.values_list("sig", "name", "name_en")
    if not actor.scope_ids(Role.STAFF, "city"):
        rows = rows.filter(sig__in=actor.scope_ids(Role.STAFF, "district"))
    return sorted(((sig, str(T(ko, en))) for sig, ko, en in rows), key=lambda pair: pair[1])


def found(filters: Filters, actor: Actor) -> QuerySet[MeetingPoint]:
    """The points of a district that `actor` keeps, by name."""
    kept = {sig for sig, _ in districts(actor)} & {filters.district}
    rows = MeetingPoint.objects.within(actor).filter(district_id__in=kept)
    if filters.text:
        rows = rows.filter(Q(ko__icontains=filters.text) | Q(en__icontains=filters.text))
    states = {
        "chosen": Q(retired_at=None, is_closing=False),
        "closing": Q(retired_at=None, is_closing=True),
        "retired": Q(retired_at__isnull=False),
    }
    return rows.filter(states.get(filters.state, Q(retired_at=None))).order_by("ko", "code")


def told(row: MeetingPoint) -> Point:
    """A point in words."""
    state = "closing" if row.is_closing else "chosen"
    return Point(
        row.code,
        row.district_id,
        row.kind,
        T(row.ko, row.en),
        row.latitude_e5,
        row.longitude_e5,
        state if row.retired_at is None else "retired",
    )


def point(code: str, actor: Actor) -> tuple[Point, Use] | None:
    """A point that `actor` keeps and who counts on it; None for any other."""
    kept = [sig for sig, _ in districts(actor)]
    row = MeetingPoint.objects.within(actor).filter(code=code, district_id__in=kept).first()
    return (told(row), use_of(row.code)) if row is not None else None
