"""Header rows (제목 줄): where they stand, what each column is called, which field it is.

Nouns
    label : what a column is called, a merged header of several rows joined downwards
    field : what the register calls it, a value of `Field`
Law
    A field is matched by at most one column. The match is a function of labels and what a person
    chose before for the same labels.
Source
    Registry design, *Import*.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from dure.engines.cell_readings import plain_text
from dure.engines.cells import Row, Sheet
from dure.engines.hangul import search_key


class Field(StrEnum):
    """What a column of an organisation list can be."""

    SEQ = "seq"
    NAME = "name"
    KIND = "kind"
    STATE = "state"
    DISTRICT = "district"
    ADDRESS = "address"
    BIZ = "biz"
    CORP = "corp"
    FOUNDED = "founded"
    ENDED = "ended"
    MEMBERS = "members"
    CAPITAL = "capital"
    PARENT = "parent"
    MAIL = "mail"
    PHONE = "phone"
    WEB = "web"
    NOTE = "note"


REQUIRED: Final = (Field.NAME, Field.KIND, Field.STATE, Field.DISTRICT)
HEADER_ROWS_SEARCHED: Final = 15

WORDS: Final[dict[Field, tuple[str, ...]]] = {
    Field.SEQ: ("연번", "번호", "순번", "no", "seq", "number"),
    Field.NAME: (
        "기관명", "조직명", "업체명", "기업명", "단체명", "법인명", "조합명", "상호", "상호명",
        "명칭", "이름", "회사명", "name", "organisation", "organization",
    ),
    Field.KIND: ("유형", "종류", "구분", "조직유형", "기업유형", "kind", "type"),
    Field.STATE: ("상태", "운영상태", "영업상태", "운영여부", "state", "status"),
    Field.DISTRICT: ("자치구", "구", "구명", "시군구", "시군구명", "소재지구", "district", "gu"),
    Field.ADDRESS: ("주소", "소재지", "도로명주소", "사업장주소", "주사무소", "address"),
    Field.BIZ: ("사업자등록번호", "사업자번호", "사업자", "businessnumber", "bizno"),
    Field.CORP: ("법인등록번호", "법인번호", "corporatenumber", "corpno"),
    Field.FOUNDED: ("설립일", "설립일자", "설립년월일", "설립연월일", "founded", "foundedon"),
    Field.ENDED: ("종료일", "폐업일", "폐업일자", "해산일", "ended", "endedon"),
    Field.MEMBERS: ("조합원수", "회원수", "조합원", "members", "membercount"),
    Field.CAPITAL: ("출자금원", "출자금", "자본금", "자본금원", "capital", "capitalwon"),
    Field.PARENT: ("소속연합회", "연합회", "상위조직", "소속", "parent", "federation"),
    Field.MAIL: ("대표메일", "메일", "이메일", "전자우편", "대표이메일", "email", "mail"),
    Field.PHONE: ("전화", "전화번호", "대표전화", "연락처", "phone", "tel"),
    Field.WEB: ("누리집", "홈페이지", "웹사이트", "web", "website", "homepage", "url"),
    Field.NOTE: ("비고", "메모", "참고", "note", "notes", "remarks"),
}  # fmt: skip

_BY_KEY: Final = {search_key(word): field for field, words in WORDS.items() for word in words}


@dataclass(frozen=True, slots=True)
class Header:
    """labels by column; the line of the last header row; how many rows it has."""

    labels: tuple[str, ...]
    last_line: int
    rows: int

    @property
    def digest(self) -> str:
        """Hash of the header set, by which a mapping is remembered (32 hex digits)."""
        keys = "\x1f".join(search_key(label) for label in self.labels)
        return hashlib.sha256(keys.encode()).hexdigest()[:32]


def known_field(label: str) -> Field | None:
    """The field a label means, or None.

    >>> known_field("출자금(원)"), known_field("기간 / 설립일"), known_field("남는 칸")
    (<Field.CAPITAL: 'capital'>, <Field.FOUNDED: 'founded'>, None)
    """
    found = _BY_KEY.get(search_key(label))
    if found is None and " / " in label:
        found = _BY_KEY.get(search_key(label.rpartition(" / ")[2]))
    return found


def find_header(sheet: Sheet) -> Header:
    """Find the header among the first rows: the row with the most labels we know.

    Rows above it that share a merged cell with it belong to it: their labels are joined downwards,
    `group / label`. With no known label the first row of two or more filled cells is the header.
    Returns  labels "" for columns without one; no label when the sheet has no rows
    Raises   SheetRefused as reading does
    """
    rows = list(islice(sheet.rows(), HEADER_ROWS_SEARCHED))
    if not rows:
        return Header((), 0, 0)
    scores = [
        len({f for cell in row.cells if (f := known_field(plain_text(cell)))}) for row in rows
    ]
    best = max(range(len(rows)), key=lambda i: (scores[i], -i))
    if scores[best] == 0:
        best = next((i for i, row in enumerate(rows) if _filled(row) > 1), 0)
    by_line = {row.line: row for row in rows}
    top = bottom = rows[best].line
    for first, _, last, _ in sheet.merges:
        if first < last and first <= bottom and last >= top and last - first < 5:
            top, bottom = min(top, first), max(bottom, last)
    while _is_group_row(by_line.get(top - 1), sheet, top - 1):
        top -= 1
    width = max(len(row.cells) for row in rows if top <= row.line <= bottom)
    labels = tuple(_label(by_line, sheet, top, bottom, column) for column in range(width))
    return Header(labels, bottom, bottom - top + 1)


def _filled(row: Row) -> int:
    return sum(plain_text(cell).strip() != "" for cell in row.cells)


def _is_group_row(row: Row | None, sheet: Sheet, line: int) -> bool:
    """A row of two or more group labels, each merged over columns; a lone title is none."""
    if row is None or _filled(row) < 2:
        return False
    return sum(m[0] == line and m[1] < m[3] for m in sheet.merges) >= 2


def _label(by_line: Mapping[int, Row], sheet: Sheet, top: int, bottom: int, column: int) -> str:
    parts: list[str] = []
    for line in range(top, bottom + 1):
        at_line, at_column = line, column
        for first, left, last, right in sheet.merges:
            if first <= line <= last and left <= column + 1 <= right:
                at_line, at_column = first, left - 1
        row = by_line.get(at_line)
        cell = row.cells[at_column] if row and at_column < len(row.cells) else ""
        text = " ".join(plain_text(cell).split())
        if text and (not parts or parts[-1] != text):
            parts.append(text)
    return " / ".join(parts)


def match_columns(
    labels: Sequence[str], remembered: Mapping[str, str] | None = None
) -> tuple[Field | None, ...]:
    """Match columns with fields: what a person chose before, else the words we know.

    labels     : one a column
    remembered : search key of a label → field value, or "" for a column left out on purpose
    Returns    a field or None a column; the earlier column wins a field wanted twice

    >>> match_columns(("연번", "기관명", "조합명"), {"조합명": "name"})
    (<Field.SEQ: 'seq'>, None, <Field.NAME: 'name'>)
    """
    chosen: list[Field | None] = [None] * len(labels)
    taken: set[Field] = set()
    decided: set[int] = set()
    for column, label in enumerate(labels):
        value = (remembered or {}).get(search_key(label))
        if value is None or label == "":
            continue
        decided.add(column)
        if value and (field := Field(value)) not in taken:
            chosen[column] = field
            taken.add(field)
    for column, label in enumerate(labels):
        found = known_field(label)
        if column not in decided and found is not None and found not in taken:
            chosen[column] = found
            taken.add(found)
    return tuple(chosen)


def missing_fields(columns: Iterable[Field | None]) -> tuple[Field, ...]:
    """Required fields that no column gives.

    >>> missing_fields((Field.NAME, None, Field.KIND))
    (<Field.STATE: 'state'>, <Field.DISTRICT: 'district'>)
    """
    given = set(columns)
    return tuple(field for field in REQUIRED if field not in given)
