"""One day of a ride: it does not go, or it leaves at another time; its riders are told at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from dure.core import clock, door, notices
from dure.core.actions import CATALOGUE, action, line, subject
from dure.core.actors import EVERY_PERSON, Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.models.work import Notice
from dure.core.text import T
from dure.core.types import UuidText
from dure.exchange import policies, posting_out, trips
from dure.exchange.cases import Case, people_in
from dure.exchange.errors import ExchangeCode
from dure.exchange.interpreter import process_of, take
from dure.exchange.models import Agreement, Asset, Commitment, Timer
from dure.exchange.models.commitments import OPEN
from dure.exchange.moments import timers
from dure.exchange.riding import Trip, stored, trip_of
from dure.exchange.terms import TimeOfDay
from dure.ledger.posting import Movement

from .agreements import LABELS, NOTICES, WRITES
from .rides import RideRef

SKIPPED = notices.template(
    "exchange.ride_skipped",
    subject=T("함께 탈 차가 그날은 가지 않습니다", "A ride does not go that day"),
    text=T(
        "운전하는 이가 그날은 쉽니다. 맡긴 몫이 있으면 돌려드렸습니다. 다른 차를 찾아 주세요.",
        "The driver rests that day. What was held is yours again. Please look for another car.",
    ),
    path="/exchange/rides/",
    urgency=Notice.Urgency.NOW,
)
SHIFTED = notices.template(
    "exchange.ride_shifted",
    subject=T("함께 탈 차의 시각이 바뀌었습니다", "A ride leaves at another time"),
    text=T(
        "운전하는 이가 떠나는 시각을 바꾸었습니다. 새 시각을 보고, 맞지 않으면 취소해 주세요.",
        "The driver changed when the car leaves. See the new time; cancel if it does not suit you.",
    ),
    path="/exchange/rides/%(trip)s/",
    urgency=Notice.Urgency.NOW,
)
BACK_BY = {"asked": "decline", "accepted": "cancel"}


def trip_to_come(body: Any, actor: Actor) -> Asset:  # Any: each action its own body
    """A trip in sight that has not been taken off."""
    rows = Asset.objects.within(actor).filter(kind=Asset.Kind.TRIP, parent=None, retired_at=None)
    found: Asset | None = rows.filter(id=body.trip_id).first()
    if found is None or trip_of(found.terms) is None:
        raise Refusal(CoreCode.NOT_FOUND, field="trip_id")
    return found


@action(
    "exchange.ride.skip",
    ko="하루의 함께 타기를 쉽니다.",
    en="Let a ride rest on one day.",
    policy=policies.may_drive,
    letters=EVERY_PERSON,
    subject=trip_to_come,
    idempotent=True,
    for_another=True,
    writes=WRITES,
    labels=LABELS,
    notices=(*NOTICES, SKIPPED),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.IN_USE),
)
def skip_ride(trip_id: UuidText, *, actor: Actor) -> RideRef:
    """Take one trip off: requests are declined, promised seats and what was held given back, the
    riders told; the other days of a regular ride go on.

    Raises  IN_USE once somebody is on board
    Effects: a step of every case of the trip; Asset.
    """
    row = subject(Asset)
    cases = _cases(row)
    if any(case.state not in BACK_BY for case in cases):
        raise Refusal(ExchangeCode.IN_USE)
    movements = [one for case in cases for one in _back(case, actor)]
    posting_out.post(movements, cases)
    notices.tell_many(_riders(cases), SKIPPED)
    row.retired_at = clock.now()
    row.audit = line().id
    row.save(update_fields=["retired_at", "audit"])
    line().object("exchange.asset", row.id)
    line().changed("cases", len(cases), 0)
    return RideRef(str(row.id), 1)


@action(
    "exchange.ride.shift",
    ko="하루의 함께 타기가 떠나는 시각을 바꿉니다.",
    en="Let a ride leave at another time on one day.",
    policy=policies.may_drive,
    letters=EVERY_PERSON,
    subject=trip_to_come,
    idempotent=True,
    for_another=True,
    writes=("exchange_asset", "exchange_agreement", "exchange_commitment", "exchange_timer"),
    notices=(SHIFTED,),
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.BAD_SLOT,
        ExchangeCode.IN_USE,
        ExchangeCode.NOT_PAID_THEN,
        ExchangeCode.SHIFTED_TOO_FAR,
    ),
)
def shift_ride(trip_id: UuidText, at: TimeOfDay, *, actor: Actor) -> RideRef:
    """Let one trip leave at another time of its day; the other days stay as they are.

    Where somebody was promised a seat, by no more than a rider waits (the trip's own limit);
    riders and who has asked are told, and may cancel as ever.
    Raises  SHIFTED_TOO_FAR beyond that, NOT_PAID_THEN where cost is shared and may not be then
    Effects: Asset; times, seats and timers of its cases.
    """
    row = subject(Asset)
    cases = _cases(row)
    row = Asset.rows.select_for_update(no_key=True).get(pk=row.pk)
    trip = trip_of(row.terms)
    assert trip is not None
    departs = _moved(trip, at)
    if any(case.state not in BACK_BY for case in cases):
        raise Refusal(ExchangeCode.IN_USE)
    shift = departs - trip.departs
    promised = any(case.state == "accepted" for case in cases)
    if promised and abs(shift) > timedelta(seconds=trip.window_s):
        raise Refusal(ExchangeCode.SHIFTED_TOO_FAR, minutes=trip.window_s // 60)
    moved = replace(trip, departs=departs, until=trip.until + shift)
    row.terms = stored(moved)
    row.audit = line().id
    row.save(update_fields=["terms", "audit"])
    seats = Commitment.rows.filter(asset__parent=row, state__in=OPEN)
    seats.update(slot=DateTimeTZRange(moved.departs, moved.until, "[)"), audit=line().id)
    for case in cases:
        _move_case(case, shift)
    notices.tell_many(_riders(cases), SHIFTED, places={"trip": str(row.id)})
    line().object("exchange.asset", row.id)
    line().changed("departs", trip.departs.isoformat(), departs.isoformat())
    return RideRef(str(row.id), 1)


def _back(case: Agreement, actor: Actor) -> tuple[Movement, ...]:
    """Take the step that ends a case, as its driver may; what is given back is posted with that of
    the others, as a transaction posts once."""
    process = process_of(case)
    transition = process.transition(process.state(case.state), BACK_BY[case.state])
    assert transition is not None, f"{case.state} has no {BACK_BY[case.state]}"
    step = Case(case, transition, process)
    door.ask(CATALOGUE["exchange.agreement.step"], actor, step, clock.now())
    return take(step, actor).movements


def _cases(row: Asset) -> list[Agreement]:
    """The running cases of a trip, locked in the order of their ids."""
    rows = Agreement.rows.select_for_update(no_key=True).filter(asset=row, is_closed=False)
    return list(rows.order_by("id"))


def _riders(cases: Sequence[Agreement]) -> list[Any]:  # Any: ids of people
    return sorted({one for case in cases for one in people_in(case, "rider")}, key=str)


def _moved(trip: Trip, at: str) -> datetime:
    """The new moment of leaving: another one, to come, on the same day."""
    day = trip.departs.astimezone(clock.SEOUL).date()
    try:
        departs = datetime.combine(day, time.fromisoformat(at), clock.SEOUL)
    except ValueError:  # the hour 24 is of another day
        raise Refusal(ExchangeCode.BAD_SLOT, field="at") from None
    if departs <= clock.now() or trip.departs <= clock.now() or departs == trip.departs:
        raise Refusal(ExchangeCode.BAD_SLOT, field="at")
    if trip.back != "gift" and not trips.may_be_paid(departs):
        raise Refusal(ExchangeCode.NOT_PAID_THEN, field="at")
    return departs


def _move_case(case: Agreement, shift: timedelta) -> None:
    """A case that goes with its trip: its times, and what falls due by them."""
    assert case.starts is not None and case.ends is not None
    case.starts, case.ends = case.starts + shift, case.ends + shift
    case.audit = line().id
    case.save(update_fields=["starts", "ends", "audit"])
    process = process_of(case)
    for one in timers(case, process, process.state(case.state), case.entered_at):
        waiting = Timer.rows.filter(agreement=case, transition=one.transition, fired_at=None)
        waiting.update(due_at=one.due_at, audit=line().id)
