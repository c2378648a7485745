"""The ballots of a Pabulib file as arrays: columns of text in, one pass over the names of projects.

Law
    Each project at most once in a ballot; every row is a ballot, an empty one too.
Source
    Budgeting design, *Pabulib import and export*.
"""

from __future__ import annotations

import re
from fractions import Fraction
from math import lcm
from typing import Final

import numpy as np

from dure.engines.pb.election import (
    HAS_POINTS,
    POINTS_MAX,
    BallotKind,
    Ballots,
    Int32s,
    Int64s,
    Note,
)
from dure.engines.pb.pabulib_columns import has_blanks, list_lengths
from dure.engines.pb.pabulib_errors import note
from dure.engines.pb.pabulib_rows import Sections

POINTS: Final = re.compile(r"-?[0-9]{1,12}(?:\.[0-9]{1,9})?")


class Places(dict[str, int]):
    """Index of each project id; -1 for a text that is none."""

    def __missing__(self, _: str) -> int:
        return -1


def read_votes(
    found: Sections, kind: BallotKind, index: dict[str, int], notes: list[Note]
) -> Ballots:
    """Make the ballots of a file.

    found   : its sections; index: place of every project id
    Returns ballots in the order of the rows
    Raises  PabulibError by line: an unknown project, a repeated voter, points that do not fit.
    """
    section = found.found["votes"]
    if "voter_id" not in section.columns:
        found.refuse("pabulib.no_column", "votes", -1, section="VOTES", column="voter_id")
    _check_voters(found, section.columns["voter_id"])
    votes = section.columns["vote"]
    cells = _cells(votes, index, notes)
    counts = list_lengths(cells)
    joined = ",".join(filter(None, cells))
    names = joined.split(",") if joined else []
    places = Places(index)
    items = np.fromiter(map(places.__getitem__, names), dtype=np.int32, count=len(names))
    if len(items) and int(items.min()) < 0:
        items, counts = _mended(found, kind, names, counts, places, notes)
    owners = np.repeat(np.arange(len(cells), dtype=np.int64), counts)
    if kind is BallotKind.CHOOSE_1 and len(counts) and int(counts.max()) > 1:
        distinct = np.unique(owners * max(len(index), 1) + items)
        several = np.flatnonzero(np.bincount(distinct // max(len(index), 1)) > 1)
        if len(several):
            found.refuse("pabulib.choose_1", "votes", int(several[0]))
    if kind in HAS_POINTS:
        return _with_points(found, kind, owners, items, counts, notes)
    return _without_points(found, kind, owners, items, counts, index, notes)


def _check_voters(found: Sections, voters: list[str]) -> None:
    """Refuse an empty or repeated voter id."""
    distinct = set(voters)
    if len(distinct) == len(voters) and "" not in distinct and not has_blanks(voters):
        return
    seen: set[str] = set()
    for at, one in enumerate(voters):
        name = one.strip()
        if not name:
            found.refuse("pabulib.voter_empty", "votes", at)
        if name in seen:
            found.refuse("pabulib.voter_twice", "votes", at, given=name)
        seen.add(name)


def _cells(votes: list[str], index: dict[str, int], notes: list[Note]) -> list[str]:
    """The vote cells; blank ones and the word none are empty."""
    cells = [cell.strip() for cell in votes] if has_blanks(votes) else votes
    if "none" not in index:
        nones = [at for at, cell in enumerate(cells) if len(cell) == 4 and cell.lower() == "none"]
        nones = [at for at in nones if cells[at] not in index]
        for at in nones:
            cells[at] = ""
        if nones:
            notes.append(note("pabulib.none_vote", count=str(len(nones))))
    return cells


def _mended(
    found: Sections,
    kind: BallotKind,
    names: list[str],
    counts: Int64s,
    places: Places,
    notes: list[Note],
) -> tuple[Int32s, Int64s]:
    """Names with blanks around them, and gaps between commas; an unknown project is refused."""
    owners = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    items = np.fromiter((places[name.strip()] for name in names), dtype=np.int32, count=len(names))
    gaps = []
    for at in np.flatnonzero(items < 0).tolist():
        if names[at].strip():
            found.refuse("pabulib.vote_unknown", "votes", int(owners[at]), given=names[at].strip())
        if kind in HAS_POINTS:
            found.refuse("pabulib.vote_gap", "votes", int(owners[at]))
        gaps.append(at)
    if gaps:
        line = found.line_of("votes", int(owners[gaps[0]]))
        notes.append(note("pabulib.gaps", line, count=str(len(gaps))))
        keep = items >= 0
        counts = np.bincount(owners[keep], minlength=len(counts)).astype(np.int64)
        items = items[keep]
    return items, counts


def _without_points(
    found: Sections,
    kind: BallotKind,
    owners: Int64s,
    items: Int32s,
    counts: Int64s,
    index: dict[str, int],
    notes: list[Note],
) -> Ballots:
    """Approval, choose-1 and ordinal ballots; a repeated project is counted once, first place."""
    width = max(len(index), 1)
    keys = owners * width + items
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    again = np.zeros(len(keys), dtype=bool)
    again[1:] = ranked[1:] == ranked[:-1]
    if again.any():
        repeated = np.sort(order[again])
        _tell_repeated(found, repeated, owners, items, index, notes)
        keep = np.ones(len(keys), dtype=bool)
        keep[repeated] = False
        owners, items = owners[keep], items[keep]
        counts = np.bincount(owners, minlength=len(counts)).astype(np.int64)
        ranked = ranked[~again]
    if kind is not BallotKind.ORDINAL:
        items = (ranked % width).astype(np.int32)
    return Ballots(_starts(counts), items)


def _tell_repeated(
    found: Sections,
    repeated: Int64s,
    owners: Int64s,
    items: Int32s,
    index: dict[str, int],
    notes: list[Note],
) -> None:
    at = int(repeated[0])
    name = list(index)[int(items[at])]
    line = found.line_of("votes", int(owners[at]))
    notes.append(note("pabulib.repeated", line, count=str(len(repeated)), given=name))


def _starts(counts: Int64s) -> Int64s:
    return np.concatenate((np.zeros(1, np.int64), np.cumsum(counts))).astype(np.int64)


def _with_points(
    found: Sections,
    kind: BallotKind,
    owners: Int64s,
    items: Int32s,
    counts: Int64s,
    notes: list[Note],
) -> Ballots:
    """Cumulative and scoring ballots; a project named twice with the same points counts once."""
    section = found.found["votes"]
    if "points" not in section.columns:
        found.refuse("pabulib.no_column", "votes", -1, section="VOTES", column="points")
    cells = [cell.strip() for cell in section.columns["points"]]
    cells = ["" if cell.lower() == "none" else cell for cell in cells]
    given = list_lengths(cells)
    if bool((given != counts).any()):
        at = int(np.flatnonzero(given != counts)[0])
        found.refuse(
            "pabulib.points_count",
            "votes",
            at,
            found=str(int(given[at])),
            wanted=str(int(counts[at])),
        )
    joined = ",".join(filter(None, cells))
    texts = joined.split(",") if joined else []
    known: dict[str, Fraction] = {}
    for text in dict.fromkeys(texts):
        number = text.strip()
        if not POINTS.fullmatch(number):
            at = int(owners[texts.index(text)])
            found.refuse("pabulib.points", "votes", at, given=number)
        known[text] = Fraction(number)
        if known[text] < 0 and kind is BallotKind.CUMULATIVE:
            at = int(owners[texts.index(text)])
            found.refuse("pabulib.points_negative", "votes", at, given=number)
    scale = lcm(*(one.denominator for one in known.values()))
    for text, one in known.items():
        if abs(one * scale) > POINTS_MAX:  # sums of them must stay within 64 bits
            at = int(owners[texts.index(text)])
            found.refuse("pabulib.points", "votes", at, given=text.strip())
    whole = {text: int(one * scale) for text, one in known.items()}
    points = np.fromiter(map(whole.__getitem__, texts), dtype=np.int64, count=len(texts))
    width = int(items.max(initial=0)) + 1
    keys = owners * width + items
    order = np.argsort(keys, kind="stable")
    again = np.zeros(len(keys), dtype=bool)
    again[1:] = keys[order][1:] == keys[order][:-1]
    if again.any():
        ids = list(_index_of(found))
        apart = again.copy()
        apart[1:] &= points[order][1:] != points[order][:-1]
        if apart.any():
            at = int(np.sort(order[apart])[0])
            found.refuse(
                "pabulib.points_twice", "votes", int(owners[at]), given=ids[int(items[at])]
            )
        repeated = np.sort(order[again])
        line = found.line_of("votes", int(owners[repeated[0]]))
        notes.append(
            note(
                "pabulib.repeated",
                line,
                count=str(len(repeated)),
                given=ids[int(items[repeated[0]])],
            )
        )
        order = order[~again]
        counts = np.bincount(owners[order], minlength=len(counts)).astype(np.int64)
    return Ballots(_starts(counts), items[order], points[order], scale)


def _index_of(found: Sections) -> list[str]:
    section = found.found["projects"]
    at = section.header.index("project_id")
    return [row[at].strip() for row in section.rows]
