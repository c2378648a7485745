"""Answers to requests: a neighbour says that she would; whoever asked chooses, or thanks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import uuid4

from dure.core import clock, notices
from dure.core.actions import action, line, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.models.work import Notice
from dure.core.text import T
from dure.core.types import Line, UuidText
from dure.exchange import policies, spots, waiting
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Listing, Match

from .agreements import PARTIES

WhyDeclined = Literal["time", "far", "found", "skill", "unsaid"]
ANSWERED = notices.template(
    "exchange.answered",
    subject=T("부탁에 답이 왔습니다", "Somebody answered your request"),
    text=T(
        "올린 부탁을 해 주겠다는 이웃이 있습니다. 살펴보고 골라 주세요.",
        "A neighbour would like to help with what you asked. Please look and choose.",
    ),
    path="/exchange/listings/%(listing)s/",
    urgency=Notice.Urgency.DAY,
)


@dataclass(frozen=True, slots=True)
class MatchRef:
    """The id of a pairing and its state."""

    id: str
    state: str


@action(
    "exchange.listing.answer",
    ko="이웃의 요청을 해 주겠다고 합니다.",
    en="Say that you would do what a neighbour asks.",
    policy=policies.may_answer,
    letters=PARTIES,
    subject=spots.listing,
    lock=spots.lock_listing,
    idempotent=True,
    for_another=True,
    writes=("exchange_match",),
    notices=(ANSWERED,),
    refusals=(CoreCode.NOT_FOUND, ExchangeCode.NOT_OFFERED, ExchangeCode.OWN_LISTING),
)
def answer_listing(listing_id: UuidText, note: Line | None = None, *, actor: Actor) -> MatchRef:
    """Answer a request; whoever asked then chooses, and begins the agreement.

    Effects: Match, once a person and request; a second answer gives the first.
    """
    found = subject(Listing)
    if found.side != Listing.Side.REQUEST or found.state != Listing.State.OPEN:
        raise Refusal(ExchangeCode.NOT_OFFERED)
    if found.person is not None and found.person in (actor.id, actor.acting_for):
        raise Refusal(ExchangeCode.OWN_LISTING)
    line().object("exchange.listing", found.id)
    line().organisation(found.organisation_id)
    known: Match | None = Match.rows.filter(request=found, answered_by=actor.behalf).first()
    if known is not None:
        return MatchRef(str(known.id), known.state)
    reason = {"code": "answered", **({"note": note} if note else {})}
    made = Match(
        request=found,
        answered_by=actor.behalf,
        run=uuid4(),
        rank=1 + found.matches_as_request.count(),
        score=0,
        reasons=[reason],
        made_at=clock.now(),
        audit=line().id,
    )
    made.save(force_insert=True)
    if found.person is not None:
        notices.tell(found.person, ANSWERED, places={"listing": str(found.id)})
    return MatchRef(str(made.id), made.state)


@action(
    "exchange.match.decline",
    ko="연결 제안을 사양합니다.",
    en="Decline a proposed match.",
    policy=policies.may_decline,
    letters=policies.OWN_OR_HOST,
    subject=spots.match,
    lock=spots.lock_match,
    idempotent=True,
    for_another=True,
    writes=("exchange_match",),
    notices=(waiting.FREE,),
    refusals=(CoreCode.NOT_FOUND, CoreCode.STATE_CHANGED),
)
def decline_match(match_id: UuidText, why: WhyDeclined | None = None, *, actor: Actor) -> MatchRef:
    """Say no to an answer, a proposal or a turn; a lane that was kept goes to the next."""
    found = subject(Match)
    if found.state not in (Match.State.PROPOSED, Match.State.HELD):
        raise Refusal(CoreCode.STATE_CHANGED, state=found.get_state_display())
    line().changed("state", found.state, Match.State.DECLINED.value)
    found.state = Match.State.DECLINED
    found.reasons = [*found.reasons, *([{"code": "declined", "why": why}] if why else [])]
    found.audit = line().id
    found.save(update_fields=["state", "reasons", "audit"])
    waiting.pass_turn(found)
    line().object("exchange.match", found.id)
    line().organisation(found.request.organisation_id)
    return MatchRef(str(found.id), found.state)
