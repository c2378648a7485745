"""Statement files of a bank or a meter (거래 내역 파일): CSV or XLSX, read strictly, line by line.

Nouns
    statement line : one movement of an outside account: day, signed amount, perhaps a balance
    columns        : which label of the file is which; chosen by a person or found by its words
    external ref   : what tells one line from all others of the source, in this file and the next
Law
    Nothing is guessed and nothing mended: a cell that does not read as a whole amount or a day is a
    fault with its line; the caller takes all lines or none. The same file twice, or two files that
    share whole days, give the same external refs.
Source
    Ledger design, *reconciliation*; what Korean banks let their customers download.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import islice, pairwise
from typing import Final

from dure.engines.cell_readings import plain_text, read_date
from dure.engines.cells import NO_VALUE, Cell, Number, Row, Sheet
from dure.engines.rrn import has_rrn

AMOUNT_MAX: Final = 10**12
BALANCE_MAX: Final = 10**15
TEXT_MAX: Final = 200
HEADER_ROWS_SEARCHED: Final = 20
_AMOUNT: Final = re.compile(r"(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,16})")
_TIMED: Final = re.compile(r"([0-9.\-/]{8,10})[ T]+([0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)")
_DAY: Final = re.compile(r"[0-9]{4}([-./])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{8}")
_TOTALS: Final = frozenset({"합계", "총계", "소계", "누계", "계", "total", "sum"})

WORDS: Final[dict[str, tuple[str, ...]]] = {
    "on": ("거래일", "거래일자", "거래일시", "일자", "날짜", "거래날짜", "검침일", "date"),
    "amount": ("금액", "거래금액", "사용량", "검침값", "amount"),
    "paid_in": ("입금", "입금액", "입금금액", "맡기신금액", "credit", "deposit", "in"),
    "paid_out": (
        "출금",
        "출금액",
        "출금금액",
        "찾으신금액",
        "지급금액",
        "debit",
        "withdrawal",
        "out",
    ),
    "balance": ("잔액", "거래후잔액", "잔고", "balance"),
    "reference": ("거래번호", "참조번호", "전문번호", "고유번호", "reference", "ref", "id"),
    "text": (
        "적요",
        "내용",
        "거래내용",
        "기재내용",
        "받는분",
        "보낸분",
        "메모",
        "description",
        "memo",
    ),
}


@dataclass(frozen=True, slots=True)
class Columns:
    """Labels of the file: `on`, and `amount` (signed) or one or both of `paid_in`, `paid_out`."""

    on: str
    amount: str | None = None
    paid_in: str | None = None
    paid_out: str | None = None
    balance: str | None = None
    reference: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True)
class StatementLine:
    """One movement; `amount` is above 0 when value came in. `line` is the line of the file."""

    line: int
    on: date
    amount: int
    balance: int | None
    external_ref: str
    text: str


@dataclass(frozen=True, slots=True)
class LineFault:
    """What is wrong at a line: `column` is a field of `Columns`, `code` one of the below.

    no_header, date, amount, too_large, no_amount, both_amounts, balance, balance_gap, reference,
    formula, rrn, too_long
    """

    line: int
    column: str
    code: str


@dataclass(frozen=True, slots=True)
class StatementFile:
    """All lines and all faults; lines are of use only when there is no fault."""

    columns: Columns | None
    lines: tuple[StatementLine, ...]
    faults: tuple[LineFault, ...]
    totals_skipped: int = 0


def find_columns(labels: Sequence[str]) -> Columns | None:
    """Find the columns by their words; None without a day or an amount, or with one word twice.

    >>> find_columns(["거래일시", "적요", "출금액(원)", "입금액(원)", "잔액"]).paid_out
    '출금액(원)'
    >>> find_columns(["이름", "금액"])
    """
    found: dict[str, str] = {}
    for label in labels:
        key = _key(label)
        for name, words in WORDS.items():
            if key in words:
                if name in found:
                    return None
                found[name] = label
    if "on" not in found or not found.keys() & {"amount", "paid_in", "paid_out"}:
        return None
    if "paid_in" in found or "paid_out" in found:
        found.pop("amount", None)
    return Columns(**found)


def _key(label: str) -> str:
    text = unicodedata.normalize("NFKC", label).lower()
    return re.sub(r"\((?:원|krw|wh|won)\)|[\s:*]", "", text)


def read_statement(sheet: Sheet, columns: Columns | None = None) -> StatementFile:
    """Read a statement file that `sheets.open_sheet` opened.

    columns : labels chosen by a person; None finds them in the first 20 rows
    Returns lines in file order and every fault; an amount is whole, 1 <= abs <= 10**12, written
            with ASCII digits and thousands commas in their places or not at all. Where there is
            a balance column, each balance must follow from the one before, upwards or downwards.
    Raises  SheetRefused while rows are read, as `open_sheet` does.
    """
    header = _header(sheet, columns)
    if header is None:
        return StatementFile(columns, (), (LineFault(1, "on", "no_header"),))
    used, places, last_line = header
    reader = _Reader(places, sheet.is_1904)
    for row in sheet.rows():
        if row.line > last_line:
            reader.read(row)
    reader.check_balances()
    faults = sorted(reader.faults, key=lambda fault: (fault.line, fault.column))
    return StatementFile(used, tuple(reader.lines), tuple(faults), reader.totals)


def _header(sheet: Sheet, columns: Columns | None) -> tuple[Columns, dict[str, int], int] | None:
    for row in islice(sheet.rows(), HEADER_ROWS_SEARCHED):
        labels = [plain_text(cell).strip() for cell in row.cells]
        found = find_columns(labels) if columns is None else columns
        if found is None:
            continue
        wanted = {one.name: getattr(found, one.name) for one in fields(Columns)}
        named = {name: label for name, label in wanted.items() if label is not None}
        if all(labels.count(label) == 1 for label in named.values()):
            return found, {name: labels.index(label) for name, label in named.items()}, row.line
    return None


class _Reader:
    """Reads rows one by one into lines and faults."""

    def __init__(self, places: dict[str, int], is_1904: bool) -> None:
        self.places, self.is_1904 = places, is_1904
        self.lines: list[StatementLine] = []
        self.faults: list[LineFault] = []
        self.refs: set[str] = set()
        self.alike: dict[tuple[object, ...], int] = {}
        self.totals = 0

    def cell(self, row: Row, name: str) -> Cell:
        place = self.places.get(name)
        return row.cells[place] if place is not None and place < len(row.cells) else ""

    def fault(self, row: Row, column: str, code: str) -> None:
        self.faults.append(LineFault(row.line, column, code))

    def read(self, row: Row) -> None:
        if _key(plain_text(self.cell(row, "on"))) in _TOTALS:
            self.totals += 1
            return
        before = len(self.faults)
        on, at = self.day(row)
        amount = self.signed(row)
        balance = self.whole(row, "balance", BALANCE_MAX)
        text, reference = self.words(row, "text"), self.words(row, "reference")
        if len(self.faults) > before or on is None or amount is None:
            return
        if not reference:
            seen = (on, at, amount, balance, text)
            self.alike[seen] = self.alike.get(seen, 0) + 1
            told = "\x1f".join(map(str, (*seen, self.alike[seen])))
            reference = "line:" + hashlib.sha256(told.encode()).hexdigest()[:32]
        if reference in self.refs:
            self.fault(row, "reference", "reference")
            return
        self.refs.add(reference)
        self.lines.append(StatementLine(row.line, on, amount, balance, reference, text))

    def day(self, row: Row) -> tuple[date | None, str]:
        cell = self.cell(row, "on")
        at = ""
        if isinstance(cell, str):
            timed = _TIMED.fullmatch(cell.strip(" "))
            cell, at = (timed[1], timed[2]) if timed else (cell.strip(" "), "")
            if not _DAY.fullmatch(cell):
                self.fault(row, "on", "date")
                return None, ""
        elif isinstance(cell, Number) and cell.dated:
            at = cell.text.partition(".")[2]
        found, codes = read_date(cell, is_1904=self.is_1904)
        if found is None:
            self.fault(row, "on", "formula" if "formula_cell" in codes else "date")
        return found, at

    def signed(self, row: Row) -> int | None:
        """The amount: of the signed column, or in less out where exactly one of them is given."""
        before = len(self.faults)
        if "amount" in self.places:
            amount = self.whole(row, "amount", AMOUNT_MAX)
            if not amount and len(self.faults) == before:
                self.fault(row, "amount", "no_amount")
            return amount
        paid_in = self.whole(row, "paid_in", AMOUNT_MAX) or 0
        paid_out = self.whole(row, "paid_out", AMOUNT_MAX) or 0
        if len(self.faults) > before:
            return None
        if bool(paid_in) == bool(paid_out):
            code = "both_amounts" if paid_in else "no_amount"
            self.fault(row, "paid_in" if "paid_in" in self.places else "paid_out", code)
            return None
        return paid_in - paid_out

    def whole(self, row: Row, name: str, most: int) -> int | None:
        cell = self.cell(row, name)
        if cell is NO_VALUE:
            self.fault(row, name, "formula")
            return None
        text = cell if isinstance(cell, str) else plain_text(cell)
        text = text.strip(" ")
        if text in ("", "-"):
            return None
        match = _AMOUNT.fullmatch(text)
        if not match or (isinstance(cell, Number) and cell.dated):
            digits = re.fullmatch(r"-?[0-9]{17,}", text)
            self.fault(row, name, "too_large" if digits else "amount")
            return None
        amount = int(match[1] + match[2].replace(",", ""))
        if abs(amount) > most:
            self.fault(row, name, "too_large")
            return None
        if amount < 0 and name in ("paid_in", "paid_out"):
            self.fault(row, name, "amount")
            return None
        return amount

    def words(self, row: Row, name: str) -> str:
        cell = self.cell(row, name)
        if cell is NO_VALUE:
            self.fault(row, name, "formula")
            return ""
        text = unicodedata.normalize("NFC", " ".join(plain_text(cell).split()))
        if has_rrn(text):
            self.fault(row, name, "rrn")
            return ""
        if len(text) > (120 if name == "reference" else TEXT_MAX):
            self.fault(row, name, "too_long")
            return ""
        return text

    def check_balances(self) -> None:
        """Name the lines whose balance does not follow; the order of the file is either way."""
        known = [line for line in self.lines if line.balance is not None]
        if self.faults or len(known) < len(self.lines) or len(known) < 2:
            return
        upwards, downwards = [], []
        for before, after in pairwise(known):
            assert before.balance is not None and after.balance is not None
            if before.balance + after.amount != after.balance:
                upwards.append(after.line)
            if after.balance + before.amount != before.balance:
                downwards.append(after.line)
        gaps = upwards if len(upwards) <= len(downwards) else downwards
        self.faults += [LineFault(line, "balance", "balance_gap") for line in gaps]
