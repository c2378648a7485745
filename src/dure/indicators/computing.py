"""From the journal to observations: the cells of a release, with what stands behind each.

Nouns: a *cut* is the journal position up to which a run reads. Law: a run reads the journal alone,
nothing later than its cut, and gives the same cells whenever it is repeated.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db import connection

from dure.core import progress, rulebook
from dure.core.errors import Refusal
from dure.engines import formula, measures, release_compute, release_grid
from dure.engines.formula import Sums
from dure.engines.measures import Better, Measure, Missing
from dure.engines.release_compute import Group, OutsideGrid, Spec
from dure.engines.release_grid import CITY, Key
from dure.indicators import expressions
from dure.indicators.errors import IndicatorsCode
from dure.indicators.models import DefinitionVersion
from dure.journal.writing import LOCK_CLASS
from dure.registry.models import District


@dataclass(frozen=True, slots=True)
class Cell:
    """One computed cell: what may be published, who is behind it, how many rows were read."""

    measure: Measure
    contributors: int | None = None
    rows_read: int = 0


@dataclass(frozen=True, slots=True)
class Window:
    """What a run looks at: months from `since` to the end of `period`, up to `cut`."""

    since: str
    period: str
    cut: int
    day: date

    @property
    def first(self) -> date:
        return release_grid.first_day(self.since)

    @property
    def last(self) -> date:
        return release_grid.last_day(self.period)


@dataclass(frozen=True, slots=True)
class Computed:
    """All cells of a run, and how many events it read, late ones apart."""

    cells: dict[Key, Cell]
    events: int
    late: int


def cut_now() -> int:
    """The newest journal position below which nothing can appear any more.

    Waits for open writers by their own lock, held for a moment only, outside the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s, 0)", [LOCK_CLASS])
        try:
            cursor.execute("SELECT coalesce(max(seq), 0) FROM journal_event")
            (cut,) = cursor.fetchone()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s, 0)", [LOCK_CLASS])
    return int(cut)


def districts() -> tuple[str, ...]:
    """The places of every grid, in the order of their codes."""
    return tuple(District.rows.order_by("sig").values_list("sig", flat=True))


def spec_of(version: DefinitionVersion, on: date) -> Spec:
    """The figures of a definition version, with the rule values of a day."""
    floor = (
        rulebook.value(version.floor_rule, on=on).integer if version.floor_rule else measures.PPM
    )
    denominator = version.denominator
    if version.fte_rule:
        denominator = str(rulebook.value(version.fte_rule, on=on).integer)
    return Spec(
        indicator=version.code,
        version=version.version,
        aggregation=version.aggregation,
        numerator=version.numerator,
        denominator=denominator,
        known=version.known,
        all_of=version.all_of,
        floor_ppm=floor,
        scale=version.scale,
        digits=version.digits,
        better=Better(version.better),
        grid=version.grid,
        recomputable=version.recomputable,
    )


def compute(versions: Iterable[DefinitionVersion], window: Window) -> Computed:
    """Compute every cell of every definition.

    Raises    Refusal OUTSIDE_GRID when an event has a place or breakdown no grid holds.
    """
    chosen = list(versions)
    gu = districts()
    flows = [
        v
        for v in chosen
        if v.measured
        and v.aggregation != "stock"
        and not v.fte_rule
        and not formula.is_until(v.numerator, v.denominator)
    ]
    progress.report("사건 기록을 읽습니다", "Reading the journal", 0, len(chosen))
    read = _flow_rows([spec_of(v, window.day) for v in flows], window)
    cells: dict[Key, Cell] = {}
    for number, version in enumerate(chosen):
        progress.report("지표를 계산합니다", "Computing the indicators", number, len(chosen))
        progress.stop_if_cancelled()
        spec = spec_of(version, window.day)
        if not version.measured:
            empty = release_compute.not_collected(
                spec, since=window.since, period=window.period, districts=gu
            )
            cells |= {key: Cell(measure) for key, measure in empty.items()}
        elif version in flows:
            k = rulebook.value(version.k_rule, on=window.day).integer if version.k_rule else 1
            cells |= _flow(spec, read, window, gu, k)
        elif formula.is_until(version.numerator, version.denominator):
            cells |= _until(spec, window, gu)
        elif version.coverage:
            cells |= _jobs(version, spec, chosen, window)
        else:
            cells |= _organisations(spec, window, gu)
    return Computed(
        cells, events=sum(row.rows_read for row in read), late=sum(row.late for row in read)
    )


@dataclass(frozen=True, slots=True)
class _Row:
    group: Group
    rows_read: int
    late: int


def _flow_rows(specs: Sequence[Spec], window: Window) -> list[_Row]:
    labels = sorted({label for spec in specs for label in spec.labels()})
    found = expressions.rows(
        "flow",
        labels=labels,
        cut=window.cut,
        first=window.first,
        last=window.last,
        late_days=rulebook.value("indicators.late_days", on=window.day).integer,
    )
    return [
        _Row(
            Group(month, place, label, json.loads(dims), Sums(facts, qty, gco2e, factored)),
            rows_read,
            late,
        )
        for month, place, label, dims, facts, qty, gco2e, factored, rows_read, late in found
    ]


