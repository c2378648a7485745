"""Jobs: an action to be run later, asked for inside an action, in the same transaction.

Nouns: job (작업, random id), timer (시간 작업, an action that the clock asks for).
Law: a job is a row; it runs at least once, and so each run is the same idempotent action under
the key uuid5(job). Mandates are read again when it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.db import DatabaseError, OperationalError, close_old_connections, transaction
from procrastinate import BaseRetryStrategy, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from dure.core import clock, progress, running
from dure.core.actions import CATALOGUE, run
from dure.core.actors import Actor, ActorKind
from dure.core.errors import Kind, Refusal
from dure.core.models.work import Progress

NAMESPACE = UUID("6d0c7f2e-3f7a-4a53-9d3b-0f6c4f1f7a01")
WAITS = (5, 30, 120, 600)


@dataclass(frozen=True, slots=True)
class JobRef:
    """A job that was asked for; its page is found by this id."""

    id: str


class WaitLonger(BaseRetryStrategy):
    """Try again after 5 s, 30 s, 2 min, 10 min; then the job stays failed for the desk."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if job.attempts >= len(WAITS):
            return None
        return RetryDecision(retry_in={"seconds": WAITS[job.attempts]})


def later(
    action: str,
    body: Mapping[str, object],
    actor: Actor,
    *,
    after: timedelta | None = None,
    approval: UUID | None = None,
    reason: str | None = None,
) -> JobRef:
    """Have the worker run `action` with `body` for `actor` once this transaction is committed.

    Callable inside a running action only: job and change stand or fall together. The body is
    checked now; policy and mandates are asked when it runs.
    """
    running.current()
    entry = CATALOGUE[action]
    checked: dict[str, Any] = entry.body.model_validate(dict(body)).model_dump(mode="json")
    job = uuid4()
    Progress.rows.create(job=job, owner=actor.id, action=action, asked_at=clock.now())
    task = app.configure_task(
        "core.run_action",
        queue="long" if entry.long else "default",
        schedule_in={"seconds": int(after.total_seconds())} if after else None,
    )
    task.defer(
        job=str(job),
        action=action,
        body=checked,
        kind=actor.kind.value,
        person=str(actor.id) if actor.id else None,
        name=actor.name,
        acting_for=str(actor.acting_for) if actor.acting_for else None,
        approval=str(approval) if approval else None,
        reason=reason,
        assured=actor.assured,
    )
    return JobRef(str(job))


def key_of(job: UUID | str) -> str:
    """The idempotency key of every run of one job."""
    return str(uuid5(NAMESPACE, str(job)))


def run_job(
    job: str,
    action: str,
    body: dict[str, object],
    kind: str,
    person: str | None,
    name: str,
    acting_for: str | None,
    approval: str | None = None,
    reason: str | None = None,
    assured: bool = False,
) -> None:
    """Run one job. A refusal ends it and is told on its progress; anything else is tried again."""
    close_old_connections()
    actor = Actor(
        ActorKind(kind),
        UUID(person) if person else None,
        name=name,
        origin="job",
        acting_for=UUID(acting_for) if acting_for else None,
        assured=assured,
    )
    if actor.kind is ActorKind.OPERATOR:
        actor = Actor.operator(origin="job")
    number = UUID(job)
    try:
        with progress.running_job(number):
            given = UUID(approval) if approval else None
            outcome = run(action, body, actor, key=key_of(job), reason=reason, approval=given)
    except Refusal as refusal:
        if refusal.kind is Kind.BUSY:
            raise
        cancelled = refusal.name == "core.cancelled"
        state = Progress.State.CANCELLED if cancelled else Progress.State.REFUSED
        progress.ended(number, state, refusal=refusal)
        _tell(number, actor, action, refused=True)
    except (DatabaseError, OperationalError):
        raise
    except Exception:
        progress.ended(number, Progress.State.FAILED)
        raise
    else:
        progress.ended(number, Progress.State.DONE, line=outcome.line_id)
        if CATALOGUE[action].long:
            _tell(number, actor, action, refused=False)
    finally:
        close_old_connections()


def _tell(job: UUID, actor: Actor, action: str, *, refused: bool) -> None:
    if actor.id is None or transaction.get_connection().in_atomic_block:
        return
    run(
        "core.job.tell",
        {"job": str(job), "person": str(actor.id), "action": action, "refused": refused},
        Actor.timer("core.job"),
        key=f"{key_of(job)}:told",
    )


@dataclass(frozen=True, slots=True)
class Timer:
    """An action that the clock asks for."""

    action: str
    cron: str


TIMERS: dict[str, Timer] = {}


def _always() -> bool:
    return True


def timer(action: str, *, cron: str, when: Callable[[], bool] = _always) -> None:
    """Have the worker run `action` (``who`` = timer, empty body) at the times of `cron`.

    `when` is asked first, outside any transaction, so that an idle minute leaves no audit line.
    """
    assert TIMERS.get(action, Timer(action, cron)) == Timer(action, cron), f"{action} timed twice"
    if action in TIMERS:
        return
    TIMERS[action] = Timer(action, cron)

    @app.periodic(cron=cron)
    @app.task(name=f"timer.{action}", queue="default", queueing_lock=f"timer.{action}")
    def run_timer(timestamp: int) -> None:
        close_old_connections()
        try:
            if when():
                run(action, {}, Actor.timer(action))
        finally:
            close_old_connections()
