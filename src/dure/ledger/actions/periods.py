"""Periods: a book is closed through a day, with its trial balance kept and hashed."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef

from dure.core import running
from dure.core.actions import action, line, subject
from dure.core.actors import Actor, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.types import IsoDate
from dure.ledger import policies
from dure.ledger.errors import LedgerCode
from dure.ledger.models import Book, Match, Period, StatementLine
from dure.ledger.posting import told
from dure.ledger.queries import subjects
from dure.ledger.types import RowId


@dataclass(frozen=True, slots=True)
class PeriodRef:
    """A closed period and the hash of its trial balance."""

    id: str
    sha256: str


@action(
    "ledger.period.close",
    ko="장부를 어느 날까지 마감합니다.",
    en="Close a book through a day.",
    policy=policies.may_close_period,
    letters={Role.TREASURER: "m2", Role.AUDITOR: "m2"},
    subject=subjects.book,
    idempotent=True,
    audit_refusals=True,
    long=True,
    second_person=policies.asks_second,
    writes=("ledger_period", "ledger_closing", "ledger_book"),
    refusals=(
        CoreCode.SECOND_PERSON,
        LedgerCode.PERIOD_CLOSED,
        LedgerCode.PERIOD_NOT_OVER,
        LedgerCode.PERIOD_OPEN_LINES,
    ),
)
def close_period(book_id: RowId, to: IsoDate, *, actor: Actor) -> PeriodRef:
    """Close every day up to `to`; whoever reviewed it is another person than who closes.

    Nobody posts in the book meanwhile. A closed day takes no row any more; a mistake in it is
    reversed by a row of an open day.
    """
    book = subject(Book)
    present = running.current()
    (reviewer,) = present.approvers[:1]
    with told(actor), connection.cursor() as cursor:
        cursor.execute("SELECT ledger_close(%s, %s, %s, %s)", [book.pk, to, actor.id, reviewer])
        (number,) = cursor.fetchone()
    waiting = open_lines(book, to)
    if waiting:
        raise Refusal(LedgerCode.PERIOD_OPEN_LINES, count=waiting)
    period = Period.rows.get(pk=number)
    line().object("ledger.period", number)
    line().organisation(book.organisation_id)
    line().changed("closed_through", book.closed_through, to)
    return PeriodRef(str(number), period.sha256)


def open_lines(book: Book, to: object) -> int:
    """Statement lines up to a day that nobody matched or waived."""
    settled = Match.rows.filter(line=OuterRef("pk"), state__in=("confirmed", "waived"))
    rows = StatementLine.rows.filter(account__book=book, on_date__lte=to)
    return rows.exclude(Exists(settled)).count()
