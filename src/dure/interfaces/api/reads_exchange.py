"""Public reads of the exchange: repair events."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from dure.exchange import queries
from dure.interfaces.api.pages import DOCUMENTED, Listed, Query, Window

router = Router(tags=["exchange"])


class EventOut(Schema):
    """One repair event with its counts."""

    id: str
    host: str
    district: str | None
    opens: datetime
    closes: datetime
    attempts: int
    fixed: int


class Which(Schema):
    """Which events."""

    district: Annotated[str, Field(pattern="^([0-9]{5})?$")] = ""
    upcoming: bool = False


@router.get(
    "/repair-events",
    response=Listed[EventOut],
    openapi_extra=DOCUMENTED,
    operation_id="repair_events",
)
def events(request: HttpRequest, window: Query[Window], which: Query[Which]) -> dict[str, object]:
    """Repair events, past ones newest first, or those to come."""
    rows = queries.events(district=which.district or None, upcoming=which.upcoming)
    shown = queries.event_rows(list(rows[window.offset : window.offset + window.limit]))
    return {"total": rows.count(), "items": [_event(row) for row in shown]}


def _event(row: queries.EventRow) -> dict[str, object]:
    return {
        "id": str(row.pool.id),
        "host": row.host,
        "district": row.pool.district_id,
        "opens": row.pool.opens,
        "closes": row.pool.closes,
        "attempts": row.attempts,
        "fixed": row.fixed,
    }
