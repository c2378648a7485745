"""Writing an election as a valid Pabulib file that says nothing about single voters.

Nouns
    voter : what may be told beside a ballot: age (in bands), sex, way of voting
    cell  : voters who are told alike; a cell below the least size is told less exactly
Law
    What is written reads back as the same election. Ballots are written in the order of their
    content with fresh ids, so neither order nor id links a row to a person.
Source
    Budgeting design, *Pabulib import and export*; trust design, disclosure.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from dure.engines.pb.election import HAS_POINTS, Election

NEEDED: Final = ("description", "country", "unit", "instance", "rule", "date_begin", "date_end")
ORDER: Final = (
    "description", "country", "unit", "subunit", "instance", "num_projects", "num_votes", "budget",
    "vote_type", "rule", "date_begin", "date_end", "min_length", "max_length", "min_sum_cost",
    "max_sum_cost", "min_points", "max_points", "min_sum_points", "max_sum_points",
    "default_score", "currency",
)  # fmt: skip
BANDS: Final = (14, 20, 30, 40, 50, 60, 70)
CELL_MIN: Final = 10


class NotWritable(ValueError):
    """An election that the format cannot hold; the message says which key or amount."""


@dataclass(frozen=True, slots=True)
class Voter:
    """What was told about the voter of one ballot; age in years or None, texts may be empty."""

    age: int | None = None
    sex: str = ""
    voting_method: str = ""


def write(
    election: Election,
    *,
    winners: Collection[int] | None = None,
    voters: Sequence[Voter] | None = None,
    bands: Sequence[int] = BANDS,
    cell_min: int = CELL_MIN,
) -> str:
    """Write an election as Pabulib text, lines ending with LF.

    winners  : indices for the column `selected`; None keeps what each project carries
    voters   : one per ballot, or None to tell nothing about them
    bands    : lower ages of the bands, ascending; below the first is one band
    cell_min : least voters told alike; smaller cells lose age, then sex, then way of voting
    Returns    the text
    Raises     NotWritable for missing META keys, or an amount without a finite decimal form.
    """
    missing = [key for key in NEEDED if not election.meta.get(key)]
    if missing:
        raise NotWritable(f"META needs {missing[0]}")
    out = io.StringIO()
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    rows.writerow(["META"])
    rows.writerow(["key", "value"])
    rows.writerows(_meta(election))
    rows.writerow(["PROJECTS"])
    rows.writerows(_projects(election, winners))
    rows.writerow(["VOTES"])
    rows.writerows(_votes(election, voters, bands, cell_min))
    return out.getvalue()


def decimal_text(amount: Fraction) -> str:
    """Write an amount exactly with a decimal point.

    Raises NotWritable when it has no finite decimal form.

    >>> decimal_text(Fraction(5, 2)), decimal_text(Fraction(-7)), decimal_text(Fraction(1, 8))
    ('2.5', '-7', '0.125')
    """
    twos = fives = 0
    rest = amount.denominator
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        raise NotWritable(f"{amount} has no finite decimal form")
    places = max(twos, fives)
    if not places:
        return str(amount.numerator)
    whole, part = divmod(int(abs(amount) * 10**places), 10**places)
    return f"{'-' if amount < 0 else ''}{whole}.{part:0{places}}"


def _meta(election: Election) -> Iterator[tuple[str, str]]:
    """META in the order of the format, other keys after."""
    told = {
        **election.meta,
        "num_projects": str(len(election.projects)),
        "num_votes": str(election.ballots.count),
        "budget": decimal_text(election.budget),
        "vote_type": election.kind.value,
    }
    for key in (*(one for one in ORDER if one in told), *(one for one in told if one not in ORDER)):
        yield key, told[key]


def _projects(election: Election, winners: Collection[int] | None) -> Iterator[list[str]]:
    """The header and one row a project; columns that nobody fills are left out."""
    projects = election.projects
    named = [0] * len(projects)
    for at in election.ballots.items.tolist():
        named[at] += 1
    requires, excludes = _links(election, election.requires), _links(election, election.excludes)
    selected = [
        (str(int(at in winners)) if winners is not None else _text(one.selected))
        for at, one in enumerate(projects)
    ]
    columns: list[tuple[str, list[str]]] = [
        ("project_id", [one.id for one in projects]),
        ("cost", [decimal_text(one.cost) for one in projects]),
        ("votes", [str(one) for one in named]),
    ]
    for name, cells in (
        ("name", [one.name for one in projects]),
        ("category", [",".join(one.categories) for one in projects]),
        ("target", [",".join(one.targets) for one in projects]),
        ("requires", requires),
        ("excludes", excludes),
        *(
            (f"measure:{measure}", [decimal_text(one) for one in values])
            for measure, values in election.measures.items()
        ),
        ("selected", selected),
    ):
        if any(cells):
            columns.append((name, cells))
    yield [name for name, _ in columns]
    for at in range(len(projects)):
        yield [cells[at] for _, cells in columns]


def _text(value: int | None) -> str:
    return "" if value is None else str(value)


def _links(election: Election, pairs: tuple[tuple[int, int], ...]) -> list[str]:
    others: list[list[str]] = [[] for _ in election.projects]
    for one, other in sorted(set(pairs)):
        others[one].append(election.projects[other].id)
    return [",".join(names) for names in others]


def _votes(
    election: Election, voters: Sequence[Voter] | None, bands: Sequence[int], cell_min: int
) -> Iterator[list[str]]:
    """The header and one row a ballot, in the order of their content."""
    ballots = election.ballots
    ids = [one.id for one in election.projects]
    starts = ballots.starts.tolist()
    items = [ids[at] for at in ballots.items.tolist()]
    has_points = election.kind in HAS_POINTS
    points: list[str] = []
    if ballots.points is not None:
        texts = {
            one: decimal_text(Fraction(one, ballots.points_scale))
            for one in set(ballots.points.tolist())
        }
        points = [texts[one] for one in ballots.points.tolist()]
    told = _told(voters, ballots.count, bands, cell_min)
    rows = []
    for at in range(ballots.count):
        marks = slice(starts[at], starts[at + 1])
        row = [",".join(items[marks])]
        if has_points:
            row.append(",".join(points[marks]))
        rows.append(row + (list(told[at]) if told else []))
    header = ["voter_id", "vote", *(["points"] if has_points else [])]
    yield header + (["age", "sex", "voting_method"] if told else [])
    for number, row in enumerate(sorted(rows), start=1):
        yield [str(number), *row]


Cell = tuple[str, str, str]
LESS: Final[tuple[Callable[[Cell], Cell], ...]] = (
    lambda one: ("", one[1], one[2]),
    lambda one: ("", "", one[2]),
    lambda _: ("", "", ""),
)


def _told(
    voters: Sequence[Voter] | None, count: int, bands: Sequence[int], cell_min: int
) -> list[Cell]:
    """What is told of each voter, so that no cell has fewer than `cell_min` voters.

    A cell below the size loses its age, then its sex, then its way of voting; if those told
    nothing are still too few, the smallest other cells join them.
    """
    if voters is None:
        return []
    assert len(voters) == count and cell_min >= 1 and list(bands) == sorted(set(bands))
    cells: list[Cell] = [(band(one.age, bands), one.sex, one.voting_method) for one in voters]
    nothing: Cell = ("", "", "")
    for less in LESS:
        sizes = Counter(cells)
        cells = [one if sizes[one] >= cell_min else less(one) for one in cells]
    for _ in range(len(set(cells))):
        sizes = Counter(cells)
        if not 0 < sizes[nothing] < cell_min or len(sizes) == 1:
            break
        least = min((one for one in sizes if one != nothing), key=lambda one: (sizes[one], one))
        cells = [nothing if one == least else one for one in cells]
    return cells


def band(age: int | None, bands: Sequence[int] = BANDS) -> str:
    """Name the band of an age.

    >>> band(17), band(70), band(3), band(None)
    ('14-19', '70+', '0-13', '')
    """
    if age is None:
        return ""
    edges = [0, *bands]
    at = max(place for place, edge in enumerate(edges) if edge <= max(age, 0))
    return f"{edges[at]}+" if at == len(edges) - 1 else f"{edges[at]}-{edges[at + 1] - 1}"
