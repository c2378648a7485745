"""Reading a Pabulib file (.pb, plain or gzip), strictly and exactly.

Nouns
    file  : META, PROJECTS and VOTES as `;`-separated rows, in any order
    note  : a difference that was found, or a lenient reading; it never changes what the rows say
Law
    Money is rational from the text on. The rows rule: counts told in META or in `votes` are only
    compared. `selected` is an oracle, never input. What is not understood is refused by line.
Source
    Budgeting design, *Pabulib import and export*; Faliszewski and others, Participatory Budgeting:
    Data, Tools and Analysis (2023), arXiv 2305.11035.
"""

from __future__ import annotations

import gzip
import io
import re
import zlib
from dataclasses import replace
from fractions import Fraction
from math import ceil, floor
from typing import Final

import numpy as np

from dure.engines.pb.election import (
    BALLOTS_MAX,
    PROJECTS_MAX,
    BallotKind,
    Ballots,
    Election,
    Int64s,
    Note,
    Project,
)
from dure.engines.pb.pabulib_errors import PabulibError, note
from dure.engines.pb.pabulib_rows import Section, Sections, sections
from dure.engines.pb.pabulib_votes import read_votes

BYTES_MAX: Final = 256 * 1024 * 1024
GZIP: Final = b"\x1f\x8b"
BOM: Final = "\ufeff"
PLAIN: Final = re.compile(r"[0-9]{1,40}(?:\.[0-9]{1,20})?")
COMMA: Final = re.compile(r"[0-9]{1,40},[0-9]{1,20}")
THOUSANDS: Final = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
EXPONENT: Final = re.compile(r"[+-]?[0-9.,]+[eE][+-]?[0-9]+")
MEASURE: Final = "measure:"
LINKS: Final = ("requires", "excludes")


def read(content: bytes, *, bytes_max: int = BYTES_MAX, rows_max: int = BALLOTS_MAX) -> Election:
    """Read an election from the bytes of a Pabulib file.

    content   : plain or gzip (told by its first bytes)
    bytes_max : most bytes of the plain file; rows_max: most rows of one section
    Returns     the election; `notes` tells every difference and every lenient reading
    Raises      PabulibError, by line, or naming the section or key that is missing.
    Source      the table *pitfall, what we do* of the budgeting design; each row has a test.

    >>> e = read(b"META\\nkey;value\\nbudget;10\\nvote_type;approval\\nPROJECTS\\n"
    ...     b"project_id;cost\\na;2.50\\nb;8\\nVOTES\\nvoter_id;vote\\n1;a\\n2;a,b\\n3;\\n")
    >>> e.ballots.count, e.votes(), e.projects[0].cost
    (3, (2, 1), Fraction(5, 2))
    """
    text = _text(_plain(content, bytes_max), bytes_max)
    notes: list[Note] = []
    if text.startswith(BOM):
        text = text[1:]
        notes.append(note("pabulib.bom", 1))
    nul = text.find("\0")
    if nul >= 0:
        raise PabulibError("pabulib.nul", _lines_before(text[:nul]))
    found = sections(text, rows_max)
    meta = _meta(found)
    kind = _kind(found, meta)
    budget = _amount_of(found, meta, "budget", notes)
    projects, measures, links = _projects(found, notes)
    index = {one.id: at for at, one in enumerate(projects)}
    ballots = read_votes(found, kind, index, notes)
    election = Election(
        projects,
        budget,
        kind,
        ballots,
        meta={key: value for key, (value, _) in meta.items()},
        requires=links["requires"],
        excludes=links["excludes"],
        measures=measures,
    )
    _compare(found, election, notes)
    if found.padded:
        notes.append(note("pabulib.padding", count=str(found.padded)))
    return replace(election, notes=tuple(notes))


def _plain(content: bytes, bytes_max: int) -> bytes:
    """The bytes unpacked, never more than the limit."""
    if not content.startswith(GZIP):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            return packed.read(bytes_max + 1)
    except (EOFError, OSError, zlib.error):
        raise PabulibError("pabulib.bad_gzip") from None


def _text(content: bytes, bytes_max: int) -> str:
    if len(content) > bytes_max:
        raise PabulibError("pabulib.too_big", limit=str(bytes_max))
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        before = content[: error.start].decode("utf-8")
        raise PabulibError("pabulib.not_utf8", _lines_before(before)) from None


