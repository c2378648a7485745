"""Lists of payments of a book: read strictly, judged row by row before anything is posted.

Nouns: row (줄: from, to, amount, purpose, day), fault (고칠 것: line, column, why).
Law: an amount is never mended. What is judged here is judged again by `ledger.batch.post`, which
posts all rows or none; a row that is good here may still be refused there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from dure.core import amounts, clock, parsers
from dure.core.errors import Code, CoreCode, Refusal
from dure.core.parsers import ParseError
from dure.core.text import T
from dure.engines.cell_readings import plain_text
from dure.engines.cells import CAPS, NO_VALUE, Cell, Reason, Row, SheetRefused
from dure.engines.rrn import has_rrn
from dure.engines.sheets import open_sheet
from dure.registry.import_errors import refusal_of

from . import types
from .errors import LedgerCode
from .models import Account, Book

ROWS_MAX = 1_000
FILE_MAX = 5_000_000
SHOWN_MAX = 40
COLUMNS: Mapping[str, T] = {
    "debit": T("보내는 계정", "from"),
    "credit": T("받는 쪽", "to"),
    "amount": T("금액", "amount"),
    "purpose": T("용도", "purpose"),
    "event_date": T("날짜", "date"),
}
HEADERS: Mapping[str, tuple[str, ...]] = {
    "debit": ("보내는계정", "보내는계정번호", "출금계정", "from"),
    "credit": ("받는쪽", "받는계정", "받는이름", "입금계정", "to"),
    "amount": ("금액", "수량", "amount"),
    "purpose": ("용도", "적요", "무엇때문에", "purpose"),
    "event_date": ("날짜", "거래일", "date"),
}
NEEDED = ("debit", "credit", "amount", "purpose")
NO_HEADER = T(
    "제목 줄에 보내는 계정, 받는 쪽, 금액, 용도가 한 번씩 있어야 합니다",
    "the header must hold from, to, amount and purpose, each once",
)
FORMULA = T("값이 없는 수식이나 오류", "a formula without a value, or an error")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Fault:
    """What must be corrected, at a column of `COLUMNS`; "" = the row as a whole."""

    column: str
    why: T


@dataclass(slots=True)
class Judged:
    """One row. `debit`, `credit`, `amount` and `purpose` are what would be posted.

    line   : of the file        typed : cells as they were written, by column, at most 40 characters
    faults : nothing when the row can be posted
    """

    line: int
    typed: dict[str, str]
    faults: list[Fault] = field(default_factory=list)
    debit: Account | None = None
    credit: Account | None = None
    amount: int | None = None
    purpose: str = ""
    event_date: date | None = None

    def body(self) -> dict[str, object]:
        """The row as `ledger.batch.post` takes it; only of a row without a fault."""
        assert self.debit is not None and self.credit is not None
        day = {} if self.event_date is None else {"event_date": self.event_date.isoformat()}
        return {
            "debit": str(self.debit.pk),
            "credit": str(self.credit.pk),
            "amount": self.amount,
            "purpose": self.purpose,
            **day,
        }


def read(content: bytes) -> list[tuple[int, dict[str, Cell]]]:
    """Read a CSV or a workbook: line and cells by column, in file order.

    Raises `Refusal` of the file as a whole: no table, no header, or not 1 to 1,000 rows.
    """
    try:
        caps = replace(CAPS, rows=ROWS_MAX + 1, file_bytes=FILE_MAX)
        sheet = open_sheet(io.BytesIO(content), caps=caps)
        rows = list(sheet.rows())
    except SheetRefused as refused:
        if refused.reason is Reason.ROWS:
            raise Refusal(LedgerCode.BATCH_SIZE, field="file") from None
        raise refusal_of(refused) from None
    places = _places(rows[0]) if rows else None
    if places is None:
        raise Refusal(CoreCode.BAD_FIELD, field="file", range=NO_HEADER)
    found = [(row.line, _cells(row, places, is_1904=sheet.is_1904)) for row in rows[1:]]
    filled = [one for one in found if any(_is_filled(cell) for cell in one[1].values())]
    if not 1 <= len(filled) <= ROWS_MAX:
        raise Refusal(LedgerCode.BATCH_SIZE, field="file")
    return filled


def _is_filled(cell: Cell) -> bool:
    return cell is NO_VALUE or bool(plain_text(cell).strip())


def _places(header: Row) -> dict[str, int] | None:
    labels = ["".join(plain_text(cell).split()).lower() for cell in header.cells]
    found: dict[str, int] = {}
    for name, known in HEADERS.items():
        at = [place for place, label in enumerate(labels) if label in known]
        if len(at) > 1 or (not at and name in NEEDED):
            return None
        if at:
            found[name] = at[0]
    return found


def _cells(row: Row, places: Mapping[str, int], *, is_1904: bool) -> dict[str, Cell]:
    found = {
        name: row.cells[place] if place < len(row.cells) else "" for name, place in places.items()
    }
    day = found.get("event_date", "")
    if day is not NO_VALUE:
        found["event_date"] = plain_text(day, is_1904=is_1904)
    return found


def judged(book: Book, rows: Sequence[tuple[int, Mapping[str, Cell]]]) -> list[Judged]:
    """Judge every row against the accounts of the book, as they are now, in the order of rows."""
    accounts = _Accounts(book, [cells for _line, cells in rows])
    found = [_judge(book, accounts, line, cells) for line, cells in rows]
    _check_limits(found)
    return found


class _Accounts:
    """The accounts of a book that a file names, by number and by handle; two queries."""

    def __init__(self, book: Book, rows: Sequence[Mapping[str, Cell]]) -> None:
        named = {plain_text(cells[name]).strip() for cells in rows for name in ("debit", "credit")}
        numbers = {int(one) for one in named if _NUMBER.fullmatch(one)}
        handles = {one.lstrip("@").lower() for one in named}
        kept = Account.rows.filter(book=book).select_related("unit")
        self.by_number = {one.pk: one for one in kept.filter(pk__in=numbers)}
        self.by_handle = {one.handle: one for one in kept.filter(handle__in=handles)}

    def number(self, text: str) -> Account | None:
        return self.by_number.get(int(text)) if _NUMBER.fullmatch(text) else None

    def payee(self, text: str) -> Account | None:
        return self.number(text) or self.by_handle.get(text.lstrip("@").lower())


def _judge(book: Book, accounts: _Accounts, line: int, cells: Mapping[str, Cell]) -> Judged:
    texts = {name: plain_text(cell).strip(" ") for name, cell in cells.items()}
    row = Judged(line, {name: _shown(text) for name, text in texts.items()})
    row.faults = [Fault(name, FORMULA) for name, cell in cells.items() if cell is NO_VALUE]
    row.debit = accounts.number(texts["debit"])
    row.credit = accounts.payee(texts["credit"])
    if row.debit is None:
        why = T("이 장부에 그런 계정 번호가 없습니다.", "This book has no account of that number.")
        row.faults.append(Fault("debit", why))
    elif row.debit.owner_person_id is not None:
        row.faults.append(_fault("debit", LedgerCode.NOT_PAYABLE))
    if row.credit is None:
        why = T(
            "이 장부에 그런 계정 번호나 받는 이름이 없습니다.",
            "This book has no account of that number or handle.",
        )
        row.faults.append(Fault("credit", why))
    _judge_pair(row)
    unit = row.debit.unit.code if row.debit else row.credit.unit.code if row.credit else "KRW"
    try:
        row.amount = amounts.typed(texts["amount"], unit)
    except ParseError as wrong:
        row.faults.append(_parsed("amount", wrong))
    try:
        row.purpose = types.purpose(texts["purpose"])
    except ParseError as wrong:
        row.faults.append(_parsed("purpose", wrong))
    _judge_day(book, row, texts.get("event_date", ""))
    return row


def _shown(text: str) -> str:
    """A cell to show beside its fault; what looks like a resident number is not echoed."""
    return "" if has_rrn(text) else text[:SHOWN_MAX]


def _judge_pair(row: Judged) -> None:
    debit, credit = row.debit, row.credit
    for name, account in (("debit", debit), ("credit", credit)):
        if account is not None and account.status != Account.Status.OPEN:
            row.faults.append(_fault(name, LedgerCode.NOT_OPEN))
    if debit is None or credit is None:
        return
    if debit.pk == credit.pk:
        row.faults.append(_fault("credit", LedgerCode.SAME_ACCOUNT))
    elif debit.unit_id != credit.unit_id:
        row.faults.append(_fault("credit", LedgerCode.CROSS_UNIT))


def _judge_day(book: Book, row: Judged, text: str) -> None:
    if not text:
        return
    try:
        row.event_date = parsers.form_date(text)
    except ParseError as wrong:
        row.faults.append(_parsed("event_date", wrong))
        return
    if row.event_date > clock.today():
        row.faults.append(_fault("event_date", LedgerCode.FUTURE_DATE))
    elif book.closed_through is not None and row.event_date <= book.closed_through:
        first = date.fromordinal(book.closed_through.toordinal() + 1)
        row.faults.append(_fault("event_date", LedgerCode.PERIOD_CLOSED, first_open=first))


def _check_limits(rows: Sequence[Judged]) -> None:
    """Play the good rows in their order, and name those that would cross a limit."""
    moved: dict[int, int] = {}
    for row in rows:
        if row.faults or row.debit is None or row.credit is None or row.amount is None:
            continue
        debit, credit, amount = row.debit, row.credit, row.amount
        left = debit.balance - debit.held_out + moved.get(debit.pk, 0) - amount
        full = credit.balance + credit.held_in + moved.get(credit.pk, 0) + amount
        if debit.lo is not None and left < debit.lo:
            spendable = f"{left + amount - debit.lo:,}"
            row.faults.append(_fault("amount", LedgerCode.INSUFFICIENT, spendable=spendable))
        elif credit.hi is not None and full > credit.hi:
            row.faults.append(_fault("amount", LedgerCode.OVER_CEILING))
        else:
            moved[debit.pk] = moved.get(debit.pk, 0) - amount
            moved[credit.pk] = moved.get(credit.pk, 0) + amount


def _parsed(column: str, wrong: ParseError) -> Fault:
    return _fault(column, wrong.code, range=wrong.accepted)


def _fault(column: str, code: Code, **places: Any) -> Fault:  # Any: places of a text
    told = Refusal(code, **places)
    told.places["field"] = COLUMNS[column]
    return Fault(column, T(told.sentence("ko"), told.sentence("en")))
