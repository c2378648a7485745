"""Columns of an organisation list (조직 목록의 열): from cells to values in the register's terms.

Nouns
    terms  : what a judgement depends on besides the file
    reader : of one column: sets its value, answers what is stored and the codes found
Law
    A value is set by its own column's cell alone.
Source
    Registry design, *Import*; codes in `dure.engines.issues`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final

from dure.engines import cell_readings as read
from dure.engines.cells import NO_VALUE, Cell
from dure.engines.hangul import search_key
from dure.engines.headers import Field

STATES: Final = {"운영중": "operating", "준비중": "preparing", "휴업": "paused", "폐업": "closed"}
KINDS: Final = {
    "협동조합(소비자)": "coop.consumer",
    "협동조합(생산자)": "coop.producer",
    "협동조합(직원)": "coop.worker",
    "협동조합(다중이해관계자)": "coop.multi",
    "사회적협동조합": "coop.social",
    "사회적기업": "se.certified",
    "마을기업": "village",
    "자활기업": "selfsupport",
    "소셜벤처": "venture.social",
    "토지신탁": "land_trust",
    "플랫폼협동조합": "platform_coop",
    "데이터협동조합": "data_coop",
    "연합회": "federation",
    "예비사회적기업": "se.preliminary",
    "앵커기관": "anchor",
    "공공 구매기관": "buyer",
    "학교": "school",
    "지원센터": "support_centre",
}
Reader = Callable[[Cell, "OrganisationRow"], tuple[str, read.Codes]]
Value = str | int | date | None
Reading = Callable[[Cell], tuple[Value, str, read.Codes]]
TextReader = Callable[[str], tuple[str | None, str, read.Codes]]
# Columns whose cells come again and again: what a cell reads as is kept for the next one.
_REPEATED: Final = frozenset(
    (
        Field.KIND,
        Field.STATE,
        Field.DISTRICT,
        Field.FOUNDED,
        Field.ENDED,
        Field.MEMBERS,
        Field.CAPITAL,
    )
)
CELLS_KEPT: Final = 4_096
_LENGTHS: Final = {Field.NAME: 100, Field.PARENT: 100, Field.NOTE: 5_000}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a judgement depends on besides the file.

    columns     : the field of each column, None for a column not read
    districts   : name → code
    today       : the day of judgement
    members_min : fewest founders of a co-operative (rule `found.members`)
    is_1904     : the workbook's date system
    width       : cells a CSV row must have; None for a workbook
    """

    columns: tuple[Field | None, ...]
    districts: dict[str, str]
    today: date
    members_min: int
    is_1904: bool = False
    width: int | None = None
    kinds: dict[str, str] = field(default_factory=lambda: KINDS)
    states: dict[str, str] = field(default_factory=lambda: STATES)


@dataclass(slots=True)
class OrganisationRow:
    """Values of one row in the register's terms; None is unknown, "" is not stated."""

    seq: str = ""
    name: str = ""
    kind: str | None = None
    state: str | None = None
    district: str | None = None
    address: str = ""
    biz: str | None = None
    corp: str | None = None
    founded: date | None = None
    ended: date | None = None
    members: int | None = None
    capital: int | None = None
    parent: str = ""
    mail: str = ""
    phone: str = ""
    web: str = ""
    note: str = ""


def column_reader(column: Field, terms: Terms) -> Reader:
    """The reader of one column: sets the value, answers what is stored and the codes."""
    name = column.value
    reading = _reading(column, terms)
    if column in _REPEATED:
        reading = lru_cache(maxsize=CELLS_KEPT)(reading)

    def reader(cell: Cell, values: OrganisationRow) -> tuple[str, read.Codes]:
        value, mended, codes = reading(cell)
        setattr(values, name, value)
        return mended, codes

    return reader


def _reading(column: Field, terms: Terms) -> Reading:
    is_1904 = terms.is_1904
    if column in (Field.FOUNDED, Field.ENDED):
        return lambda cell: _day(read.read_date(cell, is_1904=is_1904))
    if column is Field.MEMBERS:
        return lambda cell: _number(read.read_count(cell))
    if column is Field.CAPITAL:
        return lambda cell: _number(read.read_amount(cell))
    on_text = _text_reader(column, column.value, terms)
    unset = getattr(OrganisationRow(), column.value)

    def on_cell(cell: Cell) -> tuple[Value, str, read.Codes]:
        if cell is NO_VALUE:
            return unset, "", ("formula_cell",)
        return on_text(cell if isinstance(cell, str) else read.plain_text(cell, is_1904=is_1904))

    return on_cell


def _text_reader(column: Field, name: str, terms: Terms) -> TextReader:
    if column is Field.KIND:
        return _choice_reader(terms.kinds, "kind_spacing", "unknown_kind")
    if column is Field.STATE:
        return _choice_reader(terms.states, "status_spacing", "unknown_status")
    if column is Field.DISTRICT:
        return _district_reader(terms.districts)
    if column in (Field.BIZ, Field.CORP):

        def on_number(text: str) -> tuple[str | None, str, read.Codes]:
            digits, codes = read.read_number(text, name)
            return digits, digits or "", codes

        return on_number
    if column is Field.NAME:
        return _read_name
    simple: dict[Field, Callable[[str], tuple[str, read.Codes]]] = {
        Field.MAIL: read.read_mail,
        Field.PHONE: read.read_phone,
        Field.WEB: read.read_web,
    }
    one = simple.get(column)
    lines, length = column is Field.NOTE, _LENGTHS.get(column, 200)
    is_searched = column in (Field.NOTE, Field.ADDRESS)

    def on_text(text: str) -> tuple[str | None, str, read.Codes]:
        if one is not None:
            even, codes = one(text)
        else:
            even, codes = read.read_text(text, lines=lines, length=length)
            if is_searched and read.MOBILE.search(even):
                codes = (*codes, "phone_in_text")
        return even, even, codes

    return on_text


def _district_reader(districts: dict[str, str]) -> TextReader:
    names = {code: name for name, code in districts.items()}

    def reader(text: str) -> tuple[str | None, str, read.Codes]:
        found, codes = read.read_district(text, districts)
        if found is None:
            return None, "", () if read.is_blank(text) else ("unknown_gu",)
        return found, names[found], codes

    return reader


def _day(reading: tuple[date | None, read.Codes]) -> tuple[Value, str, read.Codes]:
    day, codes = reading
    return day, day.isoformat() if codes and day else "", codes


def _number(reading: tuple[int | None, read.Codes]) -> tuple[Value, str, read.Codes]:
    number, codes = reading
    return number, "" if number is None or not codes else f"{number:,}", codes


def _choice_reader(choices: dict[str, str], spacing: str, unknown: str) -> TextReader:
    def reader(text: str) -> tuple[str | None, str, read.Codes]:
        found, codes = read.read_choice(text, choices, spacing)
        if found is None:
            return None, "", () if read.is_blank(text) else (unknown,)
        return found, "".join(text.split()), codes

    return reader


def _read_name(text: str) -> tuple[str, str, read.Codes]:
    even, codes = read.read_text(text, length=_LENGTHS[Field.NAME])
    if search_key(even) == "" and not {"control_char", "too_long"}.intersection(codes):
        return "", "", ("blank_name",)
    return even, even, codes
