"""A producer's list of products: a sheet read strictly, each fault with its row and its remedy.

Nouns: *line* (a product, ready for `exchange.catalogue.load`), *fault* (row, column, what is wrong,
what to do). Law: nothing is mended or guessed; one fault and no line of the file is loaded. Pure:
the answer is a function of the sheet alone.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import BinaryIO, Final

from dure.core.text import T
from dure.engines.cell_readings import plain_text
from dure.engines.cells import Cell, Row, Sheet
from dure.engines.sheets import open_sheet
from dure.exchange.baskets import GRAM, PIECE
from dure.exchange.catalogue_cells import EMPTY, SHOWN_MAX, Fault, Reading, amount, words
from dure.exchange.catalogue_layout import (
    HEAD_FIRST,
    NOT_A_HEAD,
    faults_of,
    is_filled,
    other_sheets,
    unnamed,
)

LINES_MAX: Final = 500
NAME_MAX: Final = 60
TEXT_MAX: Final = 200
MARGIN_MAX: Final = 50

__all__ = ("COLUMNS", "EXAMPLES", "CatalogueLine", "Fault", "read", "read_file")
COLUMNS: Final[tuple[tuple[str, T], ...]] = (
    ("title", T("이름", "name")),
    ("title_en", T("영문 이름", "English name")),
    ("unit", T("단위", "unit")),
    ("lot", T("파는 단위", "sold by")),
    ("price", T("값(원)", "price (won)")),
    ("estate", T("있는 양", "quantity")),
    ("case", T("상자", "case")),
    ("gram_each", T("한 개 무게(g)", "weight each (g)")),
    ("margin", T("무게 오차(%)", "weight margin (%)")),
    ("origin", T("산지 갈래", "origin")),
    ("origin_text", T("산지", "place of origin")),
    ("season", T("제철", "season")),
    ("allergens", T("알레르기", "allergens")),
    ("note", T("메모", "note")),
)
NEEDED: Final = ("title", "unit", "lot", "price", "estate")
# Two whole rows, in the order of COLUMNS.
EXAMPLES: Final[tuple[tuple[str, ...], ...]] = (
    ("감자", "Potatoes", "kg", "1", "3000", "120", "10", "", "10", "경기", "여주", "6–8월", "", ""),
    ("두부", "Tofu", "개", "1", "2500", "60", "12", "420", "", "서울", "마포", "", "대두", "냉장"),
)
HEAD_REMEDY: Final = T(
    "양식의 제목 줄을 그대로 써 주세요.", "Please keep the header of the template."
)
UNITS: Final[Mapping[str, tuple[str, int]]] = {
    "g": (GRAM, 1),
    "그램": (GRAM, 1),
    "kg": (GRAM, 1000),
    "킬로그램": (GRAM, 1000),
    "개": (PIECE, 1),
    "봉": (PIECE, 1),
    "병": (PIECE, 1),
    "단": (PIECE, 1),
    "모": (PIECE, 1),
    "판": (PIECE, 1),
    "piece": (PIECE, 1),
    "pcs": (PIECE, 1),
}
ORIGINS: Final[Mapping[str, str]] = {
    "서울": "seoul",
    "seoul": "seoul",
    "경기": "capital",
    "인천": "capital",
    "capital": "capital",
    "국내": "korea",
    "korea": "korea",
    "국외": "abroad",
    "수입": "abroad",
    "abroad": "abroad",
}


@dataclass(frozen=True, slots=True)
class CatalogueLine:
    """A product as the list has it; amounts in grams or pieces."""

    line: int
    title: str
    title_en: str | None
    unit: str
    lot: int
    price: int
    estate: int
    case: int
    gram_each: int
    margin_ppm: int
    origin: str
    origin_text: str | None
    season: str | None
    note: str | None
    allergens: str | None

    def body(self) -> dict[str, object]:
        """The line as `exchange.catalogue.load` takes it."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "line"}


