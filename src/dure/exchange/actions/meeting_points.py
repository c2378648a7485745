"""Meeting points: installed once, then added, corrected, closed and retired by a district."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal
from uuid import uuid4

from pydantic import Field

from dure.core import clock, notices
from dure.core.actions import Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import CodeText, District, Name
from dure.exchange import policies
from dure.exchange.errors import ExchangeCode
from dure.exchange.meeting_points import rounded
from dure.exchange.meeting_use import coming, drivers, regular, use_of
from dure.exchange.models import MeetingPoint
from dure.exchange.spots import Spot
from dure.registry.models import District as Place

LIST = Path(__file__).parent.parent / "data" / "meeting_points.csv"
Kind = Literal[
    "station", "bus_stop", "parking", "office", "library", "market", "park", "school", "hospital",
    "square",
]  # fmt: skip
PointName = Annotated[Name, Field(max_length=60)]
Latitude = Annotated[int, Field(ge=3_300_000, le=3_900_000)]
Longitude = Annotated[int, Field(ge=12_400_000, le=13_200_000)]
Flag = Annotated[bool, Field(strict=True)]
HOME = re.compile(
    r"[0-9]+\s*호(?!선)|[0-9]+\s*동\s*[0-9]+|우리\s*집|자택|[가-힣]네\s*집|집\s*앞"
    r"|\b(?:apt|apartment|flat|unit|room)\.?\s*#?[0-9]+|\b(?:my|our) (?:home|house|place)\b",
    re.IGNORECASE,
)
CLOSES = notices.template(
    "exchange.meeting_point_closes",
    subject=T("만나는 곳이 없어집니다", "A meeting point goes away"),
    text=T(
        "함께 타기에서 서던 만나는 곳을 더는 쓰지 않습니다. 이미 만든 운행은 그대로 가고, 새 운행은"
        " 만들지 않습니다. 다른 곳에 서도록 자리를 새로 내놓아 주세요.",
        "A meeting point of your regular ride is used no more. Trips that stand go on; no new ones"
        " are made. Please offer your seats anew with another stop.",
    ),
    path="/exchange/rides/mine/",
)


@dataclass(frozen=True, slots=True)
class PointRef:
    """The code of a meeting point."""

    code: str


@dataclass(frozen=True, slots=True)
class PointsInstalled:
    """How many points the list has, and how many of them were new."""

    total: int
    new: int


@action(
    "exchange.meeting_point.install",
    ko="만나는 곳의 첫 목록을 올립니다.",
    en="Install the first list of meeting points.",
    policy=policies.may_install,
    letters={Role.OPERATOR: "o"},
    who=Who.OPERATOR,
    faces=("cli",),
    writes=("exchange_meetingpoint",),
)
def install_points(*, actor: Actor) -> PointsInstalled:
    """Insert the points that no district has yet; what staff wrote since is left as it is.

    Source: our own list, `data/meeting_points.csv`; coordinates are rough.
    """
    with LIST.open(encoding="utf-8") as lines:
        wanted = list(csv.DictReader(lines))
    known = set(MeetingPoint.rows.values_list("code", flat=True))
    missing = [
        MeetingPoint(
            **{name: row[name] for name in ("code", "kind", "ko", "en")},
            district_id=row["district"],
            latitude_e5=int(row["latitude_e5"]),
            longitude_e5=int(row["longitude_e5"]),
            created_at=clock.now(),
            audit=line().id,
        )
        for row in wanted
        if row["code"] not in known
    ]
    MeetingPoint.rows.bulk_create(missing)
    line().changed("points", None, [one.code for one in missing])
    return PointsInstalled(len(wanted), len(missing))


def new_spot(body: Any, actor: Actor) -> Spot:  # Any: each action its own body
    """The district in which a point is to lie."""
    if not Place.rows.filter(sig=body.district).exists():
        raise Refusal(CoreCode.NOT_FOUND, field="district")
    return Spot(None, body.district, False)


@dataclass(frozen=True, slots=True)
class Kept:
    """A point and the district that keeps it."""

    point: MeetingPoint
    organisation_id: None
    district: str


def point_of(body: Any, actor: Actor) -> Kept:  # Any: each action its own body
    """A point that stands; those that were retired stay so."""
    return _kept(MeetingPoint.objects.within(actor).filter(code=body.code).first())


def lock_point(body: Any, actor: Actor) -> Kept:  # Any: each action its own body
    """The same, locked."""
    rows = MeetingPoint.objects.within(actor).select_for_update(no_key=True)
    return _kept(rows.filter(code=body.code).first())


def _kept(found: MeetingPoint | None) -> Kept:
    if found is None or found.retired_at is not None:
        raise Refusal(CoreCode.NOT_FOUND, field="code")
    return Kept(found, None, found.district_id)


@action(
    "exchange.meeting_point.add",
    ko="만나는 곳을 더합니다.",
    en="Add a meeting point.",
    policy=policies.may_keep_points,
    letters={Role.STAFF: "d"},
    subject=new_spot,
    idempotent=True,
    writes=("exchange_meetingpoint",),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.POINT_NOT_PUBLIC, ExchangeCode.POINT_KNOWN),
)
def add_point(
    district: District,
    kind: Kind,
    ko: PointName,
    en: PointName,
    latitude_e5: Latitude,
    longitude_e5: Longitude,
    *,
    actor: Actor,
) -> PointRef:
    """Add a public place of the district; its coordinates are kept to about ten metres.

    Raises  POINT_NOT_PUBLIC for a name that tells of a home, POINT_KNOWN for one that stands
    """
    spot = subject(Spot)
    _check_names(ko, en)
    _check_new(spot.district, ko, None)
    made = MeetingPoint(
        code=f"point-{uuid4().hex[:12]}",
        district_id=spot.district,
        kind=kind,
        ko=ko,
        en=en,
        latitude_e5=rounded(latitude_e5),
        longitude_e5=rounded(longitude_e5),
        created_at=clock.now(),
        audit=line().id,
    )
    made.save(force_insert=True)
    line().object("exchange.meeting_point", made.code)
    line().changed("name", None, ko)
    return PointRef(made.code)


@action(
    "exchange.meeting_point.change",
    ko="만나는 곳을 고치거나 더 고르지 않게 합니다.",
    en="Correct a meeting point, or let nobody choose it any more.",
    policy=policies.may_keep_points,
    letters={Role.STAFF: "d"},
    subject=point_of,
    lock=lock_point,
    idempotent=True,
    writes=("exchange_meetingpoint", "exchange_asset", "exchange_listing"),
    notices=(CLOSES,),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.POINT_NOT_PUBLIC, ExchangeCode.POINT_KNOWN),
)
def change_point(
    code: CodeText,
    kind: Kind | None = None,
    ko: PointName | None = None,
    en: PointName | None = None,
    latitude_e5: Latitude | None = None,
    longitude_e5: Longitude | None = None,
    closing: Flag | None = None,
    *,
    actor: Actor,
) -> PointRef:
    """Change what is named; the rest stays.

    A new name reaches trips to come and regular rides; their times and shares stay as agreed,
    also when the place on the map is corrected.
    closing : nobody chooses it any more; who drives there regularly is told, once
    Effects: MeetingPoint; names of stops in Asset and Listing; notices.
    """
    found = subject(Kept).point
    _check_names(ko or "", en or "")
    if ko is not None:
        _check_new(found.district_id, ko, found.code)
    given = {
        "kind": kind,
        "ko": ko,
        "en": en,
        "latitude_e5": rounded(latitude_e5) if latitude_e5 is not None else None,
        "longitude_e5": rounded(longitude_e5) if longitude_e5 is not None else None,
        "is_closing": closing,
    }
    changed = {
        name: value
        for name, value in given.items()
        if value is not None and getattr(found, name) != value
    }
    for name, value in changed.items():
        line().changed(name, getattr(found, name), value)
        setattr(found, name, value)
    found.audit = line().id
    found.save(update_fields=[*changed, "audit"])
    if changed.keys() & {"ko", "en"}:
        _rename(found)
    if changed.get("is_closing"):
        notices.tell_many(drivers(found.code), CLOSES)
    line().object("exchange.meeting_point", found.code)
    return PointRef(found.code)


def _rename(point: MeetingPoint) -> None:
    """Give the stops of trips to come and of regular rides the point's new names."""
    for rows in (coming(point.code), regular(point.code)):
        for row in rows.select_for_update(of=("self",), no_key=True).order_by("pk"):
            for stop in row.terms["stops"]:
                if stop["key"] == point.code:
                    stop["name"], stop["name_en"] = point.ko, point.en
            row.audit = line().id
            row.save(update_fields=["terms", "audit"])


