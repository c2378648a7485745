"""Surplus and gardens: a cycle without a price, from its list to what was eaten; no won moves."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dure.core.actions import run
from dure.core.actors import Role
from dure.exchange.models import Pool
from dure.journal.models import Event
from dure.ledger.models import Transfer
from tests.exchange.hubs import hub, move
from tests.harness.clock import Clock
from tests.harness.people import person_with
from tests.harness.worker import work_off
from tests.web.food_world import AT_PICKUP, CLOSED, OPEN, row, sheet
from tests.web.test_food import HERE, send, step, text_of
from tests.web.walk import client_of

BREAD = {"unit": "개", "lot": "1", "gram_each": 300, "estate": 5}


@pytest.fixture(autouse=True)
def _now(db: object, clock: Clock) -> None:
    clock.at(OPEN)


def check(client: Client, cycle: str, producer: str, data: bytes) -> tuple[int, str]:
    file = SimpleUploadedFile("목록.xlsx", data)
    answer = client.post(f"{HERE}{cycle}/lists/", {"content": file, "producer_id": producer})
    return answer.status_code, re.sub(r"\s+", " ", unescape(answer.content.decode()))


def test_bread_that_is_left_goes_from_the_list_to_its_taker_without_a_won(clock: Clock) -> None:
    here = hub()
    keeper, producer = client_of(here.keeper), str(here.producer.id)
    opened = {
        "organisation_id": str(here.host.id),
        "title": "남은 빵 나눔",
        "place": "합정동",
        "opens": "2026-05-10T08:00",
        "closes": "2026-05-11T18:00",
        "pickup": "2026-05-12T17:00",
        "pays": "gift",
    }
    send(keeper, f"{HERE}desk/new/", **opened)
    cycle = str(Pool.rows.get(title="남은 빵 나눔").id)
    status, told = check(keeper, cycle, producer, sheet(row("빵", price=1000, **BREAD)))
    assert status == 422
    assert "값 없이 나누는 회차인데 값이 있습니다" in told and "2줄" in told
    status, told = check(keeper, cycle, producer, sheet(row("빵", price="", **BREAD)))
    assert (status, "무료 나눔" in told, "인천·경기" in told) == (200, True, True)
    (name,) = re.findall(r'name="file" value="([0-9a-f]{32})"', told)
    send(keeper, f"{HERE}{cycle}/lists/", step="store", file=name, producer_id=producer)
    bread = str(Pool.rows.get(parent=cycle).id)
    taker = person_with(Role.RESIDENT)  # without an account of any kind
    client = client_of(taker)
    page = send(client, f"{HERE}{cycle}/", shown=[bread], **{f"n_{bread}": "2"})
    basket = page.split("/")[-2]
    shown = text_of(client, page)
    assert "내는 것도 맡아 두는 것도 없습니다" in shown and "0원" not in shown
    assert "nothing is paid and nothing is held" in text_of(client, f"/en{page}")
    step(client, basket, "place")
    clock.at(CLOSED)
    run("exchange.cycle.close", {"cycle_id": cycle}, here.keeper)
    work_off()
    assert "주문은 2개, 있는 것은 5개입니다" in text_of(client, f"{HERE}products/{bread}/")
    move(here.keeper, basket, "pack")
    clock.at(AT_PICKUP)
    move(here.keeper, basket, "hand_over")
    step(client, basket, "hand_over")
    step(client, basket, "claim", product=bread, missing="1")
    move(here.keeper, basket, "resolve", missing=1)
    receipt = text_of(client, f"{page}receipt/")
    assert "무료 나눔" in receipt and "0원" not in receipt
    events = Event.rows.order_by("seq").values_list("label__code", "sign", "qty")
    assert list(events) == [("food.rescued", 1, 600), ("food.rescued", -1, 600),
                            ("food.rescued", 1, 300)]  # fmt: skip
    assert not Transfer.rows.exists()
    treasurer = client_of(person_with(Role.TREASURER, organisation=here.host))
    assert "생산자 대금" not in text_of(treasurer, f"{HERE}{cycle}/")
    assert "값 없이 나누는 회차입니다" in text_of(treasurer, f"{HERE}{cycle}/pay/")
    assert "생산자 대금" not in text_of(keeper, f"{HERE}{cycle}/after/")


def test_what_is_sold_for_nothing_is_told_before_it_is_stored() -> None:
    here = hub()
    keeper = client_of(here.keeper)
    listed = sheet(row("감자"), row("빵", price=0, **BREAD))
    status, told = check(keeper, here.cycle, str(here.producer.id), listed)
    assert status == 422
    assert "값이 0입니다" in told and "'그냥 나눔' 회차에 올려 주세요" in told and "3줄" in told
    assert not Pool.rows.filter(parent=here.cycle).exists()
