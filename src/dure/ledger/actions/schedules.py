"""Standing orders and scheduled payments: set, stopped, resumed, run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field

from dure.core import clock, jobs, locks, notices
from dure.core.actions import Who, action, line, subject
from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import IsoDate
from dure.ledger import policies, programme_policies, standing, telling
from dure.ledger import programme_subjects as subjects
from dure.ledger.errors import LedgerCode
from dure.ledger.models import AMOUNT_MAX, Account, Lot, Schedule
from dure.ledger.opening import POSTED
from dure.ledger.payments import held, movements_of
from dure.ledger.posting import post
from dure.ledger.programme_errors import ProgrammeCode
from dure.ledger.types import Amount, Purpose, RowId

OWNERS = {**EVERY_PERSON, Role.TREASURER: "om", Role.APPROVER: "om"}
TABLE = ("ledger_schedule",)
Every = Annotated[int, Field(ge=1, le=52)]
Weekday = Annotated[int, Field(ge=0, le=6)]
Day = Annotated[int, Field(ge=1, le=31)]
Tries = Annotated[int, Field(ge=1, le=10)]


@dataclass(frozen=True, slots=True)
class ScheduleRef:
    """A standing payment: its number, its state, its next date ("" = none)."""

    id: str
    state: str
    next_on: str


def _ref(schedule: Schedule) -> ScheduleRef:
    following = schedule.next_on
    return ScheduleRef(str(schedule.pk), schedule.state, following.isoformat() if following else "")


@action(
    "ledger.schedule.set",
    ko="정기 이체나 예약 이체를 정합니다.",
    en="Set a standing order or a scheduled payment.",
    policy=policies.may_pay,
    letters=OWNERS,
    subject=subjects.own_account,
    idempotent=True,
    writes=TABLE,
    refusals=(
        CoreCode.NOT_FOUND,
        ProgrammeCode.BAD_SCHEDULE,
        LedgerCode.CROSS_UNIT,
        LedgerCode.SAME_ACCOUNT,
    ),
)
def set_schedule(
    account_id: RowId,
    payee_id: RowId,
    amount: Amount,
    purpose: Purpose,
    rule: Literal["weekly", "monthly", "once"],
    starts_on: IsoDate,
    every: Every = 1,
    weekday: Weekday | None = None,
    day: Day | None = None,
    ends_on: IsoDate | None = None,
    on_short: Literal["skip", "retry", "stop"] = "skip",
    max_tries: Tries = 3,
    *,
    actor: Actor,
) -> ScheduleRef:
    """Keep the template of a transfer and its rule: every n weeks on a weekday (Monday 0), every n
    months on a day (a short month pays on its last), or once.

    Nothing moves now. `on_short` says what happens when there is not enough on the day.
    """
    payer = subject(Account)
    payee = subjects.one(Account.rows.filter(status="open", lot=None), "payee_id", id=payee_id)
    if payer.pk == payee.pk:
        raise Refusal(LedgerCode.SAME_ACCOUNT)
    if payer.unit_id != payee.unit_id:
        raise Refusal(LedgerCode.CROSS_UNIT)
    fits = {"weekly": weekday is not None, "monthly": day is not None and every <= 24, "once": True}
    backwards = ends_on is not None and ends_on < starts_on
    if not fits[rule] or starts_on < clock.today() or backwards:
        raise Refusal(ProgrammeCode.BAD_SCHEDULE, field="starts_on")
    assert actor.id is not None
    made = Schedule(
        debit=payer,
        credit=payee,
        amount=amount,
        purpose=purpose,
        rule=rule,
        every=every,
        weekday=weekday if rule == "weekly" else None,
        day=day if rule == "monthly" else None,
        starts_on=starts_on,
        ends_on=ends_on,
        on_short=on_short,
        max_tries=max_tries,
        set_by=actor.id,
        set_at=clock.now(),
        audit=line().id,
    )
    made.next_on = standing.first_date(made)
    if made.next_on is None:
        raise Refusal(ProgrammeCode.BAD_SCHEDULE, field="ends_on")
    made.save(force_insert=True)
    line().object("ledger.schedule", made.pk)
    line().changed("next_on", None, made.next_on)
    return _ref(made)


@action(
    "ledger.schedule.stop",
    ko="정기 이체를 멈춥니다.",
    en="Stop a standing payment.",
    policy=policies.may_pay,
    letters=OWNERS,
    subject=subjects.own_schedule,
    lock=subjects.lock_schedule,
    idempotent=True,
    writes=TABLE,
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.NOTHING_TO_DO),
)
def stop_schedule(schedule_id: RowId, *, actor: Actor) -> ScheduleRef:
    """Stop for good; what was posted stays."""
    schedule = subject(Schedule)
    if schedule.state in (Schedule.State.STOPPED, Schedule.State.ENDED):
        raise Refusal(ProgrammeCode.NOTHING_TO_DO)
    _move(schedule, Schedule.State.STOPPED)
    return _ref(schedule)


@action(
    "ledger.schedule.resume",
    ko="오래 밀린 정기 이체를 보내거나 건너뜁니다.",
    en="Pay or skip the dates of a standing payment that were missed for long.",
    policy=policies.may_pay,
    letters=OWNERS,
    subject=subjects.own_schedule,
    lock=subjects.lock_schedule,
    idempotent=True,
    value=True,
    writes=(*TABLE, *POSTED),
    notices=(telling.RECEIVED,),
    refusals=(CoreCode.NOT_FOUND, ProgrammeCode.NOTHING_TO_DO, LedgerCode.INSUFFICIENT),
)
def resume_schedule(
    schedule_id: RowId, missed: Literal["pay", "skip"], *, actor: Actor
) -> ScheduleRef:
    """Deal with the oldest missed date as the owner says, then go on by the rule."""
    schedule = subject(Schedule)
    if schedule.state != Schedule.State.WAITING:
        raise Refusal(ProgrammeCode.NOTHING_TO_DO)
    found = standing.due(schedule, clock.today())
    assert found.wait, "a schedule waits for missed dates alone"
    if missed == "pay":
        _post(schedule, found.wait[0])
    _done(schedule, found.wait[0])
    if len(found.wait) > 1:
        schedule.state = Schedule.State.WAITING
    _save(schedule)
    return _ref(schedule)


def _post(schedule: Schedule, on: date) -> None:
    rows = movements_of(schedule.debit, schedule.credit, schedule.amount, schedule.purpose)
    first = replace(rows[0], key=standing.key(schedule.pk, on))
    rows = [first, *rows[1:]]
    telling.received(rows, post(rows))


def _done(schedule: Schedule, on: date) -> None:
    """Note that a date was dealt with, and when the next one is."""
    schedule.last_on = on
    schedule.tries = 0
    schedule.next_on = standing.after(schedule, on)
    schedule.state = Schedule.State.ACTIVE if schedule.next_on else Schedule.State.ENDED


def _move(schedule: Schedule, state: Schedule.State) -> None:
    line().changed("state", schedule.state, state.value)
    schedule.state = state
    _save(schedule)


def _save(schedule: Schedule) -> None:
    schedule.audit = line().id
    schedule.save(update_fields=["state", "last_on", "tries", "next_on", "last_refusal", "audit"])
    line().object("ledger.schedule", schedule.pk)


@dataclass(frozen=True, slots=True)
class Started:
    """How many standing payments a run handed to the worker."""

    count: int


@action(
    "ledger.schedule.run",
    ko="오늘 보낼 정기 이체를 모읍니다.",
    en="Gather the standing payments that are due.",
    policy=programme_policies.may_run_timer,
    letters={},
    who=Who.TIMER,
    faces=("job",),
    writes=TABLE,
)
def run_schedules(*, actor: Actor) -> Started:
    """Hand each due standing payment to a job of its own, so that one cannot stop another."""
    found = list(_waking().values_list("id", flat=True).order_by("next_on", "id")[:500])
    for number in found:
        jobs.later("ledger.schedule.pay", {"schedule_id": str(number)}, actor)
    line().changed("schedules", None, len(found))
    return Started(len(found))


def _waking() -> Any:  # Any: a queryset
    return Schedule.rows.filter(state=Schedule.State.ACTIVE, next_on__lte=clock.today())


def is_schedule_due() -> bool:
    """Whether a standing payment is due."""
    return bool(_waking().exists())


jobs.timer("ledger.schedule.run", cron="*/15 * * * *", when=is_schedule_due)


@action(
    "ledger.schedule.pay",
    ko="정기 이체 하나를 보냅니다.",
    en="Make one standing payment.",
    policy=programme_policies.may_run_timer,
    letters={},
    who=Who.TIMER,
    faces=("job",),
    value=True,
    writes=(*TABLE, *POSTED),
    notices=(telling.RECEIVED, telling.STANDING),
)
def pay_schedule(schedule_id: RowId, *, actor: Actor) -> ScheduleRef:
    """Post the earliest due date; skip, try again tomorrow or stop when there is not enough.

    Dates missed for longer than the rule wait for a person. Source: rulebook
    `ledger.schedule.wait_days`; row key uuid5(schedule, date).
    """
    rows = Schedule.rows.select_related("debit", "credit")
    schedule = subjects.one(rows, "schedule_id", id=schedule_id)
    locks.row(Schedule.rows.filter(id=schedule_id))
    schedule.refresh_from_db(fields=["state", "last_on", "next_on", "tries"])
    found = standing.due(schedule, clock.today())
    if schedule.state != Schedule.State.ACTIVE:
        return _ref(schedule)
    if found.wait:
        _tell(schedule)
        _move(schedule, Schedule.State.WAITING)
        return _ref(schedule)
    if not found.post:
        schedule.next_on = found.next_on
        _save(schedule)
        return _ref(schedule)
    on = found.post[0]
    if spendable(schedule.debit) < schedule.amount:
        _short(schedule, on)
    else:
        schedule.last_refusal = ""
        _post(schedule, on)
        _done(schedule, on)
    _save(schedule)
    return _ref(schedule)


def spendable(account: Account) -> int:
    """What an account can pay today: out of its lots, where it holds lots."""
    if Lot.rows.filter(accounts__parent=account).exists():
        today = clock.today()
        parts = held(account.pk)
        return sum(p.spendable for p in parts if p.valid_from <= today <= p.valid_to)
    return AMOUNT_MAX if account.spendable is None else account.spendable


def _short(schedule: Schedule, on: date) -> None:
    """There is not enough: as the owner chose; she is told."""
    schedule.last_refusal = LedgerCode.INSUFFICIENT.spec.name
    schedule.tries += 1
    _tell(schedule)
    if schedule.on_short == Schedule.OnShort.STOP:
        schedule.state = Schedule.State.STOPPED
        return
    if schedule.on_short == Schedule.OnShort.RETRY and schedule.tries < schedule.max_tries:
        schedule.next_on = clock.today() + timedelta(days=1)
        return
    _done(schedule, on)


def _tell(schedule: Schedule) -> None:
    owner = schedule.debit.owner_person_id or schedule.set_by
    notices.tell(owner, telling.STANDING)
