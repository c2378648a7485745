"""What leaves for verifying, on real commits: proofs, a journal; and faults told by part."""

from __future__ import annotations

from hashlib import sha256

import pytest
from django.test import Client

from dure.config.database import SUPERUSER, Server
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.ledger.models import Transfer
from tests.harness.people import MAPO, person_with
from tests.web.money_world import World, a_world, pay
from tests.web.test_treasury_audit import AT, auditor_of, text_of
from tests.web.walk import client_of

pytestmark = pytest.mark.usefixtures("plain_files")


@pytest.fixture
def sealed(commits: str) -> tuple[World, int]:
    """Real commits, so that there is something below the horizon."""
    world = a_world()
    row = pay(world.haneul, world.haneul_time, world.bada_time, 30, "TIME", "수리")
    run("ledger.seal.write", {}, Actor.operator())
    run("core.heads.publish", {}, Actor.operator())
    return world, row


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
