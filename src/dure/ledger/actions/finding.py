"""Finding a code by the digits beside it, before anything is paid; wrong digits are counted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dure.core.actions import action, line, subject
from dure.core.actors import EVERY_PERSON, Actor
from dure.core.policies import is_person
from dure.ledger import asking
from dure.ledger.actions.requests import CodeTyped
from dure.ledger.models import PaymentRequest
from dure.ledger.programme_errors import ProgrammeCode


@dataclass(frozen=True, slots=True)
class Found:
    """The token behind the digits."""

    token: str


def living(body: Any, actor: Actor) -> PaymentRequest:  # Any: a body with code
    """The living request behind what was typed; a wrong one counts against who typed it."""
    asking.check_guessing(actor)
    found = asking.living_one(body.code)
    if found is None:
        raise asking.dead()
    return found


@action(
    asking.FIND,
    ko="여덟 자리 숫자로 결제 코드를 찾습니다.",
    en="Find a payment code by its eight digits.",
    policy=is_person,
    letters=EVERY_PERSON,
    subject=living,
    idempotent=True,
    audit_refusals=True,
    refusals=(ProgrammeCode.ASK_NEW_CODE, ProgrammeCode.TOO_MANY_CODES),
)
def find_request(code: CodeTyped, *, actor: Actor) -> Found:
    """Give the token of a living request, so that its page can be shown before anybody pays.

    Five wrong codes an hour, counted together with those of paying. Source: rulebook
    `ledger.request.wrong_codes`.
    """
    request = subject(PaymentRequest)
    line().object("ledger.paymentrequest", request.pk)
    return Found(request.token)
