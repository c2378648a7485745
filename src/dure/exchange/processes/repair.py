"""Repair (수리), version 1: with a queue, skills, and tools that are reserved by slot.

A repair event with date, place and host is a `Pool` of kind event_queue; a case is one item at
one event. Triage says what parts and tools it needs; who takes it on has the tools until the end
of the event or the result. A *sheet* is the record of an item that was worked on already; an
*import* is a record that a partner published. The result is an attestation, never a state.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator

from dure.core import parsers
from dure.core.text import T
from dure.core.types import Line, Minutes
from dure.engines.ords_words import CATEGORIES, Barrier, Outcome
from dure.exchange.declaration import (
    ENQUEUE,
    HAND_OUT,
    HOLD_SLOT,
    RELEASE_SLOT,
    Guard,
    Process,
    Role,
    Seen,
    States,
    Wanted,
    at,
    notify,
    record,
    ruled,
    start,
    step,
    timer,
)


class S(States):
    """Where an item is."""

    SUBMITTED = "submitted", "접수함", "Handed in"
    QUEUED = "queued", "차례 기다림", "Waiting its turn"
    ASSIGNED = "assigned", "맡은 사람 있음", "Taken on"
    IN_REPAIR = "in_repair", "고치는 중", "Being repaired"
    ASSESSED = "assessed", "결과 나옴", "Result known"
    REVIEW = "review", "확인 필요", "To be checked"
    HANDED_BACK = "handed_back", "돌려줌", "Handed back"
    DECLINED = "declined", "받지 않음", "Declined"
    EXPIRED = "expired", "기한 지남", "Expired"
    WITHDRAWN = "withdrawn", "주인이 거둠", "Withdrawn"
    VOIDED = "voided", "무효", "Void"


OWNER = Role("owner", T("물건 주인", "owner"), confirms=True)
HOST = Role("host", T("수리 모임", "host"), works="helping")
FIXER = Role("fixer", T("수리 봉사자", "fixer"))
COORDINATOR = Role("coordinator", T("코디네이터", "coordinator"), trusted=True, works="hosting")


def _category(value: object) -> int:
    number = parsers.count(value)
    if number not in CATEGORIES:
        raise ValueError("not a category of the standard")
    return number


def _year(value: object) -> int:
    number = parsers.count(value)
    if not 1900 <= number <= 2200:
        raise ValueError("not a year")
    return number


CategoryId = Annotated[int, BeforeValidator(_category)]
Year = Annotated[int, BeforeValidator(_year)]
Problem = Annotated[str, BeforeValidator(parsers.note)]
OutcomeCode = Annotated[Outcome, BeforeValidator(Outcome)]
BarrierCode = Annotated[Barrier, BeforeValidator(Barrier)]


@dataclass(frozen=True, slots=True)
class Terms:
    """What is known of an item when it comes in. Free text stays here, never in the journal."""

    category: CategoryId | None = None
    brand: Line | None = None
    year: Year | None = None
    age: str | None = None
    partner_category: Line | None = None
    problem: Problem | None = None
    provider: Line | None = None
    country: str | None = None
    group: Line | None = None
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it; minutes as measured or written down, None when nobody did."""

    outcome: OutcomeCode
    barrier: BarrierCode | None = None
    minutes: Minutes | None = None


class Parts(StrEnum):
    """What is known of the spare parts that an item needs."""

    NONE = "none"
    HERE = "here"
    MISSING = "missing"
    UNKNOWN = "unknown"


def _asset(value: object) -> str:
    return str(UUID(str(value)))


PartsCode = Annotated[Parts, BeforeValidator(Parts)]
AssetText = Annotated[str, BeforeValidator(_asset)]


@dataclass(frozen=True, slots=True)
class Triage:
    """What the host sees of an item before it waits: its kind, parts, and tools of the library."""

    category: CategoryId | None = None
    parts: PartsCode = Parts.UNKNOWN
    tool: AssetText | None = None
    second_tool: AssetText | None = None

    @property
    def tools(self) -> tuple[UUID, ...]:
        """The tools that it needs, each once."""
        named = (self.tool, self.second_tool)
        return tuple(UUID(one) for one in dict.fromkeys(named) if one is not None)


def wanted(seen: Seen) -> tuple[Wanted, ...]:
    """The fixer's own time and the tools, from now (or the beginning) to the end of the event."""
    begins = max(seen.now, seen.opens) if seen.opens is not None else seen.now
    ends = max(begins + timedelta(minutes=1), seen.closes or begins)
    triage = seen.answers.get("triage")
    tools = triage.tools if triage is not None else ()
    return (Wanted(None, begins, ends), *(Wanted(tool, begins, ends) for tool in tools))


