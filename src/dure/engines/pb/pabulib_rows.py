"""The sections of a Pabulib file: one CSV reader over the whole text, votes column by column.

Nouns
    section : META, PROJECTS or VOTES with its header and rows
    place   : a section and the number of a row in it, from which the line of the file is found
Law
    Rows are told by place while reading; only a refusal or a note looks up the line, by a second
    pass, so the usual file is read once and fast.
Source
    Budgeting design, *Pabulib import and export*.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Final, NoReturn, Protocol

from dure.engines.pb.pabulib_columns import plain_columns
from dure.engines.pb.pabulib_errors import PabulibError

WORDS: Final = frozenset({"meta", "projects", "votes"})
NAMES: Final = {"meta": "META", "projects": "PROJECTS", "votes": "VOTES"}
NEEDED: Final = {"meta": ("key", "value"), "projects": ("project_id", "cost"), "votes": ("vote",)}
CHUNK: Final = 1 << 16
VOTE_COLUMNS: Final = ("voter_id", "vote", "points")


@dataclass(slots=True)
class Section:
    """Header (lower case) and rows; of VOTES only the columns that are counted, in `columns`."""

    name: str
    header: tuple[str, ...]
    rows: list[list[str]] = field(default_factory=list)
    columns: dict[str, list[str]] = field(default_factory=dict)
    count: int = 0


@dataclass(slots=True)
class Sections:
    """The text and what stands in it; `padded` counts empty cells passed over."""

    text: str
    rows_max: int
    found: dict[str, Section] = field(default_factory=dict)
    padded: int = 0

    def line_of(self, section: str, row: int) -> int:
        """Find the first line of a row; row -1 is the header, -2 the section word."""
        return _line_of(self.text, section, row)

    def refuse(self, code: str, section: str, row: int, /, **fields: str) -> NoReturn:
        """Refuse the file for one of its rows."""
        raise PabulibError(code, self.line_of(section, row), **fields)


def sections(text: str, rows_max: int) -> Sections:
    """Read the sections of a file, in any order.

    text     : the whole file, no byte order mark
    rows_max : most rows of one section
    Raises   PabulibError by line: broken CSV, rows outside a section, a repeated section or column,
             a row with a wrong number of cells, a line break inside a ballot, too many rows.
    """
    read = Sections(text, rows_max)
    lines = io.StringIO(text, newline="")
    source = csv.reader(lines, delimiter=";", strict=True)
    try:
        _walk(read, source, lines)
    except csv.Error as error:
        raise PabulibError("pabulib.bad_csv", source.line_num, why=str(error)) from None
    for name, title in NAMES.items():
        if name not in read.found:
            raise PabulibError("pabulib.no_section", section=title)
    return read


class Reader(Protocol):
    """A CSV reader: rows, and the number of lines it has taken."""

    @property
    def line_num(self) -> int: ...
    def __iter__(self) -> Iterator[list[str]]: ...
    def __next__(self) -> list[str]: ...


def _walk(read: Sections, source: Reader, lines: io.StringIO) -> None:
    """Go through all rows, section by section."""
    rows: Iterator[list[str]] = source
    section: Section | None = None
    while (row := next(rows, None)) is not None:
        if _is_blank(row):
            continue
        word = _word(row)
        if word is None:
            if section is None:
                first = 1 + sum(1 for _ in _blank_lines(read.text))
                raise PabulibError("pabulib.before_sections", first)
            _keep(read, section, row)
            continue
        section = _open(read, word, rows)
        if word == "votes":
            rows = (
                iter(()) if _cut_votes(read, section, lines) else _take_votes(read, section, source)
            )


def _blank_lines(text: str) -> Iterator[str]:
    for line in io.StringIO(text, newline=None):
        if line.strip(" \t;\r\n"):
            return
        yield line


def _is_blank(row: list[str]) -> bool:
    return not row or (len(row) == 1 and not row[0].strip())


def _word(row: list[str]) -> str | None:
    """The section word of a row that holds nothing else."""
    if len(row[0]) > 16:
        return None
    word = row[0].strip().lower()
    return word if word in WORDS and not any(cell.strip() for cell in row[1:]) else None


def _open(read: Sections, word: str, rows: Iterator[list[str]]) -> Section:
    """Begin a section: its header follows its word."""
    if word in read.found:
        line = _second_word(read.text, word)
        raise PabulibError("pabulib.section_twice", line, section=NAMES[word])
    header_row = next((row for row in rows if not _is_blank(row)), None)
    if header_row is None or _word(header_row) is not None:
        raise PabulibError("pabulib.no_header", _line_of(read.text, word, -2), section=NAMES[word])
    header = [cell.strip().lower() for cell in header_row]
    while header and not header[-1]:
        header.pop()
    section = Section(word, tuple(header))
    read.found[word] = section
    for name in NEEDED[word]:
        if name not in header:
            read.refuse("pabulib.no_column", word, -1, section=NAMES[word], column=name)
    for name in header:
        if header.count(name) > 1:
            read.refuse("pabulib.column_twice", word, -1, column=name or '""')
    return section


def _keep(read: Sections, section: Section, row: list[str]) -> None:
    """Store one row of META or PROJECTS."""
    section.rows.append(_fitted(read, section, row))
    section.count += 1
    if section.count > read.rows_max:
        read.refuse(
            "pabulib.too_many_rows",
            section.name,
            section.count - 1,
            section=NAMES[section.name],
            limit=str(read.rows_max),
        )


def _fitted(read: Sections, section: Section, row: list[str]) -> list[str]:
    """The row at the width of its header; empty cells beyond it are passed over."""
    width = len(section.header)
    if len(row) > width and not any(cell.strip() for cell in row[width:]):
        read.padded += len(row) - width
        row = row[:width]
    if len(row) != width:
        read.refuse(
            "pabulib.columns", section.name, section.count, found=str(len(row)), wanted=str(width)
        )
    return row


def _cut_votes(read: Sections, section: Section, lines: io.StringIO) -> bool:
    """Store the votes' columns at once, where the rest of the file is a plain table."""
    names = [name for name in VOTE_COLUMNS if name in section.header]
    places = [section.header.index(name) for name in names]
    columns = plain_columns(read.text[lines.tell() :], len(section.header), places)
    if columns is None or len(columns[0]) > read.rows_max:
        return False
    section.columns = dict(zip(names, columns, strict=True))
    section.count = len(columns[0])
    return True


