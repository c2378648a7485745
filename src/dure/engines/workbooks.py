"""Workbooks (XLSX 통합 문서): read part by part, one pass, in bounded memory.

Nouns
    part   : one file inside the container
    serial : a date as the count of days since the workbook's own first day
Law
    The container's directory is checked before any part is opened. A part is parsed as a stream, so
    memory does not grow with it; only the shared texts are kept, under their cap. A number keeps
    the digits that are stored: no cell passes through a binary float unless it is written with a
    point or an exponent.
Source
    ECMA-376 part 1, 18.2 (workbook), 18.3 (sheets), 18.4 (shared texts), 18.8.30 (number formats),
    18.17.4 (dates); trust design, *Parsers, files, pages*.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import BinaryIO, Final

from dure.engines.cells import (
    NO_VALUE,
    Caps,
    Cell,
    Number,
    Reason,
    Row,
    Sheet,
    SheetRefused,
)
from dure.engines.containers import (
    CHUNK_BYTES,
    FAULTS,
    check_directory,
    guarded,
    parsed,
    relations_of,
    tags_of,
)
from dure.engines.serials import column_index, is_date_format, plain_number

_DATE_FORMATS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_MERGE: Final = re.compile(
    rb"mergeCell\s[^>]*?ref=[\"']([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"
)
_ESCAPED: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")


def open_workbook(source: BinaryIO, *, size: int, sheet: str | None, caps: Caps) -> Sheet:
    """Open the chosen sheet of an XLSX container; see `dure.engines.sheets.open_sheet`.

    size    : bytes of the container
    Raises  SheetRefused
    """
    try:
        book = zipfile.ZipFile(source)
        check_directory(book, size, caps)
        names, chosen, part, is_1904, others = _workbook(book, sheet, caps)
        dated = _dated_styles(book, others.get("styles", ""))
        merges = _merges(book, part, caps)
    except FAULTS as fault:
        raise SheetRefused(Reason.BROKEN, part=type(fault).__name__) from None
    shared: list[str] = []

    def rows() -> Iterator[Row]:
        if not shared and (texts := others.get("sharedStrings", "")):
            shared.extend(guarded(lambda: _shared_texts(book, texts, caps), texts))
        reader = _SheetReader(dated, shared, caps)
        stream = parsed(book, part, reader.start, reader.end, reader.text)
        while True:
            more = guarded(lambda: next(stream, False), part)
            yield from reader.taken()
            if not more:
                return

    return Sheet("xlsx", rows, name=chosen, names=names, is_1904=is_1904, merges=tuple(merges))


def _workbook(  # noqa: C901 - one walk over the tags of one part
    book: zipfile.ZipFile, wanted: str | None, caps: Caps
) -> tuple[tuple[str, ...], str, str, bool, dict[str, str]]:
    """Names of sheets, the chosen one, its part, the date system, other parts by kind."""
    for tag, attributes in tags_of(book, "[Content_Types].xml"):
        kind = attributes.get("ContentType", "")
        if tag in ("Default", "Override") and "macroEnabled" in kind:
            raise SheetRefused(Reason.MACRO)
        if "sheet.binary" in kind:
            raise SheetRefused(Reason.KIND, found="XLSB")
    main = next((p for k, p in relations_of(book, "").values() if k == "officeDocument"), None)
    if main is None:
        raise SheetRefused(Reason.KIND, found="ZIP")
    relations = relations_of(book, main)
    is_1904 = False
    sheets: list[tuple[str, bool, str]] = []
    for tag, attributes in tags_of(book, main):
        if tag == "workbookPr":
            is_1904 = attributes.get("date1904", "0") in ("1", "true", "on")
        elif tag == "sheet":
            kind, part = relations.get(attributes.get("id", ""), ("", ""))
            if kind == "worksheet":
                is_shown = attributes.get("state", "visible") == "visible"
                sheets.append((attributes.get("name", ""), is_shown, part))
    if len(sheets) > caps.sheets:
        raise SheetRefused(Reason.SHEETS, cap=caps.sheets)
    if not sheets:
        raise SheetRefused(Reason.KIND, found="XLSX 시트 없음, no sheet")
    if wanted is not None:
        chosen = [s for s in sheets if s[0] == wanted]
        if not chosen:
            raise SheetRefused(Reason.NO_SHEET, found=wanted[:100])
    else:
        chosen = [s for s in sheets if s[1]] or sheets
    others = dict(relations.values())
    return tuple(s[0] for s in sheets), chosen[0][0], chosen[0][2], is_1904, others


def _dated_styles(book: zipfile.ZipFile, part: str) -> list[bool]:
    """For each cell style, whether it shows a day."""
    if not part or part not in book.NameToInfo:
        return []
    codes: dict[str, str] = {}
    dated: list[bool] = []
    in_cells = False
    for tag, attributes in tags_of(book, part):
        if tag == "numFmt":
            codes[attributes.get("numFmtId", "")] = attributes.get("formatCode", "")
        elif tag in ("cellXfs", "cellStyles", "cellStyleXfs", "dxfs"):
            in_cells = tag == "cellXfs"
        elif tag == "xf" and in_cells:
            number = attributes.get("numFmtId", "0")
            if number in codes:
                dated.append(is_date_format(codes[number]))
            else:
                dated.append(number.isdigit() and int(number) in _DATE_FORMATS)
    return dated


def _merges(book: zipfile.ZipFile, part: str, caps: Caps) -> list[tuple[int, int, int, int]]:
    """Merged ranges; they stand behind the rows, so the part is scanned once for them alone."""
    found: list[tuple[int, int, int, int]] = []
    tail = b""
    try:
        stream = book.open(part)
    except KeyError:
        raise SheetRefused(Reason.BROKEN, part=part) from None
    with stream:
        while chunk := stream.read(CHUNK_BYTES):
            window = tail + chunk
            if b"mergeCell " in window:
                for left, top, right, bottom in _MERGE.findall(window):
                    first, last = column_index(left.decode()), column_index(right.decode())
                    found.append((int(top), first + 1, int(bottom), last + 1))
            tail = window[window.rfind(b"<") :][-200:]
            if len(found) > caps.merges:
                break
    return found


def _shared_texts(  # noqa: C901 - three handlers of one parser
    book: zipfile.ZipFile, part: str, caps: Caps
) -> list[str]:
    texts: list[str] = []
    pieces: list[str] = []
    state = [False, 0, 0]  # inside t, inside rPh (reading aid, no text), characters kept

    def start(name: str, attributes: dict[str, str]) -> None:
        if name == "t":
            state[0] = not state[1]
        elif name == "rPh":
            state[1] += 1
        elif name == "si":
            pieces.clear()

    def end(name: str) -> None:
        if name == "t":
            state[0] = False
        elif name == "rPh":
            state[1] -= 1
        elif name == "si":
            text = _unescaped("".join(pieces))
            state[2] += len(text)
            if len(texts) >= caps.shared_texts or state[2] > caps.shared_chars:
                raise SheetRefused(Reason.SHARED_TEXTS, cap=caps.shared_texts)
            texts.append(text)

    def text(data: str) -> None:
        if state[0]:
            pieces.append(data)
            if sum(map(len, pieces)) > 8 * caps.cell_chars:
                raise SheetRefused(Reason.CELL_CHARS, line="?", cap=caps.cell_chars)

    for _ in parsed(book, part, start, end, text):
        pass
    return texts


def _unescaped(text: str) -> str:
    if "_x" in text:
        text = _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)
    if "\x00" in text:
        raise SheetRefused(Reason.NUL)
    return text


class _SheetReader:
    """Collects rows from the tags of a sheet part."""

    def __init__(self, dated: list[bool], shared: list[str], caps: Caps) -> None:
        self.dated, self.shared, self.caps = dated, shared, caps
        self.ready: list[Row] = []
        self.cells: list[Cell] = []
        self.pieces: list[str] = []
        self.line = self.count = self.chars = self.phonetic = 0
        self.column = -1
        self.is_hidden = self.is_kept = self.has_formula = False
        self.kind = self.style = ""

    def taken(self) -> list[Row]:
        rows, self.ready = self.ready, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            reference = attributes.get("r", "")
            column = column_index(reference) if reference else self.column + 1
            if column <= self.column:
                raise SheetRefused(Reason.BROKEN, part=f"{self.line}:{reference[:12]}")
            if column >= self.caps.columns:
                self.kind = "-"  # only a cell with a value is over the cap
            else:
                self.kind = attributes.get("t", "n")
            self.column = column
            self.style = attributes.get("s", "")
            self.has_formula = False
            self.pieces.clear()
            self.chars = 0
        elif name == "v" or (name == "t" and not self.phonetic):
            self.is_kept = True
        elif name == "f":
            self.has_formula = True
        elif name == "rPh":
            self.phonetic += 1
        elif name == "row":
            line = attributes.get("r", "")
            number = int(line) if line.isascii() and line.isdigit() else self.line + 1
            if number <= self.line:
                raise SheetRefused(Reason.BROKEN, part=f"row {line[:12]}")
            self.line = number
            self.column = -1
            self.cells = []
            self.is_hidden = attributes.get("hidden", "0") in ("1", "true")

    def text(self, data: str) -> None:
        if self.is_kept:
            self.chars += len(data)
            if self.chars > self.caps.cell_chars:
                raise SheetRefused(Reason.CELL_CHARS, line=self.line, cap=self.caps.cell_chars)
            self.pieces.append(data)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self.is_kept = False
        elif name == "c":
            cell = self._cell()
            if cell != "":
                if self.kind == "-":
                    raise SheetRefused(Reason.COLUMNS, line=self.line, cap=self.caps.columns)
                gap = self.column - len(self.cells)
                if gap:
                    self.cells.extend([""] * gap)
                self.cells.append(cell)
        elif name == "rPh":
            self.phonetic -= 1
        elif name == "row" and self.cells:
            self.count += 1
            if self.count > self.caps.rows:
                raise SheetRefused(Reason.ROWS, cap=self.caps.rows)
            self.ready.append(Row(self.line, tuple(self.cells), self.is_hidden))

    def _cell(self) -> Cell:
        raw = "".join(self.pieces)
        if raw == "" or self.kind == "e":
            return NO_VALUE if self.has_formula or self.kind == "e" else ""
        if self.kind == "n":
            style = self.style
            dated = (
                self.dated[int(style)]
                if style.isdigit() and int(style) < len(self.dated)
                else False
            )
            return Number(plain_number(raw.strip()), dated)
        if self.kind == "s":
            if not (raw.isascii() and raw.isdigit()) or int(raw) >= len(self.shared):
                raise SheetRefused(Reason.BROKEN, part=f"{self.line}:{self.column + 1}")
            text = self.shared[int(raw)]
            if len(text) > self.caps.cell_chars:
                raise SheetRefused(Reason.CELL_CHARS, line=self.line, cap=self.caps.cell_chars)
            return text
        if self.kind == "b":
            return "TRUE" if raw.strip() == "1" else "FALSE"
        if self.kind == "d":
            return raw.strip().removesuffix("T00:00:00")
        return _unescaped(raw)
