"""Progress of long work: stage, amount, estimate, and the wish to cancel.

Nouns: job (작업, random id), stage (단계), estimate (남은 시간).
Law: written on the second connection at most once a second and at each change of stage; holds no
fact, so its table has no door. Outside a job every function here does nothing.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections

from dure.core.actors import Actor
from dure.core.catalogue import CATALOGUE
from dure.core.errors import CoreCode, Refusal
from dure.core.models.work import Progress
from dure.core.text import T

SIDE = "side"
SECONDS_BETWEEN = 1.0
ESTIMATE_FROM = 0.02


@dataclass(slots=True)
class _Job:
    id: UUID
    stage: str = ""
    written: float = field(default=float("-inf"))
    asked: float = field(default=float("-inf"))
    cancel: bool = False


_job: ContextVar[_Job | None] = ContextVar("dure_job", default=None)


def report(stage_ko: str, stage_en: str, done: int, total: int) -> None:
    """State how far the running job is: `done` of `total` units of this stage.

    Writes at most once a second, and at once when the stage changes or is complete.
    """
    job = _job.get()
    if job is None:
        return
    now = time.monotonic()
    new_stage = stage_en != job.stage
    if not new_stage and done < total and now - job.written < SECONDS_BETWEEN:
        return
    job.stage, job.written = stage_en, now
    with connections[SIDE].cursor() as cursor:
        cursor.execute(
            "UPDATE core_progress SET stage_ko = %s, stage_en = %s, done = %s, total = %s,"
            " stage_at = CASE WHEN %s THEN dure_now() ELSE stage_at END, seen_at = dure_now()"
            " WHERE job = %s RETURNING cancel_asked",
            [stage_ko, stage_en, done, total, new_stage, job.id],
        )
        row = cursor.fetchone()
    job.cancel, job.asked = bool(row and row[0]), now


def cancel_asked(*, afresh: bool = False) -> bool:
    """Whether the person asked to cancel this job; looked up at most once a second."""
    job = _job.get()
    if job is None:
        return False
    now = time.monotonic()
    if not job.cancel and (afresh or now - job.asked >= SECONDS_BETWEEN):
        with connections[SIDE].cursor() as cursor:
            cursor.execute("SELECT cancel_asked FROM core_progress WHERE job = %s", [job.id])
            row = cursor.fetchone()
        job.cancel, job.asked = bool(row and row[0]), now
    return job.cancel


def stop_if_cancelled(*, afresh: bool = False) -> None:
    """Raise ``core.cancelled`` when the person asked to cancel; the action then rolls back."""
    if cancel_asked(afresh=afresh):
        raise Refusal(CoreCode.CANCELLED)


@contextmanager
def running_job(job: UUID) -> Iterator[None]:
    """Name the job of this thread and mark it as running; used by the task that runs actions."""
    token = _job.set(_Job(job))
    _state(job, "running", begin=True)
    try:
        yield
    finally:
        _job.reset(token)


def ended(
    job: UUID, state: Progress.State, *, line: UUID | None = None, refusal: Refusal | None = None
) -> None:
    """Write how a job ended."""
    with connections[SIDE].cursor() as cursor:
        cursor.execute(
            "UPDATE core_progress SET state = %s, ended_at = dure_now(), seen_at = dure_now(),"
            " line = %s, refusal = %s, refusal_ko = %s, refusal_en = %s WHERE job = %s",
            [
                state.value,
                line,
                refusal.name if refusal else "",
                refusal.sentence("ko")[:500] if refusal else "",
                refusal.sentence("en")[:500] if refusal else "",
                job,
            ],
        )


def _state(job: UUID, state: str, *, begin: bool) -> None:
    with connections[SIDE].cursor() as cursor:
        cursor.execute(
            "UPDATE core_progress SET state = %s, seen_at = dure_now(),"
            " started_at = CASE WHEN %s THEN coalesce(started_at, dure_now()) ELSE started_at END"
            " WHERE job = %s",
            [state, begin, job],
        )


@dataclass(frozen=True, slots=True)
class View:
    """A job as a page shows it."""

    job: UUID
    action: str
    title: T
    state: str
    stage: T
    done: int
    total: int
    asked_at: datetime
    ended_at: datetime | None
    left: timedelta | None
    cancel_asked: bool
    line: UUID | None
    refusal: str
    sentence: T

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen."""
        return self.state in ("done", "refused", "cancelled", "failed")


def of(actor: Actor, *, limit: int = 20) -> list[View]:
    """The newest jobs that `actor` asked for."""
    if actor.id is None:
        return []
    rows = Progress.rows.filter(owner=actor.id).order_by("-asked_at")[:limit]
    return [_view(row) for row in rows]


def one(job: UUID | str, actor: Actor) -> View:
    """One job of `actor` (the operator may see every one); ``core.not_found`` otherwise."""
    rows = Progress.rows.filter(job=job)
    if actor.kind.value != "operator":
        rows = rows.filter(owner=actor.id, owner__isnull=False)
    row = rows.first()
    if row is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return _view(row)


def look(job: UUID | str) -> View:
    """One job, whoever gave it: the caller's own policy has said who may look."""
    row = Progress.rows.filter(job=job).first()
    if row is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return _view(row)


def estimate(elapsed: timedelta, done: int, total: int) -> timedelta | None:
    """Time left of the present stage: elapsed · (total − done) / done; None before 2 %.

    >>> estimate(timedelta(seconds=10), 25, 100).total_seconds()
    30.0
    >>> estimate(timedelta(seconds=10), 1, 100) is None
    True
    """
    if total <= 0 or done <= 0 or done < total * ESTIMATE_FROM:
        return None
    return elapsed * (total - done) / done


def _view(row: Progress) -> View:
    entry = CATALOGUE.get(row.action)
    left = None
    if row.state == "running" and row.stage_at and row.seen_at:
        left = estimate(row.seen_at - row.stage_at, row.done, row.total)
    return View(
        job=row.job,
        action=row.action,
        title=entry.text if entry else T(row.action, row.action),
        state=row.state,
        stage=T(row.stage_ko, row.stage_en),
        done=row.done,
        total=row.total,
        asked_at=row.asked_at,
        ended_at=row.ended_at,
        left=left,
        cancel_asked=row.cancel_asked,
        line=row.line,
        refusal=row.refusal,
        sentence=T(row.refusal_ko, row.refusal_en),
    )
