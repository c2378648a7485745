"""Cases: handed in, moved step by step, moved by time, corrected."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

from dure.core import clock, jobs
from dure.core.actions import Reason, Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import CodeText, Minutes, UuidText
from dure.exchange import answers as typed
from dure.exchange import interpreter, policies, recording, subjects
from dure.exchange.answers import Answers
from dure.exchange.errors import ExchangeCode
from dure.exchange.interpreter import Case
from dure.exchange.models import Agreement, Party, Pool, Spec, Timer
from dure.exchange.processes.repair import (
    LABELS,
    OWNER,
    REPAIR,
    BarrierCode,
    OutcomeCode,
    Result,
    S,
    Terms,
)
from dure.journal import queries as journal

from .specs import SCHEME

PARTIES = {
    Role.RESIDENT: "o",
    Role.MEMBER: "o",
    Role.STAFF: "o",
    Role.TREASURER: "o",
    Role.APPROVER: "o",
    Role.BOARD: "o",
    Role.AUDITOR: "o",
    Role.ETHICS: "o",
    Role.OFFICIAL: "o",
    Role.ANALYST: "o",
    Role.VAULT: "o",
}
WRITES = (
    "exchange_agreement",
    "exchange_party",
    "exchange_attestation",
    "exchange_timer",
    "journal_event",
)
AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class AgreementRef:
    """A case and the state it is in now."""

    id: str
    state: str


@action(
    "exchange.agreement.open",
    ko="고칠 물건을 접수합니다.",
    en="Hand in an item for repair.",
    policy=policies.may_submit,
    letters=PARTIES,
    subject=subjects.open_event,
    idempotent=True,
    writes=("exchange_agreement", "exchange_party", "exchange_timer"),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.POOL_NOT_OPEN, ExchangeCode.BAD_ANSWER),
)
def open_agreement(pool_id: UuidText, terms: Answers = (), *, actor: Actor) -> AgreementRef:
    """Begin a case as the owner of an item, at an event that is still to end.

    Effects: Agreement, Party, Timer; nothing is recorded in the journal before a result.
    """
    event = subject(Pool)
    parsed = typed.parse(Terms, terms)
    now = clock.now()
    made = Agreement(
        id=uuid4(),
        process=REPAIR.key,
        version=REPAIR.version,
        state=S.SUBMITTED.key,
        organisation_id=event.organisation_id,
        district_id=event.district_id,
        case_id=uuid4(),
        pool=event,
        spec=_spec(parsed.category),
        terms=typed.to_json(parsed),
        opened_at=now,
        entered_at=now,
        audit=line().id,
    )
    made.save(force_insert=True)
    Party.rows.create(
        agreement=made,
        role=OWNER.key,
        person=actor.id,
        acted_for=actor.acting_for,
        audit=line().id,
    )
    Timer.rows.bulk_create(interpreter.timers(made, REPAIR, S.SUBMITTED, now))
    line().object("exchange.agreement", made.id)
    line().organisation(event.organisation_id)
    return AgreementRef(str(made.id), made.state)


def _spec(category: int | None) -> Spec | None:
    if category is None:
        return None
    found: Spec = Spec.rows.get(scheme=SCHEME, code=str(category))
    return found


@action(
    "exchange.agreement.step",
    ko="약속을 다음 단계로 옮깁니다.",
    en="Move a case to its next state.",
    policy=policies.may_take_step,
    letters=PARTIES,
    subject=subjects.case,
    lock=subjects.lock_case,
    idempotent=True,
    writes=WRITES,
    labels=LABELS,
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.STALE_STATE,
        ExchangeCode.GUARD,
        ExchangeCode.BAD_ANSWER,
        ExchangeCode.BAD_BARRIER,
        ExchangeCode.SAME_PERSON,
    ),
)
def take_step(
    agreement_id: UuidText,
    transition: CodeText,
    state: CodeText,
    answers: Answers = (),
    *,
    actor: Actor,
) -> AgreementRef:
    """Take one declared step; `state` is the one that the page showed.

    Effects: as the process declares them, in the order written.
    """
    case = subject(Case)
    interpreter.take(case, actor, answers)
    line().object("exchange.agreement", case.agreement.id)
    line().organisation(case.agreement.organisation_id)
    line().changed("transition", None, case.transition.name)
    return AgreementRef(str(case.agreement.id), case.agreement.state)


@dataclass(frozen=True, slots=True)
class Ticked:
    """How many cases time moved, and how many timers no longer meant anything."""

    moved: int
    void: int


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
)
def tick(*, actor: Actor) -> Ticked:
    """Claim due timers and take their steps; a timer may come late or twice, the state decides.

    Effects: as the declared timers have them; at most 200 cases a run.
    """
    now = clock.now()
    due = list(
        Timer.rows.filter(fired_at=None, due_at__lte=now)
        .select_for_update(skip_locked=True)
        .order_by("due_at", "id")[:AT_ONCE]
    )
    moved = 0
    for alarm in due:
        moved += _fire(alarm, actor)
    line().changed("timers", None, len(due))
    return Ticked(moved=moved, void=len(due) - moved)


def _fire(alarm: Timer, actor: Actor) -> int:
    rows = Agreement.rows.select_related("pool", "spec")
    locked = rows.select_for_update(of=("self",), no_key=True).get(id=alarm.agreement_id)
    process = interpreter.process_of(locked)
    transition = process.transition(process.state(locked.state), alarm.transition)
    alarm.fired_at = clock.now()
    alarm.audit = line().id
    alarm.save(update_fields=["fired_at", "audit"])
    if transition is None or not transition.is_timer:
        return 0
    interpreter.take(Case(locked, transition, process), actor, ())
    return 1


CorrectionReason = Literal["typo", "duplicate", "withdrawn", "outcome_changed"]


@action(
    "exchange.agreement.correct",
    ko="끝난 수리 기록을 바로잡습니다.",
    en="Correct a finished repair record.",
    policy=policies.may_correct,
    letters={Role.STAFF: "dm", Role.BOARD: "m", Role.OPERATOR: "o"},
    who=(Who.PERSON, Who.OPERATOR),
    subject=subjects.agreement,
    lock=subjects.lock_agreement,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=("exchange_attestation", "journal_event"),
    labels=LABELS,
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.NOT_CORRECTABLE,
        ExchangeCode.BAD_BARRIER,
    ),
)
def correct_agreement(
    agreement_id: UuidText,
    why: CorrectionReason,
    outcome: OutcomeCode | None = None,
    barrier: BarrierCode | None = None,
    minutes: Minutes | None = None,
    *,
    actor: Actor,
) -> AgreementRef:
    """Give a finished record another result, or none when it should not count at all.

    Effects: the standing events are reversed; a new result is stated beside them; nothing old
    is touched. `outcome` None takes the record out of the count.
    """
    found = subject(Agreement)
    if found.state != S.HANDED_BACK.key:
        process = interpreter.process_of(found)
        raise Refusal(ExchangeCode.NOT_CORRECTABLE, state=process.state(found.state).text)
    old = interpreter.latest_result(found)
    number = found.attestations.filter(kind="correct").count() + 1
    standing = list(journal.standing_events(LABELS, case_id=found.case_id))
    recording.unstate(standing, f"-r{number}", why)
    if outcome is None:
        interpreter.attest(found, "correct", {"void": True}, actor, "coordinator")
    else:
        result = Result(outcome, barrier, minutes)
        interpreter.attest(found, "correct", result, actor, "coordinator")
        recording.state([interpreter.recorded(found, result, part=f"-{number}")])
    line().object("exchange.agreement", found.id)
    line().organisation(found.organisation_id)
    line().changed("outcome", old[0].outcome.value if old else None, outcome and outcome.value)
    return AgreementRef(str(found.id), found.state)


def is_tick_due() -> bool:
    """Whether a timer has fallen due; asked each minute, so that an idle one leaves no line."""
    return Timer.rows.filter(fired_at=None, due_at__lte=clock.now()).exists()


jobs.timer("exchange.agreement.tick", cron="* * * * *", when=is_tick_due)
