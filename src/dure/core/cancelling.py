"""Asking a job to stop: a wish that the running action reads between batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dure.core import progress
from dure.core.actions import action, line, subject
from dure.core.actors import EVERY_PERSON, Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.models.work import Progress
from dure.core.policies import is_operator, is_person
from dure.core.text import T
from dure.core.types import UuidText


@dataclass(frozen=True, slots=True)
class CancelWish:
    """The job that was asked to stop."""

    job: str


def _own_job(body: Any, actor: Actor) -> progress.View:  # Any: the drawn body
    return progress.one(body.job, actor)


@action(
    "core.job.cancel",
    ko="맡긴 일을 멈추어 달라고 합니다.",
    en="Ask a task of one's own to stop.",
    policy=is_person | is_operator,
    letters={**EVERY_PERSON, Role.OPERATOR: "o"},
    subject=_own_job,
    writes=("core_progress",),
)
def cancel_job(job: UuidText, *, actor: Actor) -> CancelWish:
    """Set the wish; a job that is over answers with its state."""
    view = subject(progress.View)
    if view.is_over:
        state = Progress.State(view.state)
        raise Refusal(CoreCode.STATE_CHANGED, state=T(str(state.label), state.value))
    Progress.rows.filter(job=view.job).update(cancel_asked=True)
    line().object("core.progress", view.job)
    return CancelWish(str(view.job))
