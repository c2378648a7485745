"""Clearing rounds on pages: proposed by the keeper, looked at and answered, settled, told."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.test import Client

from dure.core.actors import Role
from dure.ledger.models import ClearingRound, SetOff
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.test_clearing import World, a_circle, answer, propose
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture
def world(db: None, clock: Clock) -> World:
    clock.at("2026-06-01T10:00:00+09:00")
    return a_circle()


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return re.sub(r"\s+", " ", response.content.decode())


def at(world: World, proposed: ClearingRound, name: str) -> str:
    return f"/money/clearing/{proposed.pk}/{world.accounts[name].pk}/"


def answered(client: Client, address: str, what: str) -> int:
    return client.post(address, {"key": uuid4().hex, "do": what}).status_code


def test_keeper_proposes_and_settles_what_members_agreed_to(world: World) -> None:
    keeper = client_of(world.treasurer)
    here = f"/treasury/books/{world.money.book_id}/clearing/"
    shown = text_of(keeper, here)
    assert "지역화폐 130원" in shown and "지역화폐 110원" in shown
    made = keeper.post(here, {"key": "p", "unit": "LOCAL"})
    assert made.status_code == 303
    proposed = ClearingRound.rows.get()
    assert made["Location"] == f"/treasury/clearing/{proposed.pk}/"
    assert "지금 답으로는 지울 것이 없습니다" in text_of(keeper, made["Location"])
    for name in ("aa", "bb"):
        assert answered(client_of(world.people[name]), at(world, proposed, name), "agree") == 303
    shown = text_of(keeper, made["Location"])
    assert "지역화폐 20원 지우기" in shown
    assert "답하지 않은 회원의 청구는 빠집니다" in shown
    assert keeper.post(made["Location"], {"key": "s", "do": "settle"}).status_code == 303
    assert sorted(SetOff.rows.values_list("amount", flat=True)) == [10, 10]
    assert "지역화폐 20원 서로 지웠습니다" in text_of(keeper, made["Location"])
    again = keeper.post(made["Location"], {"key": "t", "do": "settle"})
    assert again.status_code == 409


def test_member_sees_her_own_debts_before_and_after(world: World) -> None:
    proposed = propose(world)
    client = client_of(world.people["aa"])
    assert "빚을 서로 지울지 답하기" in text_of(client, "/me/")
    assert "서로 지울 수 있는 빚이 있습니다" in text_of(client, "/money/request/")
    address = at(world, proposed, "aa")
    assert address in text_of(client, "/money/clearing/")
    before = text_of(client, address)
    for words in ("지역화폐 50원 → <b>지역화폐 10원", "bb에게 갚을 것", "cc에게서 받을 것"):
        assert words in before, words
    assert answered(client, address, "agree") == 303
    assert "동의함" in text_of(client, address)
    assert answered(client, address, "leave") == 409
    for name in ("bb", "cc"):
        answer(world, proposed, name)
    keeper = client_of(world.treasurer)
    keeper.post(f"/treasury/clearing/{proposed.pk}/", {"key": "s", "do": "settle"})
    after = text_of(client, f"/en{address}")
    assert "40 community won was cleared" in after
    assert "빚을 서로 지웠습니다" in text_of(client, "/me/")
    assert client.get(f"/money/clearing/{proposed.pk}/")["Location"] == address
    assert answered(client, address, "seen") == 303
    assert "빚을 서로 지웠습니다" not in text_of(client, "/me/")


def test_who_leaves_hers_out_is_told_so(world: World) -> None:
    proposed = propose(world)
    client, address = client_of(world.people["cc"]), at(world, proposed, "cc")
    assert answered(client, address, "leave") == 303
    assert "빼 달라고 함" in text_of(client, address)
    for name in ("aa", "bb"):
        answer(world, proposed, name)
    keeper = client_of(world.treasurer)
    keeper.post(f"/treasury/clearing/{proposed.pk}/", {"key": "s", "do": "settle"})
    assert "빠짐" in text_of(client, "/money/clearing/")


def test_rounds_of_others_are_not_found(world: World) -> None:
    proposed = propose(world)
    other = client_of(world.people["bb"])
    assert other.get(at(world, proposed, "aa")).status_code == 404
    assert other.get(f"/treasury/clearing/{proposed.pk}/").status_code == 404
    elsewhere = people.person_with(Role.TREASURER, organisation=people.organisation("남의조합"))
    stranger = client_of(elsewhere)
    assert stranger.get(f"/treasury/clearing/{proposed.pk}/").status_code == 404
    here = f"/treasury/books/{world.money.book_id}/clearing/"
    assert stranger.get(here).status_code == 404
    assert Client().get(here).status_code == 403
    assert Client().get(at(world, proposed, "aa")).status_code == 403
    resident = client_of(people.person_with(Role.RESIDENT))
    assert "지울 것이 없습니다" in text_of(resident, "/money/clearing/")


def test_late_round_says_that_answers_are_closed(world: World, clock: Clock) -> None:
    proposed = propose(world)
    clock.at("2026-06-08T10:00:00+09:00")
    client = client_of(world.people["aa"])
    shown = text_of(client, at(world, proposed, "aa"))
    assert "답할 날이 지남" in shown and "동의하기" not in shown
    assert answered(client, at(world, proposed, "aa"), "agree") == 409
