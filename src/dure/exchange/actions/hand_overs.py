"""Hand-over without a camera: six figures that one side shows and the other types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import Field

from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.types import CodeText, UuidText
from dure.exchange import hand_over, interpreter, policies, posting_out, subjects
from dure.exchange.answers import Answers
from dure.exchange.cases import Case
from dure.exchange.errors import ExchangeCode

from .agreements import LABELS, NOTICES, PARTIES, WRITES, AgreementRef

DigitsTyped = Annotated[str, Field(pattern=r"^[0-9]{6}$")]


@dataclass(frozen=True, slots=True)
class ShownRef:
    """The case whose figures are shown; the figures stand in no answer and no audit line."""

    id: str


@action(
    "exchange.hand_over.show",
    ko="건네기 숫자 여섯 자리를 보입니다.",
    en="Show six digits for a hand-over.",
    policy=policies.may_take_step,
    letters=PARTIES,
    subject=subjects.case,
    idempotent=True,
    for_another=True,
    writes=("exchange_attestation",),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.STALE_STATE, ExchangeCode.HAND_OVER_INVALID),
)
def show_digits(
    agreement_id: UuidText, transition: CodeText, state: CodeText, *, actor: Actor
) -> ShownRef:
    """Show six figures for a step of two; whoever types them has my word for it.

    Effects: Attestation of kind shown, from which the figures follow.
    """
    case = subject(Case)
    hand_over.show_digits(case, actor)
    line().object("exchange.agreement", case.agreement.id)
    line().organisation(case.agreement.organisation_id)
    line().changed("shown", None, case.transition.name)
    return ShownRef(str(case.agreement.id))


def counted(body: Any, actor: Actor) -> Case:  # Any: a body with digits
    """The case at its step, for whoever has not typed too many wrong figures."""
    hand_over.check_guessing(actor)
    return subjects.case(body, actor)


@action(
    hand_over.TAKE,
    ko="상대가 보인 여섯 자리로 주고받은 것을 확인합니다.",
    en="Confirm a hand-over by the six digits of the other side.",
    policy=policies.may_take_step,
    letters=PARTIES,
    subject=counted,
    lock=subjects.lock_case,
    idempotent=True,
    for_another=True,
    audit_refusals=True,
    writes=WRITES,
    labels=LABELS,
    notices=NOTICES,
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.STALE_STATE,
        ExchangeCode.GUARD,
        ExchangeCode.BAD_ANSWER,
        ExchangeCode.HAND_OVER_INVALID,
        ExchangeCode.TOO_MANY_DIGITS,
        ExchangeCode.WAITS_FOR_OTHER,
        ExchangeCode.SAME_PERSON,
        ExchangeCode.NO_ACCOUNT,
        ExchangeCode.NO_STOCK,
    ),
)
def take_digits(
    agreement_id: UuidText,
    transition: CodeText,
    state: CodeText,
    digits: DigitsTyped,
    answers: Answers = (),
    *,
    actor: Actor,
) -> AgreementRef:
    """Take a step of two by the figures that the other side showed.

    Wrong ones are counted by the audit: five an hour. Figures that were taken down and are typed
    after five minutes count as told by one side, class A.
    Effects: as the process declares them. Source: rulebook `exchange.hand_over.*`.
    """
    case = subject(Case)
    if not case.transition.is_for_two:
        raise Refusal(ExchangeCode.HAND_OVER_INVALID, field="digits")
    taken = interpreter.take(case, actor, answers, digits)
    posting_out.post(taken.movements, (case.agreement,))
    line().object("exchange.agreement", case.agreement.id)
    line().organisation(case.agreement.organisation_id)
    line().changed("transition", None, case.transition.name)
    return AgreementRef(str(case.agreement.id), case.agreement.state)
