"""Check an open-data bundle and say, number by number, how far the check reached.

Nouns: V1 *intact* (files, leaves, head, chain), V2 *consistent* (ratios, totals, states, grid,
revisions), V3 *recomputed* (from the public events). Law: a level is claimed for a number only
when every check of it and of the levels below ran on it and held; V2 is never called recomputed.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from dure.engines import (
    published_heads,
    release_compute,
    release_files,
    release_grid,
    release_hash,
    stored_zip,
)
from dure.engines.formula import NotAFormula, Sums
from dure.engines.measures import Better, Measure, State
from dure.engines.published_heads import HeadLine
from dure.engines.release_compute import Group, OutsideGrid, Spec
from dure.engines.release_files import NotATable
from dure.engines.release_grid import CITY, Block, Key, NotAGrid
from dure.engines.release_hash import Head, NotAHead

EVENTS_FOLDER = "public-events/"
_NEEDED = (
    "cells.csv",
    "definitions.csv",
    "factors.csv",
    "places.csv",
    "revisions.csv",
    "heads.txt",
)
Cells = dict[Key, Measure]


class Level(IntEnum):
    """How far a number was checked."""

    NONE = 0
    INTACT = 1
    CONSISTENT = 2
    RECOMPUTED = 3


@dataclass(frozen=True, slots=True)
class Reached:
    """One indicator: level, number of cells and of values, whether V3 was possible at all."""

    indicator: str
    level: Level
    cells: int
    values: int
    recomputable: bool


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome: `findings` is empty if and only if everything that could be checked held."""

    number: str
    head: str
    published: str
    reached: tuple[Reached, ...]
    findings: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.findings


def verify(bundle: bytes, *, published: Sequence[HeadLine] | None = None) -> Report:
    """Check a bundle.

    bundle    : bytes of `release-NNNN.zip`
    published : the public list of heads, best from a copy kept elsewhere; without it the chain is
                reported as `not compared`, since a bundle cannot vouch for itself
    Returns     a Report; a broken V1 ends the check, a broken V2 or V3 names the cells.
    Source      docs/open-data-format.md.
    """
    findings: list[str] = []
    try:
        files = stored_zip.read(bundle)
        head, top = release_hash.read_head(files.get("head.txt", b""))
    except (stored_zip.NotStored, NotAHead) as error:
        return Report("", "", "not compared", (), (f"V1 {error}",))
    findings += [f"V1 {text}" for text in _check_files(files, head)]
    inside, heads_fault = published_heads.inside(files.get("heads.txt", b""), head.number)
    findings += [f"V1 heads.txt: {text}" for text in heads_fault]
    compared = "not compared"
    if published is not None:
        number = int(head.number)
        differing = published_heads.differences(published, number, top, head.previous, inside)
        findings += [f"V1 {text}" for text in differing]
        compared = "differs" if differing else "equal"
    if findings:
        return Report(head.number, top, compared, (), tuple(findings))
    try:
        opened = _open(files)
    except (NotATable, NotAGrid, NotAFormula, ValueError, KeyError) as error:
        return Report(head.number, top, compared, (), (f"V2 {error}",))
    reached = []
    findings += [f"V2 {text}" for text in _check_revisions(opened)]
    stray = {key.indicator for key in opened.cells} - set(opened.specs)
    findings += [f"V2 {code}: cells without a definition" for code in sorted(stray)]
    by_code: defaultdict[str, Cells] = defaultdict(dict)
    for key, cell in opened.cells.items():
        by_code[key.indicator][key] = cell
    for code, spec in sorted(opened.specs.items()):
        cells = by_code[code]
        level, faults = _reach(spec, cells, opened, head)
        findings += faults
        values = sum(1 for cell in cells.values() if cell.state is State.VALUE)
        reached.append(Reached(code, level, len(cells), values, spec.recomputable))
    return Report(head.number, top, compared, tuple(reached), tuple(findings))


def _reach(spec: Spec, cells: Cells, opened: _Opened, head: Head) -> tuple[Level, list[str]]:
    """Take one indicator as far as its checks hold; nonsense in its definition is a fault too."""
    code, level = spec.indicator, Level.INTACT
    try:
        faults = [f"V2 {code}: {text}" for text in _check_consistent(spec, cells, opened, head)]
        if faults:
            return level, faults
        level = Level.CONSISTENT
        if spec.recomputable:
            faults = [f"V3 {code}: {text}" for text in _recompute(spec, cells, opened, head)]
            level = Level.CONSISTENT if faults else Level.RECOMPUTED
    except (ValueError, KeyError) as error:
        faults = [f"V{int(level) + 1} {code}: cannot be read: {error}"]
    return level, faults


