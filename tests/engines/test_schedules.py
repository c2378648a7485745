"""Standing payments: month ends, weeks, missed days, against walking the calendar."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines.schedules import Due, Monthly, Rule, Weekly, due, next_after, nth_date

starts = st.dates(date(2020, 1, 1), date(2030, 12, 31))
rules = st.one_of(
    st.builds(Weekly, st.integers(1, 6), st.integers(1, 7)),
    st.builds(Monthly, st.integers(1, 13), st.integers(1, 31)),
)


def test_worked_month_ends() -> None:
    rule = Monthly(1, 31)
    dates = [nth_date(rule, date(2027, 1, 31), number) for number in range(4)]
    assert dates == [date(2027, 1, 31), date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


def test_leap_day() -> None:
    assert nth_date(Monthly(12, 29), date(2028, 2, 1), 0) == date(2028, 2, 29)
    assert nth_date(Monthly(12, 29), date(2028, 2, 1), 1) == date(2029, 2, 28)
    assert nth_date(Monthly(12, 29), date(2028, 2, 1), 4) == date(2032, 2, 29)


def test_day_before_the_start_waits_for_the_next_month() -> None:
    assert nth_date(Monthly(3, 5), date(2026, 6, 10), 0) == date(2026, 7, 5)
    assert nth_date(Monthly(3, 5), date(2026, 6, 10), 1) == date(2026, 10, 5)


def walk(rule: Rule, start: date, days: int) -> list[date]:
    """The slow twin: look at every day."""
    found: list[date] = []
    for day in (start + timedelta(number) for number in range(days)):
        if isinstance(rule, Weekly):
            if day.isoweekday() != rule.weekday:
                continue
            gap_fits = not found or (day - found[-1]).days == 7 * rule.every
        else:
            last = calendar.monthrange(day.year, day.month)[1]
            if day.day != min(rule.day, last):
                continue
            months = (day.year - found[0].year) * 12 + day.month - found[0].month if found else 0
            gap_fits = months % rule.every == 0
        if gap_fits:
            found.append(day)
    return found


@given(rules, starts)
def test_dates_agree_with_the_walk(rule: Rule, start: date) -> None:
    expected = walk(rule, start, 1_000)
    assert [nth_date(rule, start, number) for number in range(len(expected))] == expected


@given(rules, starts, st.integers(-40, 900))
def test_next_is_the_first_date_after(rule: Rule, start: date, days: int) -> None:
    after = start + timedelta(days)
    expected = next(day for day in walk(rule, start, 1_400) if day > after)
    assert next_after(rule, start, after) == expected
    assert next_after(rule, start, after, expected) == expected
    assert next_after(rule, start, after, expected - timedelta(1)) is None
    assert next_after(rule, start, None) == walk(rule, start, 500)[0]


@given(rules, starts, st.integers(0, 400), st.one_of(st.none(), st.integers(0, 500)))
def test_runs_deal_with_each_date_once(rule: Rule, start: date, days: int, end: int | None) -> None:
    ends_on = None if end is None else start + timedelta(end)
    today = start + timedelta(days)
    found = due(rule, start, None, today, ends_on=ends_on)
    dates = [day for day in walk(rule, start, days + 1) if ends_on is None or day <= ends_on]
    assert [*found.wait, *found.post] == dates
    assert all((today - day).days > 7 for day in found.wait)
    assert all((today - day).days <= 7 for day in found.post)
    again = due(rule, start, today, today, ends_on=ends_on)
    assert again == Due((), (), found.next_on)


def test_seven_days_ago_posts_and_eight_days_ago_waits() -> None:
    start = date(2026, 6, 1)
    assert due(Weekly(1, 1), start, None, date(2026, 6, 7)).post == (start,)
    assert due(Monthly(1, 1), start, None, date(2026, 6, 8)).post == (start,)
    assert due(Monthly(1, 1), start, None, date(2026, 6, 9)).wait == (start,)


@pytest.mark.parametrize("bad", [(0, 1), (1, 0), (53, 1), (1, 8)])
def test_bad_weeks_are_refused(bad: tuple[int, int]) -> None:
    with pytest.raises(AssertionError):
        Weekly(*bad)


@pytest.mark.parametrize("bad", [(0, 1), (1, 0), (25, 1), (1, 32)])
def test_bad_months_are_refused(bad: tuple[int, int]) -> None:
    with pytest.raises(AssertionError):
        Monthly(*bad)