# Any: what a guard is handed, a case and an actor.
HAS_EVENT = Guard(
    "has_event",
    T("모임이 정해졌는가", "it has an event to be brought to"),
    lambda given: given[0].pool is not None,
)
LABELS = ("repair.attempt", "repair.fixed", "time.volunteer")
STATED = record(*LABELS, evidence="A")
CONFIRMED = record(*LABELS, evidence="B")

REPAIR = Process(
    "repair",
    version=1,
    sector="repair",
    text=T("수리", "Repair"),
    states=S,
    roles=(OWNER, HOST, FIXER, COORDINATOR),
    terms=Terms,
    needs_pool=True,
    wanted=wanted,
    transitions=(
        start(
            "submit", S.SUBMITTED, T("물건 접수하기", "Hand an item in"), by=(OWNER,), binds=OWNER
        ),
        start(
            "sheet",
            S.HANDED_BACK,
            T("수리 기록 적기", "Record a repair"),
            by=(HOST,),
            asks=Result,
            do=(STATED,),
        ),
        start(
            "import",
            S.HANDED_BACK,
            T("수리 기록 가져오기", "Import a repair"),
            by=(HOST,),
            asks=Result,
            do=(STATED,),
        ),
        step(
            "triage",
            S.SUBMITTED,
            S.QUEUED,
            T("차례에 넣기", "Put in the queue"),
            by=(HOST,),
            asks=Triage,
            says="inspect",
            when=(HAS_EVENT,),
            do=(ENQUEUE, notify(OWNER)),
        ),
        step(
            "refuse",
            S.SUBMITTED,
            S.DECLINED,
            T("받지 않기", "Decline"),
            by=(HOST,),
            do=(notify(OWNER),),
        ),
        timer(
            "expire",
            S.SUBMITTED,
            S.EXPIRED,
            ruled("exchange.repair.submitted_days"),
            T("차례 없이 기한이 지남", "Time passed without a turn"),
        ),
        step("withdraw", S.QUEUED, S.WITHDRAWN, T("거두기", "Withdraw"), by=(OWNER,)),
        step(
            "claim",
            S.QUEUED,
            S.ASSIGNED,
            T("맡기", "Take it on"),
            by=(FIXER,),
            binds=FIXER,
            do=(HOLD_SLOT,),
        ),
        timer("close", S.QUEUED, S.EXPIRED, at("closes"), T("모임이 끝남", "The event ended")),
        step(
            "unclaim",
            S.ASSIGNED,
            S.QUEUED,
            T("도로 내놓기", "Put it back"),
            by=(FIXER,),
            frees=FIXER,
            do=(RELEASE_SLOT,),
        ),
        timer(
            "lapse",
            S.ASSIGNED,
            S.QUEUED,
            ruled("exchange.repair.idle_minutes"),
            T("시작하지 않고 시간이 지남", "Time passed without a beginning"),
            frees=FIXER,
            do=(RELEASE_SLOT,),
        ),
        step(
            "start",
            S.ASSIGNED,
            S.IN_REPAIR,
            T("고치기 시작하기", "Start"),
            by=(FIXER,),
            do=(HAND_OUT,),
        ),
        step(
            "result",
            S.IN_REPAIR,
            S.ASSESSED,
            T("결과 적기", "Give the result"),
            by=(FIXER,),
            asks=Result,
            do=(RELEASE_SLOT, notify(OWNER)),
        ),
        timer(
            "close",
            S.IN_REPAIR,
            S.REVIEW,
            at("closes"),
            T("모임이 끝남", "The event ended"),
            do=(RELEASE_SLOT,),
        ),
        step(
            "hand_back",
            S.ASSESSED,
            S.HANDED_BACK,
            T("돌려받고 결과 확인하기", "Take it back and confirm"),
            by=(OWNER,),
            do=(CONFIRMED,),
        ),
        timer(
            "unanswered",
            S.ASSESSED,
            S.REVIEW,
            ruled("exchange.repair.confirm_days"),
            T("확인 없이 기한이 지남", "Time passed without an answer"),
        ),
        step(
            "judge",
            S.REVIEW,
            S.HANDED_BACK,
            T("결과 정하기", "Decide the result"),
            by=(COORDINATOR,),
            asks=Result,
            do=(STATED,),
        ),
        step("void", S.REVIEW, S.VOIDED, T("무효로 하기", "Make void"), by=(COORDINATOR,)),
    ),
)
