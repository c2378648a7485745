"""Cash for the rest of a voucher on its page: what is due, what is missing, for its runners."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from dure.core.actors import Role
from dure.ledger.models import Transfer
from dure.registry.models import Approval
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.programmes import a_runner, member, opened
from tests.ledger.test_cashing import World
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture
def world(clock: Clock) -> World:
    clock.at("2026-06-01T10:00:00+09:00")
    return World()


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return re.sub(r"\s+", " ", response.content.decode())


def test_due_is_shown_and_asked_of_a_second_person(world: World) -> None:
    client = client_of(world.runner.treasurer)
    at = f"/programmes/{world.made.code}/cash/"
    assert at in text_of(client, f"/programmes/{world.made.code}/")
    assert "60.0%" in text_of(client, at)
    found = f"{at}?q={world.account.pk}"
    assert "상품권 6,000원 더 쓰면" in text_of(client, found)
    world.spend(6_000)
    assert "4,000원 돌려주기 요청하기" in text_of(client, found)
    body = {"lot_id": str(world.lot.pk), "account_id": str(world.account.pk), "key": "c"}
    assert client.post(found, body).status_code == 422
    answer = client.post(found, {**body, "key": "d", "reason": "멀리 이사 감"})
    assert answer.status_code == 202
    assert Approval.rows.get().action == "ledger.lot.cash"
    assert Transfer.rows.filter(purpose="lot.cash").count() == 0


def test_vouchers_of_a_neighbour_are_told_apart(world: World) -> None:
    _other, their = member(world.made)
    world.spend(7_000, to=their)
    client = client_of(world.runner.treasurer)
    shown = text_of(client, f"/programmes/{world.made.code}/cash/?q={their.pk}")
    assert "이웃에게서 받은 상품권" in shown and "돌려주기 요청하기" not in shown


def test_page_is_for_who_runs_the_programme(world: World) -> None:
    at = f"/programmes/{world.made.code}/cash/"
    assert Client().get(at).status_code == 403
    assert client_of(world.who).get(at).status_code == 404
    elsewhere = people.person_with(Role.TREASURER, organisation=people.organisation("남의조합"))
    assert client_of(elsewhere).get(at).status_code == 404
    client = client_of(world.runner.treasurer)
    assert "찾지 못했습니다" in text_of(client, f"{at}?q=nobody", 404)


def test_programme_without_the_rule_pays_no_cash(world: World) -> None:
    bank = opened("timebank", a_runner("다솜협동조합"))
    treasurer = people.person_with(Role.TREASURER, organisation=bank.book.organisation)
    shown = text_of(client_of(treasurer), f"/programmes/{bank.code}/cash/")
    assert "현금으로 돌려주는 규칙이 없습니다" in shown
