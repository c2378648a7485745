"""Tables that leave (내보내는 표): CSV that no spreadsheet runs, XLSX of typed cells.

Nouns
    neutralised : a text that a spreadsheet might run as a formula, with an apostrophe before it
Law
    Read back by `dure.engines.sheets` and `dure.engines.cell_readings`, a value that was written by
    this module is the value itself; only texts that begin like a formula carry the apostrophe.
Source
    Trust design, *Parsers, files, pages*: exports.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import BinaryIO, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

Value = str | int | date | None
# Spreadsheets of East Asia take full-width signs for the plain ones (OWASP, CSV injection).
RISKY: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
ROWS_AT_ONCE: Final = 500


def neutralised(text: str) -> str:
    """Put an apostrophe before a text that a spreadsheet might run.

    >>> neutralised("=HYPERLINK(1)"), neutralised("두레"), neutralised("-1"), neutralised("＝1")
    ("'=HYPERLINK(1)", '두레', "'-1", "'＝1")
    """
    return "'" + text if text.startswith(RISKY) else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """Write a table as UTF-8 CSV with a byte order mark, piece by piece.

    rows    : texts are neutralised, numbers written plainly, days as ISO, None as an empty cell
    Yields  pieces of the file; memory does not grow with the rows

    >>> b"".join(csv_lines(("이름", "수"), [("=1", -5)])).decode("utf-8-sig")
    "이름,수\\r\\n'=1,-5\\r\\n"
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([neutralised(label) for label in header])
    for number, row in enumerate(rows, 1):
        writer.writerow([neutralised(v) if isinstance(v, str) else v for v in row])
        if number % ROWS_AT_ONCE == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def write_xlsx(
    target: BinaryIO, title: str, header: Sequence[str], rows: Iterable[Sequence[Value]]
) -> int:
    """Write a table as a workbook: texts as texts, numbers as numbers, days as days.

    target  : binary file to write to
    title   : name of the one sheet, at most 31 characters
    Returns the number of rows below the header
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    count = 0
    try:
        sheet.append([_cell(sheet, label) for label in header])
        for row in rows:
            sheet.append([_cell(sheet, v) if isinstance(v, str) else v for v in row])
            count += 1
    except BaseException:
        sheet.close()
        sheet._writer.cleanup()  # the rows lie in a temporary file until the book is saved
        raise
    book.save(target)
    return count


def _cell(sheet: object, text: str) -> object:
    """A text cell; openpyxl would make a formula of one that begins with `=`."""
    if not text.startswith("="):
        return text
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    return cell
