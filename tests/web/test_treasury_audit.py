"""The books for an auditor: the light, the heads, the proof of one transfer, a journal."""

from __future__ import annotations

from hashlib import sha256

import pytest
from django.test import Client

from dure.config.database import SUPERUSER, Server
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.ledger.models import Transfer
from tests.harness.clock import Clock
from tests.harness.people import MAPO, person_with
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
    stranger = client_of(person_with(Role.AUDITOR, district=MAPO))
    for tail in ("", "proof.txt"):
        assert stranger.get(f"{AT}proof/{row}/{tail}").status_code == 404
        assert Client().get(f"{AT}proof/{row}/{tail}").status_code == 403
        assert auditor_of(world).get(f"{AT}proof/{10**18}/{tail}").status_code == 404


@pytest.fixture
def sealed(commits: str) -> tuple[World, int]:
    """Real commits, so that there is something below the horizon."""
    world = a_world()
    row = pay(world.haneul, world.haneul_time, world.bada_time, 30, "TIME", "수리")
    run("ledger.seal.write", {}, Actor.operator())
    run("core.heads.publish", {}, Actor.operator())
    return world, row


@pytest.mark.django_db(transaction=True)
def test_proof_file_computes_to_the_published_head(sealed: tuple[World, int]) -> None:
    world, row = sealed
    client = auditor_of(world)
    assert "그대로 들어 있습니다" in text_of(client, f"{AT}proof/{row}/")
    told = dict(
        line.split(": ", 1)
        for line in text_of(client, f"{AT}proof/{row}/proof.txt").splitlines()
        if ": " in line and not line.startswith("#")
    )
    assert sha256(told["body"].encode()).hexdigest() == told["body_hash"]
    assert bytes.fromhex(told["row"])[34:66].hex() == told["body_hash"]
    whole = "".join(told.get(name, "") for name in ("previous", "before", "row", "after"))
    assert sha256(bytes.fromhex(whole)).hexdigest() == told["digest"]
    assert told["published"].split()[-1] == told["digest"]
    text = text_of(client, AT)
    assert f"dure verify books --head {told['digest']}" in text


@pytest.mark.django_db(transaction=True)
def test_journal_leaves_for_who_keeps_the_book(sealed: tuple[World, int]) -> None:
    world, row = sealed
    address = f"{AT}{world.book.pk}/journal.beancount"
    answer = auditor_of(world).get(address)
    assert answer["Content-Disposition"] == f'attachment; filename="book-{world.book.pk}.beancount"'
    text = b"".join(answer.streaming_content).decode()  # type: ignore[attr-defined]  # of a stream
    assert f'id: "{row}"' in text or str(row) in text
    assert text.count(" * ") == Transfer.rows.filter(book=world.book.pk).count()
    assert client_of(world.haneul).get(address).status_code == 404
    assert Client().get(address).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_faults_are_told_by_part_to_who_may_read_every_line(
    sealed: tuple[World, int], commits: str, server: Server
) -> None:
    world, _row = sealed
    number = world.haneul_time.pk
    with server.connect(SUPERUSER, commits) as root:
        root.execute("SET session_replication_role = replica")
        root.execute("UPDATE ledger_account SET balance = balance + 7 WHERE id = %s", [number])
    run("ledger.books.check", {}, Actor.operator())
    wide = text_of(client_of(person_with(Role.AUDITOR, district=MAPO)), AT)
    assert "장부에 어긋난 곳이" in wide
    assert f"account {number}" in wide
    narrow = text_of(auditor_of(world), AT)
    assert "장부에 어긋난 곳이" in narrow
    assert f"account {number}" not in narrow