def _take_votes(read: Sections, section: Section, source: Reader) -> Iterator[list[str]]:
    """Store the votes' columns; gives the rows that follow the section."""
    places = [(name, section.header.index(name)) for name in VOTE_COLUMNS if name in section.header]
    section.columns = {name: [] for name, _ in places}
    width = len(section.header)
    began = source.line_num
    while chunk := list(islice(source, CHUNK)):
        if source.line_num - began != len(chunk):
            _refuse_line_break(read, section, chunk)
        began, end = source.line_num, len(chunk)
        if any(len(row) != width for row in chunk) or any(
            len(row[0]) < 16 and row[0].strip().lower() in WORDS for row in chunk
        ):
            chunk, end = _fitted_chunk(read, section, chunk)
        taken = chunk[:end]
        for name, at in places:
            section.columns[name].extend([row[at] for row in taken])
        section.count += len(taken)
        if section.count > read.rows_max:
            read.refuse(
                "pabulib.too_many_rows",
                "votes",
                read.rows_max,
                section="VOTES",
                limit=str(read.rows_max),
            )
        if end < len(chunk):
            return chain(chunk[end:], source)
    return iter(())


def _refuse_line_break(read: Sections, section: Section, chunk: list[list[str]]) -> None:
    """Refuse a ballot over several lines; it may have swallowed others. Later sections may."""
    row_count = 0
    for row in chunk:
        if _is_blank(row):
            continue
        if _word(row) is not None:
            return
        if any("\n" in cell or "\r" in cell for cell in row):
            read.refuse("pabulib.line_break", "votes", section.count + row_count)
        row_count += 1


def _fitted_chunk(
    read: Sections, section: Section, chunk: list[list[str]]
) -> tuple[list[list[str]], int]:
    """The chunk without blank rows, and where another section begins in it."""
    count = section.count
    fitted: list[list[str]] = []
    for at, row in enumerate(chunk):
        if _is_blank(row):
            continue
        if _word(row) is not None:
            section.count = count
            return fitted + chunk[at:], len(fitted)
        section.count = count + len(fitted)
        fitted.append(_fitted(read, section, row))
    section.count = count
    return fitted, len(fitted)


def numbered(text: str) -> Iterator[tuple[int, int, list[str]]]:
    """Yield first line, last line and cells of every row."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";", strict=True)
    before = 0
    for row in reader:
        yield before + 1, reader.line_num, row
        before = reader.line_num


def _line_of(text: str, section: str, row: int) -> int:
    """First line of a row of a section, by a second pass."""
    inside, at = False, -2
    try:
        for first, _, cells in numbered(text):
            if _is_blank(cells):
                continue
            word = _word(cells) if at != -1 or not inside else None
            if word is not None:
                inside, at = word == section, -2
            if inside:
                if at == row:
                    return first
                at += 1
    except csv.Error:
        pass
    return 0


def _second_word(text: str, word: str) -> int:
    """Line where a section word stands for the second time."""
    seen: Iterable[int] = (
        first for first, _, row in numbered(text) if not _is_blank(row) and _word(row) == word
    )
    return next(islice(seen, 1, None), 0)
