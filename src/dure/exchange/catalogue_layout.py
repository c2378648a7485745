"""The layout of a producer's list: what a table cannot say row by row, refused with its place.

Law: nothing of a file is left out in silence: a second sheet, a cell that was joined with others
and a value under no name are told, and nothing is loaded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from dure.core.text import T
from dure.engines.cell_readings import plain_text
from dure.engines.cells import NO_VALUE, Cell, Row, Sheet
from dure.engines.sheets import open_sheet
from dure.exchange.catalogue_cells import SHOWN_MAX, Fault

MERGES_TOLD = 50
NOT_A_HEAD = T("제목 줄이 아닙니다", "it is not the header")
HEAD_FIRST = T(
    "제목 줄 위의 줄을 지우고, 양식의 제목 줄을 첫 줄에 두세요.",
    "Please delete the rows above the header, so that the template's header comes first.",
)
MERGED = T("여러 칸을 하나로 합친 칸입니다", "several cells are merged into one")
MERGED_REMEDY = T(
    "합친 칸을 풀고 칸마다 값을 적어 주세요.",
    "Please unmerge the cells, and write the value into each.",
)
SHEETS_REMEDY = T(
    "한 시트에 모으거나 시트마다 파일을 나누고, 나머지 시트는 지워 주세요.",
    "Please join the lists in one sheet, or load a file for each, and delete the other sheets.",
)
UNNAMED_REMEDY = T(
    "그 값을 지우거나, 제목 줄의 맞는 칸 아래로 옮겨 주세요.",
    "Please delete the value, or move it below a column of the header.",
)


def is_filled(cell: Cell) -> bool:
    """Whether something stands in a cell; a formula without a value does."""
    return cell is NO_VALUE or bool(plain_text(cell).strip())


def other_sheets(source: BinaryIO, sheet: Sheet) -> tuple[str, ...]:
    """The names of the sheets beside this one in which something stands."""
    return tuple(
        name
        for name in sheet.names
        if name != sheet.name
        and any(
            is_filled(cell) for row in open_sheet(source, sheet=name).rows() for cell in row.cells
        )
    )


def faults_of(sheet: Sheet, others: Sequence[str], places: Mapping[str, int]) -> list[Fault]:
    """What is wrong with the table as a whole: other sheets, and cells that were merged."""
    found = []
    if others:
        names = ", ".join(others)[:SHOWN_MAX]
        what = T(
            f"다른 시트에도 내용이 있습니다. 읽는 것은 '{sheet.name}' 하나입니다",
            f"other sheets are filled too; only “{sheet.name}” is read",
        )
        found.append(Fault(1, "", names, what, SHEETS_REMEDY))
    columns = {place: key for key, place in places.items()}
    for first, left, _last, _right in sorted(sheet.merges)[:MERGES_TOLD]:
        found.append(Fault(first, columns.get(left - 1, ""), "", MERGED, MERGED_REMEDY))
    return found


def unnamed(row: Row, places: Mapping[str, int]) -> list[Fault]:
    """Values of a row that stand under no name of the header."""
    known = set(places.values())
    return [
        Fault(
            row.line,
            "",
            plain_text(cell)[:SHOWN_MAX],
            T(
                f"제목이 없는 칸({letter(place)}열)에 값이 있습니다",
                f"a value stands in column {letter(place)}, which has no name",
            ),
            UNNAMED_REMEDY,
        )
        for place, cell in enumerate(row.cells)
        if place not in known and is_filled(cell)
    ]


def letter(place: int) -> str:
    """The letters of a column, the first being 0.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    text, rest = "", place + 1
    while rest:
        rest, one = divmod(rest - 1, 26)
        text = chr(ord("A") + one) + text
    return text
