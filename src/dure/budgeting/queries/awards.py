"""Winners as everybody sees them after the vote: what was done, spent, flagged, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Sum

from dure.budgeting.models import Award, Call, Milestone
from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T

STATES = {
    "": ("now", T("실행 중", "Being carried out")),
    "finished": ("ok", T("마침", "Finished")),
    "cancelled": ("stop", T("취소", "Cancelled")),
}


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of a winner."""

    title: str
    due_on: date
    done_on: date | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class ReportView:
    """What was reported."""

    text: str
    at: datetime


@dataclass(frozen=True, slots=True)
class AwardView:
    """A winner. `state` is empty while it goes on; `mark` is the look of its state."""

    id: UUID
    code: str
    name: T
    position: int
    amount_won: int
    spent_won: int
    state: str
    state_text: T
    mark: str
    reason: str
    lesson: str
    is_silent: bool
    steps: tuple[StepView, ...]
    reports: tuple[ReportView, ...]


def awards(call_id: UUID | str, actor: Actor) -> tuple[AwardView, ...]:
    """The winners of the newest published result of a call that the actor may see."""
    rows = (
        Award.rows.filter(
            result__call__in=Call.objects.within(actor).filter(pk=call_id),
            result__replaced_by=None,
        )
        .select_related("project")
        .prefetch_related("changes", "milestones", "reports", "flags")
        .annotate(spent=Sum("spendings__amount_won"))
        .order_by("position")
    )
    return tuple(_view(one, one.spent or 0) for one in rows)


def _view(one: Award, spent: int) -> AwardView:
    ended = next((c for c in one.changes.all() if c.kind in STATES), None)
    state = ended.kind if ended else ""
    flags = sorted((f for f in one.flags.all() if f.kind == "silent"), key=lambda f: f.pk)
    mark, text = STATES[state]
    project = one.project
    return AwardView(
        id=one.pk,
        code=project.code,
        name=T(project.name, project.name_en or project.name),
        position=one.position,
        amount_won=one.amount_won,
        spent_won=spent,
        state=state,
        state_text=text,
        mark=mark,
        reason=ended.reason if ended else "",
        lesson=ended.lesson if ended else "",
        is_silent=bool(flags) and flags[-1].raised and not state,
        steps=tuple(_step(step) for step in one.milestones.all()),
        reports=tuple(
            ReportView(r.text, r.at)
            for r in sorted(one.reports.all(), key=lambda r: r.at, reverse=True)
        ),
    )


def _step(step: Milestone) -> StepView:
    late = step.done_on is None and step.due_on < clock.today()
    return StepView(step.title, step.due_on, step.done_on, late)
