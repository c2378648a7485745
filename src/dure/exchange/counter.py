"""When a counter is open: days by an RRULE's BYDAY, hours by the thing's terms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from dure.core import clock
from dure.core.text import T

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def weekdays(rrule: str) -> tuple[str, ...]:
    """The days of the week of an RRULE; all of them where nothing is said.

    >>> weekdays("FREQ=WEEKLY;BYDAY=TU,SA"), len(weekdays(""))
    (('TU', 'SA'), 7)
    """
    for part in rrule.split(";"):
        name, _, value = part.partition("=")
        if name == "BYDAY":
            return tuple(one for one in WEEKDAYS if one in value.split(","))
    return WEEKDAYS


def opens_on(rrule: str, day: date) -> bool:
    """Whether the counter opens on a day."""
    return WEEKDAYS[day.weekday()] in weekdays(rrule)


def opening(terms: Mapping[str, Any]) -> tuple[time, time]:  # Any: stored terms
    """From when to when it is open; all day where nothing is said."""
    return _clock(terms.get("opens"), time()), _clock(terms.get("closes"), time.max)


def _clock(text: str | None, otherwise: time) -> time:
    if not text:
        return otherwise
    return time.max if text.startswith("24") else time.fromisoformat(text)


def closed_at(rrule: str, terms: Mapping[str, Any], at: datetime) -> T | None:  # Any: as above
    """Why nothing is handed over at a moment; None while the counter is open."""
    here = at.astimezone(clock.SEOUL)
    if not opens_on(rrule, here.date()):
        return T("그날은 여는 날이 아닙니다", "it is not open on that day")
    opens, closes = opening(terms)
    if not opens <= here.time() <= closes:
        hours = f"{opens:%H:%M}–{closes:%H:%M}"
        return T(f"여는 때({hours})가 아닙니다", f"it is open from {hours}")
    return None
