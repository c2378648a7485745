"""Repair (수리), version 1: without slots and queue. Cases that began under it end under it."""

from __future__ import annotations

from dure.core.text import T
from dure.exchange.declaration import Process, at, ruled, start, step, timer

from .repair import (
    CONFIRMED,
    COORDINATOR,
    FIXER,
    HOST,
    OWNER,
    STATED,
    Result,
    S,
    Terms,
)

REPAIR_1 = Process(
    "repair",
    version=1,
    sector="repair",
    text=T("수리", "Repair"),
    states=S,
    roles=(OWNER, HOST, FIXER, COORDINATOR),
    terms=Terms,
    needs_pool=True,
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
        step("triage", S.SUBMITTED, S.QUEUED, T("차례에 넣기", "Put in the queue"), by=(HOST,)),
        step("refuse", S.SUBMITTED, S.DECLINED, T("받지 않기", "Decline"), by=(HOST,)),
        timer(
            "expire",
            S.SUBMITTED,
            S.EXPIRED,
            ruled("exchange.repair.submitted_days"),
            T("차례 없이 기한이 지남", "Time passed without a turn"),
        ),
        step("withdraw", S.QUEUED, S.WITHDRAWN, T("거두기", "Withdraw"), by=(OWNER,)),
        step("claim", S.QUEUED, S.ASSIGNED, T("맡기", "Take it on"), by=(FIXER,), binds=FIXER),
        timer("close", S.QUEUED, S.EXPIRED, at("closes"), T("모임이 끝남", "The event ended")),
        step(
            "unclaim",
            S.ASSIGNED,
            S.QUEUED,
            T("도로 내놓기", "Put it back"),
            by=(FIXER,),
            frees=FIXER,
        ),
        timer(
            "lapse",
            S.ASSIGNED,
            S.QUEUED,
            ruled("exchange.repair.idle_minutes"),
            T("시작하지 않고 시간이 지남", "Time passed without a beginning"),
            frees=FIXER,
        ),
        step("start", S.ASSIGNED, S.IN_REPAIR, T("고치기 시작하기", "Start"), by=(FIXER,)),
        step(
            "result",
            S.IN_REPAIR,
            S.ASSESSED,
            T("결과 적기", "Give the result"),
            by=(FIXER,),
            asks=Result,
        ),
        timer("close", S.IN_REPAIR, S.REVIEW, at("closes"), T("모임이 끝남", "The event ended")),
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
