"""Refusals of the exchange."""

from __future__ import annotations

from dure.core.errors import Code, Kind, code


class ExchangeCode(Code):
    """What the exchange says no to."""

    STALE_STATE = code(
        "exchange.stale_state",
        Kind.CONFLICT,
        "그사이 상태가 바뀌었습니다. 지금 상태: %(state)s. 지금 할 수 있는 일: %(steps)s.",
        "The state changed meanwhile. Now: %(state)s. What can be done now: %(steps)s.",
    )
    NOT_YOUR_STEP = code(
        "exchange.not_your_step",
        Kind.FORBIDDEN,
        "이 일은 %(role)s의 일입니다. 그 사람에게 부탁해 주세요.",
        "This step belongs to: %(role)s. Please ask them.",
    )
    GUARD = code(
        "exchange.guard",
        Kind.CONFLICT,
        "아직 할 수 없습니다: %(why)s.",
        "Not yet possible: %(why)s.",
    )
    SAME_PERSON = code(
        "exchange.same_person",
        Kind.CONFLICT,
        "결과를 적은 사람이 스스로 확인할 수 없습니다. 다른 사람이 확인해 주세요.",
        "Who gave the result cannot confirm it. Please ask somebody else to confirm.",
    )
    BAD_ANSWER = code(
        "exchange.bad_answer",
        Kind.INVALID,
        "%(field)s 칸을 고쳐 주세요. 목록에 있는 값이나 정해진 꼴만 받습니다.",
        "Please correct %(field)s. Only values from its list or of its form are accepted.",
    )
    BAD_BARRIER = code(
        "exchange.bad_barrier",
        Kind.INVALID,
        "못 고친 까닭은 결과가 '수명이 다함'일 때만 적습니다. 결과나 까닭을 고쳐 주세요.",
        "A barrier belongs to the outcome “end of life” only. Please change one of them.",
    )
    POOL_NOT_OPEN = code(
        "exchange.pool_not_open",
        Kind.CONFLICT,
        "모임이 아직 시작되지 않았거나 취소되었습니다. 날짜를 확인해 주세요.",
        "The event has not begun or was cancelled. Please check its date.",
    )
    BAD_TIMES = code(
        "exchange.bad_times",
        Kind.INVALID,
        "끝나는 때는 시작보다 늦고 하루를 넘지 않아야 합니다.",
        "The end must come after the beginning, within one day.",
    )
    NOT_CORRECTABLE = code(
        "exchange.not_correctable",
        Kind.CONFLICT,
        "끝난 기록만 바로잡을 수 있습니다. 지금 상태: %(state)s.",
        "Only a finished record can be corrected. Now: %(state)s.",
    )
    NOT_ORDS = code(
        "exchange.not_ords",
        Kind.INVALID,
        "수리 기록 파일(ORDS)이 아닙니다: %(problem)s. UTF-8 CSV와 제목 줄을 확인해 주세요.",
        "Not a repair file (ORDS): %(problem)s. Please check that it is UTF-8 CSV with header.",
    )
    NO_FACTORS = code(
        "exchange.no_factors",
        Kind.CONFLICT,
        "발자국 계수나 대체 비율이 없습니다. dure import factors로 먼저 올려 주세요.",
        "There are no footprints or no displacement. Load them by dure import factors first.",
    )
