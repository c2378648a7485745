"""Phases: a call goes on by people, or by the clock from its dates."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from dure.budgeting import closing, drafting, policies, stating, subjects
from dure.budgeting import types as budget_types
from dure.budgeting.errors import BudgetCode
from dure.budgeting.models import Call, Phase, Project
from dure.budgeting.words import STATES
from dure.core import clock, jobs, running
from dure.core.actions import Reason, Who, action, always, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import District, UuidText
from dure.governance.freezing import freeze_rules
from dure.governance.models import Roll
from dure.registry.vault import draw_seeds

from .calls import CallRef

MOVED = {
    "dure.call_is_frozen": BudgetCode.FROZEN,
    "dure.call_step": BudgetCode.STEP,
    "dure.call_roll": BudgetCode.NOT_READY,
    "dure.call_dates": BudgetCode.NOT_READY,
}
S = Call.State


def _at(call: Call, *states: Call.State) -> None:
    if call.state not in states:
        raise Refusal(BudgetCode.WRONG_STATE, state=STATES[call.state])


def _move(call: Call, state: Call.State, *more: str) -> CallRef:
    line().object("budgeting.call", call.id)
    line().organisation(call.organisation_id)
    line().changed("state", call.state, state.value)
    call.state, call.entered_at, call.audit = state, clock.now(), line().id
    call.save(update_fields=["state", "entered_at", "audit", *more])
    return CallRef(str(call.id), call.state)


def _need(is_there: bool, ko: str, en: str) -> None:
    if not is_there:
        raise Refusal(BudgetCode.NOT_READY, why=T(ko, en))


def _dates(call: Call, kind: str) -> Phase:
    found: Phase | None = call.phases.filter(kind=kind).first()
    _need(found is not None, "단계의 날짜가 없습니다.", "a phase has no dates.")
    assert found is not None
    return found


@action(
    "budgeting.call.open",
    ko="공모를 열어 제안을 받습니다.",
    en="Open a call for proposals.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.kept_call,
    lock=subjects.lock_kept_call,
    idempotent=True,
    writes=("budgeting_call",),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.WRONG_STATE, BudgetCode.NOT_READY),
    constraints=MOVED,
)
def open_call(call_id: UuidText, *, actor: Actor) -> CallRef:
    """Show a call to everybody and take proposals from the first day of its dates on.

    Needs dates of proposing and voting, and money. Effects: Call.
    """
    call = subject(Call)
    _at(call, S.DRAFT)
    _dates(call, "proposing")
    _dates(call, "voting")
    _need(call.envelopes.exists(), "재원 한도가 없습니다.", "there is no money.")
    drafting.check_rule(budget_types.RuleIn.model_validate(call.rule))
    return _move(call, S.OPEN)


@action(
    "budgeting.call.review",
    ko="제안을 마감하고 검토를 시작합니다.",
    en="Close proposals and begin the review.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.kept_call,
    lock=subjects.lock_kept_call,
    idempotent=True,
    writes=("budgeting_call",),
    refusals=(
        CoreCode.NOT_FOUND,
        BudgetCode.WRONG_STATE,
        BudgetCode.NOT_READY,
        BudgetCode.NOT_NOW,
    ),
    constraints=MOVED,
)
def begin_review(call_id: UuidText, *, actor: Actor) -> CallRef:
    """Take no more proposals. Not before the last moment for proposals. Effects: Call."""
    call = subject(Call)
    _at(call, S.OPEN)
    ends = _dates(call, "proposing").during.upper
    if clock.now() < ends and not call.is_synthetic:
        raise Refusal(
            BudgetCode.NOT_NOW, at=ends.astimezone(clock.SEOUL).strftime("%Y-%m-%d %H:%M")
        )
    return _move(call, S.REVIEWING)


@action(
    "budgeting.call.list",
    ko="투표에 부칠 사업 목록을 공개합니다.",
    en="Publish the list of projects for the vote.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.kept_call,
    lock=subjects.lock_kept_call,
    idempotent=True,
    writes=("budgeting_call",),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.WRONG_STATE, BudgetCode.NOT_READY),
    constraints=MOVED,
)
def list_projects(call_id: UuidText, *, actor: Actor) -> CallRef:
    """Show the projects with their fixed costs; needs at least one. Effects: Call."""
    call = subject(Call)
    _at(call, S.REVIEWING)
    _need(
        Project.rows.filter(call=call, is_dropped=False).exists(),
        "투표할 사업이 없습니다.",
        "there is no project.",
    )
    return _move(call, S.LISTED)


@action(
    "budgeting.call.freeze",
    ko="규칙과 사업과 명부를 고정합니다.",
    en="Freeze the rules, the projects and the roll.",
    policy=policies.may_run_call,
    letters=policies.SECONDED,
    subject=subjects.kept_call,
    lock=subjects.lock_kept_call,
    idempotent=True,
    second_person=always,
    strong=True,
    writes=("budgeting_call", "governance_ruleset"),
    refusals=(
        CoreCode.NOT_FOUND,
        BudgetCode.WRONG_STATE,
        BudgetCode.NOT_READY,
        BudgetCode.BAD_RULE,
    ),
    constraints=MOVED,
)
def freeze_call(call_id: UuidText, district: District, *, actor: Actor) -> CallRef:
    """Fix everything that can change the result: rule, ballot, dates, money, projects, roll, lot.

    The newest sealed roll of the call is taken; it must have been built by the call's own roll
    rule. The seed of the lot is committed to by its SHA-256 and told after the vote.
    `district` is the call's own; it says on whose desk the second person finds the question.
    Effects: Call, RuleSet; from here on the database refuses every change.
    """
    call = subject(Call)
    _at(call, S.LISTED)
    voting = _dates(call, "voting").during
    _need(clock.now() < voting.upper, "투표 기간이 지났습니다.", "the time of voting is over.")
    drafting.check_rule(budget_types.RuleIn.model_validate(call.rule))
    roll: Roll | None = (
        Roll.rows.filter(subject_kind="budgeting.call", subject_id=call.id, state="sealed")
        .order_by("-sealed_at")
        .first()
    )
    _need(roll is not None, "확정된 명부가 없습니다.", "there is no sealed roll.")
    assert roll is not None
    _need(
        roll.rule == call.roll_rule,
        "명부가 이 공모의 명부 규칙으로 만들어지지 않았습니다.",
        "the roll was not built by this call's rule.",
    )
    _need(
        Project.rows.filter(call=call, is_dropped=False).exists(),
        "투표할 사업이 없습니다.",
        "there is no project.",
    )
    call.roll = roll
    call.seed_commit = hashlib.sha256(draw_seeds(f"budgeting.call:{call.id}")[0]).hexdigest()
    call.frozen_at = clock.now()
    call.rule_set = freeze_rules("budgeting.call", call.id, drafting.rules_of(call))
    line().changed("rule_set", None, call.rule_set.sha256)
    line().changed("roll", None, roll.sha256)
    return _move(call, S.FROZEN, "roll", "seed_commit", "frozen_at", "rule_set")


@action(
    "budgeting.call.vote",
    ko="투표를 엽니다.",
    en="Open the vote.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.kept_call,
    lock=subjects.lock_kept_call,
    idempotent=True,
    writes=("budgeting_call",),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.WRONG_STATE, BudgetCode.NOT_NOW),
    constraints=MOVED,
)
def open_vote(call_id: UuidText, *, actor: Actor) -> CallRef:
    """Open the vote within its dates; the clock does so by itself. Effects: Call."""
    return _open_vote(subject(Call))


def _open_vote(call: Call) -> CallRef:
    _at(call, S.FROZEN)
    begins = _dates(call, "voting").during.lower
    if clock.now() < begins and not call.is_synthetic:
        raise Refusal(
            BudgetCode.NOT_NOW, at=begins.astimezone(clock.SEOUL).strftime("%Y-%m-%d %H:%M")
        )
    closing.vote_opens(call)
    return _move(call, S.VOTING)


@action(
    "budgeting.call.close",
    ko="투표를 마감합니다.",
    en="Close the vote.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.kept_call,
    lock=subjects.lock_kept_call,
    idempotent=True,
    writes=("budgeting_call",),
    labels=stating.VOTES,
    refusals=(CoreCode.NOT_FOUND, BudgetCode.WRONG_STATE, BudgetCode.NOT_NOW),
    constraints=MOVED,
)
def close_vote(call_id: UuidText, *, actor: Actor) -> CallRef:
    """End the vote after its last moment; the clock does so by itself. Effects: Call, the urn."""
    return _close_vote(subject(Call))


def _close_vote(call: Call) -> CallRef:
    _at(call, S.VOTING)
    ends = _dates(call, "voting").during.upper
    if clock.now() < ends and not call.is_synthetic:
        raise Refusal(
            BudgetCode.NOT_NOW, at=ends.astimezone(clock.SEOUL).strftime("%Y-%m-%d %H:%M")
        )
    moved = _move(call, S.COUNTING)
    closing.vote_closed(call)
    return moved


@action(
    "budgeting.call.finish",
    ko="사후관리를 마치고 공모를 끝냅니다.",
    en="End the follow-up and finish a call.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.kept_call,
    lock=subjects.lock_kept_call,
    idempotent=True,
    reason=Reason.OPTIONAL,
    writes=("budgeting_call",),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.WRONG_STATE, BudgetCode.NOT_READY),
    constraints=MOVED,
)
def finish_call(call_id: UuidText, *, actor: Actor) -> CallRef:
    """End a call whose winners are all finished or cancelled. Effects: Call."""
    call = subject(Call)
    _at(call, S.PUBLISHED, S.FOLLOWING)
    open_awards = closing.open_award_count(call)
    _need(not open_awards, "끝나지 않은 사업이 있습니다.", "some winners are not finished.")
    if call.state == S.PUBLISHED:
        _move(call, S.FOLLOWING)
    return _move(call, S.CLOSED)


@action(
    "budgeting.call.void",
    ko="공모를 취소합니다(투표 전까지만).",
    en="Cancel a call (only before its vote).",
    policy=policies.may_run_call,
    letters=policies.SECONDED,
    subject=subjects.kept_call,
    lock=subjects.lock_kept_call,
    idempotent=True,
    reason=Reason.REQUIRED,
    second_person=always,
    strong=True,
    writes=("budgeting_call",),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.WRONG_STATE),
    constraints=MOVED,
)
def void_call(call_id: UuidText, district: District, *, actor: Actor) -> CallRef:
    """Cancel a call with a public reason; never once the vote is open. Effects: Call."""
    call = subject(Call)
    _at(call, S.DRAFT, S.OPEN, S.REVIEWING, S.LISTED, S.FROZEN)
    call.void_reason = running.current().reason or ""
    return _move(call, S.VOID, "void_reason")


@dataclass(frozen=True, slots=True)
class Ticked:
    """How many calls the clock moved."""

    moved: int


@action(
    "budgeting.call.tick",
    ko="때가 된 공모를 다음 단계로 옮깁니다.",
    en="Move the calls whose time has come.",
    policy=policies.may_tick,
    letters={Role.OPERATOR: "o"},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("cli", "job"),
    writes=("budgeting_call",),
    labels=stating.VOTES,
)
def tick(*, actor: Actor) -> Ticked:
    """Close proposals, open and close votes at their dates. Effects: Call; the urn at its close."""
    moved = 0
    for call in (
        _due().select_for_update(no_key=True, of=("self",), skip_locked=True).order_by("pk")
    ):
        if call.state == S.OPEN:
            _move(call, S.REVIEWING)
        elif call.state == S.FROZEN:
            _open_vote(call)
        else:
            _close_vote(call)
        moved += 1
    line().changed("calls", None, moved)
    return Ticked(moved)


def _due() -> QuerySet[Call]:
    """Calls whose present phase is over, or whose vote has begun."""
    now = clock.now()
    over = Phase.rows.filter(during__endswith__lte=now)
    begun = Phase.rows.filter(kind="voting", during__contains=now)
    due = (
        Q(state=S.OPEN, pk__in=over.filter(kind="proposing").values("call"))
        | Q(state=S.FROZEN, pk__in=begun.values("call"))
        | Q(state=S.VOTING, pk__in=over.filter(kind="voting").values("call"))
    )
    found: QuerySet[Call] = Call.rows.filter(due, is_synthetic=False)
    return found


def is_tick_due() -> bool:
    """Whether a call's time has come; asked each minute, so that an idle one leaves no line."""
    return bool(_due().exists())


jobs.timer("budgeting.call.tick", cron="* * * * *", when=is_tick_due)