def _flow(
    spec: Spec, read: Sequence[_Row], window: Window, gu: Sequence[str], k: int
) -> dict[Key, Cell]:
    labels = set(spec.labels())
    mine = [row for row in read if row.group.label in labels]
    try:
        cells = release_compute.flow(
            spec,
            [row.group for row in mine],
            since=window.since,
            period=window.period,
            districts=gu,
        )
    except OutsideGrid as error:
        raise Refusal(IndicatorsCode.OUTSIDE_GRID, what=str(error)) from error
    rows_read: Counter[tuple[str, str]] = Counter()
    for row in mine:
        for grain in release_grid.GRAINS:
            name = release_grid.period_of(row.group.month, grain)
            rows_read[name, row.group.place] += row.rows_read
            rows_read[name, CITY] += row.rows_read
    found: dict[Key, Cell] = {}
    for key, measure in cells.items():
        rows = rows_read[key.period, key.place] if not key.breakdown else 0
        people = _fewest(measure) if k > 1 else None
        shown = measures.hide_small_groups(measure, people or 0, k=k)
        found[key] = Cell(shown, contributors=people, rows_read=rows)
    return found


def _fewest(measure: Measure) -> int:
    """The smaller side of a part of people: those who are in it, or those who are not.

    Where all are, or none, the cell tells it of each of them: it rests on one.
    """
    if measure.num is None or measure.den is None:
        return 0
    return max(min(measure.num, measure.den - measure.num), 1)


def _until(spec: Spec, window: Window, gu: Sequence[str]) -> dict[Key, Cell]:
    """A ratio of everything up to the end of each period."""
    ends = _ends(spec, window, gu)
    read = expressions.rows("until", ends=sorted(ends), cut=window.cut, labels=list(spec.labels()))
    terms = {"num": formula.parse(spec.numerator), "den": formula.parse(spec.denominator)}
    sums: Counter[tuple[date, str, str]] = Counter()
    for day, place, label, dims, facts, qty, rows in read:
        if place not in gu:
            raise Refusal(IndicatorsCode.OUTSIDE_GRID, what=f"{label} at {place}")
        held = json.loads(dims)
        amount = {"count_until": facts, "qty_until": qty}
        for where in (place, CITY):
            sums[day, where, "rows"] += rows
            for part, wanted in terms.items():
                sums[day, where, part] += sum(
                    amount[term.measure] for term in wanted if term.takes(label, held)
                )
    return {
        key: Cell(
            measures.ratio(sums[day, key.place, "num"], sums[day, key.place, "den"]),
            rows_read=sums[day, key.place, "rows"],
        )
        for day, keys in ends.items()
        for key in keys
    }


def _ends(spec: Spec, window: Window, gu: Sequence[str]) -> dict[date, list[Key]]:
    ends: dict[date, list[Key]] = {}
    for key in release_grid.keys(
        spec.indicator, spec.grid, since=window.since, period=window.period, districts=gu
    ):
        ends.setdefault(release_grid.last_day(key.period), []).append(key)
    return ends


def statuses_of(numerator: str) -> list[str]:
    """The statuses that a count of organisations takes, from its formula."""
    (term,) = formula.parse(numerator)
    return list(dict(term.where)["status"])


def _organisations(spec: Spec, window: Window, gu: Sequence[str]) -> dict[Key, Cell]:
    ends = _ends(spec, window, gu)
    found = expressions.rows(
        "organisations",
        ends=sorted(ends),
        cut=window.cut,
        districts=list(gu),
        statuses=statuses_of(spec.numerator),
    )
    count: Counter[tuple[date, str]] = Counter()
    rows_read: Counter[tuple[date, str]] = Counter()
    for day, place, organisations, rows in found:
        for where in (place, CITY):
            count[day, where] += organisations
            rows_read[day, where] += rows
    return {
        key: Cell(
            Measure(num=count[day, key.place]),
            contributors=count[day, key.place],
            rows_read=rows_read[day, key.place],
        )
        for day, keys in ends.items()
        for key in keys
    }


def _jobs(
    version: DefinitionVersion, spec: Spec, chosen: Sequence[DefinitionVersion], window: Window
) -> dict[Key, Cell]:
    ends = _ends(spec, window, ())
    counted = next(v for v in chosen if v.code == "C1")
    found = expressions.rows(
        "jobs",
        ends=sorted(ends),
        cut=window.cut,
        label=formula.labels(spec.numerator)[0],
        statuses=statuses_of(counted.numerator),
    )
    k = rulebook.value(version.k_rule, on=window.day).integer
    cells: dict[Key, Cell] = {}
    for day, total, stated, organisations in found:
        measure = measures.covered(
            total, stated, organisations, floor_ppm=spec.floor_ppm, reason=Missing.NO_REPORT
        )
        if measure.num is not None and spec.aggregation == "ratio":
            measure = replace(measure, den=int(spec.denominator))
        measure = measures.hide_small_groups(measure, stated, k=k)
        for key in ends[day]:
            cells[key] = Cell(measure, contributors=stated, rows_read=stated)
    return cells
