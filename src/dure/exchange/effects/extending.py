"""A thing that is out stays out longer, where nobody else was promised it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from dure.core import clock, rulebook
from dure.core.actions import line
from dure.core.errors import Refusal
from dure.core.text import T
from dure.exchange import counter, waiting
from dure.exchange.declaration import Effect
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Commitment
from dure.exchange.terms import maintenance_due

from . import slots
from .underway import Underway, effect

DAYS_RULE = "exchange.loan.extend_days"


@effect("extend_slot")
def extend_slot(step: Underway, what: Effect) -> None:
    """Put off the end by the days asked for; bookings behind move to a free lane, none is lost.

    The fee stays as agreed. Raises GUARD with what is in the way: the rule's days, the longest
    loan, maintenance, a closed counter, somebody who booked or has a turn.
    """
    case = step.agreement
    longer = step.seen().answers["extend"]
    assert case.ends is not None
    ends = case.ends + timedelta(days=longer.days)
    _refuse(_why_not(step, longer.days, ends))
    for one in slots.open_of(case):
        _widen(one, ends)
    line().changed("ends", case.ends.isoformat(), ends.isoformat())
    case.ends = ends
    case.save(update_fields=["ends"])


def _refuse(why: T | None) -> None:
    if why is not None:
        raise Refusal(ExchangeCode.GUARD, why=why)


def _why_not(step: Underway, days: int, ends: datetime) -> T | None:
    """What of the thing's own terms is in the way."""
    case, seen = step.agreement, step.seen()
    most = rulebook.value(DAYS_RULE).integer
    assert case.ends is not None and case.starts is not None
    if case.ends <= clock.now():
        return T("이미 돌려줄 때가 지났습니다", "it is due already")
    if not 1 <= days <= most:
        return T(f"한 번에 1일에서 {most}일까지 늘립니다", f"it is prolonged by 1 to {most} days")
    longest = seen.asset.get("max_days", 0)
    if longest and ends - case.starts > timedelta(days=longest):
        return T(f"모두 {longest}일까지 빌릴 수 있습니다", f"it is lent for {longest} days in all")
    due = maintenance_due(seen.asset)
    if due is not None and clock.kst_date(ends) > due:
        return T("그 전에 점검해야 합니다", "it has to be looked over before then")
    asset = case.asset
    return counter.closed_at(asset.hours, asset.terms, ends) if asset is not None else None


def _widen(one: Commitment, ends: datetime) -> None:
    """Hold one lane until the new end, if it can be."""
    assert one.asset_id is not None, "only a thing is kept longer"
    old = one.slot
    buffer = slots.lanes_of([one.asset_id])[one.asset_id].buffer
    wider = DateTimeTZRange(old.lower, ends + buffer, "[)")
    slots.lock_cases_after(one, wider)
    asset = slots.lock_asset(one.asset_id)
    extra = DateTimeTZRange(old.upper, wider.upper, "[)")
    kept = waiting.held_for_others(one.asset_id, extra, one.taker)
    taken = T("그때는 다른 이웃이 예약했습니다", "somebody else has booked it for then")
    if len(slots.free_lanes(asset, extra)) <= kept:
        _refuse(taken)
    for later in slots.behind(one, wider):
        if not slots.moved_aside(later, asset):
            _refuse(taken)
    one.slot = wider
    one.version += 1
    one.audit = line().id
    one.save(update_fields=["slot", "version", "audit"])
