"""Reconciling on pages: a file in, another person confirms, waives, undoes; differences told."""

from __future__ import annotations

import re
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from dure.core.actors import Role
from dure.ledger.models import Match, StatementLine
from tests.harness import people
from tests.harness.clock import Clock
from tests.ledger.test_reconciling import GOOD, World, file
from tests.web.walk import client_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("plain_files")]


@pytest.fixture
def world(db: None, clock: Clock) -> World:
    clock.at("2026-06-05T10:00:00+09:00")
    return World()


@pytest.fixture
def at(world: World) -> str:
    return f"/treasury/books/{world.book.pk}/reconcile/{world.bank.pk}/"


def text_of(client: Client, address: str, status: int = 200) -> str:
    response = client.get(address)
    assert response.status_code == status, address
    return response.content.decode()


def bring(client: Client, at: str, content: bytes) -> str:
    sent = {"do": "import", "content": SimpleUploadedFile("b.csv", content), "key": str(uuid4())}
    answer = client.post(at, sent)
    assert answer.status_code == 303, answer.content.decode()
    return str(answer["Location"])


def line(ref: str) -> str:
    return str(StatementLine.rows.get(external_ref=ref).pk)


def test_pages_are_for_who_keeps_the_book(world: World, at: str) -> None:
    client = client_of(world.importer)
    index = f"/treasury/books/{world.book.pk}/reconcile/"
    assert at in text_of(client, index)
    assert "아직 견줄 은행 잔액이 없습니다" in text_of(client, at)
    stranger = people.person_with(Role.TREASURER, organisation=people.organisation("남의조합"))
    for address in (index, at, f"{at}waive/1/", f"{at}undo/1/"):
        assert client_of(stranger).get(address).status_code == 404
        assert Client().get(address).status_code == 403
    assert client.get(f"{index}{world.fund.pk + 99}/").status_code == 404


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_file_comes_in_once_and_is_told(world: World, at: str, prefix: str) -> None:
    client = client_of(world.importer)
    told = text_of(client, bring(client, prefix + at, file(*GOOD)))
    assert ("3 new of 3 lines" if prefix else "은행 줄 3건 가운데 새 줄 3건") in told
    assert told.count("<h1") == 1
    again = text_of(client, bring(client, prefix + at, file(*GOOD)))
    assert ("nothing is added" if prefix else "더하지 않았습니다") in again
    assert ("You brought this in" if prefix else "내가 올린 줄입니다") in again
    assert 'value="pair"' not in again, "who brought it in confirms nothing"


def test_another_person_confirms_waives_and_undoes(world: World, at: str) -> None:
    bring(client_of(world.importer), at, file(*GOOD))
    client = client_of(world.other)
    text = text_of(client, at)
    assert text.count('value="pair"') == 2
    pair = {
        "do": "pair",
        "line_ids": line("B1"),
        "transfer_ids": str(world.rows[0]),
        "key": str(uuid4()),
    }
    assert client.post(at, pair).status_code == 303
    assert client.post(at, pair).status_code == 303, "the same key is the same match"
    assert Match.rows.filter(state="confirmed").count() == 1
    waive = f"{at}waive/{line('B3')}/"
    assert client.post(waive, {"reason": "", "key": str(uuid4())}).status_code == 422
    assert (
        client.post(waive, {"reason": "은행 수수료 면제 예정", "key": str(uuid4())}).status_code
        == 303
    )
    shown = text_of(client, at)
    assert "은행 수수료 면제 예정" in shown
    undo = f"{at}undo/{line('B1')}/"
    assert text_of(client, undo).count("<h1") == 1
    assert client.post(undo, {"reason": "다른 줄이었음", "key": str(uuid4())}).status_code == 303
    assert text_of(client, at).count('value="pair"') == 2


def test_unequal_sums_are_refused_by_hand(world: World, at: str) -> None:
    bring(client_of(world.importer), at, file(*GOOD))
    sent = {"do": "hand", "line_ids": line("B2"), "transfer_ids": str(world.rows[2])}
    answer = client_of(world.other).post(at, {**sent, "key": str(uuid4())})
    assert answer.status_code == 409
    assert "금액이 맞지 않거나" in answer.content.decode()
    sent = {"do": "hand", "line_ids": line("B2"), "transfer_ids": str(world.rows[1])}
    answer = client_of(world.importer).post(at, {**sent, "key": str(uuid4())})
    assert "올린 사람이 스스로 확인할 수 없습니다" in answer.content.decode()


def test_difference_is_explained_to_the_won(world: World, at: str) -> None:
    client = client_of(world.importer)
    bring(client, at, file(*GOOD))
    text = re.sub(r"\s+", " ", text_of(client, at))
    assert "차이가 모두 설명됩니다" in text
    for words in ("699,500원", "+650,000원", "+699,500원", "650,000원"):
        assert words in text


@pytest.mark.parametrize("amount", ["0.5", "1_0", "１２", "NaN", "100000000000000000000"])
def test_hostile_line_refuses_the_file(world: World, at: str, amount: str) -> None:
    content = file(*GOOD, f"2026-06-05,x,,{amount},,B9")
    sent = {"do": "import", "content": SimpleUploadedFile("b.csv", content)}
    answer = client_of(world.importer).post(at, sent)
    assert answer.status_code == 422
    assert "5번째 줄" in answer.content.decode()
    assert client_of(world.importer).post(at, {"do": "import"}).status_code == 422
    assert not StatementLine.rows.exists()