def read_file(
    source: BinaryIO, *, is_gift: bool = False
) -> tuple[tuple[CatalogueLine, ...], tuple[Fault, ...]]:
    """Read the list in a file: the first sheet of a workbook, of which it must be the only one.

    Raises   SheetRefused for what is no table
    """
    sheet = open_sheet(source)
    return read(sheet, other_sheets(source, sheet), is_gift=is_gift)


def read(
    sheet: Sheet, others: Sequence[str] = (), *, is_gift: bool = False
) -> tuple[tuple[CatalogueLine, ...], tuple[Fault, ...]]:
    """Read a list: its products, or every fault; where there is a fault there are no lines.

    sheet    : as `engines.sheets.open_sheet` gives it; its first row names the columns
    others   : names of other sheets of the file in which something stands
    is_gift  : for a cycle without a price, where it may be left empty
    Raises   SheetRefused while rows are read, as the sheet does
    """
    rows = [row for row in sheet.rows() if any(is_filled(cell) for cell in row.cells)]
    places, faults = _places(rows[0]) if rows else ({}, [_no_head(1)])
    faults = [*faults_of(sheet, others, places), *faults]
    if faults:
        return (), tuple(faults)
    body = rows[1:]
    if not 1 <= len(body) <= LINES_MAX:
        return (), (_size(len(body)),)
    seen: dict[str, int] = {}
    lines: list[CatalogueLine] = []
    for row in body:
        reading = Reading(row.line, {k: _at(row, place) for k, place in places.items()})
        made = _line(reading, is_gift=is_gift)
        _once(reading, seen)
        faults += (*reading.faults, *unnamed(row, places))
        if made is not None:
            lines.append(made)
    return (() if faults else tuple(lines)), tuple(faults)


def _at(row: Row, place: int) -> Cell:
    return row.cells[place] if place < len(row.cells) else ""


def _places(head: Row) -> tuple[dict[str, int], list[Fault]]:
    """Where each column stands; a name we do not know, or one that stands twice, is a fault."""
    known = {_key(name): key for key, text in COLUMNS for name in (text.ko, text.en, key)}
    places: dict[str, int] = {}
    faults: list[Fault] = []
    for place, cell in enumerate(head.cells):
        label = plain_text(cell)
        if not label.strip():
            continue
        column = known.get(_key(label))
        if column is None or column in places:
            what = T(
                "모르는 칸이거나 두 번 있는 칸입니다", "this column is unknown or stands twice"
            )
            shown = label[:SHOWN_MAX]
            faults.append(Fault(head.line, column or "", shown, what, HEAD_REMEDY))
        else:
            places[column] = place
    if faults and not places:
        first = plain_text(next(cell for cell in head.cells if is_filled(cell)))
        return {}, [Fault(head.line, "", first[:SHOWN_MAX], NOT_A_HEAD, HEAD_FIRST)]
    missing = [key for key in NEEDED if key not in places]
    return places, faults or ([_no_head(head.line, missing)] if missing else [])


def _key(label: str) -> str:
    return "".join(unicodedata.normalize("NFC", label).casefold().split())


def _no_head(line: int, missing: Sequence[str] = NEEDED) -> Fault:
    names = dict(COLUMNS)
    ko = ", ".join(names[key].ko for key in missing)
    en = ", ".join(names[key].en for key in missing)
    return Fault(
        line,
        "",
        "",
        T(f"제목 줄에 없습니다: {ko}", f"missing in the header: {en}"),
        HEAD_REMEDY,
    )


def _size(count: int) -> Fault:
    return Fault(
        1,
        "",
        str(count),
        T(f"물건이 {count:,}줄입니다", f"the list has {count:,} products"),
        T(f"1줄에서 {LINES_MAX}줄까지 올려 주세요.", f"Please load 1 to {LINES_MAX} rows at once."),
    )


