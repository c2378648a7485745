"""Lists as they really come: each fault in one clear sentence with its row, nothing half-done."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from datetime import date
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook  # a writer of what only spreadsheets make, of these tests alone

from dure.exchange import catalogue
from dure.exchange.models import Asset, Pool, Spec
from dure.registry import spool
from tests.exchange.hubs import hub
from tests.harness.clock import Clock
from tests.web.food_world import OPEN, row
from tests.web.walk import client_of

Rows = Sequence[Sequence[object]]
Shape = Callable[[Workbook], None]
HEAD = [text.ko for _, text in catalogue.COLUMNS]
POTATOES, CARROTS = row("감자"), row("당근")


@pytest.fixture(autouse=True)
def _now(db: object, clock: Clock) -> None:
    clock.at(OPEN)


def workbook(rows: Rows, shape: Shape | None = None) -> bytes:
    book = Workbook()
    sheet = book.active
    for one in (HEAD, *rows):
        sheet.append(list(one))
    if shape is not None:
        shape(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def comma_file(rows: Rows, encoding: str = "utf-8") -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([HEAD, *rows])
    return text.getvalue().replace("–", "-").encode(encoding)


def merged(cells: str) -> Shape:
    return lambda book: book.active.merge_cells(cells)


def second_sheet(book: Workbook) -> None:
    book.create_sheet("둘째").append(HEAD)


def title_above(book: Workbook) -> None:
    book.active.insert_rows(1)
    book.active["A1"] = "여주들녘작목반 5월 목록"


BAD: dict[str, tuple[bytes, int, tuple[str, str], tuple[str, str]]] = {
    "a title above the header": (
        workbook([POTATOES], title_above),
        1,
        ("제목 줄이 아닙니다", "제목 줄 위의 줄을 지우고"),
        ("it is not the header", "delete the rows above the header"),
    ),
    "merged cells": (
        workbook([POTATOES, CARROTS], merged("J2:J3")),
        2,
        ("여러 칸을 하나로 합친 칸입니다", "합친 칸을 풀고"),
        ("several cells are merged into one", "Please unmerge the cells"),
    ),
    "a formula": (
        workbook([POTATOES, row("당근", price="=1000*3")]),
        3,
        ("값이 없는 수식이나 오류입니다", "수식 대신 값을 적어 주세요"),
        ("a formula without a value, or an error", "write the value in place"),
    ),
    "a date in place of an amount": (
        workbook([row("당근", estate=date(2026, 5, 10))]),  # type: ignore[arg-type]  # as typed by a spreadsheet
        2,
        ("엑셀이 날짜로 바꾼 칸입니다", "서식을 '텍스트'로"),
        ("has turned it into a date", "format of the cell to text"),
    ),
    "a season that became a date": (
        workbook([row("당근", season=date(2026, 6, 8))]),  # type: ignore[arg-type]  # as typed by a spreadsheet
        2,
        ("엑셀이 날짜로 바꾼 칸입니다", "서식을 '텍스트'로"),
        ("has turned it into a date", "format of the cell to text"),
    ),
    "a date as text": (
        workbook([row("당근", estate="2026. 5. 10.")]),
        2,
        ("날짜처럼 적혀 있습니다", "0–9 숫자로"),
        ("it is written like a date", "use the digits 0–9"),
    ),
    "two sheets": (
        workbook([POTATOES], second_sheet),
        1,
        ("다른 시트에도 내용이 있습니다", "시트마다 파일을 나누고"),
        ("other sheets are filled too", "load a file for each"),
    ),
    "10,001 rows": (
        comma_file([row(f"감자{number}") for number in range(10_001)]),
        1,
        ("물건이 10,001줄입니다", "1줄에서 500줄까지"),
        ("the list has 10,001 products", "Please load 1 to 500 rows"),
    ),
    "the same product twice": (
        workbook([POTATOES, CARROTS, row("감 자")]),
        4,
        ("2번째 줄과 같은 물건입니다", "한 줄로 합치거나"),
        ("the same product as in row 2", "join the rows, or rename one"),
    ),
    "less than nothing": (
        workbook([POTATOES, row("당근", estate=-5)]),
        3,
        ("0보다 작습니다", "0이나 그보다 큰 수"),
        ("it is below zero", "for zero or more"),
    ),
    "a comma for the point": (
        comma_file([row("감자", lot="0,5")]),
        2,
        ("쉼표를 소수점으로 쓴 것 같습니다", "예: 0.5"),
        ("a comma seems to stand for the point", "as in 0.5"),
    ),
    "a point between thousands": (
        comma_file([row("감자", price="3.000")]),
        2,
        ("점으로 천 단위를 나눈 것 같습니다", "3000이나 3,000"),
        ("a point seems to separate the thousands", "write 3000 or 3,000"),
    ),
    "a unit beside the number": (
        workbook([row("감자", price="3,000원")]),
        2,
        ("숫자 옆에 단위나 다른 글자가 있습니다", "숫자만 적어 주세요"),
        ("a unit or a sign stands beside the number", "write the number alone"),
    ),
    "a value under no name": (
        workbook([[*POTATOES, "덤"]]),
        2,
        ("제목이 없는 칸(O열)에 값이 있습니다", "그 값을 지우거나"),
        ("a value stands in column O, which has no name", "Please delete the value"),
    ),
}
GOOD = {
    "with a byte order mark": comma_file([POTATOES], "utf-8-sig"),
    "as Windows writes it": comma_file([POTATOES], "cp949"),
    "with an empty second sheet": workbook([POTATOES], lambda book: book.create_sheet("Sheet2")),
    "with blank rows": workbook([[], POTATOES, [None] * len(HEAD), CARROTS]),
}


def bring(
    client: Client, cycle: str, producer: str, data: bytes, language: str = ""
) -> tuple[int, str]:
    before = set(spool.folder().iterdir())
    answer = client.post(
        f"{language}/exchange/food/{cycle}/lists/",
        {"content": SimpleUploadedFile("목록.xlsx", data), "producer_id": producer},
    )
    for one in set(spool.folder().iterdir()) - before:
        spool.drop(one.name)
    return answer.status_code, unescape(answer.content.decode())


@pytest.mark.parametrize("name", BAD)
def test_bad_list_is_told_by_row_with_its_remedy_and_nothing_is_stored(name: str) -> None:
    data, line, korean, english = BAD[name]
    here = hub()
    client = client_of(here.keeper)
    for language, words, at in (("", korean, f"{line}줄"), ("/en", english, f"Row {line}")):
        status, told = bring(client, here.cycle, str(here.producer.id), data, language)
        assert status == 422
        assert [one for one in (*words, at) if one not in told] == []
    kept = (Pool.rows.filter(parent=here.cycle), Asset.rows.all(), Spec.rows.filter(scheme="food"))
    assert [rows.count() for rows in kept] == [0, 0, 0]


@pytest.mark.parametrize("name", GOOD)
def test_harmless_list_is_read(name: str) -> None:
    here = hub()
    status, told = bring(client_of(here.keeper), here.cycle, str(here.producer.id), GOOD[name])
    assert (status, "모두 맞습니다" in told) == (200, True)
