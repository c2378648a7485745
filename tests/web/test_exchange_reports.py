"""The report of a process on its page: chosen by the address, downloaded with a record."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.test import Client

from dure.core.models import ExportRecord
from tests.exchange.neighbours import NOW, at, hold, library
from tests.harness.clock import Clock
from tests.web.share_world import Share, a_share, step
from tests.web.test_listings import text_of
from tests.web.walk import client_of

HERE = "/exchange/reports/"


@pytest.fixture
def share(db: object, clock: Clock) -> Share:
    clock.at("2026-05-10T14:00:00+09:00")
    return a_share()


def test_it_is_for_who_hosts(share: Share) -> None:
    assert Client().get(HERE).status_code == 403
    assert client_of(share.bada).get(HERE).status_code == 404
    assert client_of(share.steward).get(HERE).status_code == 200


def test_a_process_and_days_are_chosen_by_the_address(share: Share) -> None:
    step(share.loan, "cancel", share.bada)
    steward = client_of(share.steward)
    page = text_of(steward, f"{HERE}?process=equipment_loan")
    assert "장비 빌리기" in page and "취소됨" in page
    empty = text_of(steward, f"{HERE}?process=equipment_loan&begins=2026-01-01&ends=2026-01-31")
    assert "이 기간의 약속이 없습니다" in empty
    assert "Equipment loan" in text_of(steward, f"/en{HERE}?process=equipment_loan")


@pytest.mark.parametrize(
    "query",
    [
        "process=nothing", "begins=x", "begins=2026-06-01&ends=2026-05-01", "ends=0001-01-01",
        "begins=1900-01-01", "organisation=x", "ends=9999-12-31",
    ],
)  # fmt: skip
def test_what_the_address_says_wrongly_is_the_usual(share: Share, query: str) -> None:
    assert client_of(share.steward).get(f"{HERE}?{query}").status_code == 200


def test_a_file_is_downloaded_and_recorded(share: Share) -> None:
    sent = {
        "process": "equipment_loan",
        "begins": "2026-05-01",
        "ends": "2026-05-31",
        "form": "xlsx",
    }
    answer = client_of(share.steward).post(HERE, {**sent, "organisation": share.host})
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert next(cell.value for cell in book.active[2]) == share.loan
    assert ExportRecord.rows.get().query["organisation"] == share.host
    wrong = client_of(share.steward).post(HERE, {**sent, "form": "pdf"})
    assert wrong.status_code == 422


def test_local_spending_stands_on_the_page_and_in_the_file(db: object, clock: Clock) -> None:
    clock.at(NOW)
    here = library()
    anna = here.neighbour()
    case = hold(anna, here.thing(), "10T10:00", "10T12:00")
    step(case, "book", anna)
    clock.at(at("10T10:00"))
    for who, name in ((here.keeper, "check_out"), (anna, "check_out"), (here.keeper, "check_in")):
        step(case, name, who)
    step(case, "pass", here.keeper)
    keeper = client_of(here.keeper)
    query = f"{HERE}?process=equipment_loan&ends=2026-05-31"
    page = text_of(keeper, query)
    assert "지역 소비(원)" in page and "1,000원" in page and "밝히지 않음" in page
    english = text_of(keeper, f"/en{query}")
    assert "Local spending (won)" in english and "organisations" in english
    sent = {
        "process": "equipment_loan", "begins": "2026-05-01", "ends": "2026-05-31", "form": "xlsx",
    }  # fmt: skip
    answer = keeper.post(HERE, sent)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    head, line = ([cell.value for cell in book.active[n]] for n in (1, 2))
    assert dict(zip(head, line, strict=True))["지역 소비(원)"] == 1000
