"""Statements and days of a till as tables that leave: their columns and rows, in minor units."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T
from dure.engines.tables_out import Value
from dure.ledger import words

from . import passages
from .passages import Passage, Statement
from .wallets import Wallet

GIVEN, BACK = (0, 2), (5, 6)
STATEMENT_TITLE = T("명세서", "Statement")
STATEMENT = (
    T("번호", "Number"),
    T("날짜", "Date"),
    T("적은 시각", "Recorded at"),
    T("종류", "Kind"),
    T("상대", "Other side"),
    T("받는 이름", "Handle"),
    T("용도", "Purpose"),
    T("단위", "Unit"),
    T("들어옴(+)·나감(-)", "In (+) or out (-)"),
    T("보류", "Held"),
    T("잔액", "Balance"),
    T("되돌린 이체", "Reversed by"),
    T("환불", "Refunded"),
)
TILL_TITLE = T("하루 마감", "Closing of the day")
TILL = (
    T("계정", "Account"),
    T("번호", "Number"),
    T("시각", "At"),
    T("종류", "Kind"),
    T("상대", "Other side"),
    T("용도", "Purpose"),
    T("단위", "Unit"),
    T("받음(+)·내줌(-)", "In (+) or out (-)"),
)


@dataclass(frozen=True, slots=True)
class Day:
    """One account over one day. taken − given_back − paid_out = the change of its balance."""

    wallet: Wallet
    told: Statement
    taken: int
    taken_count: int
    given_back: int
    paid_out: int

    @property
    def rows(self) -> tuple[Passage, ...]:
        """The rows that moved value, newest first."""
        return tuple(row for row in reversed(self.told.rows) if row.delta)


def day_of(actor: Actor, wallet: Wallet, on: date) -> Day:
    """Sum one day of an account."""
    told = passages.statement(actor, wallet.id, on, on)
    taken = [row.delta for row in told.rows if row.delta > 0 and row.kind in GIVEN]
    undone = sum(row.delta for row in told.rows if row.kind in BACK)
    out = sum(row.delta for row in told.rows if row.delta < 0 and row.kind in GIVEN)
    assert sum(taken) + undone + out == told.closing - told.opening
    return Day(wallet, told, sum(taken), len(taken), -undone, -out)


def statement_rows(told: Statement) -> Iterator[tuple[Value, ...]]:
    """The rows of a statement, oldest first."""
    for row in told.rows:
        yield (
            row.id,
            row.event_date,
            row.at.astimezone(clock.SEOUL).isoformat(timespec="seconds"),
            str(words.KINDS[row.kind]),
            row.other,
            row.handle,
            row.purpose,
            told.wallet.unit,
            row.delta,
            0 if row.delta else row.amount,
            row.after,
            row.reversed_by,
            row.refunded,
        )


def till_rows(days: Iterable[Day]) -> Iterator[tuple[Value, ...]]:
    """The rows of a day at a till that moved value, account by account, oldest first."""
    for one in days:
        for row in one.told.rows:
            if row.delta:
                yield (
                    one.wallet.label,
                    row.id,
                    row.at.astimezone(clock.SEOUL).isoformat(timespec="seconds"),
                    str(words.KINDS[row.kind]),
                    row.other,
                    row.purpose,
                    one.wallet.unit,
                    row.delta,
                )
