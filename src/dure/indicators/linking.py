"""The cells of a release that lower rooms may build on, as facts of the journal.

A *linkable* cell is a measured number without breakdown, of a quarter or year that ends with the
release. Budget, procurement and pay keep the event's id (`source_of` names it), so a later vintage
is another event and moves nothing by itself. Law: no definition reads these facts back.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID, uuid5

from dure.core.facts import EVENTS, Row
from dure.engines import release_grid
from dure.engines.measures import Measure, State
from dure.engines.release_bundle import Contents
from dure.engines.release_files import DEFINITIONS
from dure.engines.release_grid import Key
from dure.indicators.models import Release
from dure.indicators.publishing import Place

LABEL = "indicator.released"
STATES = {
    State.VALUE: "value",
    State.MISSING: "missing",
    State.SUPPRESSED: "suppressed",
    State.NOT_APPLICABLE: "not_applicable",
}


def rows(release: Release, place: Place, head: str, contents: Contents) -> list[Row]:
    """The facts of a release: a row for each numerator and denominator, or for a state alone.

    place, head : where in the chain it stands; the first half of the head is every row's proof
    contents    : the cells and figures that were frozen
    """
    told = [dict(zip(DEFINITIONS, row, strict=True)) for row in contents.definitions]
    measured = {row["indicator"] for row in told if row["measured"] == "yes"}
    last = release_grid.last_day(release.period)
    found: list[Row] = []
    for key in sorted(contents.cells):
        if key.indicator not in measured or key.breakdown or key.grain not in ("quarter", "year"):
            continue
        if release_grid.last_day(key.period) != last:
            continue
        version = contents.specs[key.indicator].version
        for part, number in _parts(contents.cells[key]):
            source = source_of(release.pk, key, version, part)
            found.append(
                Row(
                    source=source,
                    qty=number,
                    district=key.place,
                    began=place.at,
                    ended=place.at,
                    evidence="C",
                    proof=UUID(head[:32]),
                    case_id=uuid5(EVENTS, source.rpartition(".")[0]),
                    dims={
                        "indicator": key.indicator,
                        "vintage": release.vintage,
                        "grain": key.grain,
                        "part": part,
                        "state": STATES[contents.cells[key].state],
                    },
                )
            )
    return found


def source_of(release: UUID, key: Key, version: int, part: str) -> str:
    """The journal's name of one part of a published cell.

    >>> source_of(UUID(int=1), Key("N4", "", "quarter", "2026-Q3", "11440"), 2, "num")
    'indicators.cell:00000000-0000-0000-0000-000000000001:N4-2:2026-Q3.11440.num'
    """
    return f"indicators.cell:{release}:{key.indicator}-{version}:{key.period}.{key.place}.{part}"


def _parts(cell: Measure) -> Iterator[tuple[str, int]]:
    if cell.state is not State.VALUE or cell.num is None:
        yield "none", 0
    elif cell.num >= 0:
        yield "num", cell.num
        if cell.den is not None:
            yield "den", cell.den
