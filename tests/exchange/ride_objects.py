"""Meeting points for the matrix."""

from __future__ import annotations

from uuid import uuid4

from dure.core import clock
from dure.core.actors import Actor
from dure.exchange.models import MeetingPoint
from tests.harness.given import given
from tests.harness.matrix import Place, slot, value

value("exchange.meeting_point.add:kind", "square")
value("exchange.meeting_point.add:latitude_e5", 3_756_000)
value("exchange.meeting_point.add:longitude_e5", 12_691_000)
value("exchange.meeting_point.change:latitude_e5", 3_756_000)
value("exchange.meeting_point.change:longitude_e5", 12_691_000)
value("exchange.meeting_point.change:kind", "square")


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
