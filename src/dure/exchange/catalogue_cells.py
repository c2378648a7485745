"""One row of a producer's list: its texts and its numbers, read strictly.

Law: a number is the digits 0 to 9 and nothing that somebody may read in two ways; a cell that is
refused says what is wrong and what to do, and is never mended.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Final

from dure.core.text import T
from dure.engines.cell_readings import plain_text
from dure.engines.cells import NO_VALUE, Cell, Number
from dure.engines.rrn import has_rrn

AMOUNT_MAX: Final = 10**8
SHOWN_MAX: Final = 40
_WHOLE: Final = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2}")
_DECIMAL: Final = re.compile(r"([0-9]{1,6})\.([0-9]{1,3})")
_BAD: Final = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069\u200b-\u200f\ufeff]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a row and column; `value` as it was written, at most 40 characters."""

    line: int
    column: str
    value: str
    what: T
    remedy: T


@dataclass(slots=True)
class Reading:
    """One row while it is read."""

    line: int
    cells: Mapping[str, Cell]
    faults: list[Fault] = field(default_factory=list)

    def text(self, column: str) -> str:
        """A cell as it was written."""
        return plain_text(self.cells.get(column, "")).strip(" ")

    def fault(self, column: str, what: T, remedy: T) -> None:
        """Note a fault; what looks like a resident number is not echoed."""
        shown = self.text(column)
        shown = "" if has_rrn(shown) else shown[:SHOWN_MAX]
        self.faults.append(Fault(self.line, column, shown, what, remedy))


EMPTY = T("비어 있습니다", "it is empty")
FORMULA = T("값이 없는 수식이나 오류입니다", "a formula without a value, or an error")
PLAIN_REMEDY = T("수식 대신 값을 적어 주세요.", "Please write the value in place of the formula.")


def words(row: Reading, column: str, most: int) -> str | None:
    """Plain text of one line; a formula, a control character or a resident number is refused."""
    if row.cells.get(column, "") is NO_VALUE:
        row.fault(column, FORMULA, PLAIN_REMEDY)
        return None
    cell = row.cells.get(column, "")
    text = unicodedata.normalize("NFC", row.text(column))
    if not text:
        return None
    if isinstance(cell, Number) and cell.dated:
        row.fault(column, DATED, DATED_REMEDY)
        return None
    if text[0] in "=+@":
        row.fault(column, T("수식처럼 시작합니다", "it begins like a formula"), PLAIN_REMEDY)
    elif has_rrn(text):
        row.fault(
            column,
            T("주민등록번호 꼴의 글입니다", "it looks like a resident number"),
            T("그 번호를 지워 주세요.", "Please take the number out."),
        )
    elif _BAD.search(text):
        row.fault(
            column,
            T("보이지 않는 글자나 줄바꿈이 있습니다", "invisible characters or line breaks"),
            T("다시 쳐서 적어 주세요.", "Please type it anew."),
        )
    elif len(text) > most:
        row.fault(
            column,
            T(f"{len(text)}자입니다", f"it has {len(text)} characters"),
            T(f"{most}자까지 적어 주세요.", f"Please use at most {most} characters."),
        )
    else:
        return text
    return None


def amount(
    row: Reading,
    column: str,
    scale: int,
    *,
    needed: bool = True,
    least: int = 0,
    most: int = AMOUNT_MAX,
) -> int | None:
    """A number times `scale`, exactly: digits 0 to 9, a point only where it comes out whole."""
    cell = row.cells.get(column, "")
    if cell is NO_VALUE:
        row.fault(column, FORMULA, PLAIN_REMEDY)
        return None
    text = row.text(column)
    if not text:
        if needed:
            row.fault(column, EMPTY, T("수를 적어 주세요.", "Please write a number."))
        return None
    if isinstance(cell, Number) and cell.dated:
        row.fault(column, DATED, DATED_REMEDY)
        return None
    number = _number(text)
    if number is None:
        row.fault(column, *_wrong(text))
        return None
    if column == "price" and _POINTED.fullmatch(text):
        row.fault(column, *POINTED)
        return None
    exact = number * scale
    if exact.denominator != 1:
        what = T("나누어떨어지지 않습니다", "it does not come out whole")
        if column == "price":
            what = T("원보다 작은 값이 있습니다", "the price has parts of a won")
        row.fault(column, what, T("온수로 적어 주세요.", "Please write a whole number."))
        return None
    if not least <= exact <= most:
        what = T("너무 작거나 너무 큽니다", "it is too small or too large")
        remedy = T(
            f"{least:,}에서 {most:,} 사이로 적어 주세요.", f"Please stay within {least:,}–{most:,}."
        )
        row.fault(column, what, remedy)
        return None
    return int(exact)


