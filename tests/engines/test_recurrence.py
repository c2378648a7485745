"""Recurrence: against dateutil, edges of months, refusals."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from dure.engines.recurrence import UnreadableRuleError, occurrences, read_rule

weekdays = st.lists(st.sampled_from(["MO", "TU", "WE", "TH", "FR", "SA", "SU"]), max_size=4)
# All with a number or none: dateutil takes a mixture as "and", RFC 5545 as "or".
ordinals = st.one_of(
    st.lists(st.sampled_from(["MO", "WE", "SA"]), max_size=3),
    st.lists(st.sampled_from(["1MO", "2MO", "5WE", "4SA", "-1SA", "-2MO", "3SA"]), max_size=3),
)
monthdays = st.lists(st.sampled_from(["1", "15", "29", "30", "31", "-1", "-2"]), max_size=3)


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}"]
    if frequency == "MONTHLY":
        name, listed = draw(
            st.one_of(
                st.tuples(st.just("BYDAY"), ordinals), st.tuples(st.just("BYMONTHDAY"), monthdays)
            )
        )
    else:
        name, listed = "BYDAY", draw(weekdays)
    if listed:
        parts.append(f"{name}={','.join(listed)}")
    ending = draw(st.sampled_from(["", "COUNT=5", "UNTIL=20270310"]))
    return ";".join([*parts, ending] if ending else parts)


@settings(max_examples=300, deadline=None)
@given(rules(), st.integers(0, 400), st.integers(0, 300), st.integers(0, 300))
def test_days_agree_with_dateutil(text: str, start: int, ahead: int, length: int) -> None:
    first = date(2026, 1, 1) + timedelta(days=start)
    begin = first + timedelta(days=ahead)
    end = begin + timedelta(days=length)
    midnight = datetime.combine(first, datetime.min.time())
    library = rrulestr(text, dtstart=midnight).between(
        datetime.combine(begin, datetime.min.time()),
        datetime.combine(end, datetime.min.time()),
        inc=True,
    )
    assert list(occurrences(read_rule(text), first, begin, end)) == [at.date() for at in library]


def test_numbered_and_plain_weekdays_add_up() -> None:
    window = (date(2026, 7, 1), date(2026, 7, 1), date(2026, 7, 31))
    days = occurrences(read_rule("FREQ=MONTHLY;BYDAY=1MO,SU"), *window)
    assert [day.day for day in days] == [5, 6, 12, 19, 26]


def test_opening_days_and_the_last_of_a_month() -> None:
    july = (date(2026, 7, 1), date(2026, 7, 1), date(2026, 7, 12))
    days = occurrences(read_rule("RRULE:FREQ=WEEKLY;BYDAY=TU,TH,SA"), *july)
    assert [day.day for day in days] == [2, 4, 7, 9, 11]
    days = occurrences(
        read_rule("FREQ=MONTHLY;BYMONTHDAY=31"),
        date(2026, 1, 31),
        date(2026, 1, 1),
        date(2026, 6, 30),
    )
    assert [(day.month, day.day) for day in days] == [(1, 31), (3, 31), (5, 31)]


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "^$"),
        ("FREQ=YEARLY", "FREQ"),
        ("FREQ=DAILY;BYHOUR=9", "BYHOUR"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY"),
        ("FREQ=WEEKLY;BYDAY=1MO", "BYDAY"),
        ("FREQ=MONTHLY;BYDAY=6MO", "BYDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=１", "INTERVAL"),
        ("FREQ=DAILY;COUNT=99999", "COUNT"),
        ("FREQ=DAILY;UNTIL=20261340", "UNTIL"),
        ("FREQ=DAILY;UNTIL=soon", "UNTIL"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20260101", "COUNT"),
        ("FREQ=WEEKLY;WKST=SU", "WKST"),
    ],
)
def test_what_is_not_read_is_refused_by_name(text: str, part: str) -> None:
    with pytest.raises(UnreadableRuleError, match=part):
        read_rule(text)
