"""Time exchange (시간 교환), version 1: an hour of one neighbour for an hour of another.

Minutes are held when the provider accepts, and move when the requester confirms, or when a
coordinator judges: never by the word of one side. A gift holds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator, Field

from dure.core import parsers
from dure.core.text import T
from dure.core.types import Line, Minutes
from dure.exchange.declaration import (
    HOLD_SLOT,
    HOLD_VALUE,
    RELEASE_SLOT,
    SETTLE,
    VOID_VALUE,
    Fact,
    Guard,
    Price,
    Process,
    Role,
    Seen,
    States,
    notify,
    record,
    ruled,
    start,
    step,
    timer,
)

QUARTER = 15


class S(States):
    """How far an exchange has come."""

    ASKED = "asked", "부탁함", "Asked"
    SCHEDULED = "scheduled", "약속됨", "Agreed"
    DONE_CLAIMED = "done_claimed", "마쳤다고 함", "Said to be done"
    REVIEW = "review", "살펴보는 중", "Being looked at"
    SETTLED = "settled", "마침", "Settled"
    DECLINED = "declined", "사양함", "Declined"
    CANCELLED = "cancelled", "취소됨", "Cancelled"
    EXPIRED = "expired", "답 없이 지나감", "Expired"
    VOIDED = "voided", "없던 일로 함", "Void"


REQUESTER = Role("requester", T("부탁한 사람", "requester"), pays=True, confirms=True)
PROVIDER = Role("provider", T("해 주는 사람", "provider"))
COORDINATOR = Role("coordinator", T("코디네이터", "coordinator"), trusted=True, works="hosting")

Quarters = Annotated[Minutes, Field(multiple_of=QUARTER)]
NoteText = Annotated[str, BeforeValidator(parsers.note)]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is asked for: how long, and where they meet."""

    minutes: Minutes
    place: Line | None = None
    note: NoteText | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """How long it took, in quarters of an hour, by who did it; no more than was agreed."""

    minutes: Quarters


@dataclass(frozen=True, slots=True)
class Why:
    """What is wrong, in the words of who disputes it."""

    why: NoteText


def fits(seen: Seen) -> T | None:
    """Minutes go by quarters of an hour."""
    if seen.terms.minutes % QUARTER:
        return T("15분 단위로 적습니다", "minutes go by quarters of an hour")
    return None


def minutes(seen: Seen) -> int:
    """How long it took: as corrected, as judged, as claimed, else as agreed; never more."""
    agreed: int = seen.terms.minutes
    if seen.qty is not None:
        return min(seen.qty, agreed)
    for name in ("judge", "claim"):
        if name in seen.answers:
            taken: int = seen.answers[name].minutes
            return min(taken, agreed)
    return agreed


def price(seen: Seen) -> tuple[Price, ...]:
    """The minutes agreed, from who asked to who does; a gift costs nothing."""
    if seen.listing.get("reciprocity") in ("gift", "swap"):
        return ()
    return (Price("TIME", seen.terms.minutes, REQUESTER.key, PROVIDER.key, "시간 교환"),)


def settled(seen: Seen, price: Price) -> int:
    """The minutes that it took."""
    return minutes(seen)


def facts(seen: Seen) -> tuple[Fact, ...]:
    """Hours exchanged, at the time agreed, or at the time somebody said it was done."""
    ended = min(seen.ends or seen.moments.get("claim", seen.now), seen.now)
    return (Fact("time.exchange", minutes(seen), ended, ended),)


LIMIT = Guard("within_limit", T("잔액과 상한 안인가", "within the limits"))
EXCHANGED = record("time.exchange", evidence="B")
ANSWER = "exchange.time.answer_days"
CLAIM = "exchange.time.claim_days"
CONFIRM = "exchange.time.confirm_days"

TIME_EXCHANGE = Process(
    "time_exchange",
    version=1,
    sector="sharing",
    text=T("시간 교환", "Time exchange"),
    states=S,
    roles=(REQUESTER, PROVIDER, COORDINATOR),
    terms=Terms,
    price=price,
    settled=settled,
    facts=facts,
    fits=fits,
    transitions=(
        start(
            "request",
            S.ASKED,
            T("부탁하기", "Ask"),
            by=(REQUESTER,),
            binds=REQUESTER,
            meets=PROVIDER,
            needs=("listing",),
            do=(notify(PROVIDER),),
        ),
        step(
            "accept",
            S.ASKED,
            S.SCHEDULED,
            T("받아들이기", "Accept"),
            by=(PROVIDER,),
            when=(LIMIT,),
            do=(HOLD_SLOT, HOLD_VALUE, notify(REQUESTER)),
        ),
        step(
            "decline",
            S.ASKED,
            S.DECLINED,
            T("사양하기", "Decline"),
            by=(PROVIDER,),
            do=(notify(REQUESTER),),
        ),
        step(
            "withdraw",
            S.ASKED,
            S.CANCELLED,
            T("부탁 거두기", "Take it back"),
            by=(REQUESTER,),
            do=(notify(PROVIDER),),
        ),
        timer(
            "expire",
            S.ASKED,
            S.EXPIRED,
            ruled(ANSWER),
            T("답 없이 기한이 지남", "Time passed without an answer"),
            do=(notify(REQUESTER),),
        ),
        step(
            "cancel",
            S.SCHEDULED,
            S.CANCELLED,
            T("약속 취소하기", "Cancel"),
            by=(REQUESTER, PROVIDER),
            do=(RELEASE_SLOT, VOID_VALUE, notify(REQUESTER, PROVIDER)),
        ),
        step(
            "claim",
            S.SCHEDULED,
            S.DONE_CLAIMED,
            T("마쳤다고 알리기", "Say that it is done"),
            by=(PROVIDER,),
            asks=Done,
            do=(RELEASE_SLOT, notify(REQUESTER)),
        ),
        timer(
            "unclaimed",
            S.SCHEDULED,
            S.REVIEW,
            ruled(CLAIM, "end"),
            T("마쳤다는 말 없이 기한이 지남", "Time passed and nobody said that it was done"),
            do=(RELEASE_SLOT,),
        ),
        step(
            "confirm",
            S.DONE_CLAIMED,
            S.SETTLED,
            T("확인하기", "Confirm"),
            by=(REQUESTER,),
            says="confirm",
            do=(EXCHANGED, SETTLE, notify(PROVIDER)),
        ),
        step(
            "dispute",
            S.DONE_CLAIMED,
            S.REVIEW,
            T("다르다고 알리기", "Dispute"),
            by=(REQUESTER,),
            asks=Why,
            says="dispute",
            do=(notify(PROVIDER),),
        ),
        timer(
            "unconfirmed",
            S.DONE_CLAIMED,
            S.REVIEW,
            ruled(CONFIRM),
            T("확인 없이 기한이 지남", "Time passed without confirmation"),
        ),
        step(
            "judge",
            S.REVIEW,
            S.SETTLED,
            T("시간 정하기", "Decide the time"),
            by=(COORDINATOR,),
            asks=Done,
            do=(EXCHANGED, SETTLE, notify(REQUESTER, PROVIDER)),
        ),
        step(
            "void",
            S.REVIEW,
            S.VOIDED,
            T("없던 일로 하기", "Make void"),
            by=(COORDINATOR,),
            do=(VOID_VALUE, notify(REQUESTER, PROVIDER)),
        ),
    ),
)
