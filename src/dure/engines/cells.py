"""What a table is made of (표의 칸과 줄): cells, rows, caps, and why a file is refused.

Nouns
    cell    : text as written; or `Number` (a typed cell of a workbook); or `NO_VALUE` (a formula
              whose result the file does not hold, or an error)
    row     : cells with the line they stand on
    caps    : the largest file, part, row count … that is read; what is larger is refused by name
Law
    A refusal carries its reason, its numbers, and a sentence with a remedy in two languages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum
from typing import Final


@dataclass(frozen=True, slots=True)
class Number:
    """A typed cell of a workbook.

    text  : decimal text as stored, whole numbers without a point
    dated : True when the cell is shown as a date
    """

    text: str
    dated: bool = False


class _NoValue:
    __slots__ = ()

    def __repr__(self) -> str:
        return "NO_VALUE"


NO_VALUE: Final = _NoValue()
Cell = str | Number | _NoValue


@dataclass(frozen=True, slots=True)
class Row:
    """line: 1-based line of the file (CSV: of its first character) or row of the sheet."""

    line: int
    cells: tuple[Cell, ...]
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Caps:
    """Largest input that is read; every number is named in the refusal."""

    file_bytes: int = 128 * 1024**2
    unpacked_bytes: int = 768 * 1024**2
    unpacked_ratio: int = 400
    parts: int = 2_000
    sheets: int = 100
    rows: int = 300_000
    columns: int = 256
    record_chars: int = 200_000
    cell_chars: int = 32_767
    shared_texts: int = 1_500_000
    shared_chars: int = 40_000_000
    merges: int = 10_000


CAPS: Final = Caps()


class Reason(Enum):
    """Why a file is refused: code, then what happened and what to do, in Korean and English."""

    EMPTY = (
        "empty",
        "파일이 비어 있습니다. 제목 줄과 자료가 있는 파일을 골라 주세요.",
        "The file is empty. Choose a file with a header and rows.",
    )
    FILE_BYTES = (
        "file_bytes",
        "파일이 너무 큽니다(%(found)s바이트). %(cap)s바이트까지 받습니다. 나누어 올려 주세요.",
        "The file is too large (%(found)s bytes). At most %(cap)s bytes at once. Please split it.",
    )
    UNPACKED_BYTES = (
        "unpacked_bytes",
        "압축을 풀면 %(cap)s바이트를 넘습니다. 필요한 시트만 새 파일로 저장해 주세요.",
        "Unpacked, the file exceeds %(cap)s bytes. Save only the sheet you need as a new file.",
    )
    UNPACKED_RATIO = (
        "unpacked_ratio",
        "압축이 %(cap)s배보다 심합니다(압축 폭탄). 표 프로그램에서 새로 저장해 주세요.",
        "Packed tighter than %(cap)s to 1 (a zip bomb). Save it anew from your spreadsheet.",
    )
    PARTS = (
        "parts",
        "압축 안에 파일이 %(cap)s개보다 많습니다. 표 프로그램에서 새로 저장해 주세요.",
        "The container holds more than %(cap)s parts. Save it anew from your spreadsheet.",
    )
    SHEETS = (
        "sheets",
        "시트가 %(cap)s장보다 많습니다. 필요한 시트만 새 파일로 저장해 주세요.",
        "More than %(cap)s sheets. Save only the sheet you need as a new file.",
    )
    ROWS = (
        "rows",
        "자료가 %(cap)s줄보다 많습니다. 나누어 올려 주세요.",
        "More than %(cap)s rows. Please split the file.",
    )
    COLUMNS = (
        "columns",
        "%(line)s번째 줄의 칸이 %(cap)s개보다 많습니다. 필요한 열만 남겨 주세요.",
        "Row %(line)s has more than %(cap)s columns. Keep only the columns you need.",
    )
    RECORD_CHARS = (
        "record_chars",
        "%(line)s번째 줄이 %(cap)s자보다 깁니다. 따옴표가 닫혔는지 확인해 주세요.",
        "Row %(line)s is longer than %(cap)s characters. Check that its quotes are closed.",
    )
    CELL_CHARS = (
        "cell_chars",
        "%(line)s번째 줄에 %(cap)s자보다 긴 칸이 있습니다. 줄여 주세요.",
        "Row %(line)s has a cell longer than %(cap)s characters. Please shorten it.",
    )
    SHARED_TEXTS = (
        "shared_texts",
        "통합 문서의 글자가 %(cap)s개보다 많습니다. CSV로 저장해 주세요.",
        "The workbook holds more than %(cap)s texts. Save it as CSV.",
    )
    ENCODING = (
        "encoding",
        "%(offset)s번째 바이트를 %(tried)s 어느 쪽으로도 읽을 수 없습니다. UTF-8로 저장해 주세요.",
        "Byte %(offset)s can be read neither way: %(tried)s. Save the file as UTF-8.",
    )
    NUL = (
        "nul",
        "글자가 아닌 값(U+0000)이 들어 있습니다. 표 프로그램에서 CSV로 새로 저장해 주세요.",
        "The file holds U+0000, which is no text. Save it anew as CSV from your spreadsheet.",
    )
    QUOTES = (
        "quotes",
        "%(line)s번째 줄의 따옴표가 맞지 않습니다. 그 줄을 고쳐 주세요.",
        "The quotes of row %(line)s do not match. Please mend that row.",
    )
    KIND = (
        "kind",
        "받을 수 없는 파일입니다(%(found)s). CSV나 XLSX로 저장해 주세요.",
        "This kind of file is not accepted (%(found)s). Save it as CSV or XLSX.",
    )
    MACRO = (
        "macro",
        "매크로가 든 파일은 받지 않습니다. 매크로 없는 XLSX로 저장해 주세요.",
        "Files with macros are not accepted. Save it as XLSX without macros.",
    )
    EXTERNAL = (
        "external",
        "다른 파일이나 서버로 이어진 파일은 받지 않습니다. 값만 붙여 넣어 새로 저장해 주세요.",
        "Files linked to other files or servers are not accepted. Paste values into a new file.",
    )
    ENTITY = (
        "entity",
        "문서 형식 선언(DOCTYPE)이 든 파일은 받지 않습니다. 표 프로그램에서 새로 저장해 주세요.",
        "Files with a DOCTYPE are not accepted. Save it anew from your spreadsheet.",
    )
    BROKEN = (
        "broken",
        "통합 문서가 깨졌습니다(%(part)s). 표 프로그램에서 새로 저장해 주세요.",
        "The workbook is broken (%(part)s). Save it anew from your spreadsheet.",
    )
    NO_SHEET = (
        "no_sheet",
        "그 이름의 시트가 없습니다: %(found)s. 시트를 다시 골라 주세요.",
        "There is no such sheet: %(found)s. Choose a sheet again.",
    )

    def __init__(self, code: str, ko: str, en: str) -> None:
        self.code, self.ko, self.en = code, ko, en


class SheetRefused(Exception):
    """A whole file is refused; nothing of it was handed out as true.

    reason : the `Reason`
    fields : values for the places of its sentences
    """

    def __init__(self, reason: Reason, **fields: int | str) -> None:
        super().__init__(reason.en % fields)
        self.reason = reason
        self.fields = fields

    def sentence(self, language: str = "ko") -> str:
        """The sentence in "ko" or "en", numbers with thousands commas."""
        places = {k: f"{v:,}" if isinstance(v, int) else v for k, v in self.fields.items()}
        return (self.reason.en if language == "en" else self.reason.ko) % places


@dataclass(frozen=True, slots=True)
class Sheet:
    """One open table.

    kind     : "csv" or "xlsx"
    encoding : of a CSV file; "" for a workbook
    name     : of the chosen sheet; "" for CSV
    names    : of all sheets; () for CSV
    is_1904  : dates are counted from 1904-01-01
    merges   : (row, column, row, column), 1-based, inclusive
    rows     : call it for the rows; may be called again to read from the start
    """

    kind: str
    rows: Callable[[], Iterator[Row]]
    encoding: str = ""
    name: str = ""
    names: tuple[str, ...] = ()
    is_1904: bool = False
    merges: tuple[tuple[int, int, int, int], ...] = field(default=())