@action(
    "exchange.meeting_point.retire",
    ko="만나는 곳을 목록에서 내립니다.",
    en="Take a meeting point off the list.",
    policy=policies.may_keep_points,
    letters={Role.STAFF: "d"},
    subject=point_of,
    lock=lock_point,
    idempotent=True,
    writes=("exchange_meetingpoint",),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.POINT_IN_USE),
)
def retire_point(code: CodeText, *, actor: Actor) -> PointRef:
    """Take a point that nobody counts on off every list; old rides still name it.

    Raises  POINT_IN_USE while trips to come halt there or somebody looks for a ride from there
    """
    found = subject(Kept).point
    use = use_of(found.code)
    if not use.is_free:
        last = use.last.isoformat() if use.last is not None else "-"
        raise Refusal(ExchangeCode.POINT_IN_USE, trips=use.trips, wishes=use.wishes, last=last)
    found.retired_at = clock.now()
    found.is_closing = True
    found.audit = line().id
    found.save(update_fields=["retired_at", "is_closing", "audit"])
    line().object("exchange.meeting_point", found.code)
    line().changed("retired", False, True)
    return PointRef(found.code)


def _check_names(*names: str) -> None:
    if any(HOME.search(name) for name in names):
        raise Refusal(ExchangeCode.POINT_NOT_PUBLIC, field="ko")


def _check_new(district: str, ko: str, code: str | None) -> None:
    rows = MeetingPoint.rows.exclude(code=code).filter(district_id=district, retired_at=None)
    if ko in set(rows.values_list("ko", flat=True)):
        raise Refusal(ExchangeCode.POINT_KNOWN, field="ko")
