"""Tables people bring (표 파일): read row by row, under caps, in bounded memory.

Nouns
    sheet   : one table of a file: its rows, each with the line it stands on and its cells
    cells, rows, caps, refusals : `dure.engines.cells`
Law
    The answer is a function of the bytes alone. Memory does not grow with the number of rows. An
    encoding is never guessed: byte order mark, else strict UTF-8, else strict CP949, else refused.
Source
    Trust design, *Parsers, files, pages*; RFC 4180 for CSV; workbooks in `dure.engines.workbooks`.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from dure.engines.cells import (
    CAPS,
    NO_VALUE,
    Caps,
    Cell,
    Number,
    Reason,
    Row,
    Sheet,
    SheetRefused,
)
from dure.engines.workbooks import open_workbook

__all__ = [
    "CAPS",
    "NO_VALUE",
    "Caps",
    "Cell",
    "Number",
    "Reason",
    "Row",
    "Sheet",
    "SheetRefused",
    "open_sheet",
]

CHUNK_BYTES: Final = 1 << 18


def open_sheet(
    source: BinaryIO, *, sheet: str | None = None, encoding: str | None = None, caps: Caps = CAPS
) -> Sheet:
    """Open a CSV file or a workbook, by content, never by name.

    source   : seekable binary file; stays open as long as rows are read
    sheet    : name of the sheet of a workbook; None takes the first visible one
    encoding : "utf-8" or "cp949" when a person has chosen between two readings
    Returns  a `Sheet`; its rows come in file order, blank rows left out.
    Raises   SheetRefused with the cap or the fault named, here or while rows are read.
    Memory   bounded by `caps`, at most about 200 MB; a CSV file needs less than 10 MB.

    >>> [row.cells for row in open_sheet(io.BytesIO("이름,수\\n두레,3\\n".encode("cp949"))).rows()]
    [('이름', '수'), ('두레', '3')]
    """
    size = source.seek(0, io.SEEK_END)
    if size > caps.file_bytes:
        raise SheetRefused(Reason.FILE_BYTES, found=size, cap=caps.file_bytes)
    source.seek(0)
    head = source.read(8)
    if not head:
        raise SheetRefused(Reason.EMPTY)
    if head.startswith(b"PK"):
        return open_workbook(source, size=size, sheet=sheet, caps=caps)
    if found := _other_kind(head):
        raise SheetRefused(Reason.KIND, found=found)
    used = _strict_encoding(source, encoding)
    delimiter = _delimiter(source, used)
    return Sheet("csv", lambda: _csv_rows(source, used, delimiter, caps), encoding=used)


def _other_kind(head: bytes) -> str:
    for magic, kind in (
        (b"\xd0\xcf\x11\xe0", "XLS / 암호가 걸린 파일, encrypted"),
        (b"%PDF", "PDF"),
        (b"\x1f\x8b", "GZIP"),
        (b"\x89PNG", "PNG"),
        (b"\xff\xd8\xff", "JPEG"),
        (b"7z\xbc\xaf", "7Z"),
    ):
        if head.startswith(magic):
            return kind
    return ""


def _strict_encoding(source: BinaryIO, chosen: str | None) -> str:
    """The first encoding in which every byte of the file has a meaning."""
    source.seek(0)
    head = source.read(4)
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if head.startswith(mark):
            offset = _first_bad_byte(source, name)
            if offset is not None:
                raise SheetRefused(Reason.ENCODING, offset=offset, tried=name.upper())
            return name
    tried = (chosen,) if chosen in ("utf-8", "cp949") else ("utf-8", "cp949")
    offset = 0
    for name in tried:
        found = _first_bad_byte(source, name)
        if found is None:
            return name
        offset = max(offset, found)
    raise SheetRefused(Reason.ENCODING, offset=offset, tried=", ".join(tried).upper())


def _first_bad_byte(source: BinaryIO, encoding: str) -> int | None:
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    source.seek(0)
    read = 0
    while True:
        chunk = source.read(CHUNK_BYTES)
        kept = len(decoder.getstate()[0])
        try:
            text = decoder.decode(chunk, final=not chunk)
        except UnicodeDecodeError as fault:
            return read - kept + fault.start
        if "\x00" in text:
            raise SheetRefused(Reason.NUL)
        if not chunk:
            return None
        read += len(chunk)


def _delimiter(source: BinaryIO, encoding: str) -> str:
    """Comma, unless the first line has none and a tab or semicolon instead."""
    source.seek(0)
    line = io.BytesIO(source.read(8192))
    first = io.TextIOWrapper(line, encoding=encoding, errors="ignore").readline()
    if "," not in first:
        for other in ("\t", ";"):
            if other in first:
                return other
    return ","


def _csv_rows(source: BinaryIO, encoding: str, delimiter: str, caps: Caps) -> Iterator[Row]:
    source.seek(0)
    text = io.TextIOWrapper(
        io.BufferedReader(_Unclosed(source)), encoding=encoding, errors="strict", newline=""
    )
    state = [0, 0, 1]  # characters since the last record, lines read, line of the record

    def lines() -> Iterator[str]:
        while line := text.readline(caps.record_chars + 1):
            state[0] += len(line)
            state[1] += 1
            if state[0] > caps.record_chars:
                raise SheetRefused(Reason.RECORD_CHARS, line=state[2], cap=caps.record_chars)
            yield line

    count = 0
    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            if "field larger" in str(fault):
                raise SheetRefused(Reason.CELL_CHARS, line=state[2], cap=caps.cell_chars) from None
            raise SheetRefused(Reason.QUOTES, line=state[2]) from None
        line, state[2], state[0] = state[2], state[1] + 1, 0
        if not any(cells):
            continue
        if len(cells) > caps.columns:
            raise SheetRefused(Reason.COLUMNS, line=line, cap=caps.columns)
        if max(map(len, cells)) > caps.cell_chars:
            raise SheetRefused(Reason.CELL_CHARS, line=line, cap=caps.cell_chars)
        count += 1
        if count > caps.rows:
            raise SheetRefused(Reason.ROWS, cap=caps.rows)
        yield Row(line, tuple(cells))


class _Unclosed(io.RawIOBase):
    """A view of a file that does not close it when the text reader is thrown away."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]  # stricter than the stub
        data = self.source.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)
