"""Time moves cases: timers that have come, and turns at a free lane that were not used.

Law: a case is locked before its timers, as every step does it; one that is busy is left for the
next run. What cannot be moved now stays as it was, is told on the desk, and keeps nobody waiting.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from dure.core import clock, jobs, rulebook
from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.core.errors import Kind, Refusal
from dure.exchange import interpreter, policies, waiting
from dure.exchange.apart import apart
from dure.exchange.cases import Case
from dure.exchange.models import Agreement, Match, Timer
from dure.exchange.posting_out import post_each
from dure.ledger.posting import Movement

from .agreements import LABELS, NOTICES, WRITES

AT_ONCE = 200
AGAIN_RULE = "exchange.tick.again_minutes"


@dataclass(frozen=True, slots=True)
class Ticked:
    """How many cases time moved, how many timers no longer meant anything, how many could not be
    moved now, and how many turns went to the next in line."""

    moved: int
    void: int
    stuck: int = 0
    passed: int = 0


@dataclass(frozen=True, slots=True)
class Fired:
    """A timer whose time has come, its case, and what its step wants posted; None = it meant
    nothing."""

    alarm: Timer
    agreement: Agreement
    movements: tuple[Movement, ...] | None


@action(
    "exchange.agreement.tick",
    ko="때가 된 약속을 옮깁니다.",
    en="Move the cases whose time has come.",
    policy=policies.may_tick,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("cli", "job"),
    writes=WRITES,
    labels=LABELS,
    notices=NOTICES,
)
def tick(*, actor: Actor) -> Ticked:
    """Take the steps of due timers; one may come late or twice, the state decides.

    Effects: as the declared timers have them; at most 200 timers a run, each inside a savepoint.
    One that is refused, by its step or by the ledger, leaves its case as it was: it is tried again
    later, stands on the coordinator's desk at once, and the others go on.
    """
    due = _due(clock.now())
    refused: dict[int, Refusal] = {}
    done: list[Fired] = []
    again = True
    while again:
        with transaction.atomic():
            done = _fire_all([one for one in due if one.pk not in refused], actor, refused)
            gathered = [(one.alarm.pk, one.movements or ()) for one in done]
            unpaid = post_each(gathered, (one.agreement for one in done))
            refused |= unpaid
            again = bool(unpaid)  # then all of them once more, without those
            transaction.set_rollback(again)
    for alarm in due:
        if alarm.pk in refused:
            _later(alarm, refused[alarm.pk])
    passed = waiting.pass_on()
    moved = sum(one.movements is not None for one in done)
    line().changed("timers", None, len(due))
    return Ticked(moved=moved, void=len(done) - moved, stuck=len(refused), passed=passed)


def _due(now: datetime) -> list[Timer]:
    """The timers that are due, of cases that nobody holds now; those cases are locked."""
    open_ = Timer.rows.filter(fired_at=None, due_at__lte=now).order_by("due_at", "id")
    cases = set(open_.values_list("agreement_id", flat=True)[:AT_ONCE])
    rows = Agreement.rows.filter(pk__in=cases).order_by("pk")
    free = rows.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True)
    return list(open_.filter(agreement_id__in=list(free))[:AT_ONCE])


def _fire_all(due: list[Timer], actor: Actor, refused: dict[int, Refusal]) -> list[Fired]:
    """Take the steps one by one; those that are refused, or that meet a fault of ours, are put
    beside the others."""
    done = []
    for alarm in due:
        try:
            with apart(f"timer of case {alarm.agreement_id}"):
                done.append(_fire(alarm, actor))
        except Refusal as refusal:
            refused[alarm.pk] = refusal
    return done


def _fire(alarm: Timer, actor: Actor) -> Fired:
    """Take the step of a timer, where its case has not moved on."""
    rows = Agreement.rows.select_related("pool", "spec", "asset", "listing")
    found = rows.get(id=alarm.agreement_id)
    if not Timer.rows.filter(pk=alarm.pk, fired_at=None).exists():
        return Fired(alarm, found, None)  # an earlier one of this run moved the case
    process = interpreter.process_of(found)
    transition = process.transition(process.state(found.state), alarm.transition)
    fired = Timer.rows.filter(pk=alarm.pk)
    fired.update(fired_at=clock.now(), refusal=None, audit=line().id)
    if transition is None or not transition.is_timer:
        return Fired(alarm, found, None)
    taken = interpreter.take(Case(found, transition, process), actor)
    return Fired(alarm, found, taken.movements)


def _later(alarm: Timer, refusal: Refusal) -> None:
    """Keep a timer for later, and say why; what was only busy is simply due still."""
    if refusal.kind is Kind.BUSY:
        return
    again = rulebook.value(AGAIN_RULE).integer
    Timer.rows.filter(pk=alarm.pk).update(
        fired_at=None,
        due_at=clock.now() + timedelta(minutes=again),
        refusal={
            "code": refusal.name,
            "ko": refusal.sentence("ko"),
            "en": refusal.sentence("en"),
        },
        audit=line().id,
    )


def is_tick_due() -> bool:
    """Whether a timer has fallen due; asked each minute, so that an idle one leaves no line."""
    now = clock.now()
    return (
        Timer.rows.filter(fired_at=None, due_at__lte=now).exists()
        or Match.rows.filter(state=Match.State.HELD, held_until__lte=now).exists()
    )


jobs.timer("exchange.agreement.tick", cron="* * * * *", when=is_tick_due)
