"""What the person behind a token reads of their own: agreements, and the steps they may take now.

Law: a token reads as the person would on their page, no more; its purpose is reading, the work of
the exchange, or everything.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema
from pydantic import TypeAdapter

from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.exchange.queries import agreements
from dure.exchange.queries.agreements import Told
from dure.exchange.queries.case_steps import Step
from dure.interfaces.api import answers
from dure.interfaces.api.callers import caller_of
from dure.interfaces.api.pages import Listed, Query, Window

router = Router(tags=["exchange"])
ROOM = "exchange"
PERSONAL: dict[str, Any] = {  # Any: OpenAPI words
    "responses": answers.documented(401, 403, 404, 422),
    "security": [{"token": []}],
}


class StepOut(Schema):
    """A step that may be taken now by `exchange.agreement.step`; `asks`: the JSON schema of its
    answers, each sent as text. `said`: I have confirmed, the other one has not yet."""

    name: str
    text: str
    for_two: bool
    said: bool
    asks: dict[str, Any] | None  # Any: JSON schema words


class HeldOut(Schema):
    """Value held for the case in the ledger; `mine`: from an account of mine."""

    amount: int
    unit: str
    purpose: str
    mine: bool


class AgreementOut(Schema):
    """One agreement of mine; `until`: when time moves it, and `then` what it does."""

    id: UUID
    process: str
    title: str
    state: str
    state_text: str
    closed: bool
    roles: list[str]
    starts: datetime | None
    ends: datetime | None
    entered: datetime
    waits_for: str
    until: datetime | None
    then: str
    steps: list[StepOut]
    held: list[HeldOut]


class Which(Schema):
    """Open agreements, or those that have ended."""

    closed: bool = False


@router.get(
    "/agreements",
    response=Listed[AgreementOut],
    openapi_extra=PERSONAL,
    operation_id="agreements",
)
def mine(
    request: HttpRequest, response: HttpResponse, window: Query[Window], which: Query[Which]
) -> dict[str, object] | HttpResponse:
    """My agreements, those that wait longest first; ended ones newest first."""
    reader = _reader(request, response)
    if not isinstance(reader, Actor):
        return reader
    found = agreements.mine(reader, closed=which.closed)
    shown = list(found[window.offset : window.offset + window.limit])
    items = [_told(one) for one in agreements.told(shown, reader)]
    return {"total": found.count(), "items": items}


@router.get(
    "/agreements/{agreement_id}",
    response=AgreementOut,
    openapi_extra=PERSONAL,
    operation_id="agreement",
)
def one(
    request: HttpRequest, response: HttpResponse, agreement_id: UUID
) -> dict[str, object] | HttpResponse:
    """One agreement that I may see, with the steps that I may take now."""
    reader = _reader(request, response)
    if not isinstance(reader, Actor):
        return reader
    found = agreements.one(agreement_id, reader)
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return _told(agreements.told([found], reader)[0])


def _reader(request: HttpRequest, response: HttpResponse) -> Actor | HttpResponse:
    """The person behind the token, or the answer to who has none for this; no cache keeps it."""
    answers.close(response)
    caller = caller_of(request)
    if caller is None or caller.actor.id is None:
        return answers.no_token()
    if caller.purpose != "read" and not caller.may_run(ROOM):
        purpose = T("이 토큰의 목적에 맞는 일", "work within this token's purpose")
        return answers.refused(Refusal(CoreCode.NOT_ALLOWED, role=purpose))
    return caller.actor


def _told(one: Told) -> dict[str, object]:
    return {
        "id": one.id,
        "process": one.process_key,
        "title": one.title,
        "state": one.state_key,
        "state_text": one.state,
        "closed": one.is_closed,
        "roles": list(one.roles),
        "starts": one.starts,
        "ends": one.ends,
        "entered": one.entered_at,
        "waits_for": one.waits_for,
        "until": one.deadline.at if one.deadline is not None else None,
        "then": one.deadline.text if one.deadline is not None else "",
        "steps": [_step(step) for step in one.steps],
        "held": [
            {"amount": h.amount, "unit": h.unit, "purpose": h.purpose, "mine": h.is_mine}
            for h in one.values
        ],
    }


def _step(step: Step) -> dict[str, object]:
    return {
        "name": step.name,
        "text": step.text,
        "for_two": step.is_for_two,
        "said": step.waits,
        "asks": TypeAdapter(step.asks).json_schema() if step.asks is not None else None,
    }
