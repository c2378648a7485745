"""What the dashboard shows: headline, tiles, map, charts, all from one frozen release."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse

from dure.core.text import T
from dure.engines import release_grid
from dure.engines.ords_words import CATEGORIES
from dure.engines.release_grid import CITY
from dure.indicators import queries, words
from dure.indicators.queries import Meaning, Published, Shown
from dure.interfaces.web import charts, formats, maps, numbers
from dure.interfaces.web.chart_values import Chart, Point
from dure.interfaces.web.numbers import STATES, Tile

Cells = Mapping[tuple[str, str, str, str], Shown]
MEASURED_CODES = ("N4", "N4a", "N4r", "N1a", "C1")
EXTRA = {"environment": ("N4r", "N1a"), "governance": ("G1p", "G1b", "G1s", "G1f")}
MAP_BOUNDS = {"N4": (1, 20, 50, 100), "C1": (1, 50, 100, 200)}
MONTHS_SHOWN = 24


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of the mission: what is measured, and what is not yet."""

    code: str
    title: str
    tiles: tuple[Tile, ...]
    waiting: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A district (or the city) with its name in the active language."""

    code: str
    name: str


def places() -> list[Place]:
    """The city and the districts, as a reader chooses them."""
    korean = formats.in_korean()
    found = [Place(code, ko if korean else en) for code, ko, en in queries.districts()]
    return [found[-1], *found[:-1]]


def chosen(asked: str, known: Sequence[Place]) -> Place:
    """The place asked for, else the district of this installation, else the city."""
    own = asked or str(getattr(settings, "DISTRICT", ""))
    return next((place for place in known if place.code == own), known[0])


def dashboard(place: Place) -> dict[str, object]:
    """Everything that the dashboard of a place shows."""
    release = queries.newest()
    context: dict[str, object] = {"place": place, "release": release}
    if release is None:
        meanings = queries.meanings()
        return context | {"sections": sections(meanings, {}, place.code, None), "empty": True}
    meanings = queries.meanings(release)
    cells = queries.cells(release, *{place.code, CITY})
    by_code = {meaning.code: meaning for meaning in meanings}
    everywhere = queries.cells_of_period(release, release.period, ("N4",))
    drawn = _charts(release, cells, by_code, place)
    return context | {
        "period": numbers.period_text(release.period),
        "vintage": words.VINTAGES[release.vintage],
        "late": formats.whole(release.late),
        "headline": headline(cells, release, place),
        "abroad": _count(cells, "N4a", "origin=partner_abroad", release.period, place.code),
        "sections": sections(meanings, cells, place.code, release),
        "map": district_map(release, everywhere, by_code["N4"], place.code),
        "charts": drawn,
        "unmeasured": sum(1 for meaning in meanings if meaning.tile and not meaning.measured),
        "href": reverse("web:release", args=[release.number]),
    }


def _count(cells: Cells, code: str, breakdown: str, period: str, place: str) -> int:
    cell = cells.get((code, breakdown, period, place))
    return cell.num or 0 if cell else 0


def headline(cells: Cells, release: Published, place: Place) -> str:
    """Say the finding in one sentence."""
    period = numbers.period_text(release.period)
    done = cells[("N4", "", release.period, place.code)]
    rate = cells[("N4r", "", release.period, place.code)]
    names = {"place": place.name, "period": period, "n": formats.whole(done.num or 0)}
    if rate.num is None:
        return (
            T(
                "%(period)s, %(place)s에서 %(n)s건을 고치거나 다시 썼습니다.",
                "%(place)s, %(period)s: %(n)s things were repaired or reused.",
            )
            % names
        )
    names["rate"] = rate.value
    return (
        T(
            "%(period)s, %(place)s에서 %(n)s건을 고치거나 다시 썼습니다. "
            "수리를 시도한 물건의 %(rate)s%%를 고쳤습니다.",
            "%(place)s, %(period)s: %(n)s things were repaired or reused; "
            "%(rate)s%% of attempts succeeded.",
        )
        % names
    )


def sections(
    meanings: Sequence[Meaning], cells: Cells, place: str, release: Published | None
) -> list[Section]:
    """The tiles under the four headings of the mission and the city's own rows.

    Headings with a measured number come first, each group in the order of the mission.
    """
    found = []
    for heading, title in words.HEADINGS.items():
        mine = [m for m in meanings if m.heading == heading]
        order = sorted((m for m in mine if m.tile), key=lambda m: m.tile)
        extra = [m for code in EXTRA.get(heading, ()) for m in mine if m.code == code]
        wanted = [*order, *extra]
        found.append(
            Section(
                heading,
                str(title),
                tuple(tile(m, cells, place, release) for m in wanted if m.measured),
                tuple(tile(m, cells, place, release) for m in wanted if not m.measured),
            )
        )
    return sorted(found, key=lambda section: not section.tiles)


def tile(meaning: Meaning, cells: Cells, place: str, release: Published | None) -> Tile:
    """One number with unit, period, change, target and state."""
    name, href = numbers.name_of(meaning), numbers.meaning_href(meaning.code)
    unit = str(words.UNITS[meaning.unit])
    if release is None or not meaning.measured:
        reason = "" if meaning.measured else str(words.REASONS["not_collected"])
        return Tile(meaning.code, name, "", unit, "missing", reason, "", href)
    period = release.period
    if meaning.aggregation == "stock" or meaning.fte_rule:
        period = release_grid.period_of(release_grid.months_of(period)[-1], "quarter")
    where = place if ("", place) in {(b, p) for c, b, _, p in cells if c == meaning.code} else CITY
    cell = cells[(meaning.code, "", period, where)]
    told = [numbers.period_text(period)]
    if where != place:
        told.append(str(T("서울 전체", "whole city")))
    told += _beside(meaning, cells, cell, where)
    if meaning.code == "N1a":
        told.append(reliability(queries.factors(release)))
    return Tile(
        meaning.code, name, numbers.value_text(cell, meaning.unit), unit, STATES[cell.state],
        numbers.reason_text(cell), " · ".join(text for text in told if text), href,
        f"{reverse('web:release_cells', args=[release.number])}?indicator={meaning.code}"
        + (f"&district={where}" if where else ""),
    )  # fmt: skip


def _beside(meaning: Meaning, cells: Cells, cell: Shown, where: str) -> list[str]:
    year_ago = cells.get((meaning.code, "", numbers.earlier(cell.period), where))
    before = cells.get((meaning.code, "", numbers.previous(cell.period), where))
    told = numbers.change(cell, year_ago, T("지난해보다", "than a year before"), meaning.unit)
    told = told or numbers.change(
        cell, before, T("앞 기간보다", "than the period before"), meaning.unit
    )
    lines = [told, numbers.coverage_text(cell)]
    if meaning.code == "N4r":
        unknown = _count(cells, "N4a", "outcome=unknown", cell.period, where)
        lines.append(
            T("결과 모름 %(n)s건은 따로", "%(n)s unknown outcomes apart")
            % {"n": formats.whole(unknown)}
        )
    if meaning.code == "N1a":
        lines.append(str(T("추정: 대체율은 가정", "estimate: displacement assumed")))
    target = meaning.target_ppm
    lines.append(
        T("목표 %(n)s%%", "target %(n)s%%") % {"n": target // 10_000}
        if target is not None
        else str(T("목표 미정", "no target set"))
    )
    return lines


def reliability(factors: Sequence[Mapping[str, str]]) -> str:
    """Say how far the factors behind a number can be relied on; a range, or nothing without any."""
    known = sorted({row["reliability"] for row in factors if row["facts"] != "0"} - {""})
    if not known:
        return ""
    span = known[0] if len(known) == 1 else f"{known[0]}–{known[-1]}"
    return T("계수 신뢰 등급 %(n)s(5가 가장 높음)", "factor reliability %(n)s of 5") % {"n": span}


def district_map(
    release: Published, cells: Cells, meaning: Meaning, mine: str, *, as_tiles: bool = False
) -> maps.DistrictMap:
    """The map of one number over the 25 districts."""
    here = reverse("web:dashboard")
    korean = formats.in_korean()
    values = {
        code: numbers.point(
            ko if korean else en,
            cells.get((meaning.code, "", release.period, code)),
            meaning,
            href=f"{here}?district={code}",
        )
        for code, ko, en in queries.districts()
        if code != CITY
    }
    return maps.district_map(
        numbers.name_of(meaning),
        values,
        MAP_BOUNDS[meaning.code],
        unit=str(words.UNITS[meaning.unit]),
        period=numbers.period_text(release.period),
        source=_source(release),
        tiles=as_tiles,
        mine=mine,
    )


def _source(release: Published) -> str:
    return T("공표본 %(n)s호", "release %(n)s") % {"n": release.number}


def _charts(
    release: Published, cells: Cells, by_code: Mapping[str, Meaning], place: Place
) -> list[tuple[str, Chart]]:
    """The charts with the name of the component that draws each."""
    series = release_grid.periods(release.since, release.period, "month")[-MONTHS_SHOWN:]
    quarters = release_grid.periods(release.since, release.period, "quarter")[-12:]
    period, source = numbers.period_text(release.period), _source(release)

    def along(code: str, names: Sequence[str]) -> list[Point]:
        return [
            numbers.point(
                numbers.short_period(name),
                cells.get((code, "", name, place.code)),
                by_code[code],
            )
            for name in names
        ]

    def label(code: str) -> str:
        return numbers.name_of(by_code[code])

    month, unit = str(T("달", "Month")), str(words.UNITS["count"])
    outcomes = [
        numbers.point(
            str(text),
            cells.get(("N4a", f"outcome={code}", release.period, place.code)),
            by_code["N4a"],
        )
        for code, text in words.OUTCOMES.items()
    ]
    drawn = [
        ("line", charts.line(
            str(T("달마다 고치거나 다시 쓴 물건", "Things repaired or reused by month")),
            along("N4", series), unit=unit, source=source, label=month,
        )),
        ("share", charts.share(
            str(T("수리 시도의 결과", "How repair attempts ended")), outcomes,
            unit=unit, period=period, source=source, label=str(T("결과", "Outcome")),
        )),
        ("bar", charts.bar(
            str(T("많이 고치려 한 물건", "What people tried to repair most")),
            _top_categories(cells, by_code["N4a"], release.period, place.code),
            unit=unit, period=period, source=source, label=str(T("종류", "Kind")),
        )),
        ("line", charts.line(
            label("C1"), along("C1", quarters), unit=str(words.UNITS["organisations"]),
            source=source, label=str(T("분기", "Quarter")),
        )),
    ]  # fmt: skip
    return [(kind, chart) for kind, chart in drawn if chart.points]


def _top_categories(cells: Cells, meaning: Meaning, period: str, place: str) -> list[Point]:
    found = [
        (cell.num, breakdown.removeprefix("category="), cell)
        for (code, breakdown, name, where), cell in cells.items()
        if code == meaning.code and breakdown.startswith("category=")
        and (name, where) == (period, place) and cell.num
    ]  # fmt: skip
    found.sort(key=lambda row: (-row[0], row[1]))
    return [numbers.point(_category(code), cell, meaning) for _, code, cell in found[:6]]


def _category(code: str) -> str:
    known = CATEGORIES.get(int(code)) if code.isdigit() else None
    if known is None:
        return str(T("종류 모름", "Unknown kind"))
    return known.ko if formats.in_korean() else known.en


def city() -> dict[str, object]:
    """The 25 districts side by side."""
    release = queries.newest()
    if release is None:
        return {"release": None, "empty": True}
    by_code = {meaning.code: meaning for meaning in queries.meanings(release)}
    cells = queries.cells_of_period(release, release.period, MEASURED_CODES)
    quarter = release_grid.period_of(release_grid.months_of(release.period)[-1], "quarter")
    stock = queries.cells_of_period(release, quarter, ("C1",))
    rows = []
    for place in [*places()[1:], places()[0]]:
        row = []
        for code in MEASURED_CODES:
            where = stock if code == "C1" else cells
            period = quarter if code == "C1" else release.period
            row.append(numbers.point("", where[(code, "", period, place.code)], by_code[code]))
        rows.append((place, row))
    return {
        "release": release,
        "period": numbers.period_text(release.period),
        "vintage": words.VINTAGES[release.vintage],
        "columns": [
            (numbers.name_of(by_code[code]), str(words.UNITS[by_code[code].unit]),
             numbers.meaning_href(code))
            for code in MEASURED_CODES
        ],
        "rows": rows,
        "map": district_map(release, cells, by_code["N4"], "", as_tiles=True),
        "href": reverse("web:release", args=[release.number]),
    }  # fmt: skip