def _lines_before(text: str) -> int:
    """The line on which a text ends, counting LF, CR and CR LF."""
    return 1 + text.count("\n") + text.count("\r") - text.count("\r\n")


def _meta(found: Sections) -> dict[str, tuple[str, int]]:
    """Every key with its value and row."""
    meta: dict[str, tuple[str, int]] = {}
    section = found.found["meta"]
    key_at, value_at = section.header.index("key"), section.header.index("value")
    for at, row in enumerate(section.rows):
        key = row[key_at].strip()
        if key in meta:
            found.refuse("pabulib.key_twice", "meta", at, key=key)
        meta[key] = (row[value_at].strip(), at)
    for key in ("budget", "vote_type"):
        if key not in meta:
            raise PabulibError("pabulib.no_key", found.line_of("meta", -2), key=key)
    return meta


def _kind(found: Sections, meta: dict[str, tuple[str, int]]) -> BallotKind:
    given, at = meta["vote_type"]
    try:
        return BallotKind(given.lower())
    except ValueError:
        found.refuse("pabulib.vote_type", "meta", at, given=given)


def amount(text: str) -> tuple[Fraction | None, str]:
    """Read money exactly; gives None and a reason's code when it cannot be read.

    text    : digits with at most one decimal point or comma
    Returns the amount and ``""``, or ``"pabulib.comma"`` for one with a decimal comma. A comma
            before three digits may part thousands and is not read at all.

    >>> amount("15995,5"), amount("1e5")
    ((Fraction(31991, 2), 'pabulib.comma'), (None, 'pabulib.amount_exponent'))
    """
    if PLAIN.fullmatch(text):
        return Fraction(text), ""
    if not text or text.lower() == "none":
        return None, "pabulib.amount_missing"
    if THOUSANDS.fullmatch(text):
        return None, "pabulib.amount_comma"
    if COMMA.fullmatch(text):
        return Fraction(text.replace(",", ".")), "pabulib.comma"
    if EXPONENT.fullmatch(text):
        return None, "pabulib.amount_exponent"
    if text.startswith("-") and PLAIN.fullmatch(text[1:].replace(",", ".")):
        return None, "pabulib.amount_negative"
    return None, "pabulib.amount"


def _amount(
    found: Sections, section: str, row: int, column: str, text: str, notes: list[Note]
) -> Fraction:
    """Money of one cell, or the refusal of its row."""
    value, code = amount(text)
    if value is None:
        found.refuse(code, section, row, column=column, given=text)
    if code:
        notes.append(note(code, found.line_of(section, row), given=text))
    return value


def _amount_of(
    found: Sections, meta: dict[str, tuple[str, int]], key: str, notes: list[Note]
) -> Fraction:
    text, at = meta[key]
    return _amount(found, "meta", at, key, text, notes)


Links = dict[str, tuple[tuple[int, int], ...]]


def _projects(
    found: Sections, notes: list[Note]
) -> tuple[tuple[Project, ...], dict[str, tuple[Fraction, ...]], Links]:
    """Projects in the order of their rows, further measures of them, links between them."""
    section = found.found["projects"]
    places: dict[str, int] = {}
    projects: list[Project] = []
    measures: dict[str, list[Fraction]] = {
        name.removeprefix(MEASURE): [] for name in section.header if name.startswith(MEASURE)
    }
    if len(section.rows) > PROJECTS_MAX:
        found.refuse(
            "pabulib.too_many_rows",
            "projects",
            PROJECTS_MAX,
            section="PROJECTS",
            limit=str(PROJECTS_MAX),
        )
    for at, row in enumerate(section.rows):
        cells = {
            name: "" if cell.strip().lower() == "none" and name != "cost" else cell.strip()
            for name, cell in zip(section.header, row, strict=True)
        }
        # The word none is a name like another where it is the id.
        cells["project_id"] = row[section.header.index("project_id")].strip()
        project = _project(found, at, cells, notes)
        if project.id in places:
            found.refuse("pabulib.project_twice", "projects", at, given=project.id)
        places[project.id] = at
        projects.append(project)
        for name, values in measures.items():
            text = cells[MEASURE + name]
            values.append(_amount(found, "projects", at, MEASURE + name, text, notes))
    links = {name: _links(found, section, name, places) for name in LINKS}
    return tuple(projects), {name: tuple(values) for name, values in measures.items()}, links


