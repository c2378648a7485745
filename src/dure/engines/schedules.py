"""Standing payments (정기 이체): on which days they fall, and what becomes of missed days.

Nouns
    rule   : every n weeks on a weekday, or every n months on a day of the month
    start  : the first day the order may pay; the rule counts from the first date on or after it
    missed : a date that has come and was not posted yet
Law
    Dates are a function of rule and start alone, strictly ascending; a short month pays on its
    last day and the next month pays on the wanted day again.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

WAIT_DAYS: Final = 7
DATES_MAX: Final = 10_000


@dataclass(frozen=True, slots=True)
class Weekly:
    """Every `every` weeks (1 … 52) on an ISO weekday (Monday 1 … Sunday 7)."""

    every: int
    weekday: int

    def __post_init__(self) -> None:
        assert 1 <= self.every <= 52 and 1 <= self.weekday <= 7, self


@dataclass(frozen=True, slots=True)
class Monthly:
    """Every `every` months (1 … 24) on day 1 … 31; a shorter month pays on its last day."""

    every: int
    day: int

    def __post_init__(self) -> None:
        assert 1 <= self.every <= 24 and 1 <= self.day <= 31, self


Rule = Weekly | Monthly


@dataclass(frozen=True, slots=True)
class Due:
    """What a run does: dates to post, in order; dates that wait for a person; the next date."""

    post: tuple[date, ...]
    wait: tuple[date, ...]
    next_on: date | None


def nth_date(rule: Rule, start: date, number: int) -> date:
    """Give the date with this number, from 0, of a rule that starts on a day.

    Raises OverflowError or ValueError beyond the year 9999.

    >>> [nth_date(Monthly(1, 31), date(2027, 1, 31), n).isoformat() for n in range(4)]
    ['2027-01-31', '2027-02-28', '2027-03-31', '2027-04-30']
    """
    assert number >= 0, number
    if isinstance(rule, Weekly):
        ahead = (rule.weekday - start.isoweekday()) % 7
        return start + timedelta(days=ahead + 7 * rule.every * number)
    first = _month_date(start.year, start.month - 1, rule.day)
    begin = 0 if first >= start else 1
    return _month_date(start.year, start.month - 1 + begin + rule.every * number, rule.day)


def _month_date(year: int, month_from_zero: int, day: int) -> date:
    year, month = year + month_from_zero // 12, month_from_zero % 12 + 1
    return date(year, month, min(day, calendar.monthrange(year, month)[1]))


def next_after(
    rule: Rule, start: date, after: date | None, ends_on: date | None = None
) -> date | None:
    """Give the first date of the rule after a day; None when the order has ended.

    after   : a day, or None for the first date of all
    ends_on : last day that may pay; None = open

    >>> next_after(Weekly(2, 1), date(2026, 6, 3), date(2026, 6, 8)).isoformat()
    '2026-06-22'
    """
    number = 0
    if after is not None and after >= start:
        days = 7 * rule.every if isinstance(rule, Weekly) else 31 * rule.every
        number = (after - start).days // days
    found = nth_date(rule, start, number)
    for _step in range(DATES_MAX):
        if after is None or found > after:
            return found if ends_on is None or found <= ends_on else None
        number += 1
        found = nth_date(rule, start, number)
    raise AssertionError("unreachable: the estimate is never this far behind")


def due(
    rule: Rule,
    start: date,
    posted_to: date | None,
    today: date,
    *,
    ends_on: date | None = None,
    wait_days: int = WAIT_DAYS,
) -> Due:
    """Say what a run of a standing payment does today.

    posted_to : the last date that was dealt with; None = none yet
    today     : the day of the run in Korea
    wait_days : a date more than this many days ago waits for a person
    Returns   the missed dates in order, parted into those to post and those that wait, and the
              first date after today.
    Raises    AssertionError when more than 10,000 dates were missed.
    Source    ledger design, *schedule*.

    >>> found = due(Weekly(1, 1), date(2026, 6, 1), None, date(2026, 6, 16))
    >>> [day.day for day in found.wait], [day.day for day in found.post], found.next_on.day
    ([1, 8], [15], 22)
    """
    assert wait_days >= 0, wait_days
    post: list[date] = []
    wait: list[date] = []
    found = next_after(rule, start, posted_to, ends_on)
    for _count in range(DATES_MAX):
        if found is None or found > today:
            return Due(tuple(post), tuple(wait), found)
        (wait if (today - found).days > wait_days else post).append(found)
        found = next_after(rule, start, found, ends_on)
    raise AssertionError("more dates were missed than a standing payment can have")
