"""Results: counted in one act, published by two people, corrected only by a later one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from dure.budgeting import (
    counting,
    credentials,
    explanations,
    policies,
    proving,
    stating,
    subjects,
    telling,
)
from dure.budgeting.errors import BudgetCode
from dure.budgeting.models import (
    Award,
    Call,
    MoneyBallot,
    PaperBatch,
    Project,
    Result,
    ResultPart,
    ResultPublication,
)
from dure.budgeting.words import STATES
from dure.core import clock, progress
from dure.core.actions import action, always, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.core.types import District, Line, Note, UuidText

S = Call.State
ENGINE = "dure.engines.pb 1"
CONSTRAINTS = {
    "dure.call_seed": BudgetCode.NOT_READY,
    "dure.call_step": BudgetCode.WRONG_STATE,
}


@dataclass(frozen=True, slots=True)
class ResultRef:
    """A result and its number within the call."""

    id: str
    call_id: str
    number: int


@action(
    "budgeting.result.compute",
    ko="표를 셉니다.",
    en="Count the ballots.",
    policy=policies.may_run_call,
    letters=policies.RUNNERS,
    subject=subjects.kept_call,
    lock=subjects.lock_kept_call,
    idempotent=True,
    long=True,
    writes=("budgeting_result", "budgeting_resultpart", "budgeting_call"),
    refusals=(
        CoreCode.NOT_FOUND,
        BudgetCode.WRONG_STATE,
        BudgetCode.NOT_READY,
        BudgetCode.BAD_RULE,
    ),
    constraints=CONSTRAINTS,
)
def compute_result(
    call_id: UuidText,
    public_value: Line | None = None,
    replaces_why: Note | None = None,
    *,
    actor: Actor,
) -> ResultRef:
    """Count every envelope by the call's rule and, beside it, by the other rules.

    public_value : what the call said it would mix into the lot, from the source it named
    replaces_why : why an earlier result was wrong; needed when there is one
    Effects: Result and its parts with input, certificate and explanations; the seed is told.
    """
    call = subject(Call)
    if call.state not in (S.COUNTING, S.PUBLISHED, S.FOLLOWING):
        raise Refusal(BudgetCode.WRONG_STATE, state=STATES[call.state])
    assert call.roll is not None
    assert call.roll.sha256 is not None
    assert call.rule_set is not None
    if call.id in credentials.keyed():
        credentials.destroy(call.id)
    _refuse_waiting_papers(call)
    lot = _lot(call, public_value)
    last = Result.rows.filter(call=call).order_by("-number").first()
    if (last is None) != (replaces_why is None):
        raise Refusal(
            BudgetCode.NOT_READY,
            why=T(
                "이미 센 결과가 있으면 바로잡는 까닭을 적고, 없으면 비워 두어 주세요.",
                "give the reason of the correction when a result exists, and only then.",
            ),
        )
    ballots = MoneyBallot.rows.filter(call=call)
    result = Result(
        id=uuid4(),
        call=call,
        number=last.number + 1 if last else 1,
        replaces=last,
        replaces_why=replaces_why or "",
        rule_sha256=call.rule_set.sha256,
        roll_sha256=call.roll.sha256,
        seed=lot.hex(),
        engine_version=ENGINE,
        online_count=counting.voters(ballots, "online"),
        paper_count=counting.voters(ballots, "paper"),
        computed_by=actor.id,
        computed_at=clock.now(),
        audit=line().id,
    )
    result.save(force_insert=True)
    parts = counting.counted(
        call, lot, lambda done, total: progress.report("표를 셉니다", "Counting", done, total)
    )
    ResultPart.rows.bulk_create(part_rows(result, parts, line().id))
    line().object("budgeting.result", result.id)
    line().organisation(call.organisation_id)
    line().changed("result", None, result.number)
    return ResultRef(str(result.id), str(call.id), result.number)


def _refuse_waiting_papers(call: Call) -> None:
    """Nothing is counted while a batch of papers is held."""
    waiting = PaperBatch.rows.filter(call=call, match=None).order_by("code")
    codes = ", ".join(waiting.values_list("code", flat=True)[:20])
    if codes:
        why = T(
            "아직 합치지 않은 종이 표 묶음이 있습니다: %(codes)s.",
            "batches of papers wait to be merged: %(codes)s.",
        )
        raise Refusal(
            BudgetCode.NOT_READY, why=T(why.ko % {"codes": codes}, why.en % {"codes": codes})
        )


def _lot(call: Call, public_value: str | None) -> bytes:
    """Tell the seed, once, and give the lot's."""
    if call.seed_revealed is None:
        if bool(call.seed_public_source) != bool(public_value):
            raise Refusal(
                BudgetCode.NOT_READY,
                why=T(
                    "추첨에 섞을 공개 값을 공모에 적힌 출처에서 옮겨 적어 주세요.",
                    "give the public value of the lot from the source that the call named.",
                ),
            )
        call.seed_revealed = counting.seed_of(call).hex()
        call.seed_public_value = public_value or ""
        call.audit = line().id
        call.save(update_fields=["seed_revealed", "seed_public_value", "audit"])
    return counting.lot_of(bytes.fromhex(call.seed_revealed), call.seed_public_value)


