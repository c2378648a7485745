"""The one clock: the transaction clock of the database.

``dure_now()`` is a STABLE SQL function; in production its body is ``transaction_timestamp()``.
Tests replace that one function, so that triggers, constraints and Python move together.
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from dure.core import running, statements

SEOUL = ZoneInfo("Asia/Seoul")


def now() -> datetime:
    """The transaction clock, aware, UTC: of the running action, else asked of the database."""
    current = running.current_or_none()
    if current is not None:
        return current.now
    found = statements.row("SELECT dure_now()")
    assert found is not None
    at: datetime = found[0]
    return at


def today() -> date:
    """The date of `now()` in Asia/Seoul."""
    return kst_date(now())


def kst_date(at: datetime) -> date:
    """The date of an instant in Asia/Seoul."""
    return at.astimezone(SEOUL).date()
