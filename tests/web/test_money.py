"""Pages of one's own value: balances, history, statements in five forms, and who may see them."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from datetime import date

import pytest
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader

from dure.core.actors import Role
from dure.core.models import ExportRecord
from dure.ledger.queries import passages
from dure.ledger.queries.passages import Sought
from tests.harness.clock import Clock
from tests.harness.people import person_with
from tests.web.money_world import World, a_world, pay
from tests.web.walk import client_of, sent_file

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]
NOW = "2026-11-21T10:00:00+09:00"


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)


@pytest.fixture
def world(db: None) -> World:
    return a_world()


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_a_visitor_is_led_to_sign_in(db: None) -> None:
    response = Client().get("/money/")
    assert (response.status_code, response["Location"]) == (303, "/accounts/login/?next=/money/")
    for tail in ("send/", "show/", "scan/", "request/", "standing/"):
        assert Client().get(f"/money/{tail}").status_code == 403


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_somebody_without_accounts_is_told_how_to_get_one(db: None, prefix: str) -> None:
    client = client_of(person_with(Role.RESIDENT))
    for tail in ("", "send/", "show/", "scan/", "request/", "standing/"):
        text = text_of(client, f"{prefix}/money/{tail}")
        assert text.count("<h1") == 1
    assert "시간은행이나 지역화폐" in text_of(client, "/money/")


def test_balances_spendable_and_credit_line_are_told_apart(world: World) -> None:
    text = text_of(client_of(world.haneul), "/money/")
    assert "하늘의 시간" in text
    assert "바다의 시간" not in text
    assert "5시간" in text
    assert "7시간" in text, "spendable is the balance and the credit line of two hours"
    assert "왜 이만큼만 쓸 수 있나요?" in text
    assert "상품권 20,000원" in text


def test_history_shows_both_sides_signed_with_the_balance(world: World) -> None:
    pay(world.haneul, world.haneul_time, world.bada_time, 90, "TIME", "장보기 도움")
    text = text_of(client_of(world.haneul), f"/money/{world.haneul_time.pk}/")
    assert "−1시간 30분" in text
    assert "3시간 30분" in text
    assert "bada" in text
    other = text_of(client_of(world.bada), f"/money/{world.bada_time.pk}/")
    assert "+1시간 30분" in other
    assert "6시간 30분" in other


def test_history_is_searched_filtered_and_paged(world: World) -> None:
    for number in range(25):
        pay(world.haneul, world.haneul_time, world.bada_time, 1, "TIME", f"도움 {number:02d}번")
    client, here = client_of(world.haneul), f"/money/{world.haneul_time.pk}/"
    newest = text_of(client, here)
    assert "도움 04번" not in newest
    older = re.search(r'href="\?before=([0-9.-]+)"', client.get(here).content.decode())
    assert older is not None
    assert "더 오래된 내역" in newest
    second = text_of(client, f"{here}?before={older[1]}")
    assert "도움 04번" in second
    assert "가장 새 내역" in second
    assert "더 오래된 내역" not in second
    found = text_of(client, f"{here}?q=07번")
    assert "1건" in found
    assert "도움 08번" not in found
    assert "첫 지급" in text_of(client, f"{here}?kind=in")
    assert "도움 00번" not in text_of(client, f"{here}?kind=in")
    assert "찾는 내역이 없습니다" in text_of(client, f"{here}?q=%25")
    assert "찾는 내역이 없습니다" in text_of(client, f"{here}?from=2027-01-01")
    assert "도움 24번" in text_of(client, f"{here}?from=날짜&kind=x&before=2026-13-01.x")


def test_balance_after_each_row_is_the_sum_of_the_rows(world: World) -> None:
    for amount in (10, 20, 30):
        pay(world.haneul, world.haneul_time, world.bada_time, amount, "TIME")
    rows = passages.rows(world.haneul, world.haneul_time.pk, Sought())
    assert [row.after for row in rows] == [240, 270, 290, 300]
    assert [row.delta for row in rows] == [-30, -20, -10, 300]


def test_accounts_of_others_are_not_found(world: World) -> None:
    client = client_of(world.bada)
    for tail in ("", "statement/"):
        missing = client.get(f"/money/{world.haneul_time.pk}/{tail}")
        nowhere = client.get(f"/money/999999999/{tail}")
        assert (missing.status_code, nowhere.status_code) == (404, 404)
    taken = client.post(f"/money/{world.haneul_time.pk}/statement/", {"form": "pdf"})
    assert taken.status_code == 404
    assert not ExportRecord.rows.exists()
    row = pay(world.haneul, world.haneul_vouchers, world.shop, 1_000, "VCH")
    assert client.get(f"/money/receipts/{row}/").status_code == 404


def test_statement_adds_up_on_every_sheet(world: World) -> None:
    pay(world.haneul, world.haneul_time, world.bada_time, 90, "TIME", "=장보기")
    pay(world.bada, world.bada_time, world.haneul_time, 30, "TIME", "책 읽어주기")
    client = client_of(world.haneul)
    here = f"/money/{world.haneul_time.pk}/statement/?month=2026-11"
    text = text_of(client, here)
    for words in ("처음 잔액", "+5시간 30분", "−1시간 30분", "4시간"):
        assert words in text
    data = sent_file(client.post(here, {"form": "csv"}))
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert [row[8] for row in rows[1:]] == ["300", "-90", "30"]
    assert [row[10] for row in rows[1:]] == ["300", "210", "240"]
    assert rows[2][6] == "'=장보기", "a spreadsheet must not run what a neighbour wrote"
    book = load_workbook(io.BytesIO(sent_file(client.post(here, {"form": "xlsx"}))))
    sheet = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert [row[8] for row in sheet[1:]] == [300, -90, 30]
    assert sheet[2][6] == "=장보기"
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)
    kept = ExportRecord.rows.order_by("made_at").values_list("kind", "format", "row_count", "actor")
    assert list(kept) == [
        ("ledger.statement", form, 3, world.haneul.id) for form in ("csv", "xlsx")
    ]


def test_statement_as_a_pdf_holds_korean_as_text_on_one_page(world: World) -> None:
    for number in range(20):
        pay(world.haneul, world.haneul_time, world.bada_time, 5, "TIME", f"돌봄 {number}")
    client = client_of(world.haneul)
    here = f"/money/{world.haneul_time.pk}/statement/?month=2026-11"
    response = client.post(here, {"form": "pdf"})
    assert response["Content-Type"] == "application/pdf"
    data = sent_file(response)
    assert ExportRecord.rows.get().sha256 == hashlib.sha256(data).hexdigest()
    read = PdfReader(io.BytesIO(data))
    assert len(read.pages) == 1
    text = read.pages[0].extract_text()
    for words in ("거래 명세서", "하늘의 시간", "돌봄 19", "마지막 잔액", "3시간 20분"):
        assert words in text
    data = sent_file(client.post("/en" + here, {"form": "pdf"}))
    english = PdfReader(io.BytesIO(data)).pages[0].extract_text()
    assert "Closing balance" in english
    assert "3 h 20 min" in english


def test_long_statement_goes_over_pages_and_loses_no_row(world: World) -> None:
    for number in range(80):
        pay(world.haneul, world.haneul_time, world.bada_time, 1, "TIME", f"조각 {number:02d}")
    client = client_of(world.haneul)
    data = sent_file(client.post(f"/money/{world.haneul_time.pk}/statement/", {"form": "pdf"}))
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)
    assert all(f"조각 {number:02d}" in text for number in range(80))


def test_period_of_nonsense_is_this_month(world: World) -> None:
    client, here = client_of(world.haneul), f"/money/{world.haneul_time.pk}/statement/"
    for query in ("?month=2026-13", "?from=x&to=y", "?month=0000-01", "?month=２０２６-11"):
        assert "2026년 11월 1일" in text_of(client, here + query)
    assert "이 기간에는 오간 것이 없습니다" in text_of(client, here + "?month=2026-10")
    swapped = passages.statement(
        world.haneul, world.haneul_time.pk, date(2026, 11, 1), date(2026, 11, 21)
    )
    assert swapped.opening + swapped.came + swapped.went == swapped.closing == 300


def test_money_stands_in_the_menu_of_who_is_signed_in(world: World) -> None:
    assert 'href="/money/"' in text_of(client_of(world.haneul), "/me/")
    assert 'href="/money/"' not in text_of(Client(), "/")


def test_home_of_a_person_shows_balances_and_what_came_in(world: World) -> None:
    text = text_of(client_of(world.haneul), "/me/")
    assert "하늘의 시간" in text
    assert "상품권 20,000원" in text
    assert "내 돈과 시간" in text


def test_what_came_in_today_is_told_to_its_receiver_alone(world: World, clock: Clock) -> None:
    row = pay(world.haneul, world.haneul_time, world.bada_time, 90, "TIME")
    told = text_of(client_of(world.bada), "/me/")
    assert "받았습니다: 1시간 30분" in told
    assert f"/money/receipts/{row}/" in told
    assert "받았습니다: 1시간 30분" not in text_of(client_of(world.haneul), "/me/")
    clock.at("2026-11-23T10:00:00+09:00")
    assert "받았습니다: 1시간 30분" not in text_of(client_of(world.bada), "/me/")


def test_paper_of_vouchers_says_once_what_it_counts(world: World) -> None:
    pay(world.haneul, world.haneul_vouchers, world.shop, 3_500, "VCH", "두부")
    here = f"/en/money/{world.haneul_vouchers.pk}/statement/?month=2026-11"
    data = sent_file(client_of(world.haneul).post(here, {"form": "pdf"}))
    text = PdfReader(io.BytesIO(data)).pages[0].extract_text()
    for words in ("Counted in: vouchers (won)", "−3,500", "16,500", "+20,000"):
        assert words in text
    assert "won in vouchers" not in text
