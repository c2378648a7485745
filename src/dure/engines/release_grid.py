"""The closed grid of a release: which cells exist, before anybody looks at a number.

Nouns: *grain* is month, quarter or year; *period* its name (`2026-07`, `2026-Q3`, `2026`); *place*
a district code or `00000` for the whole city; *breakdown* one value of one closed list, or none.
Law: every cell of the grid stands in the release exactly once, and no other cell does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

CITY = "00000"
GRAINS = ("month", "quarter", "year")
_PERIOD = re.compile(r"([12][0-9]{3})(?:-(?:Q([1-4])|(0[1-9]|1[0-2])))?\Z")


class NotAGrid(ValueError):
    """A period or a grid text that the format does not know."""


def grain_of(period: str) -> str:
    """Tell the grain of a period by its name.

    >>> grain_of("2026-Q3"), grain_of("2026-07"), grain_of("2026")
    ('quarter', 'month', 'year')
    """
    found = _PERIOD.match(period)
    if found is None:
        raise NotAGrid(period)
    return "quarter" if found[2] else "month" if found[3] else "year"


def months_of(period: str) -> tuple[str, ...]:
    """List the months of a period.

    >>> months_of("2026-Q3")
    ('2026-07', '2026-08', '2026-09')
    """
    found = _PERIOD.match(period)
    if found is None:
        raise NotAGrid(period)
    if found[3]:
        return (period,)
    first = 3 * int(found[2]) - 2 if found[2] else 1
    return tuple(
        f"{found[1]}-{month:02d}" for month in range(first, first + (3 if found[2] else 12))
    )


def period_of(month: str, grain: str) -> str:
    """Name the period of a grain in which a month lies.

    >>> [period_of("2026-07", grain) for grain in GRAINS]
    ['2026-07', '2026-Q3', '2026']
    """
    if grain == "month":
        return month
    year, number = month.split("-")
    return f"{year}-Q{(int(number) + 2) // 3}" if grain == "quarter" else year


def month_after(month: str) -> str:
    """Name the next month.

    >>> month_after("2025-12")
    '2026-01'
    """
    year, number = (int(part) for part in month.split("-"))
    return f"{year + number // 12}-{number % 12 + 1:02d}"


def first_day(period: str) -> date:
    """Return the first day of a period.

    >>> first_day("2026-Q3")
    datetime.date(2026, 7, 1)
    """
    return date.fromisoformat(months_of(period)[0] + "-01")


def last_day(period: str) -> date:
    """Return the last day of a period.

    >>> last_day("2024-02")
    datetime.date(2024, 2, 29)
    """
    after = month_after(months_of(period)[-1])
    return date.fromisoformat(after + "-01") - timedelta(days=1)


def periods(since: str, period: str, grain: str) -> tuple[str, ...]:
    """List the periods of a grain that lie wholly between a first month and a period's end.

    since  : month; period : the period of the release; grain : month, quarter, year or `period`
    Raises   NotAGrid when `since` comes after the period or names no month.

    >>> periods("2026-02", "2026-Q3", "quarter")
    ('2026-Q2', '2026-Q3')
    >>> periods("2026-02", "2026-Q3", "period")
    ('2026-Q3',)
    """
    if grain == "period":
        return (period,)
    if grain not in GRAINS or grain_of(since) != "month":
        raise NotAGrid(f"{since} {grain}")
    last = months_of(period)[-1]
    if since > months_of(period)[0]:
        raise NotAGrid(f"{since} > {period}")
    inside: list[str] = []
    month = since
    for _ in range(12 * 300):
        inside.append(month)
        if month == last:
            break
        month = month_after(month)
    held = set(inside)
    named = dict.fromkeys(period_of(month, grain) for month in inside)
    return tuple(name for name in named if held.issuperset(months_of(name)))


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a grid: grains × place kinds (`gu`, `city`) × values of one breakdown."""

    grains: tuple[str, ...]
    places: tuple[str, ...]
    key: str = ""
    values: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """The name of one cell; releases list cells in the order of this class."""

    indicator: str
    breakdown: str
    grain: str
    period: str
    place: str


def parse_grid(text: str) -> tuple[Block, ...]:
    """Read the grid column of a definition.

    text    : blocks joined by `; `, each `grains@places@breakdown`, lists by comma and `|`
    Raises    NotAGrid when a part is unknown.

    >>> parse_grid("month,year@gu,city@-; period@city@outcome=a|b")[1].values
    ('a', 'b')
    """
    blocks = []
    for part in text.split("; "):
        pieces = part.split("@")
        if len(pieces) != 3:
            raise NotAGrid(part)
        grains, places = tuple(pieces[0].split(",")), tuple(pieces[1].split(","))
        if not set(grains) <= {*GRAINS, "period"} or not set(places) <= {"gu", "city"}:
            raise NotAGrid(part)
        if pieces[2] == "-":
            blocks.append(Block(grains, places))
            continue
        key, equals, values = pieces[2].partition("=")
        if not (key and equals and values):
            raise NotAGrid(part)
        blocks.append(Block(grains, places, key, tuple(values.split("|"))))
    return tuple(blocks)


def places_of(block: Block, districts: Sequence[str]) -> tuple[str, ...]:
    """List the places of a block: the districts, the city, or both.

    >>> places_of(Block(("year",), ("gu", "city")), ["11110"])
    ('11110', '00000')
    """
    gu = tuple(districts) if "gu" in block.places else ()
    return gu + ((CITY,) if "city" in block.places else ())


def block_keys(
    indicator: str, block: Block, *, since: str, period: str, districts: Sequence[str]
) -> Iterator[Key]:
    """List the cells of one block, each once.

    >>> [k.place for k in block_keys("C1", Block(("quarter",), ("gu", "city")), since="2026-07",
    ...                              period="2026-Q3", districts=["11110"])]
    ['11110', '00000']
    """
    names = dict.fromkeys(name for grain in block.grains for name in periods(since, period, grain))
    for name in names:
        for place in places_of(block, districts):
            for value in block.values:
                breakdown = f"{block.key}={value}" if block.key else ""
                yield Key(indicator, breakdown, grain_of(name), name, place)


def keys(
    indicator: str, grid: str, *, since: str, period: str, districts: Sequence[str]
) -> tuple[Key, ...]:
    """List every cell that a definition has in a release, each once, in order.

    >>> len(keys("C1", "quarter@gu,city@-; period@city@-", since="2026-07", period="2026-Q3",
    ...          districts=["11110"]))
    2
    """
    found = {
        key
        for block in parse_grid(grid)
        for key in block_keys(indicator, block, since=since, period=period, districts=districts)
    }
    return tuple(sorted(found))
