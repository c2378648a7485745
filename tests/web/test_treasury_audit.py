"""The books for an auditor: the light, the heads, the proof of one transfer, a journal."""

from __future__ import annotations

import pytest
from django.test import Client

from dure.core.actions import run
from dure.core.actors import Actor, Role
from tests.harness.clock import Clock
from tests.harness.people import JONGNO, MAPO, person_with
from tests.web.money_world import World, a_world, pay
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]
AT = "/audit/books/"


@pytest.fixture
def world(db: None, clock: Clock) -> World:
    clock.at("2026-11-21T10:00:00+09:00")
    return a_world()


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def auditor_of(world: World) -> Client:
    return client_of(person_with(Role.AUDITOR, organisation=world.place))


def test_page_is_for_those_who_read_the_audit(world: World) -> None:
    for client in (Client(), client_of(world.haneul)):
        assert client.get(AT).status_code == 403
    text = text_of(auditor_of(world), AT)
    assert "마포 시간은행" in text
    assert "아직 검사하지 않았습니다" in text
    assert AT in text_of(auditor_of(world), "/audit/")


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_light_is_that_of_the_last_check(world: World, prefix: str) -> None:
    wide = client_of(person_with(Role.AUDITOR, district=MAPO))
    run("ledger.books.check", {}, Actor.operator())
    text = text_of(wide, prefix + AT)
    assert ("Nothing disagrees" if prefix else "어긋난 곳이 없습니다") in text
    assert text.count("<h1") == 1


def test_asking_for_a_number_leads_to_its_proof(world: World) -> None:
    client = auditor_of(world)
    assert client.get(AT + "?transfer=12")["Location"].endswith("/audit/books/proof/12/")
    for odd in ("１２", "1_0", "-1", "0", "9" * 30):
        assert text_of(client, f"{AT}?transfer={odd}", 422).count('role="alert"') == 1


def test_proof_waits_for_a_seal_and_is_of_ones_own_books(world: World) -> None:
    row = pay(world.haneul, world.haneul_time, world.bada_time, 30, "TIME", "수리")
    assert "아직 봉인을 기다립니다" in text_of(auditor_of(world), f"{AT}proof/{row}/")
    stranger = client_of(person_with(Role.AUDITOR, district=JONGNO))
    for tail in ("", "proof.txt"):
        assert stranger.get(f"{AT}proof/{row}/{tail}").status_code == 404
        assert Client().get(f"{AT}proof/{row}/{tail}").status_code == 403
        assert auditor_of(world).get(f"{AT}proof/{10**18}/{tail}").status_code == 404
