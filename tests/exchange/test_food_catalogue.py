"""A producer's list: what is read, and what is refused, row by row with its remedy."""

from __future__ import annotations

import io

import pytest

from dure.engines.sheets import open_sheet
from dure.engines.tables_out import write_xlsx
from dure.exchange import catalogue
from dure.exchange.catalogue import COLUMNS, EXAMPLES, CatalogueLine, Fault

HEAD = "이름,단위,파는 단위,값(원),있는 양,상자,한 개 무게(g),무게 오차(%),산지 갈래"
GOOD = "감자,kg,0.5,3000,120,10,,10,경기"


def read(*rows: str, head: str = HEAD) -> tuple[tuple[CatalogueLine, ...], tuple[Fault, ...]]:
    data = "\n".join((head, *rows)).encode()
    return catalogue.read(open_sheet(io.BytesIO(data)))


def test_a_row_is_read_in_grams_and_whole_won() -> None:
    (line,), faults = read(GOOD)
    assert faults == ()
    assert line.body() == {
        "title": "감자",
        "title_en": None,
        "unit": "GRM",
        "lot": 500,
        "price": 3000,
        "estate": 120_000,
        "case": 10_000,
        "gram_each": 0,
        "margin_ppm": 100_000,
        "origin": "capital",
        "origin_text": None,
        "season": None,
        "note": None,
        "allergens": None,
    }


def test_the_template_with_its_examples_reads_itself_as_a_workbook() -> None:
    for language in ("ko", "en"):
        file = io.BytesIO()
        write_xlsx(file, "물건", [getattr(t, language) for _, t in COLUMNS], EXAMPLES)
        lines, faults = catalogue.read(open_sheet(file))
        assert faults == ()
        assert [(one.title, one.lot, one.gram_each) for one in lines] == [
            ("감자", 1000, 0),
            ("두부", 1, 420),
        ]


@pytest.mark.parametrize(
    ("row", "column", "what", "remedy"),
    [
        ("감자,kg,0.5,３０００,120,10,,,경기", "price", "전각 숫자입니다", "0–9"),
        ("감자,kg,0.5,1_0,120,10,,,경기", "price", "수가 아닙니다", "0–9"),
        ("감자,kg,0.5,NaN,120,10,,,경기", "price", "수가 아닙니다", "0–9"),
        ("감자,kg,0.5,1e5,120,10,,,경기", "price", "수가 아닙니다", "0–9"),
        ("감자,kg,0.5,100000000000000000000,1,,,,", "price", "너무 큰 수입니다", "0–9"),
        ("감자,kg,0.5,-3000,120,10,,,경기", "price", "0보다 작습니다", "0–9"),
        ("감자,kg,0.5,3000.5,120,10,,,경기", "price", "원보다 작은 값이 있습니다", "온수"),
        ("감자,kg,0.5,=1+1,120,10,,,경기", "price", "값이 없는 수식이나 오류입니다", "0–9"),
        ("감자,kg,0.5,,120,10,,,경기", "price", "비어 있습니다", "수를 적어"),
        ("감자,되,0.5,3000,120,10,,,경기", "unit", "모르는 단위입니다", "kg, g"),
        ("감자,kg,0.5,3000,120,1.3,,,경기", "case", "상자가 파는 단위의 배수가", "0.5 kg"),
        ("감자,kg,0,3000,120,,,,경기", "lot", "너무 작거나 너무 큽니다", "1에서"),
        ("감자,g,0.5,3000,120,,,,경기", "lot", "나누어떨어지지 않습니다", "온수"),
        ("두부,개,1,3000,120,,,,경기", "gram_each", "비어 있습니다", "수를 적어"),
        ("감자,kg,0.5,3000,120,,,51,경기", "margin", "너무 작거나 너무 큽니다", "50"),
        ("감자,kg,0.5,3000,120,,,,화성", "origin", "모르는 산지 갈래입니다", "서울"),
        (",kg,0.5,3000,120,,,,경기", "title", "비어 있습니다", "이름을"),
        ("=HYPERLINK(1),kg,1,3000,1,,,,", "title", "수식처럼 시작합니다", "값을"),
        ("감자 900101-1234567,kg,1,3000,1,,,,", "title", "주민등록번호 꼴의", "지워"),
    ],
)
def test_a_fault_names_row_field_and_remedy(row: str, column: str, what: str, remedy: str) -> None:
    lines, (fault,) = read(GOOD.replace("감자", "고구마"), row)
    assert lines == ()
    assert (fault.line, fault.column) == (3, column)
    assert fault.what.ko.startswith(what)
    assert remedy in fault.remedy.ko
    assert fault.what.en
    assert fault.remedy.en.endswith(".")
    assert "900101" not in fault.value


def test_a_product_stands_once_whatever_its_width_and_blanks() -> None:
    lines, (fault,) = read(GOOD, GOOD.replace("감자", " 감 자 "))
    assert lines == ()
    assert (fault.line, fault.column) == (3, "title")
    assert fault.what == catalogue.T("2번째 줄과 같은 물건입니다", "the same product as in row 2")


def test_all_faults_are_told_at_once() -> None:
    _, faults = read("감자,되,x,-1,,,,,화성")
    assert [one.column for one in faults] == ["unit", "lot", "price", "estate", "origin"]


def test_a_formula_without_a_value_and_a_date_are_no_numbers() -> None:
    from openpyxl import Workbook  # a writer of formulas, of this test alone

    book = Workbook()
    sheet = book.active
    sheet.append(HEAD.split(","))
    sheet.append(["감자", "kg", 0.5, "=1+1", 120])
    file = io.BytesIO()
    book.save(file)
    lines, (fault,) = catalogue.read(open_sheet(file))
    assert lines == ()
    assert (fault.line, fault.column) == (2, "price")
    assert fault.what.en == "a formula without a value, or an error"


def test_an_unknown_or_missing_column_is_named() -> None:
    lines, (fault,) = read(GOOD, head=HEAD.replace("값(원)", "가격"))
    assert lines == ()
    assert (fault.line, fault.value) == (1, "가격")
    _, (fault,) = read("감자,kg", head="이름,단위")
    assert "값(원)" in fault.what.ko
    _, (fault,) = read()
    assert fault.what.ko == "물건이 0줄입니다"
