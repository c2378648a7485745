"""A shop's till: codes of sales, the poster, the day that adds up, and who may stand there."""

from __future__ import annotations

import csv
import io
import re
from uuid import uuid4

import pytest
from django.test import Client

from dure.core.actors import Role
from dure.core.models import ExportRecord
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


@pytest.fixture
def at(world: World) -> str:
    return f"/till/{world.place.pk}/"


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def test_only_those_who_work_for_a_shop_stand_at_its_till(world: World, at: str) -> None:
    assert "한울생협" in text_of(client_of(world.treasurer), "/till/")
    assert "맡은 가게가 없습니다" in text_of(client_of(world.haneul), "/till/")
    staff = person_with(Role.STAFF, organisation=world.place)
    assert text_of(client_of(staff), at).count("<h1") == 1
    for tail in ("", "poster/", "day/", "redeem/"):
        assert client_of(world.haneul).get(at + tail).status_code == 404
        assert client_of(world.treasurer).get(f"/till/{uuid4()}/{tail}").status_code == 404
        assert Client().get(at + tail).status_code == 403


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_of_an_empty_till_are_whole(world: World, at: str, prefix: str) -> None:
    client = client_of(world.treasurer)
    for tail in ("", "poster/", "day/", "redeem/"):
        assert text_of(client, prefix + at + tail).count("<h1") == 1


def test_day_adds_up_and_leaves_as_csv(world: World, at: str) -> None:
    pay(world.haneul, world.haneul_vouchers, world.shop, 3_000, "VCH", "두부")
    pay(world.bada, world.bada_vouchers, world.shop, 4_500, "VCH", "=달걀")
    pay(world.treasurer, world.shop, world.haneul_vouchers, 500, "VCH", "거스름")
    client = client_of(world.treasurer)
    text = text_of(client, at + "day/")
    for words in ("상품권 7,500원", "상품권 500원", "상품권 7,000원", "받은 것(2건)"):
        assert words in text
    answer = sent_file(client.post(at + "day/", {"form": "csv"})).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(answer)))
    kept = ExportRecord.rows.get()
    assert (kept.kind, kept.row_count) == ("ledger.till", 3)
    assert [row[7] for row in rows[1:]] == ["3000", "4500", "-500"]
    assert rows[2][5] == "'=달걀"
    assert "이날은 오간 것이 없습니다" in text_of(client, at + "day/?on=2026-11-20")
    assert "2026년 11월 21일" in text_of(client, at + "day/?on=2099-01-01"), "no day to come"


def test_payments_of_today_stand_below_the_till_with_their_receipts(world: World, at: str) -> None:
    row = pay(world.haneul, world.haneul_vouchers, world.shop, 3_000, "VCH", "두부")
    text = text_of(client_of(world.treasurer), at)
    assert f"/money/receipts/{row}/" in text
    assert re.search(r"두부.*10:00", text, re.DOTALL)
    assert "되돌려 주기" in text_of(client_of(world.treasurer), f"/money/receipts/{row}/")
