"""Time moves cases: timers that have come, and turns at a free lane that were not used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from dure.core import clock, jobs, rulebook
from dure.core.actions import Who, action, line
from dure.core.actors import Actor, Role
from dure.core.errors import Refusal
from dure.exchange import interpreter, policies, waiting
from dure.exchange.cases import Case
from dure.exchange.models import Agreement, Match, Timer
from dure.ledger.posting import Movement, post

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
    """Claim due timers and take their steps; a timer may come late or twice, the state decides.

    Effects: as the declared timers have them; at most 200 cases a run, each inside a savepoint.
    One that is refused (an account is frozen, say) stays as it was and is tried again later.
    """
    now = clock.now()
    due = list(
        Timer.rows.filter(fired_at=None, due_at__lte=now)
        .select_for_update(skip_locked=True)
        .order_by("due_at", "id")[:AT_ONCE]
    )
    movements: list[Movement] = []
    moved = stuck = 0
    for alarm in due:
        try:
            with transaction.atomic():
                taken = _fire(alarm, actor)
        except Refusal:
            stuck += 1
            _later(alarm)
            continue
        if taken is not None:
            moved += 1
            movements.extend(taken)
    passed = waiting.pass_on()
    if movements:
        post(movements)
    line().changed("timers", None, len(due))
    return Ticked(moved=moved, void=len(due) - moved - stuck, stuck=stuck, passed=passed)


def _fire(alarm: Timer, actor: Actor) -> tuple[Movement, ...] | None:
    """Take the step of a timer; None when its case has moved on."""
    rows = Agreement.rows.select_related("pool", "spec", "asset", "listing")
    locked = rows.select_for_update(of=("self",), no_key=True).get(id=alarm.agreement_id)
    if not Timer.rows.filter(pk=alarm.pk, fired_at=None).exists():
        return None  # an earlier one of this run moved the case, and its timers are gone
    process = interpreter.process_of(locked)
    transition = process.transition(process.state(locked.state), alarm.transition)
    alarm.fired_at = clock.now()
    alarm.audit = line().id
    alarm.save(update_fields=["fired_at", "audit"])
    if transition is None or not transition.is_timer:
        return None
    return interpreter.take(Case(locked, transition, process), actor).movements


def _later(alarm: Timer) -> None:
    again = rulebook.value(AGAIN_RULE).integer
    Timer.rows.filter(pk=alarm.pk).update(
        fired_at=None, due_at=clock.now() + timedelta(minutes=again), audit=line().id
    )


def is_tick_due() -> bool:
    """Whether a timer has fallen due; asked each minute, so that an idle one leaves no line."""
    now = clock.now()
    return (
        Timer.rows.filter(fired_at=None, due_at__lte=now).exists()
        or Match.rows.filter(state=Match.State.HELD, held_until__lte=now).exists()
    )


jobs.timer("exchange.agreement.tick", cron="* * * * *", when=is_tick_due)