@dataclass(frozen=True, slots=True)
class _Opened:
    cells: Cells
    lines: Mapping[Key, Mapping[str, str]]
    specs: Mapping[str, Spec]
    measured: Mapping[str, bool]
    districts: tuple[str, ...]
    revisions: Sequence[Mapping[str, str]]
    groups: tuple[Group, ...]


def _check_files(files: Mapping[str, bytes], head: Head) -> Iterable[str]:
    listed = {line.path: line for line in head.files}
    for path in sorted({*listed, *files} - {"head.txt"}):
        if path not in files:
            yield f"{path} is named by the head and missing"
        elif path not in listed:
            yield f"{path} is not named by the head"
        elif release_hash.file_line(path, files[path]) != listed[path]:
            yield f"{path} was changed"
    for path in _NEEDED:
        if path not in files:
            yield f"{path} is missing"
    lines = files.get("cells.csv", b"").split(b"\r\n")[1:-1]
    if len(lines) != head.cells or release_hash.root(lines) != head.cells_root:
        yield "the leaves of cells.csv do not make the root"


def read_specs(rows: Iterable[Mapping[str, str]]) -> dict[str, Spec]:
    """Read the figures of `definitions.csv`.

    >>> read_specs([])
    {}
    """
    return {
        row["indicator"]: Spec(
            indicator=row["indicator"],
            version=int(row["version"]),
            aggregation=row["aggregation"],
            numerator=row["numerator"],
            denominator=row["denominator"],
            known=row["known"],
            all_of=row["all_of"],
            floor_ppm=int(row["floor_ppm"]),
            scale=int(row["scale"]),
            digits=int(row["digits"]),
            better=Better(row["better"]),
            grid=row["grid"],
            recomputable=row["recomputable"] == "yes",
        )
        for row in rows
    }


