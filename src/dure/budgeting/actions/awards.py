"""Winners after the vote: reports with steps and spending, the flag of silence, an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Literal
from uuid import uuid4

from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from pydantic import Field as Bound

from dure.budgeting import policies, stating, subjects, telling, writing
from dure.budgeting.errors import BudgetCode
from dure.budgeting.models import (
    Award,
    AwardChange,
    AwardReport,
    Call,
    Flag,
    Milestone,
    Spending,
)
from dure.budgeting.types import PhotoIn
from dure.core import clock, jobs, running
from dure.core.actions import Reason, Who, action, always, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import CodeText, District, IsoDate, Line, Name, Note, UuidText, Won

DelayCode = Literal[
    "permit", "land", "design", "contract", "supply", "weather", "residents", "carry_over", "other"
]
AmountCode = Literal["price", "scope", "bid", "other"]
OVER = ("cancelled", "finished")
SPENT = {
    "dure.spending_over_award": BudgetCode.SPENT_TOO_MUCH,
    "dure.call_step": BudgetCode.STEP,
}


@dataclass(frozen=True, slots=True)
class AwardRef:
    """A winner, and whether it goes on."""

    id: str
    is_over: bool


def _alive(award: Award) -> None:
    if award.changes.filter(kind__in=OVER).exists():
        raise Refusal(BudgetCode.AWARD_OVER)


def _ref(award: Award, *, is_over: bool) -> AwardRef:
    line().object("budgeting.award", award.id)
    line().organisation(award.result.call.organisation_id)
    return AwardRef(str(award.id), is_over)


@action(
    "budgeting.award.report",
    ko="뽑힌 사업이 어떻게 되고 있는지 알립니다.",
    en="Report how a winner gets on.",
    policy=policies.may_keep_call,
    letters=policies.KEEPERS,
    subject=subjects.award,
    lock=subjects.lock_award,
    idempotent=True,
    writes=(
        "budgeting_awardreport",
        "budgeting_milestone",
        "budgeting_spending",
        "budgeting_awardchange",
        "budgeting_flag",
        "budgeting_call",
        "core_notice",
    ),
    labels=(stating.SPENT, stating.FINISHED),
    notices=(telling.REPORTED,),
    refusals=(
        CoreCode.NOT_FOUND,
        BudgetCode.AWARD_OVER,
        BudgetCode.SPENDING,
        BudgetCode.PAID_LATER,
        BudgetCode.SPENT_TOO_MUCH,
        BudgetCode.MILESTONE,
        BudgetCode.STEP,
        BudgetCode.DELAY,
        BudgetCode.PHOTO,
    ),
    constraints=SPENT,
)
def report_award(
    award_id: UuidText,
    text: Note,
    milestone: Name | None = None,
    due_on: IsoDate | None = None,
    done_on: IsoDate | None = None,
    spent_won: Won | None = None,
    spent_on: IsoDate | None = None,
    purpose: Line | None = None,
    document: Line | None = None,
    next_due_on: IsoDate | None = None,
    delay_code: DelayCode | None = None,
    photos: Annotated[tuple[PhotoIn, ...], Bound(max_length=5)] = (),
    finished: bool = False,
    *,
    actor: Actor,
) -> AwardRef:
    """Say in public what was done; with a step, money that was spent, or that all is finished.

    milestone : a step by its title; new ones need `due_on` or `done_on`
    spent_won : with its day, purpose and document; never more than was awarded
    delay_code : why it is late, with `next_due_on`, the day it is due now
    photos    : uploads of the reporter, stripped as all photos are
    Effects: AwardReport, Milestone, Spending, Flag taken down; the call is carried out from now
    on; the journal is told of money and of the end.
    """
    award = subject(Award)
    _alive(award)
    assert actor.id is not None, "the policy lets persons alone through"
    now = clock.now()
    if (delay_code is None) != (next_due_on is None):
        raise Refusal(BudgetCode.DELAY, field="delay_code")
    writing.must_own(photos, actor)
    step = _step(award, milestone, due_on, done_on) if milestone else None
    AwardReport.rows.create(
        award=award,
        milestone=step,
        text=text[:2000],
        next_due_on=next_due_on,
        delay_code=delay_code or "",
        photos=[{"upload": one.upload_id, "alt": one.alt} for one in photos],
        by=actor.id,
        at=now,
        audit=line().id,
    )
    given = (spent_won, spent_on, purpose, document)
    if any(one is not None for one in given):
        if not all(one is not None for one in given):
            raise Refusal(BudgetCode.SPENDING, field="spent_won")
        assert spent_on is not None, "all four are there"
        if spent_on > clock.today():
            raise Refusal(BudgetCode.PAID_LATER, field="spent_on")
        spending = Spending.rows.create(
            award=award,
            amount_won=spent_won,
            paid_on=spent_on,
            purpose=purpose,
            document=document,
            by=actor.id,
            at=now,
            audit=line().id,
        )
        stating.spent(spending)
        line().changed("spent_won", None, spent_won)
    last = award.flags.filter(kind=Flag.Kind.SILENT).order_by("-pk").first()
    if last is not None and last.raised:
        Flag.rows.create(
            award=award, kind=Flag.Kind.SILENT, raised=False, by=actor.id, at=now, audit=line().id
        )
    if finished:
        change = AwardChange.rows.create(
            award=award,
            kind=AwardChange.Kind.FINISHED,
            reason_code="finished",
            by=actor.id,
            at=now,
            audit=line().id,
        )
        stating.finished(change)
    call = award.result.call
    if call.state == Call.State.PUBLISHED:
        call.state, call.entered_at, call.audit = Call.State.FOLLOWING, now, line().id
        call.save(update_fields=["state", "entered_at", "audit"])
    telling.tell_award(award, telling.REPORTED)
    return _ref(award, is_over=finished)


def _step(award: Award, title: str, due_on: date | None, done_on: date | None) -> Milestone:
    """The step of this title, its days taken over; a new one where there is none."""
    found: Milestone | None = award.milestones.filter(title=title).first()
    if found is None:
        planned = due_on or done_on
        if planned is None:
            raise Refusal(BudgetCode.MILESTONE, field="due_on")
        found = Milestone(
            id=uuid4(),
            award=award,
            title=title,
            due_on=planned,
            position=award.milestones.count(),
        )
    found.due_on = due_on or found.due_on
    found.done_on = done_on or found.done_on
    found.audit = line().id
    found.save()
    return found


@action(
    "budgeting.award.cancel",
    ko="뽑힌 사업을 취소합니다.",
    en="Cancel a winner.",
    policy=policies.may_run_call,
    letters=policies.SECONDED,
    subject=subjects.award,
    lock=subjects.lock_award,
    idempotent=True,
    reason=Reason.REQUIRED,
    second_person=always,
    strong=True,
    writes=("budgeting_awardchange", "core_notice"),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.AWARD_OVER),
    notices=(telling.CANCELLED,),
)
def cancel_award(
    award_id: UuidText,
    district: District,
    reason_code: CodeText,
    lesson: Note,
    *,
    actor: Actor,
) -> AwardRef:
    """End a winner that cannot be carried out; the reason and what was learnt are public.

    district : of the call; there a second person is asked
    Effects: AwardChange.
    """
    award = subject(Award)
    _alive(award)
    AwardChange.rows.create(
        award=award,
        kind=AwardChange.Kind.CANCELLED,
        reason_code=reason_code[:30],
        reason=running.current().reason or "",
        lesson=lesson,
        by=actor.id,
        at=clock.now(),
        audit=line().id,
    )
    telling.tell_award(award, telling.CANCELLED)
    return _ref(award, is_over=True)


@action(
    "budgeting.award.change",
    ko="뽑힌 사업의 돈을 바꿉니다.",
    en="Change the money of a winner.",
    policy=policies.may_run_call,
    letters=policies.SECONDED,
    subject=subjects.award,
    lock=subjects.lock_award,
    idempotent=True,
    reason=Reason.REQUIRED,
    second_person=always,
    strong=True,
    writes=("budgeting_awardchange", "core_notice"),
    labels=(stating.AWARDED,),
    notices=(telling.AMOUNT,),
    refusals=(
        CoreCode.NOT_FOUND,
        BudgetCode.AWARD_OVER,
        BudgetCode.SAME_AMOUNT,
        BudgetCode.SPENT_TOO_MUCH,
        BudgetCode.OVER_ENVELOPE,
    ),
    constraints={
        "dure.spending_over_award": BudgetCode.SPENT_TOO_MUCH,
        "dure.award_over_envelope": BudgetCode.OVER_ENVELOPE,
    },
)
def change_award(
    award_id: UuidText,
    district: District,
    amount_won: Won,
    reason_code: AmountCode,
    *,
    actor: Actor,
) -> AwardRef:
    """Give a winner another amount, with a public reason; every earlier one stays to be read.

    district   : of the call; there a second person is asked
    amount_won : at least what was spent; the winners of an envelope never pass its money together
    Effects: AwardChange; the journal: the old won is reversed, the new one stated. Source:
    budgeting design, *Life cycle*, follow-up.
    """
    award = subject(Award)
    _alive(award)
    now_won = amount_of(award)
    if amount_won == now_won:
        raise Refusal(BudgetCode.SAME_AMOUNT, field="amount_won")
    change = AwardChange.rows.create(
        award=award,
        kind=AwardChange.Kind.AMOUNT,
        amount_won=amount_won,
        reason_code=reason_code,
        reason=running.current().reason or "",
        by=actor.id,
        at=clock.now(),
        audit=line().id,
    )
    stating.amount_changed(change)
    line().changed("amount_won", now_won, amount_won)
    telling.tell_award(award, telling.AMOUNT)
    return _ref(award, is_over=False)


def amount_of(award: Award) -> int:
    """What a winner may spend now: by the newest change of its amount, if there is one."""
    last = award.changes.filter(kind=AwardChange.Kind.AMOUNT).order_by("-pk").first()
    if last is None or last.amount_won is None:
        return award.amount_won
    return last.amount_won


@dataclass(frozen=True, slots=True)
class Flagged:
    """How many winners were flagged."""

    flagged: int


@action(
    "budgeting.award.flag",
    ko="오래 보고가 없는 사업에 공개 표시를 답니다.",
    en="Flag winners that were silent too long.",
    policy=policies.may_tick,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("cli", "job"),
    writes=("budgeting_flag",),
)
def flag_silent(*, actor: Actor) -> Flagged:
    """Raise the public flag of silence after the call's `silent_days`. Effects: Flag."""
    now = clock.now()
    found = [
        Flag(award=award, kind=Flag.Kind.SILENT, raised=True, at=now, audit=line().id)
        for award in _silent()
    ]
    Flag.rows.bulk_create(found)
    line().changed("flags", None, len(found))
    return Flagged(len(found))


def _silent() -> list[Award]:
    """Winners going on whose last word is older than their call allows, and that bear no flag."""
    said = AwardReport.rows.filter(award=OuterRef("pk")).order_by("-at").values("at")[:1]
    flags = Flag.rows.filter(award=OuterRef("pk"), kind=Flag.Kind.SILENT).order_by("-pk")
    rows = (
        Award.standing()
        .exclude(changes__kind__in=OVER)
        .annotate(
            heard=Coalesce(Subquery(said), F("at")), flagged=Subquery(flags.values("raised")[:1])
        )
        .select_related("result__call")
        .order_by("pk")
    )
    now = clock.now()
    return [
        one
        for one in rows
        if not one.flagged and one.heard + timedelta(days=one.result.call.silent_days) <= now
    ]


def is_flagging_due() -> bool:
    """Whether a winner fell silent; a day without one leaves no line."""
    return bool(_silent())


jobs.timer("budgeting.award.flag", cron="40 18 * * *", when=is_flagging_due)  # 03:40 in Seoul
