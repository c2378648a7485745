"""Pabulib files of the past, read for this room: whole won, one envelope, known ballots.

Law: the same reading serves the preview and the import; the first thing wrong is told by its line.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Final

from dure.core import clock
from dure.core.errors import Refusal
from dure.core.text import T
from dure.engines.pb import pabulib
from dure.engines.pb.election import Election
from dure.engines.pb.pabulib_errors import PabulibError

from . import counting
from .errors import BudgetCode

BYTES_MAX: Final = 32 * 1024 * 1024
CODE = re.compile(r"[0-9A-Za-z가-힣][0-9A-Za-z가-힣._-]{0,19}")
YEAR = re.compile(r"[0-9]{4}")
WON_MAX: Final = 10**15


def bad_file(why: T) -> Refusal:
    """The refusal of a file, with what is wrong in it."""
    return Refusal(BudgetCode.BAD_FILE, field="content", why=why)


def read_file(content: bytes) -> Election:
    """The election, when this room can hold it. Raises Refusal(BAD_FILE), by line or reason."""
    try:
        election = pabulib.read(content, bytes_max=4 * BYTES_MAX)
    except PabulibError as error:
        raise bad_file(T(error.ko, error.en)) from None
    money = (election.budget, *(one.cost for one in election.projects))
    faults = (
        (
            election.meta.get("currency", "KRW") != "KRW",
            T("원화(KRW)가 아닌 금액입니다.", "the money is not won (KRW)."),
        ),
        (
            any(one.denominator != 1 or one > WON_MAX for one in money) or election.budget <= 0,
            T(
                "금액이 1원 단위가 아니거나 한도를 넘습니다.",
                "an amount is not whole won, or too large.",
            ),
        ),
        (
            election.kind not in counting.KINDS.values() or election.ballots.points_scale != 1,
            T("이 투표 방법은 가져올 수 없습니다.", "ballots of this kind cannot be taken in."),
        ),
        (
            not all(CODE.fullmatch(one.id) for one in election.projects),
            T(
                "사업 번호는 20자까지의 글자와 숫자입니다.",
                "project ids have at most 20 letters or digits.",
            ),
        ),
    )
    for is_bad, why in faults:
        if is_bad:
            raise bad_file(why)
    return election


def dates_of(election: Election) -> tuple[datetime, datetime]:
    """When the vote was, half-open, as META says. Raises Refusal(BAD_FILE) where it does not."""
    days = []
    for key, year_end in (("date_begin", "01.01."), ("date_end", "31.12.")):
        told = election.meta.get(key, "")
        told = year_end + told if YEAR.fullmatch(told) else told
        try:
            days.append(datetime.strptime(told, "%d.%m.%Y").replace(tzinfo=clock.SEOUL))
        except ValueError:
            raise bad_file(T(f"{key}가 날짜가 아닙니다.", f"{key} is no date.")) from None
    begins, ends = days[0], days[1] + timedelta(days=1)
    if begins >= ends:
        raise bad_file(T("투표가 시작하기 전에 끝납니다.", "the vote ends before it begins."))
    return begins, ends