def part_rows(result: Result, parts: Iterable[counting.Part], audit: UUID) -> list[ResultPart]:
    """The counted parts as they are stored, with what proves and explains them."""
    return [
        ResultPart(
            id=uuid4(),
            result=result,
            envelope=part.envelope,
            rule_name=part.rule_name,
            rule=proving.rule_fields(part.outcome.rule),
            is_official=part.is_official,
            budget_won=int(part.election.budget),
            ballot_count=part.election.ballots.count,
            spent_won=int(part.outcome.spent),
            left_won=int(part.outcome.left),
            winners=part.winners,
            scores=proving.scores(part.election),
            explanations=explanations.explained(part) if part.is_official else {},
            input_sha256=proving.input_hash(part.election),
            input_text=proving.pabulib(part) if part.is_official else "",
            certificate=proving.certified(part),
            audit=audit,
        )
        for part in parts
    ]


@action(
    "budgeting.result.publish",
    ko="결과를 공개합니다.",
    en="Publish a result.",
    policy=policies.may_run_call,
    letters=policies.SECONDED,
    subject=subjects.kept_result,
    lock=subjects.lock_kept_result,
    idempotent=True,
    second_person=always,
    strong=True,
    writes=("budgeting_resultpublication", "budgeting_award", "budgeting_call", "core_notice"),
    labels=(stating.AWARDED,),
    refusals=(CoreCode.NOT_FOUND, BudgetCode.WRONG_STATE),
    constraints=CONSTRAINTS,
    notices=(telling.WON, telling.LOST),
)
def publish_result(result_id: UuidText, district: District, *, actor: Actor) -> ResultRef:
    """Show the newest result to everybody; its winners may spend from now on.

    district : of the call; there a second person is asked
    Effects: ResultPublication, Award for each winner of the official rule, Call; the journal; a
    notice to those who proposed a project, of a correction only where it changes something.
    """
    result = subject(Result)
    call = result.call
    newest = Result.rows.filter(call=call).order_by("-number").first()
    if newest != result or ResultPublication.rows.filter(result=result).exists():
        raise Refusal(BudgetCode.WRONG_STATE, state=STATES[call.state])
    now = clock.now()
    ResultPublication.rows.create(result=result, by=actor.id, at=now, audit=line().id)
    rows = Project.rows.filter(call=call, is_dropped=False).select_related("field")
    projects = {one.code: one for one in rows}
    parts = result.parts.filter(is_official=True).order_by("envelope__position", "envelope__code")
    codes = [code for part in parts for code in part.winners]
    awards = Award.rows.bulk_create(
        Award(
            id=uuid4(),
            result=result,
            project=projects[code],
            amount_won=projects[code].cost_won,
            position=position,
            at=now,
            audit=line().id,
        )
        for position, code in enumerate(codes, 1)
    )
    stating.awarded(result, awards)
    telling.tell_outcome(call, codes, _published_before(result))
    if call.state == S.COUNTING:
        call.state, call.entered_at, call.audit = S.PUBLISHED, now, line().id
        call.save(update_fields=["state", "entered_at", "audit"])
    line().object("budgeting.result", result.id)
    line().organisation(call.organisation_id)
    line().changed("winners", None, codes)
    return ResultRef(str(result.id), str(call.id), result.number)


def _published_before(result: Result) -> set[str] | None:
    """Winners of the result last published before this one; None where there was none."""
    earlier = Result.rows.filter(call=result.call_id, number__lt=result.number)
    last = earlier.exclude(publication=None).order_by("-number").first()
    if last is None:
        return None
    return {code for part in last.parts.filter(is_official=True) for code in part.winners}