NUMBER_REMEDY = T(
    "0–9 숫자로 적어 주세요(예: 1200 또는 1,200).",
    "Please use the digits 0–9, as in 1200 or 1,200.",
)


def _number(text: str) -> Fraction | None:
    if _WHOLE.fullmatch(text):
        return Fraction(text.replace(",", ""))
    return Fraction(text) if _DECIMAL.fullmatch(text) else None


def _wrong(text: str) -> tuple[T, T]:
    """What is wrong with a number, and what to do."""
    if text.startswith("="):
        return FORMULA, NUMBER_REMEDY
    if text.isdigit() and not text.isascii():
        return T("전각 숫자입니다", "the digits are full-width"), NUMBER_REMEDY
    if text.isascii() and text.isdigit():
        return T("너무 큰 수입니다", "the number is too large"), NUMBER_REMEDY
    return next((told for form, told in WRONG if form.fullmatch(text)), (NO_NUMBER, NUMBER_REMEDY))


NO_NUMBER = T("수가 아닙니다", "it is not a number")
DATED = T("엑셀이 날짜로 바꾼 칸입니다", "the spreadsheet has turned it into a date")
DATED_REMEDY = T(
    "칸의 서식을 '텍스트'로 바꾸고 다시 적어 주세요.",
    "Please set the format of the cell to text, and type it anew.",
)
_POINTED: Final = re.compile(r"[0-9]{1,3}\.000")
POINTED = (
    T("점으로 천 단위를 나눈 것 같습니다", "a point seems to separate the thousands"),
    T("3000이나 3,000처럼 적어 주세요.", "Please write 3000 or 3,000."),
)
# What people write in place of a number, the first that fits.
WRONG: Final[tuple[tuple[re.Pattern[str], tuple[T, T]], ...]] = (
    (
        re.compile(r"[-−–][0-9.,]+"),
        (
            T("0보다 작습니다", "it is below zero"),
            T(
                "0–9 숫자로, 0이나 그보다 큰 수를 적어 주세요.",
                "Please use the digits 0–9, for zero or more.",
            ),
        ),
    ),
    (
        re.compile(r"[0-9]+,[0-9]{1,2}|[0-9]{1,3}(\.[0-9]{3})+,[0-9]+"),
        (
            T("쉼표를 소수점으로 쓴 것 같습니다", "a comma seems to stand for the point"),
            T("소수점은 점으로 적어 주세요(예: 0.5).", "Please write a point, as in 0.5."),
        ),
    ),
    (
        re.compile(r"[0-9]{2,4}[-./] ?[0-9]{1,2}[-./] ?[0-9]{1,2}\.?|[0-9]{1,2}월 ?[0-9]{1,2}일"),
        (T("날짜처럼 적혀 있습니다", "it is written like a date"), NUMBER_REMEDY),
    ),
    (
        re.compile(
            r"[₩\\]? ?[0-9][0-9.,]* ?(원|킬로그램|그램|개|봉|병|단|모|판|kg|g|pcs|won|%)?",
            re.IGNORECASE,
        ),
        (
            T("숫자 옆에 단위나 다른 글자가 있습니다", "a unit or a sign stands beside the number"),
            T(
                "단위 없이 숫자만 적어 주세요(예: 3000).",
                "Please write the number alone, as in 3000.",
            ),
        ),
    ),
)
