"""Winners as everybody sees them after the vote: what was done, spent, flagged, ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Sum

from dure.budgeting import policies
from dure.budgeting.models import (
    Award,
    AwardChange,
    AwardReport,
    Call,
    Milestone,
    Spending,
    kept_q,
)
from dure.budgeting.words import AMOUNTS, DELAYS, ENDS
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
    """What was reported; `delay_text` with the new due day where it is late."""

    text: str
    at: datetime
    step: str
    delay_text: T | None
    next_due_on: date | None
    photos: tuple[tuple[UUID, str], ...]


@dataclass(frozen=True, slots=True)
class AmountView:
    """One change of a winner's money, public with its reason."""

    old_won: int
    new_won: int
    reason_text: T
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SpendingView:
    """One payment as the desk sees it.

    back_why      : the reason for which it was taken back; None while it stands
    may_take_back : whether the actor may take it back now
    """

    id: UUID
    amount_won: int
    paid_on: date
    purpose: str
    document: str
    back_why: str | None
    may_take_back: bool


@dataclass(frozen=True, slots=True)
class AwardView:
    """A winner. `state` is empty while it goes on; `mark` is the look of its state.

    amount_won  : by the newest change; `awarded_won` what the result gave it
    heard_at    : its last report, or the day of the result; silent after `silent_days`
    """

    id: UUID
    code: str
    name: T
    position: int
    awarded_won: int
    amount_won: int
    amounts: tuple[AmountView, ...]
    spent_won: int
    state: str
    state_text: T
    mark: str
    reason_text: T | None
    reason: str
    lesson: str
    heard_at: datetime
    silent_days: int
    is_silent: bool
    steps: tuple[StepView, ...]
    reports: tuple[ReportView, ...]


def awards(call_id: UUID | str, actor: Actor) -> tuple[AwardView, ...]:
    """The winners of the newest published result of a call that the actor may see."""
    rows = (
        Award.standing()
        .filter(result__call__in=Call.objects.within(actor).filter(pk=call_id))
        .select_related("project", "result__call")
        .prefetch_related("changes", "milestones", "reports__milestone", "flags")
        .annotate(spent=Sum("spendings__amount_won"))
        .order_by("position")
    )
    return tuple(_view(one, one.spent or 0) for one in rows)


def spendings(award_id: UUID | str, actor: Actor) -> tuple[SpendingView, ...]:
    """What was spent on a winner of a call that the actor works for, the newest payment first."""
    calls = Call.objects.within(actor).filter(kept_q(actor))
    rows = (
        Spending.rows.filter(award=award_id, award__result__call__in=calls, takes_back=None)
        .select_related("award__result__call", "taken_back_by")
        .order_by("-paid_on", "-at")
    )
    return tuple(_spending(one, actor) for one in rows)


def _spending(one: Spending, actor: Actor) -> SpendingView:
    back: Spending | None = getattr(one, "taken_back_by", None)
    runs = policies.may_run_call.holds(actor, one.award.result.call, clock.now())
    return SpendingView(
        id=one.pk,
        amount_won=one.amount_won,
        paid_on=one.paid_on,
        purpose=one.purpose,
        document=one.document,
        back_why=back.purpose if back else None,
        may_take_back=back is None and runs,
    )


def _view(one: Award, spent: int) -> AwardView:
    changes = sorted(one.changes.all(), key=lambda c: c.pk)
    ended = next((c for c in changes if c.kind in STATES), None)
    state = ended.kind if ended else ""
    flags = sorted((f for f in one.flags.all() if f.kind == "silent"), key=lambda f: f.pk)
    mark, text = STATES[state]
    project = one.project
    amounts = _amounts(one, changes)
    reports = sorted(one.reports.all(), key=lambda r: r.at, reverse=True)
    return AwardView(
        id=one.pk,
        code=project.code,
        name=T(project.name, project.name_en or project.name),
        position=one.position,
        awarded_won=one.amount_won,
        amount_won=amounts[-1].new_won if amounts else one.amount_won,
        amounts=amounts,
        spent_won=spent,
        state=state,
        state_text=text,
        mark=mark,
        reason_text=ENDS.get(ended.reason_code) if ended else None,
        reason=ended.reason if ended else "",
        lesson=ended.lesson if ended else "",
        heard_at=reports[0].at if reports else one.at,
        silent_days=one.result.call.silent_days,
        is_silent=bool(flags) and flags[-1].raised and not state,
        steps=tuple(_step(step) for step in one.milestones.all()),
        reports=tuple(_report(r) for r in reports),
    )


def _amounts(one: Award, changes: list[AwardChange]) -> tuple[AmountView, ...]:
    found, old = [], one.amount_won
    for change in changes:
        if change.amount_won is not None:
            words = AMOUNTS.get(change.reason_code, AMOUNTS["other"])
            found.append(AmountView(old, change.amount_won, words, change.reason, change.at))
            old = change.amount_won
    return tuple(found)


def _report(one: AwardReport) -> ReportView:
    return ReportView(
        one.text,
        one.at,
        one.milestone.title if one.milestone else "",
        DELAYS.get(one.delay_code),
        one.next_due_on,
        tuple((UUID(shown["upload"]), shown["alt"]) for shown in one.photos),
    )


def stands_in_report(upload_id: UUID | str, actor: Actor) -> bool:
    """Whether a photo was shown in a report on a winner of a call that the actor may see."""
    calls = Call.objects.within(actor).values("pk")
    return bool(
        AwardReport.rows.filter(
            award__result__call__in=calls, photos__contains=[{"upload": str(upload_id)}]
        ).exists()
    )


def _step(step: Milestone) -> StepView:
    late = step.done_on is None and step.due_on < clock.today()
    return StepView(step.title, step.due_on, step.done_on, late)
