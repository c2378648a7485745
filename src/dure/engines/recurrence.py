"""Recurrence (되풀이): the days on which an opening hour or a regular ride falls.

Nouns
    rule : the part of an RRULE we read: FREQ DAILY, WEEKLY or MONTHLY, INTERVAL, BYDAY, BYMONTHDAY,
           COUNT, UNTIL; weeks begin on Monday
    day  : a calendar day of the place; the hour stands beside the rule, so no clock change matters
Law
    Days are a function of rule and first day alone, ascending, each once. What a rule says that is
    not read is refused, never ignored. The first day counts only when the rule hits it.
Source
    RFC 5545, 3.3.10 and 3.8.5.3.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

DAYS_MAX: Final = 366 * 20
INTERVAL_MAX: Final = 400
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_BYDAY: Final = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T[0-9]{6}Z?)?")
_NUMBER: Final = re.compile(r"-?[0-9]{1,4}")


class Frequency(StrEnum):
    """How often a rule comes round."""

    DAILY = "DAILY"
    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class UnreadableRuleError(ValueError):
    """A rule that is not written as RFC 5545 says, or says more than we read."""


@dataclass(frozen=True, slots=True)
class Recurrence:
    """A rule. weekdays: (which, weekday 0 … 6); which 0 = every, 1 = first, -1 = last of the month.

    count : how many days in all; until: the last day that may be one
    """

    frequency: Frequency
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()
    monthdays: tuple[int, ...] = ()
    count: int | None = None
    until: date | None = None


def read_rule(text: str) -> Recurrence:
    """Read an RRULE, with or without its name in front.

    Raises UnreadableRuleError, which names the part, for what is not read.

    >>> read_rule("FREQ=MONTHLY;BYDAY=2SA,-1SU;COUNT=6").weekdays
    ((2, 5), (-1, 6))
    """
    parts: dict[str, str] = {}
    for part in text.removeprefix("RRULE:").strip().upper().split(";"):
        name, mark, value = part.partition("=")
        if not mark or name in parts:
            raise UnreadableRuleError(part)
        parts[name] = value
    unknown = parts.keys() - {
        "FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "COUNT", "UNTIL", "WKST",
    }  # fmt: skip
    if unknown or parts.get("WKST", "MO") != "MO" or {"COUNT", "UNTIL"} <= parts.keys():
        raise UnreadableRuleError(",".join(sorted(unknown)) or "WKST, COUNT or UNTIL")
    if parts.get("FREQ") not in set(Frequency):
        raise UnreadableRuleError("FREQ")
    frequency = Frequency(parts["FREQ"])
    weekdays = tuple(_weekday(one, frequency) for one in _listed(parts, "BYDAY"))
    monthdays = tuple(_number(one, "BYMONTHDAY", -31, 31) for one in _listed(parts, "BYMONTHDAY"))
    if monthdays and (0 in monthdays or weekdays or frequency is not Frequency.MONTHLY):
        raise UnreadableRuleError("BYMONTHDAY")
    return Recurrence(
        frequency,
        _number(parts.get("INTERVAL", "1"), "INTERVAL", 1, INTERVAL_MAX),
        tuple(dict.fromkeys(weekdays)),
        tuple(dict.fromkeys(monthdays)),
        _number(parts["COUNT"], "COUNT", 1, DAYS_MAX) if "COUNT" in parts else None,
        _day(parts["UNTIL"]) if "UNTIL" in parts else None,
    )


def _listed(parts: dict[str, str], name: str) -> list[str]:
    return parts[name].split(",") if name in parts else []


def _number(text: str, name: str, least: int, most: int) -> int:
    if not _NUMBER.fullmatch(text) or not least <= int(text) <= most:
        raise UnreadableRuleError(name)
    return int(text)


def _weekday(text: str, frequency: Frequency) -> tuple[int, int]:
    found = _BYDAY.fullmatch(text)
    if found is None or (found[1] and frequency is not Frequency.MONTHLY):
        raise UnreadableRuleError("BYDAY")
    return int(found[1] or 0), WEEKDAYS.index(found[2])


def _day(text: str) -> date:
    found = _UNTIL.fullmatch(text)
    try:
        return date(*map(int, found.groups())) if found else date.min.replace(month=13)
    except ValueError:
        raise UnreadableRuleError("UNTIL") from None


def occurrences(rule: Recurrence, first: date, begin: date, end: date) -> tuple[date, ...]:
    """List the days of a rule within a window.

    first      : the day the rule counts from (DTSTART)
    begin, end : the window, both days included
    Returns      days ascending; COUNT counts from the first day, not from the window.
    Raises       AssertionError when the window ends more than 20 years after the first day.
    Source       RFC 5545, 3.3.10.

    >>> rule = read_rule("FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH")
    >>> july = (date(2026, 7, 1), date(2026, 7, 31))
    >>> [day.day for day in occurrences(rule, date(2026, 7, 2), *july)]
    [2, 14, 16, 28, 30]
    """
    assert (end - first).days <= DAYS_MAX, "the window reaches too far"
    found: list[date] = []
    for number, day in enumerate(_days(rule, first, end)):
        if rule.count is not None and number >= rule.count:
            break
        if day >= begin:
            found.append(day)
    return tuple(found)


def _days(rule: Recurrence, first: date, end: date) -> Iterator[date]:
    """Every day from the first to the end that the rule hits."""
    last = end if rule.until is None else min(end, rule.until)
    days = sorted({weekday for _which, weekday in rule.weekdays})
    monday = first - timedelta(days=first.weekday())
    for step in range((last - first).days + 1):
        day = first + timedelta(days=step)
        if rule.frequency is Frequency.DAILY:
            hit = step % rule.interval == 0 and (not days or day.weekday() in days)
        elif rule.frequency is Frequency.WEEKLY:
            weeks = (day - monday).days // 7
            hit = weeks % rule.interval == 0 and day.weekday() in (days or [first.weekday()])
        else:
            months = 12 * (day.year - first.year) + day.month - first.month
            hit = months % rule.interval == 0 and _is_in_month(rule, first, day)
        if hit:
            yield day


def _is_in_month(rule: Recurrence, first: date, day: date) -> bool:
    """Say whether a monthly rule hits a day; a month without the wanted day is left out."""
    length = calendar.monthrange(day.year, day.month)[1]
    if not rule.weekdays:
        wanted = rule.monthdays or (first.day,)
        return day.day in wanted or day.day - length - 1 in wanted
    place, from_end = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
    own = [which for which, weekday in rule.weekdays if weekday == day.weekday()]
    return any(which in (0, place, from_end) for which in own)
