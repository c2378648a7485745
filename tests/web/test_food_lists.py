"""Producers' lists: brought as a file, told row by row, stored whole or not at all."""

from __future__ import annotations

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dure.engines.sheets import open_sheet
from dure.exchange import catalogue
from dure.exchange.models import Pool
from dure.registry import spool
from tests.exchange.hubs import Hub, hub
from tests.harness.canaries import canaries
from tests.harness.clock import Clock
from tests.web.food_world import (
    OPEN,
    row,
    sheet,
)
from tests.web.test_food import HERE, send, text_of
from tests.web.walk import client_of


@pytest.fixture(autouse=True)
def _now(db: object, clock: Clock) -> None:
    clock.at(OPEN)


def kept() -> list[str]:
    return [one.name for one in spool.folder().iterdir() if spool.NAME.fullmatch(one.name)]


def bring(client: Client, here: Hub, data: bytes, status: int = 200) -> str:
    file = SimpleUploadedFile("목록.xlsx", data)
    path = f"{HERE}{here.cycle}/lists/"
    return send(client, path, status, content=file, producer_id=str(here.producer.id))


def test_template_is_a_workbook_that_is_read_back() -> None:
    here = hub()
    answer = client_of(here.keeper).get(f"{HERE}{here.cycle}/lists/template.xlsx")
    lines, faults = catalogue.read(open_sheet(io.BytesIO(answer.content)))
    assert faults == ()
    assert [line.title for line in lines] == [one[0] for one in catalogue.EXAMPLES]


def test_faults_are_told_row_by_row_and_nothing_is_stored() -> None:
    here = hub()
    client = client_of(here.keeper)
    before = set(kept())
    told = bring(
        client, here, sheet(row("감자"), row("호박", price="삼천"), row("", unit="되")), 422
    )
    assert "아무것도 저장하지 않았습니다" in told
    assert "3줄" in told and "4줄" in told and "삼천" in told
    assert "모두 저장" not in told
    assert Pool.rows.filter(parent=here.cycle).count() == 0
    (name,) = set(kept()) - before
    file = client.get(f"{HERE}{here.cycle}/lists/faults/{name}.csv")
    text = b"".join(file.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]  # streamed
    assert text.splitlines()[1].startswith("3,값(원),삼천,")
    other = client_of(here.keeper)  # another session, were it of the same person: it brought none
    assert other.get(f"{HERE}{here.cycle}/lists/faults/{name}.csv").status_code == 404
    sent = {"step": "store", "file": name, "producer_id": str(here.producer.id)}
    assert other.post(f"{HERE}{here.cycle}/lists/", sent).status_code == 422
    spool.drop(name)


def test_right_list_is_shown_and_stored_whole() -> None:
    here = hub()
    client = client_of(here.keeper)
    told = bring(client, here, sheet(row("감자"), row("단호박", margin="20", lot="1")))
    assert "모두 맞습니다" in told
    assert Pool.rows.filter(parent=here.cycle).count() == 0
    name = re.findall(r'name="file" value="([0-9a-f]{32})"', told)[0]
    send(
        client,
        f"{HERE}{here.cycle}/lists/",
        step="store",
        file=name,
        producer_id=str(here.producer.id),
    )
    rows = Pool.rows.filter(parent=here.cycle).order_by("title")
    assert [(one.title, one.lot, one.price, one.estate) for one in rows] == [
        ("감자", 500, 3000, 10_000),
        ("단호박", 1000, 3000, 10_000),
    ]
    assert name not in kept()
    assert "품목 2가지" in text_of(client, f"{HERE}{here.cycle}/lists/")


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no workbook", b"\x89PNG\r\n\x1a\n 0000"])
def test_what_is_no_table_is_refused_and_not_kept(data: bytes) -> None:
    here = hub()
    before = set(kept())
    client = client_of(here.keeper)
    file = SimpleUploadedFile("목록.xlsx", data)
    answer = client.post(
        f"{HERE}{here.cycle}/lists/", {"content": file, "producer_id": str(here.producer.id)}
    )
    assert answer.status_code == 422
    assert set(kept()) == before


def test_resident_number_in_a_list_is_refused_and_never_shown() -> None:
    here = hub()
    number = canaries(1)[0].text
    before = set(kept())
    told = bring(client_of(here.keeper), here, sheet(row("감자", note=f"문의 {number}")), 422)
    assert number not in told
    assert Pool.rows.filter(parent=here.cycle).count() == 0
    for name in set(kept()) - before:
        spool.drop(name)
