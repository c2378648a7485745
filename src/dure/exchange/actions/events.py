"""Repair events: opened by their host, cancelled with a reason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from uuid import uuid4

from pydantic import Field

from dure.core import clock
from dure.core.actions import Reason, Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import IsoInstant, Line, UuidText
from dure.exchange import policies, subjects
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Pool
from dure.registry.models import Organisation

HOSTS = {Role.STAFF: "dm", Role.BOARD: "m", Role.OPERATOR: "o"}
LENGTH_MAX = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class PoolRef:
    """The id of an event."""

    id: str


@action(
    "exchange.pool.open",
    ko="수리 모임을 엽니다.",
    en="Open a repair event.",
    policy=policies.may_open_event,
    letters=HOSTS,
    who=(Who.PERSON, Who.OPERATOR),
    subject=subjects.organisation,
    idempotent=True,
    writes=("exchange_pool",),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.BAD_TIMES),
)
def open_event(
    organisation_id: UuidText,
    title: Line,
    place: Line,
    opens: IsoInstant,
    closes: IsoInstant,
    synthetic: Annotated[bool, Field(strict=True)] = False,
    *,
    actor: Actor,
) -> PoolRef:
    """Put an event with date, place and host on the list.

    Effects: a Pool of kind event_queue. An event lasts a day at most.
    """
    host = subject(Organisation)
    if not opens < closes <= opens + LENGTH_MAX:
        raise Refusal(ExchangeCode.BAD_TIMES, field="closes")
    event = Pool(
        id=uuid4(),
        kind=Pool.Kind.EVENT_QUEUE,
        organisation=host,
        district_id=host.district_id,
        title=title,
        place=place,
        opens=opens,
        closes=closes,
        is_synthetic=synthetic,
        created_at=clock.now(),
        audit=line().id,
    )
    event.save(force_insert=True)
    line().object("exchange.pool", event.id)
    line().organisation(host.id)
    line().changed("opens", None, opens)
    return PoolRef(str(event.id))


@action(
    "exchange.pool.cancel",
    ko="수리 모임을 취소합니다.",
    en="Cancel a repair event.",
    policy=policies.may_edit_event,
    letters=HOSTS,
    who=(Who.PERSON, Who.OPERATOR),
    subject=subjects.pool,
    lock=subjects.lock_pool,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=("exchange_pool",),
    refusals=(CoreCode.NOT_FOUND, CoreCode.STATE_CHANGED),
)
def cancel_event(pool_id: UuidText, *, actor: Actor) -> PoolRef:
    """Say that an event does not take place; records that were made stay."""
    event = subject(Pool)
    if event.cancelled:
        raise Refusal(CoreCode.STATE_CHANGED, state="–")
    event.cancelled = True
    event.audit = line().id
    event.save(update_fields=["cancelled", "audit"])
    line().object("exchange.pool", event.id)
    line().organisation(event.organisation_id)
    line().changed("cancelled", False, True)
    return PoolRef(str(event.id))