def _once(reading: Reading, seen: dict[str, int]) -> None:
    title = unicodedata.normalize("NFKC", reading.text("title")).casefold()
    key = "".join(title.split())
    if key and key in seen:
        at = seen[key]
        reading.fault(
            "title",
            T(f"{at}번째 줄과 같은 물건입니다", f"the same product as in row {at}"),
            T(
                "한 줄로 합치거나 이름을 다르게 적어 주세요.",
                "Please join the rows, or rename one.",
            ),
        )
    seen.setdefault(key, reading.line)


def _line(row: Reading, *, is_gift: bool) -> CatalogueLine | None:
    title = words(row, "title", NAME_MAX)
    if title is None and not row.faults:
        row.fault("title", EMPTY, T("물건 이름을 적어 주세요.", "Please name the product."))
    unit, scale = _unit(row)
    lot = amount(row, "lot", scale, least=1)
    price = _won(row, is_gift=is_gift)
    estate = amount(row, "estate", scale)
    case = amount(row, "case", scale, needed=False)
    gram_each = amount(row, "gram_each", 1, needed=unit == PIECE, least=int(unit == PIECE))
    margin = amount(row, "margin", 1, needed=False, most=MARGIN_MAX)
    if lot and case and case % lot:
        what = T("상자가 파는 단위의 배수가 아닙니다", "a case is no multiple of what is sold")
        remedy = T(
            "예: 0.5 kg씩 팔면 상자는 5 kg처럼 적어 주세요.",
            "If it is sold by 0.5 kg, a case is 5 kg, say.",
        )
        row.fault("case", what, remedy)
    origin = _origin(row)
    texts = {
        name: words(row, name, NAME_MAX if name == "title_en" else TEXT_MAX)
        for name in ("title_en", "origin_text", "season", "note", "allergens")
    }
    if row.faults:
        return None
    assert title and lot and price is not None and estate is not None
    return CatalogueLine(
        line=row.line,
        title=title,
        unit=unit,
        lot=lot,
        price=price,
        estate=estate,
        case=case or 0,
        gram_each=gram_each or 0,
        margin_ppm=(margin or 0) * 10_000,
        origin=origin,
        **texts,
    )


def _unit(row: Reading) -> tuple[str, int]:
    found = UNITS.get(row.text("unit").casefold())
    if found is None:
        names = "kg, g, 개, 봉, 병, 단, 모, 판"
        row.fault(
            "unit",
            T("모르는 단위입니다", "the unit is unknown") if row.text("unit") else EMPTY,
            T(f"{names} 가운데 하나를 적어 주세요.", f"Please use one of: {names}, piece."),
        )
        return GRAM, 1000  # so that its numbers are not called wrong too
    return found


def _origin(row: Reading) -> str:
    text = row.text("origin").casefold()
    found = ORIGINS.get(text or "국내")
    if found is None:
        row.fault(
            "origin",
            T("모르는 산지 갈래입니다", "the origin is unknown"),
            T(
                "서울, 경기, 인천, 국내, 국외 가운데 하나를 적어 주세요.",
                "Please use one of: seoul, capital, korea, abroad.",
            ),
        )
    return found or "korea"


def _won(row: Reading, *, is_gift: bool) -> int | None:
    """A price: whole won; nothing in a cycle of gifts, and there alone."""
    price = amount(row, "price", 1, needed=not is_gift)
    if is_gift and price:
        row.fault(
            "price",
            T("값 없이 나누는 회차인데 값이 있습니다", "it has a price in a cycle of gifts"),
            T("값을 비우거나 0으로 적어 주세요.", "Please leave the price empty, or write 0."),
        )
    elif not is_gift and price == 0:
        row.fault(
            "price",
            T("값이 0입니다", "the price is 0"),
            T(
                "값을 적거나, 그냥 나눌 것은 '그냥 나눔' 회차에 올려 주세요.",
                "Please give a price, or load what is free into a cycle of gifts.",
            ),
        )
    return price or 0 if is_gift else price
