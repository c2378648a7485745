"""Giving a thing away (물건 물려주기), version 1: for good, for nothing, to whom the giver chooses.

Neighbours ask, each in a case of her own; one is chosen, the others keep their turn until it is
handed over. What is promised takes all lanes of the thing without an end, so that nobody else is
promised it and nobody books it; what was handed over leaves the library. Nothing is paid.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from pydantic import BeforeValidator

from dure.core import parsers
from dure.core.text import T
from dure.core.types import Line
from dure.exchange.declaration import (
    COME_BACK,
    CORRECT,
    HOLD_SLOT,
    KEEP_TURNS,
    LEAVE,
    MEET,
    PUT_BACK,
    ByKind,
    Fact,
    Guard,
    Process,
    Role,
    Seen,
    States,
    Wanted,
    notify,
    record,
    ruled,
    start,
    step,
    timer,
)
from dure.exchange.terms import IsoDay, TimeOfDay


class S(States):
    """How far a thing has come on its way to a new owner."""

    ASKED = "asked", "물려받고 싶다고 함", "Asked for"
    PROMISED = "promised", "물려주기로 함", "Promised"
    GIVEN = "given", "건네줌", "Handed over"
    REVIEW = "review", "살펴보는 중", "Being looked at"
    CLOSED = "closed", "마침", "Closed"
    TAKEN_BACK = "taken_back", "되돌려 줌", "Taken back"
    CANCELLED = "cancelled", "취소됨", "Cancelled"
    DECLINED = "declined", "사양함", "Declined"
    MISSED = "missed", "이번에는 받지 못함", "Not this time"
    NOT_FETCHED = "not_fetched", "찾아가지 않음", "Not fetched"
    EXPIRED = "expired", "답 없이 지나감", "Expired"


GIVER = Role("giver", T("물려주는 이", "giver"), answers=True)
RECEIVER = Role("receiver", T("물려받는 이", "new owner"), confirms=True)
SYSTEM = Role("system", T("자동", "system"), trusted=True, works="nobody")
COORDINATOR = Role("coordinator", T("코디네이터", "coordinator"), trusted=True, works="hosting")

NoteText = Annotated[str, BeforeValidator(parsers.note)]


@dataclass(frozen=True, slots=True)
class Terms:
    """What whoever asks says of herself: why, and when she could fetch it."""

    note: NoteText | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """Where and when it is handed over."""

    place: Line
    on: IsoDay
    at: TimeOfDay


@dataclass(frozen=True, slots=True)
class Why:
    """What is wrong, or why it is decided so."""

    why: NoteText


def wanted(seen: Seen) -> tuple[Wanted, ...]:
    """All of the thing, for good."""
    pieces: int = seen.asset["lanes"]
    return tuple(Wanted(seen.asset_id, seen.now, None) for _ in range(pieces))


def facts(seen: Seen) -> tuple[Fact, ...]:
    """The pieces that found a new owner; none once it was taken back. A device says its kind."""
    if "take_back" in seen.moments:
        return ()
    pieces: int = seen.qty if seen.qty is not None else seen.asset["lanes"]
    when = seen.moments.get("hand_over", seen.now)
    category = seen.asset.get("category")
    dims = {"category": f"{category:02d}"} if category is not None else {}
    return (Fact("reuse.handover", pieces, when, when, dims),)


OFFERED = Guard("still_offered", T("아직 나와 있는가", "it is still offered"))
ASKS_MOST = Guard("asks_within", T("한 번에 부탁할 만큼인가", "not too many asked for at once"))
IN_TURN = Guard("in_turn", T("정한 대로 고르는가", "chosen as the offer says"))
STILL_THERE = Guard("still_there", T("아직 있는가", "it is still there"))
TOLD_BOTH = notify(GIVER, RECEIVER)

GIVE_AWAY = Process(
    "give_away",
    version=1,
    sector="repair",
    text=T("물건 물려주기", "Giving a thing away"),
    states=S,
    roles=(GIVER, RECEIVER, SYSTEM, COORDINATOR),
    terms=Terms,
    wanted=wanted,
    facts=facts,
    for_good=True,
    transitions=(
        start(
            "ask",
            S.ASKED,
            T("물려받고 싶다고 하기", "Ask for it"),
            by=(RECEIVER,),
            binds=RECEIVER,
            meets=GIVER,
            needs=("listing",),
            when=(OFFERED, ASKS_MOST),
            do=(notify(GIVER),),
        ),
        step(
            "choose",
            S.ASKED,
            S.PROMISED,
            T("이 이웃에게 물려주기", "Give it to this neighbour"),
            by=(GIVER, COORDINATOR),
            asks=Meeting,
            says="inspect",
            when=(STILL_THERE, IN_TURN),
            do=(HOLD_SLOT, MEET, KEEP_TURNS, TOLD_BOTH),
        ),
        step(
            "decline",
            S.ASKED,
            S.DECLINED,
            T("사양하기", "Decline"),
            by=(GIVER, COORDINATOR),
            do=(notify(RECEIVER),),
        ),
        step(
            "withdraw",
            S.ASKED,
            S.CANCELLED,
            T("물려받지 않기", "Take it back"),
            by=(RECEIVER,),
            do=(notify(GIVER),),
        ),
        step(
            "displace",
            S.ASKED,
            S.MISSED,
            T("다른 이웃에게 갔거나 거두어들임", "Went to somebody else, or withdrawn"),
            by=(SYSTEM,),
            do=(notify(RECEIVER),),
        ),
        timer(
            "expire",
            S.ASKED,
            S.EXPIRED,
            ruled("exchange.give.answer_days"),
            T("답 없이 기한이 지남", "Time passed without an answer"),
            do=(notify(RECEIVER),),
        ),
        step(
            "hand_over",
            S.PROMISED,
            S.GIVEN,
            T("건네고 받기", "Hand over"),
            by=(GIVER, RECEIVER),
            kind=ByKind.BOTH,
            do=(LEAVE, record("reuse.handover", evidence="B")),
        ),
        step(
            "meet",
            S.PROMISED,
            S.PROMISED,
            T("만날 때와 곳 바꾸기", "Change when and where to meet"),
            by=(GIVER,),
            asks=Meeting,
            says="inspect",
            do=(MEET, notify(RECEIVER)),
        ),
        step(
            "cancel",
            S.PROMISED,
            S.CANCELLED,
            T("약속 취소하기", "Cancel"),
            by=(GIVER, RECEIVER, COORDINATOR),
            do=(PUT_BACK, TOLD_BOTH),
        ),
        timer(
            "not_fetched",
            S.PROMISED,
            S.NOT_FETCHED,
            ruled("exchange.give.fetch_hours", "end"),
            T("찾아가지 않음", "Not fetched"),
            do=(PUT_BACK, TOLD_BOTH),
        ),
        step(
            "accept",
            S.GIVEN,
            S.CLOSED,
            T("이상 없음", "All is well"),
            by=(RECEIVER,),
            says="confirm",
            do=(notify(GIVER),),
        ),
        step(
            "complain",
            S.GIVEN,
            S.REVIEW,
            T("들은 것과 다르다고 알리기", "Say that it is not as told"),
            by=(RECEIVER,),
            asks=Why,
            says="dispute",
            do=(notify(GIVER),),
        ),
        timer(
            "kept",
            S.GIVEN,
            S.CLOSED,
            ruled("exchange.give.complain_days"),
            T("말 없이 기한이 지남", "Time passed without a word"),
        ),
        step(
            "uphold",
            S.REVIEW,
            S.CLOSED,
            T("그대로 두기", "Let it stand"),
            by=(COORDINATOR,),
            asks=Why,
            do=(TOLD_BOTH,),
        ),
        step(
            "take_back",
            S.REVIEW,
            S.TAKEN_BACK,
            T("주인에게 되돌리기", "Back to its owner"),
            by=(COORDINATOR,),
            asks=Why,
            do=(CORRECT, COME_BACK, TOLD_BOTH),
        ),
    ),
)
