"""Cases: begun, and moved step by step by those who hold their roles."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import Field

from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode
from dure.core.types import CodeText, IsoInstant, UuidText
from dure.exchange import (
    beginning,
    interpreter,
    policies,
    posting_out,
    spending,
    subjects,
    waiting,
)
from dure.exchange.answers import Answers
from dure.exchange.beginning import Opening
from dure.exchange.cases import Case
from dure.exchange.effects import giving, telling
from dure.exchange.errors import ExchangeCode
from dure.exchange.processes import labels

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
    "exchange_commitment",
    "exchange_match",
    "exchange_asset",
    "exchange_listing",
    "exchange_claim",
    "journal_event",
    "ledger_transfer",
    "ledger_account",
)
LABELS = (*labels(), spending.LABEL)
NOTICES = (telling.MOVED, waiting.FREE, giving.WAITS, giving.AGAIN)
HandOver = Annotated[str, Field(min_length=20, max_length=600)]


@dataclass(frozen=True, slots=True)
class AgreementRef:
    """A case and the state it is in now."""

    id: str
    state: str


@action(
    "exchange.agreement.open",
    ko="약속을 시작합니다.",
    en="Begin an agreement.",
    policy=policies.may_start,
    letters=PARTIES,
    subject=beginning.opening,
    idempotent=True,
    for_another=True,
    writes=WRITES,
    labels=LABELS,
    notices=NOTICES,
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.POOL_NOT_OPEN,
        ExchangeCode.BAD_ANSWER,
        ExchangeCode.BAD_START,
        ExchangeCode.BAD_SLOT,
        ExchangeCode.BAD_QUANTITY,
        ExchangeCode.NOT_OFFERED,
        ExchangeCode.OWN_LISTING,
        ExchangeCode.SLOT_TAKEN,
        ExchangeCode.GUARD,
        ExchangeCode.NO_ACCOUNT,
    ),
)
def open_agreement(
    process: CodeText = "repair",
    start: CodeText = "submit",
    pool_id: UuidText | None = None,
    listing_id: UuidText | None = None,
    asset_id: UuidText | None = None,
    other_id: UuidText | None = None,
    starts: IsoInstant | None = None,
    ends: IsoInstant | None = None,
    terms: Answers = (),
    *,
    actor: Actor,
) -> AgreementRef:
    """Begin a case of a process by one of its starts, at what that start asks for.

    other_id : who answered, where the case begins at one's own request
    Effects: Agreement, Party, Timer, and what the start declares.
    """
    made, movements = beginning.begin(subject(Opening), starts, ends, terms, actor)
    posting_out.post(movements, (made,))
    line().object("exchange.agreement", made.id)
    line().organisation(made.organisation_id)
    return AgreementRef(str(made.id), made.state)


@action(
    "exchange.agreement.step",
    ko="약속을 다음 단계로 옮깁니다.",
    en="Move a case to its next state.",
    policy=policies.may_take_step,
    letters=PARTIES,
    subject=subjects.case,
    lock=subjects.lock_case,
    idempotent=True,
    for_another=True,
    writes=WRITES,
    labels=LABELS,
    notices=NOTICES,
    refusals=(
        CoreCode.NOT_FOUND,
        CoreCode.SECOND_STEP,
        ExchangeCode.STALE_STATE,
        ExchangeCode.GUARD,
        ExchangeCode.BAD_ANSWER,
        ExchangeCode.BAD_BARRIER,
        ExchangeCode.SAME_PERSON,
        ExchangeCode.NO_ACCOUNT,
        ExchangeCode.SLOT_TAKEN,
        ExchangeCode.BAD_SLOT,
        ExchangeCode.IN_USE,
        ExchangeCode.NOT_OFFERED,
        ExchangeCode.NO_STOCK,
        ExchangeCode.HAND_OVER_INVALID,
        ExchangeCode.WAITS_FOR_OTHER,
    ),
)
def take_step(
    agreement_id: UuidText,
    transition: CodeText,
    state: CodeText,
    answers: Answers = (),
    hand_over: HandOver | None = None,
    *,
    actor: Actor,
) -> AgreementRef:
    """Take one declared step; `state` is the one that the page showed.

    hand_over : the code that the other party shows, for a step that takes two
    Effects: as the process declares them, in the order written. A step of two waits for the
    second; the state that comes back tells whether it moved.
    """
    case = subject(Case)
    taken = interpreter.take(case, actor, answers, hand_over)
    posting_out.post(taken.movements, (case.agreement,))
    line().object("exchange.agreement", case.agreement.id)
    line().organisation(case.agreement.organisation_id)
    line().changed("transition", None, case.transition.name)
    return AgreementRef(str(case.agreement.id), case.agreement.state)
