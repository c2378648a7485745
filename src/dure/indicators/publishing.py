"""From the observations of a run to the bundle of a release.

Law: what is published is decided by the run alone: packing the same run twice gives the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from dure.core import heads, rulebook
from dure.engines import published_heads, release_bundle, release_files, release_hash
from dure.engines.measures import Measure, State
from dure.engines.published_heads import HeadLine
from dure.engines.release_bundle import Bundle, Contents
from dure.engines.release_compute import Spec
from dure.engines.release_grid import CITY, Key
from dure.engines.release_metadata import Description
from dure.indicators import expressions
from dure.indicators.computing import Window, spec_of
from dure.indicators.models import (
    DefinitionVersion,
    Observation,
    Release,
    ReleaseCell,
    ReleaseStep,
    Run,
)
from dure.registry.models import District

EVENTS_PATH = "public-events/repair.csv"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the chain a release stands: number, head before it, instant of freezing.

    `heads` are the heads of the other sealed chains at that instant.
    """

    number: int
    previous: str
    at: datetime
    heads: tuple[HeadLine, ...] = ()


def window_of(release: Release, run: Run) -> Window:
    """The window that a run looked at."""
    return Window(release.since, release.period, run.cut_seq, run.cut_day)


def versions_of(release: Release) -> list[DefinitionVersion]:
    """The definition versions of a release, by code."""
    return list(
        DefinitionVersion.rows.filter(releaseversion__release=release)
        .select_related("definition")
        .order_by("definition_id")
    )


def cells_of(run: Run) -> dict[Key, Measure]:
    """The cells of a run as they may be published."""
    found = Observation.rows.filter(run=run).values_list(
        "version__definition_id",
        "breakdown",
        "grain",
        "period",
        "place",
        "num",
        "den",
        "state",
        "reason",
        "coverage_ppm",
    )
    return {
        Key(*row[:5]): Measure(
            num=row[5], den=row[6], state=State(row[7]), reason=row[8], coverage_ppm=row[9]
        )
        for row in found.iterator(chunk_size=10_000)
    }


def root_of(cells: dict[Key, Measure], specs: dict[str, Spec]) -> str:
    """The root over the cells, as `cells.csv` will have it."""
    return release_bundle.cells_root(release_files.cells_table(cells, specs))


def specs_of(versions: Iterable[DefinitionVersion], on: date) -> dict[str, Spec]:
    """The figures of definitions by code."""
    return {version.code: spec_of(version, on) for version in versions}


def next_place(at: datetime) -> Place:
    """The place after the last frozen release."""
    last = ReleaseStep.rows.filter(state="frozen").order_by("-number").first()
    number, previous = 1, release_hash.FIRST
    if last is not None and last.number is not None:
        number, previous = last.number + 1, last.head
    others = heads.lines_now("release", str(number))
    return Place(
        number, previous, at, tuple(o for o in others if o.chain != published_heads.RELEASES)
    )


def pack(release: Release, run: Run, place: Place) -> tuple[Bundle, Contents]:
    """Make the bundle of a run as if it were frozen at a place of the chain."""
    versions = versions_of(release)
    specs = specs_of(versions, run.cut_day)
    cells = cells_of(run)
    window = window_of(release, run)
    contents = Contents(
        cells=cells,
        specs=specs,
        definitions=[_definition_row(v, specs[v.code]) for v in versions],
        factors=[_factor_row(row) for row in run.factors],
        places=_places(),
        revisions=_revisions(cells, specs, place.number - 1),
        events={EVENTS_PATH: _events(versions, specs, window)},
        heads=place.heads,
    )
    bundle = release_bundle.pack(
        contents,
        _description(release, place, run.cut_day),
        cut_seq=run.cut_seq,
        cut_day=run.cut_day.isoformat(),
        previous=place.previous,
    )
    return bundle, contents


def factors_of(versions: Iterable[DefinitionVersion], window: Window) -> list[list[str]]:
    """The factors behind the numbers, as texts in the order of `factors.csv`."""
    labels = sorted(
        {
            label
            for version in versions
            if version.all_of
            for label in spec_of(version, window.day).labels()
        }
    )
    found = expressions.rows(
        "factors", labels=labels, cut=window.cut, first=window.first, last=window.last
    )
    return [[*row[:-1], "yes" if row[-1] else "no"] for row in found]


def _factor_row(row: list[str]) -> list[str]:
    return [*row[:6], release_files.guard(row[6]), *row[7:]]


def _definition_row(version: DefinitionVersion, spec: Spec) -> list[str]:
    texts = (version.what_ko, version.what_en, version.excluded_ko, version.excluded_en)
    return [
        version.code,
        str(version.version),
        version.definition.heading,
        version.name_ko,
        version.name_en,
        version.unit,
        version.aggregation,
        version.disclosure,
        spec.numerator,
        spec.denominator,
        spec.known,
        spec.all_of,
        str(spec.floor_ppm),
        str(spec.scale),
        str(spec.digits),
        str(spec.better),
        spec.grid,
        "yes" if spec.recomputable else "no",
        "yes" if version.measured else "no",
        *(release_files.guard(text) for text in texts),
    ]


def _places() -> list[list[str]]:
    rows = [[d.sig, d.name, d.name_en] for d in District.rows.order_by("sig")]
    return [*rows, [CITY, "서울특별시", "Seoul"]]


def _events(
    versions: list[DefinitionVersion], specs: dict[str, Spec], window: Window
) -> list[list[str]]:
    labels = sorted({label for s in specs.values() if s.recomputable for label in s.labels()})
    found = expressions.rows(
        "public_events", labels=labels, cut=window.cut, first=window.first, last=window.last
    )
    return [[*row[:5], release_files.dims_text(json.loads(row[5])), *row[6:]] for row in found]


def _revisions(cells: dict[Key, Measure], specs: dict[str, Spec], before: int) -> list[list[str]]:
    old = ReleaseCell.rows.filter(release__steps__number=before).values_list(
        "code", "breakdown", "grain", "period", "place", "value", "state"
    )
    rows = []
    for *name, value, state in old.iterator(chunk_size=10_000):
        key = Key(*name)
        now = cells.get(key)
        if now is None:
            continue
        told = (release_files.value_text(now, specs[key.indicator]), str(now.state))
        if told != (value, state):
            rows.append([*name, str(before), value, state, *told])
    return sorted(rows)


def _description(release: Release, place: Place, on: date) -> Description:
    publisher = rulebook.value("indicators.publisher", on=on).value
    licence = rulebook.value("indicators.licence", on=on).value
    return Description(
        number=place.number,
        period=release.period,
        since=release.since,
        vintage=release.vintage,
        synthetic=release.synthetic,
        issued=place.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        publisher_ko=publisher[0],
        publisher_en=publisher[1],
        licence_name=licence[0],
        licence_title=licence[1],
        licence_path=licence[2],
        attribution=rulebook.value("indicators.attribution", on=on).value,
        place_ko="서울특별시",
        place_en="Seoul",
    )
