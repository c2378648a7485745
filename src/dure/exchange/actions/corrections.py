"""Finished cases corrected: what was stated is reversed, what was paid goes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from dure.core.actions import Reason, Who, action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import Minutes, Note, UuidText
from dure.exchange import (
    accounts,
    interpreter,
    policies,
    posting_out,
    proofs,
    recording,
    repairing,
    subjects,
)
from dure.exchange.cases import is_party, seen
from dure.exchange.declaration import Process
from dure.exchange.effects import stating
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement
from dure.exchange.processes import labels
from dure.exchange.processes.repair import REPAIR, BarrierCode, OutcomeCode, Result, S
from dure.journal import queries as journal
from dure.ledger.models import Account, Transfer
from dure.ledger.payments import movements_of
from dure.ledger.posting import Kind, Movement

from .agreements import LABELS, PARTIES, AgreementRef

CorrectionReason = Literal["typo", "duplicate", "withdrawn", "outcome_changed"]


@action(
    "exchange.agreement.correct",
    ko="끝난 기록을 바로잡습니다.",
    en="Correct a finished record.",
    policy=policies.may_correct,
    letters={Role.STAFF: "dm", Role.BOARD: "m", Role.OPERATOR: "o"},
    who=(Who.PERSON, Who.OPERATOR),
    subject=subjects.agreement,
    lock=subjects.lock_agreement,
    idempotent=True,
    reason=Reason.REQUIRED,
    writes=("exchange_attestation", "journal_event", "ledger_transfer", "ledger_account"),
    labels=LABELS,
    refusals=(
        CoreCode.NOT_FOUND,
        CoreCode.SECOND_STEP,
        ExchangeCode.NOT_CORRECTABLE,
        ExchangeCode.BAD_BARRIER,
        ExchangeCode.SAME_PERSON,
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

    outcome, barrier : of a repair; `minutes` of a repair, an exchange or a loan
    Effects: the standing events are reversed, and every transfer of the case; a new result is
    stated and paid beside them. Without a new one the case counts for nothing.
    """
    found = subject(Agreement)
    process = interpreter.process_of(found)
    if is_party(found, actor):
        raise Refusal(ExchangeCode.SAME_PERSON)
    if process.key == REPAIR.key:
        result = Result(outcome, barrier, minutes) if outcome is not None else None
        _repair(found, why, result, actor)
    else:
        _any(found, process, why, minutes, actor)
    line().object("exchange.agreement", found.id)
    line().organisation(found.organisation_id)
    return AgreementRef(str(found.id), found.state)


def _repair(found: Agreement, why: str, result: Result | None, actor: Actor) -> None:
    if found.state != S.HANDED_BACK.key:
        _refuse(found, interpreter.process_of(found))
    old = repairing.latest_result(found)
    number = _unstate(found, why)
    if result is None:
        proofs.attest(found, "correct", {"void": True}, actor, "coordinator")
    else:
        proofs.attest(found, "correct", result, actor, "coordinator")
        recording.state([repairing.recorded(found, result, part=f"-{number}")])
    new = result.outcome.value if result is not None else None
    line().changed("outcome", old[0].outcome.value if old else None, new)


def _refuse(found: Agreement, process: Process) -> None:
    raise Refusal(ExchangeCode.NOT_CORRECTABLE, state=process.state(found.state).text)


def _unstate(found: Agreement, why: str) -> int:
    number = int(found.attestations.filter(kind="correct").count()) + 1
    standing = list(journal.standing_events(labels(), case_id=found.case_id))
    recording.unstate(standing, f"-r{number}", why)
    return number


def _any(found: Agreement, process: Process, why: str, qty: int | None, actor: Actor) -> None:
    if found.closed_at is None:
        _refuse(found, process)
    moved = accounts.standing(found.id)
    if moved:
        interpreter.needs_second_step(actor)
    if not moved and not journal.standing_events(labels(), case_id=found.case_id).exists():
        _refuse(found, process)
    number = _unstate(found, why)
    value: dict[str, object] = {"void": True} if qty is None else {"qty": qty}
    proof = proofs.attest(found, "correct", value, actor, "coordinator")
    rows = [
        Movement(
            one.credit_id,
            one.debit_id,
            one.amount,
            one.purpose,
            kind=Kind.REVERSAL,
            ref=one.pk,
            group=one.grp,
            lot=one.lot,
        )
        for one in moved
    ]
    if qty is not None:
        view = seen(found, process)
        if process.facts is not None:
            stating.state(found, view, process.facts, "B", proof.uid, part=f"-{number}")
        rows += _again(found, process, moved)
    posting_out.post(rows, (found,), why)
    line().changed("quantity", None, qty)


def _again(found: Agreement, process: Process, moved: Sequence[Transfer]) -> list[Movement]:
    """What is paid by the corrected quantity, of what was paid at all, at the price agreed."""
    if not moved or process.price is None:
        return []
    agreed: dict[str, int] = {}
    for one in moved:
        if one.debit.type != Account.Type.CLEARING:
            whole = one.ref.amount if one.ref is not None else one.amount
            agreed[one.purpose] = agreed.get(one.purpose, 0) + whole
    view = seen(found, process)
    rows: list[Movement] = []
    for asked in process.price(view):
        if asked.purpose not in agreed:
            continue
        price = replace(asked, amount=agreed[asked.purpose])
        amount = process.settled(view, price) if process.settled else price.amount
        if amount > 0:
            payer, payee = accounts.pair(found, process, price)
            paid = movements_of(payer, payee, amount, price.purpose)
            rows += [replace(one, group=found.id) for one in paid]
    return rows


@action(
    "exchange.agreement.note",
    ko="약속에 메모를 남깁니다.",
    en="Leave a note on an agreement.",
    policy=policies.may_note,
    letters={**PARTIES, Role.STAFF: "od"},
    subject=subjects.agreement,
    idempotent=True,
    for_another=True,
    writes=("exchange_attestation",),
    refusals=(CoreCode.NOT_FOUND,),
)
def note_agreement(agreement_id: UuidText, text: Note, *, actor: Actor) -> AgreementRef:
    """Write to the others of a case; it stays in this room and is never changed."""
    found = subject(Agreement)
    role = "party" if is_party(found, actor) else "coordinator"
    proofs.attest(found, "note", {"text": text}, actor, role)
    line().object("exchange.agreement", found.id)
    line().organisation(found.organisation_id)
    return AgreementRef(str(found.id), found.state)
