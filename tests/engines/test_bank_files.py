"""Statement files: what banks write is read, everything else is named with its line."""

from __future__ import annotations

import io
from datetime import date, datetime

import openpyxl
import pytest

from dure.engines.bank_files import (
    Columns,
    LineFault,
    StatementFile,
    find_columns,
    read_statement,
)
from dure.engines.sheets import open_sheet

HEADER = "거래일시,적요,출금액(원),입금액(원),잔액,거래번호\n"


def read(text: str, columns: Columns | None = None, encoding: str = "utf-8") -> StatementFile:
    return read_statement(open_sheet(io.BytesIO(text.encode(encoding))), columns)


def faults(text: str) -> list[tuple[int, str, str]]:
    return [(one.line, one.column, one.code) for one in read(text).faults]


def test_usual_file_with_a_title_and_a_total() -> None:
    found = read(
        "두레은행 거래 내역\n\n" + HEADER
        + '2026.06.01 09:10:11,조합비,,"50,000","150,000",T1\n'
        + '2026.06.02 10:00,임대료,"120,000",,"30,000",T2\n'
        + '합계,,"120,000","50,000",,\n',
        encoding="cp949",
    )  # fmt: skip
    assert found.faults == ()
    assert [
        (one.on, one.amount, one.balance, one.external_ref, one.text) for one in found.lines
    ] == [
        (date(2026, 6, 1), 50_000, 150_000, "T1", "조합비"),
        (date(2026, 6, 2), -120_000, 30_000, "T2", "임대료"),
    ]
    assert found.totals_skipped == 1
    assert found.columns is not None
    assert found.columns.paid_in == "입금액(원)"


def test_signed_amounts_and_chosen_columns() -> None:
    text = "when,kWh,x\n20260601,1200,a\n2026-06-02,-30,b\n"
    found = read(text, Columns(on="when", amount="kWh", text="x"))
    assert [one.amount for one in found.lines] == [1_200, -30]
    assert read(text).faults == (LineFault(1, "on", "no_header"),)
    missing = read(text, Columns(on="when", amount="Wh"))
    assert [one.code for one in missing.faults] == ["no_header"]


def test_workbook_gives_the_same_lines() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["거래일자", "내용", "출금", "입금", "잔액"])
    at = datetime(2026, 6, 1, 9, 10)  # noqa: DTZ001 - a workbook has no zones
    sheet.append([at, "조합비", None, 50_000, 150_000])
    sheet.append(["2026-06-02", "임대료", 120_000, 0, 30_000])
    file = io.BytesIO()
    book.save(file)
    found = read_statement(open_sheet(file))
    assert found.faults == ()
    assert [(one.on.day, one.amount, one.balance) for one in found.lines] == [
        (1, 50_000, 150_000), (2, -120_000, 30_000),
    ]  # fmt: skip


HOSTILE = {
    "amount": [
        "５００", "1_0", "1e3", "NaN", "0.5", "+500", "5 00", "12,34", "1,2345",
        "500원", "₩5", "=1+1",
    ],
    "no_amount": ["", "-", "0", "-0"],
    "too_large": ["9" * 20, "1000000000001", "-1000000000001"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("code", "amount"), [(code, amount) for code, all_of in HOSTILE.items() for amount in all_of]
)
def test_hostile_amounts_are_refused_with_their_line(code: str, amount: str) -> None:
    rows = f'거래일,금액\n2026-06-01,100\n2026-06-02,"{amount}"\n'
    assert faults(rows) == [(3, "amount", code)]


@pytest.mark.parametrize(
    "day", ["", "2026-02-30", "26-06-01", "6월 1일", "２026-06-01", "2026-06-01x", "2026-06.01"]
)
def test_days_that_are_none_are_refused(day: str) -> None:
    assert faults(f"거래일,금액\n{day},100\n") == [(2, "on", "date")]


def test_each_fault_of_a_line_is_named() -> None:
    rows = (
        HEADER
        + "2026-06-01,a,100,200,,1\n"
        + "2026-06-01,a,,,,2\n"
        + "2026-06-01,a,-5,,,3\n"
        + "2026-06-01,900101-1234567,5,,,4\n"
        + f"2026-06-01,{'가' * 201},5,,x,5\n"
        + "2026-06-01,a,5,,,6\n"
        + "2026-06-01,b,6,,,6\n"
    )
    assert faults(rows) == [
        (2, "paid_in", "both_amounts"), (3, "paid_in", "no_amount"), (4, "paid_out", "amount"),
        (5, "text", "rrn"), (6, "balance", "amount"), (6, "text", "too_long"),
        (8, "reference", "reference"),
    ]  # fmt: skip


def test_formula_without_a_value_is_refused() -> None:
    book = openpyxl.Workbook()
    book.active.append(["거래일", "금액"])
    book.active.append(["2026-06-01", "=1+1"])
    file = io.BytesIO()
    book.save(file)
    found = read_statement(open_sheet(file))
    assert [(one.line, one.column, one.code) for one in found.faults] == [(2, "amount", "formula")]


@pytest.mark.parametrize("order", [1, -1])
def test_missing_line_shows_in_the_balances_either_way(order: int) -> None:
    rows = [f"2026-06-0{n},a,,100,{1_000 + 100 * n},{n}\n" for n in range(1, 7)][::order]
    assert faults(HEADER + "".join(rows)) == []
    del rows[3]
    assert faults(HEADER + "".join(rows)) == [(5, "balance", "balance_gap")]


def test_same_file_twice_and_shared_days_give_the_same_refs() -> None:
    header = "거래일,적요,금액\n"
    one, two = "2026-06-01,회비,5000\n" * 3, "2026-06-02,회비,5000\n" * 2
    first = {line.external_ref for line in read(header + one + two).lines}
    assert len(first) == 5
    assert {line.external_ref for line in read(header + one + two).lines} == first
    assert {line.external_ref for line in read(header + two).lines} < first
    assert {line.external_ref for line in read(header + two + one).lines} == first


def test_columns_are_found_by_words_and_doubt_finds_none() -> None:
    assert find_columns(["날짜", "금액"]) == Columns(on="날짜", amount="금액")
    assert find_columns(["Date", "Deposit", "Withdrawal"]) == Columns(
        on="Date", paid_in="Deposit", paid_out="Withdrawal"
    )
    assert find_columns(["날짜", "일자", "금액"]) is None
    assert find_columns(["날짜", "이름"]) is None