def read_groups(rows: Iterable[Mapping[str, str]]) -> tuple[Group, ...]:
    """Fold public events into groups: month, place, label and dims, with their sums.

    >>> read_groups([])
    ()
    """
    total: defaultdict[tuple[str, str, str, str], list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    for row in rows:
        sign, quantity = int(row["sign"]), int(row["quantity"])
        if sign not in (1, -1) or quantity < 0:
            raise NotATable(f"event {row['event']}: sign or quantity out of range")
        sums = total[row["date"][:7], row["place"], row["label"], row["dims"]]
        sums[0] += sign
        sums[1] += sign * quantity
        if row["gco2e"]:
            sums[2] += sign * int(row["gco2e"])
            sums[3] += sign
    return tuple(
        Group(month, place, label, release_files.read_dims(dims), Sums(*sums))
        for (month, place, label, dims), sums in total.items()
    )


def _open(files: Mapping[str, bytes]) -> _Opened:
    definitions = release_files.read_table(release_files.DEFINITIONS, files["definitions.csv"])
    rows = release_files.read_table(release_files.CELLS, files["cells.csv"])
    places = release_files.read_table(release_files.PLACES, files["places.csv"])
    cells: Cells = {}
    lines = {}
    for row in rows:
        key, cell = release_files.read_cell(row)
        if key in cells:
            raise NotATable(f"{key} stands twice")
        cells[key], lines[key] = cell, row
    events = [
        row
        for path in sorted(files)
        if path.startswith(EVENTS_FOLDER)
        for row in release_files.read_table(release_files.EVENTS, files[path])
    ]
    release_files.read_table(release_files.FACTORS, files["factors.csv"])
    return _Opened(
        cells=cells,
        lines=lines,
        specs=read_specs(definitions),
        measured={row["indicator"]: row["measured"] == "yes" for row in definitions},
        districts=tuple(row["place"] for row in places if row["place"] != CITY),
        revisions=release_files.read_table(release_files.REVISIONS, files["revisions.csv"]),
        groups=read_groups(events),
    )


def _check_revisions(opened: _Opened) -> Iterable[str]:
    for row in opened.revisions:
        key = Key(row["indicator"], row["breakdown"], row["grain"], row["period"], row["place"])
        now = opened.lines.get(key)
        if now is None:
            yield f"revisions.csv names a cell that does not exist: {key}"
        elif (row["value"], row["state"]) != (now["value"], now["state"]):
            yield f"revisions.csv states another number than cells.csv: {key}"
        elif (row["value"], row["state"]) == (row["value_before"], row["state_before"]):
            yield f"revisions.csv lists a cell that did not change: {key}"


def _check_consistent(spec: Spec, cells: Cells, opened: _Opened, head: Head) -> Iterable[str]:
    grid = release_grid.keys(
        spec.indicator, spec.grid, since=head.since, period=head.period, districts=opened.districts
    )
    if set(grid) != set(cells):
        yield "its cells are not those of its grid"
        return
    for key, cell in cells.items():
        again = release_files.cell_row(key, cell, spec)
        if again != tuple(opened.lines[key].values()):
            yield f"{_name(key)}: the value does not follow from numerator and denominator"
        if cell.state is State.VALUE and (cell.den is not None) != (spec.aggregation == "ratio"):
            yield f"{_name(key)}: denominator and kind of number disagree"
        if (cell.reason == "not_collected") == opened.measured[spec.indicator]:
            yield f"{_name(key)}: measured or not, the definition says otherwise"
    if spec.aggregation != "ratio":
        yield from _check_totals(spec, cells, opened.districts)


def _check_totals(spec: Spec, cells: Cells, districts: Sequence[str]) -> Iterable[str]:
    blocks = [block for block in release_grid.parse_grid(spec.grid) if block.key]
    for key, cell in cells.items():
        for parts in _parts(spec, key, cells, districts, blocks):
            if not parts or cell.num is None or any(cells[part].num is None for part in parts):
                continue
            if sum(cells[part].num or 0 for part in parts) != cell.num:
                yield f"{_name(key)}: the parts do not sum to the total"


def _parts(
    spec: Spec, key: Key, cells: Cells, districts: Sequence[str], blocks: Sequence[Block]
) -> Iterable[list[Key]]:
    if key.place == CITY:
        yield _all_or_none(
            cells,
            (Key(key.indicator, key.breakdown, key.grain, key.period, gu) for gu in districts),
        )
    if key.grain != "month" and spec.aggregation == "sum":
        months = release_grid.months_of(key.period)
        yield _all_or_none(
            cells, (Key(key.indicator, key.breakdown, "month", m, key.place) for m in months)
        )
    if key.breakdown == "":
        for block in blocks:
            yield _all_or_none(
                cells,
                (
                    Key(key.indicator, f"{block.key}={v}", key.grain, key.period, key.place)
                    for v in block.values
                ),
            )


def _all_or_none(cells: Cells, wanted: Iterable[Key]) -> list[Key]:
    found = []
    for key in wanted:
        if key not in cells:
            return []
        found.append(key)
    return found


def _recompute(spec: Spec, cells: Cells, opened: _Opened, head: Head) -> Iterable[str]:
    labels = set(spec.labels())
    groups = [group for group in opened.groups if group.label in labels]
    try:
        again = release_compute.flow(
            spec, groups, since=head.since, period=head.period, districts=opened.districts
        )
    except OutsideGrid as error:
        yield f"an event lies outside the grid: {error}"
        return
    for key in sorted(cells):
        if again[key] != cells[key]:
            yield f"{_name(key)}: the public events give another number"


def _name(key: Key) -> str:
    return " ".join(part for part in (key.period, key.place, key.breakdown) if part)


def report_lines(report: Report) -> list[str]:
    """Write a report as plain lines, one number a line.

    >>> report_lines(Report("", "", "not compared", (), ("V1 broken",)))
    ['FAILED V1 broken', 'published head: not compared']
    """
    words = {
        Level.INTACT: "V1 intact only",
        Level.CONSISTENT: "V2 consistent, not recomputed",
        Level.RECOMPUTED: "V3 recomputed from public events",
    }
    lines = [f"FAILED {text}" for text in report.findings]
    lines += [
        f"{r.indicator}: {words.get(r.level, 'nothing')} ({r.cells} cells, {r.values} with a value)"
        for r in report.reached
    ]
    return [*lines, f"published head: {report.published}"]


def report_json(report: Report) -> str:
    """Write a report as JSON.

    >>> json.loads(report_json(Report("1", "h", "equal", (), ())))["holds"]
    True
    """
    return json.dumps(
        {
            "holds": report.holds,
            "release": report.number,
            "head": report.head,
            "published_head": report.published,
            "indicators": [
                {
                    "indicator": r.indicator,
                    "level": f"V{int(r.level)}",
                    "cells": r.cells,
                    "values": r.values,
                    "recomputed": r.level is Level.RECOMPUTED,
                }
                for r in report.reached
            ],
            "findings": list(report.findings),
        },
        ensure_ascii=False,
        indent=2,
    )