def _project(found: Sections, at: int, cells: dict[str, str], notes: list[Note]) -> Project:
    """One row of PROJECTS."""
    name = cells["project_id"]
    if not name:
        found.refuse("pabulib.project_empty", "projects", at)
    if "," in name:
        found.refuse("pabulib.project_comma", "projects", at, given=name)
    selected = cells.get("selected", "")
    told = int(selected) if re.fullmatch("[0-9]{1,3}", selected) else None
    if selected and told is None:
        notes.append(note("pabulib.selected", found.line_of("projects", at), given=selected))
    return Project(
        id=name,
        cost=_amount(found, "projects", at, "cost", cells["cost"], notes),
        name=cells.get("name", ""),
        categories=_list(cells.get("category") or cells.get("categories", "")),
        targets=_list(
            cells.get("target") or cells.get("targets") or cells.get("beneficiaries", "")
        ),
        received=at,
        selected=told,
    )


def _list(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(",") if part.strip())


def _links(
    found: Sections, section: Section, name: str, places: dict[str, int]
) -> tuple[tuple[int, int], ...]:
    """Pairs of projects of a link column."""
    if name not in section.header:
        return ()
    column = section.header.index(name)
    pairs: list[tuple[int, int]] = []
    for at, row in enumerate(section.rows):
        for other in _list(row[column]):
            if other.lower() == "none" and other not in places:
                continue
            if other not in places:
                found.refuse("pabulib.link_unknown", "projects", at, given=other)
            pairs.append((at, places[other]))
    return tuple(sorted(set(pairs)))


def _compare(found: Sections, election: Election, notes: list[Note]) -> None:
    """Tell where counts in the file differ from its rows."""
    counts = (("num_projects", len(election.projects)), ("num_votes", election.ballots.count))
    for key, count in counts:
        told = election.meta.get(key)
        if told is not None and told != str(count):
            keys = list(election.meta)
            line = found.line_of("meta", keys.index(key))
            notes.append(note("pabulib.count", line, key=key, told=told, found=str(count)))
    section = found.found["projects"]
    if "votes" in section.header:
        named = np.bincount(election.ballots.items, minlength=len(election.projects)).tolist()
        column = section.header.index("votes")
        apart = [
            at
            for at, row in enumerate(section.rows)
            if row[column].strip().lower() not in ("", "none", str(named[at]))
        ]
        if apart:
            first = f"{election.projects[apart[0]].id}"
            line = found.line_of("projects", apart[0])
            notes.append(note("pabulib.votes_column", line, count=str(len(apart)), given=first))
    empty = int((np.diff(election.ballots.starts) == 0).sum())
    if empty:
        notes.append(note("pabulib.empty_votes", count=str(empty)))
    notes.extend(_limits(found, election))


def _limits(found: Sections, election: Election) -> list[Note]:
    """Ballots that break the limits the file tells for them; they are counted as they are."""
    meta, ballots = election.meta, election.ballots
    lengths = np.diff(ballots.starts)
    costs, _, money_scale = election.costs()
    spent = points = None
    if max(costs, default=0) * max(int(lengths.max(initial=0)), 1) < 2**62:
        spent = _sums(ballots, np.array(costs, dtype=np.int64)[ballots.items])
    if ballots.points is not None:
        points = _sums(ballots, ballots.points)
    told: list[Note] = []
    for key, values, scale in (
        ("min_length", lengths, 1),
        ("max_length", lengths, 1),
        ("min_sum_cost", spent, money_scale),
        ("max_sum_cost", spent, money_scale),
        ("min_sum_points", points, ballots.points_scale),
        ("max_sum_points", points, ballots.points_scale),
        ("max_points", ballots.points, ballots.points_scale),
    ):
        text = meta.get(key, "")
        limit, _ = amount(text)
        if values is None or limit is None or limit * scale >= 2**62:
            continue
        least, most = ceil(limit * scale), floor(limit * scale)
        broken = int(((values < least) if key.startswith("min") else (values > most)).sum())
        if broken:
            at = list(meta).index(key)
            line = found.line_of("meta", at)
            told.append(note("pabulib.limit", line, key=key, limit=text, count=str(broken)))
    return told


def _sums(ballots: Ballots, values: Int64s) -> Int64s:
    """Sum of a value over the marks of each ballot; exact where every such sum is below 2**62,
    for what wraps in the running total wraps back in the difference.
    """
    totals = np.concatenate((np.zeros(1, np.int64), np.cumsum(values)))
    return totals[ballots.starts[1:]] - totals[ballots.starts[:-1]]
