"""From facts to the cells of a release: one fold over grouped facts, for every definition.

Nouns: a *group* is the facts of one month, place and label that share dims, as sums; a *spec* is
what a definition says in figures. Law: a cell depends on the groups of its period and place alone,
the city is the sum over all places, and a group outside the closed grid is an error, never lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dure.engines import formula, measures, release_grid
from dure.engines.formula import Sums, Term
from dure.engines.measures import Better, Measure, Missing
from dure.engines.release_grid import CITY, Block, Key

NO_DIM = "none"


class OutsideGrid(ValueError):
    """Facts stand at a place or in a breakdown that the grid does not have."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What a definition says in figures.

    aggregation   : `sum`, `ratio` (of sums) or `stock` (state at the end of the period)
    numerator …   : formulas of `engines.formula`; denominator only for a ratio; known and all_of
                    only where a part of the facts may lack what is summed
    floor_ppm     : coverage below which the cell is missing (`no_factor`)
    scale, digits : how a ratio is written (100 and 2: percent with two decimals)
    grid          : text of `engines.release_grid.parse_grid`
    recomputable  : whether the public events suffice to compute it again
    """

    indicator: str
    version: int
    aggregation: str
    numerator: str = ""
    denominator: str = ""
    known: str = ""
    all_of: str = ""
    floor_ppm: int = measures.PPM
    scale: int = 1
    digits: int = 0
    better: Better = Better.MORE
    grid: str = "period@city@-"
    recomputable: bool = False

    def labels(self) -> tuple[str, ...]:
        """Return the journal labels that the definition reads."""
        return formula.labels(self.numerator, self.denominator, self.known, self.all_of)


@dataclass(frozen=True, slots=True)
class Group:
    """Facts of one month, place and label that share dims."""

    month: str
    place: str
    label: str
    dims: Mapping[str, str]
    sums: Sums


def flow(
    spec: Spec, groups: Iterable[Group], *, since: str, period: str, districts: Sequence[str]
) -> dict[Key, Measure]:
    """Compute every cell of a definition that counts what happened (`sum` or `ratio`).

    groups    : facts of the labels; months outside since … period are left out
    districts : the district codes of the grid, without the city
    Returns     one cell for every key of the grid; where nothing happened the number is a true 0
                (and a ratio is not applicable).
    Raises      OutsideGrid for a district or a breakdown value that the grid does not hold.

    >>> spec = Spec("N4", 1, "sum", "count repair.fixed", grid="quarter@gu,city@-")
    >>> one = Group("2026-07", "11110", "repair.fixed", {}, Sums(3, 3, 0, 0))
    >>> cells = flow(spec, [one], since="2026-07", period="2026-Q3", districts=["11110"])
    >>> [cell.num for cell in cells.values()]
    [3, 3]
    """
    held = [g for g in groups if since <= g.month <= release_grid.months_of(period)[-1]]
    known_places = set(districts)
    for group in held:
        if group.place not in known_places:
            raise OutsideGrid(f"{group.label} at {group.place}")
    cells: dict[Key, Measure] = {}
    for block in release_grid.parse_grid(spec.grid):
        tallies = {
            name: _tally(formula.parse(text) if text else (), held, block, period)
            for name, text in (
                ("num", spec.numerator),
                ("den", spec.denominator),
                ("known", spec.known),
                ("all", spec.all_of),
            )
        }
        for key in release_grid.block_keys(
            spec.indicator, block, since=since, period=period, districts=districts
        ):
            cells[key] = _cell(spec, {name: tally[_slot(key)] for name, tally in tallies.items()})
    return cells


def _slot(key: Key) -> tuple[str, str, str]:
    return (key.period, key.place, key.breakdown)


def _cell(spec: Spec, found: Mapping[str, int]) -> Measure:
    if spec.aggregation == "ratio":
        return measures.ratio(found["num"], found["den"])
    if spec.all_of:
        return measures.covered(
            found["num"],
            found["known"],
            found["all"],
            floor_ppm=spec.floor_ppm,
            reason=Missing.NO_FACTOR,
        )
    return Measure(num=found["num"])


def _tally(
    terms: Sequence[Term], groups: Iterable[Group], block: Block, period: str
) -> Counter[tuple[str, str, str]]:
    grains = {release_grid.grain_of(period) if g == "period" else g for g in block.grains}
    total: Counter[tuple[str, str, str]] = Counter()
    for group in groups:
        amount = sum(
            getattr(group.sums, term.measure)
            for term in terms
            if term.takes(group.label, group.dims)
        )
        if not amount:
            continue
        value = group.dims.get(block.key, NO_DIM) if block.key else ""
        if value not in block.values:
            raise OutsideGrid(f"{group.label} with {block.key}={value}")
        breakdown = f"{block.key}={value}" if block.key else ""
        for grain in grains:
            name = release_grid.period_of(group.month, grain)
            total[(name, group.place, breakdown)] += amount
            total[(name, CITY, breakdown)] += amount
    return total


def not_collected(
    spec: Spec, *, since: str, period: str, districts: Sequence[str]
) -> dict[Key, Measure]:
    """Return the cells of a definition that nobody measures yet: all missing, none zero.

    >>> cells = not_collected(Spec("E1", 1, "ratio"), since="2026-07", period="2026-Q3",
    ...                       districts=[])
    >>> [(key.period, cell.reason) for key, cell in cells.items()]
    [('2026-Q3', 'not_collected')]
    """
    keys = release_grid.keys(
        spec.indicator, spec.grid, since=since, period=period, districts=districts
    )
    return {key: measures.missing(Missing.NOT_COLLECTED) for key in keys}
