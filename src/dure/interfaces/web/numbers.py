"""Published cells in words: value with unit, state, change, period."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from dure.core.text import T
from dure.engines import measures, release_grid
from dure.indicators import words
from dure.indicators.queries import Meaning, Shown
from dure.interfaces.web import formats
from dure.interfaces.web.chart_values import Point, State

STATES: dict[str, State] = {
    "": "value",
    ":": "missing",
    ":c": "suppressed",
    ":z": "not_applicable",
}
THOUSANDS = frozenset({"gco2e", "wh"})


@dataclass(frozen=True, slots=True)
class Tile:
    """One number of the dashboard."""

    code: str
    name: str
    value: str
    unit: str
    state: State
    reason: str
    asof: str
    href: str
    data: str = ""


def period_text(period: str) -> str:
    """Write a period: `2026년 3분기`, `2026년 7월`, `2026년`."""
    first = release_grid.first_day(period)
    grain = release_grid.grain_of(period)
    if grain == "year":
        return f"{first.year}년" if formats.in_korean() else str(first.year)
    return formats.quarter(first) if grain == "quarter" else formats.month(first)


def short_period(period: str) -> str:
    """Write a period for an axis: `26.7`, `26.Q3`, `2026`."""
    grain = release_grid.grain_of(period)
    if grain == "year":
        return period
    year, rest = period[2:].split("-")
    return f"{year}.{rest}" if grain == "quarter" else f"{year}.{int(rest)}"


def value_text(cell: Shown, unit: str) -> str:
    """Write the number of a cell, without its unit; empty when it has none."""
    if cell.num is None:
        return ""
    if cell.den is not None:
        whole, point, rest = cell.value.partition(".")
        return f"{int(whole):,}{point}{rest}"
    return amount_text(cell.num, unit)


def amount_text(amount: int, unit: str) -> str:
    """Write an amount of base units as its page shows it: grams as kg, minutes as hours."""
    if unit in THOUSANDS:
        tenths = abs(amount) // 100
        sign = "-" if amount < 0 else ""
        return f"{sign}{tenths // 10:,}.{tenths % 10}"
    if unit == "minutes":
        return formats.hours(amount)
    return formats.whole(amount)


def point(label: str, cell: Shown | None, meaning: Meaning, href: str = "") -> Point:
    """Make a chart point of a cell."""
    if cell is None or cell.num is None:
        state = STATES[cell.state] if cell else "not_applicable"
        return Point(label, state=state, href=href, note=reason_text(cell))
    amount = cell.num * 100 if cell.den is not None else cell.num
    if cell.den is not None:
        amount = amount // cell.den
    elif meaning.unit in THOUSANDS:
        amount = amount // 1000
    return Point(label, amount, with_unit(cell, meaning.unit), href=href)


def with_unit(cell: Shown, unit: str) -> str:
    """Write the number with its unit: `12건`, `12 items`, `60.00%`."""
    text, name = value_text(cell, unit), str(words.UNITS[unit])
    if unit == "percent" or (formats.in_korean() and name[0] > "\u1100"):
        return f"{text}{name}"
    return f"{text} {name}"


def reason_text(cell: Shown | None) -> str:
    """Say why a number is missing."""
    return str(words.REASONS[cell.reason]) if cell and cell.reason else ""


def coverage_text(cell: Shown) -> str:
    """Say how much of what should be known is known, when it is not all."""
    if cell.coverage_ppm is None or cell.coverage_ppm == measures.PPM:
        return ""
    share = measures.ratio_text(cell.coverage_ppm, measures.PPM, digits=1)
    return T("자료 포함률 %(n)s%%", "coverage %(n)s%%") % {"n": share}


def change(cell: Shown, before: Shown | None, against: T, unit: str) -> str:
    """Say how much a number changed; a ratio in percentage points."""
    if before is None or cell.num is None or before.num is None:
        return ""
    if cell.den is not None:
        if before.den is None:
            return ""
        steps = int(float_free(cell.value)) - int(float_free(before.value))
        sign = "+" if steps > 0 else "-" if steps < 0 else "±"
        text = f"{sign}{abs(steps) // 100}.{abs(steps) % 100:02d}"
        return T("%(than)s %(n)s%%p", "%(n)s points %(than)s") % {"than": str(against), "n": text}
    text_or_none = measures.change_text(cell.num, before.num)
    if text_or_none is None:
        difference = cell.num - before.num
        sign = "+" if difference > 0 else "±" if difference == 0 else ""
        text_or_none = sign + amount_text(difference, unit)
        return T("%(than)s %(n)s", "%(n)s %(than)s") % {"than": str(against), "n": text_or_none}
    return T("%(than)s %(n)s%%", "%(n)s%% %(than)s") % {"than": str(against), "n": text_or_none}


def float_free(value: str) -> str:
    """Give a decimal with two places as hundredths: `60.00` → `6000`."""
    whole, _, rest = value.partition(".")
    return whole + (rest + "00")[:2]


def earlier(period: str) -> str:
    """Name the same period of the year before."""
    return f"{int(period[:4]) - 1}{period[4:]}"


def previous(period: str) -> str:
    """Name the period before, of the same grain."""
    if release_grid.grain_of(period) == "year":
        return str(int(period) - 1)
    year, quarter = period.split("-Q")
    return f"{int(year) - 1}-Q4" if quarter == "1" else f"{year}-Q{int(quarter) - 1}"


def meaning_href(code: str) -> str:
    """Give the address of a number's definition."""
    return reverse("web:definition", args=[code])


def name_of(meaning: Meaning) -> str:
    """Give a definition's name in the active language."""
    return meaning.name_ko if formats.in_korean() else meaning.name_en
