"""What leaves for verifying, on real commits: proofs, a journal; and faults told by part."""

from __future__ import annotations

from hashlib import sha256

import pytest
from django.test import Client

from dure.config.database import SUPERUSER, Server
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.models import AuditLine, ExportRecord
from dure.ledger.models import Transfer
from dure.registry import spool
from tests.harness.people import JONGNO, MAPO, person_with
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


def test_journal_leaves_with_a_reason_a_record_and_a_line(sealed: tuple[World, int]) -> None:
    world, row = sealed
    address, body = f"{AT}journal/", {"do": "journal", "book_id": str(world.book.pk)}
    auditor = auditor_of(world)
    assert auditor.post(address, body).status_code == 422
    assert ExportRecord.rows.count() == 0
    answer = auditor.post(address, {**body, "reason": "반기 감사"})
    assert answer["Content-Disposition"] == f'attachment; filename="book-{world.book.pk}.beancount"'
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # of a stream
    text = content.decode()
    assert str(row) in text
    assert text.count(" * ") == Transfer.rows.filter(book=world.book.pk).count()
    kept = ExportRecord.rows.get()
    assert (kept.kind, kept.format, kept.size) == ("ledger.journal", "beancount", len(content))
    assert kept.sha256 == sha256(content).hexdigest()
    assert kept.row_count == Transfer.rows.filter(book=world.book.pk).count()
    line = AuditLine.rows.get(action="ledger.book.export", outcome="done")
    assert (line.reason, line.object) == ("반기 감사", f"core.export:{kept.pk}")
    assert not any(spool.folder().glob(line.result["file"]))
    assert client_of(world.haneul).post(address, body).status_code == 404
    assert Client().post(address, body).status_code == 403


def test_staff_and_officials_read_no_whole_book(sealed: tuple[World, int]) -> None:
    world, _row = sealed
    body = {"do": "journal", "book_id": str(world.book.pk), "reason": "궁금해서 봄"}
    for actor in (
        person_with(Role.STAFF, organisation=world.place),
        person_with(Role.STAFF, district=MAPO),
        person_with(Role.OFFICIAL, district=MAPO),
        person_with(Role.AUDITOR, district=JONGNO),
    ):
        assert client_of(actor).post(f"{AT}journal/", body).status_code == 404
    assert ExportRecord.rows.count() == 0


def test_auditor_of_a_district_reads_the_books_of_its_organisations(
    sealed: tuple[World, int],
) -> None:
    world, row = sealed
    for role in (Role.AUDITOR, Role.ETHICS):
        client = client_of(person_with(role, district=MAPO))
        assert world.book.name in text_of(client, AT)
        body = {"do": "journal", "book_id": str(world.book.pk), "reason": "구 감사"}
        assert client.post(f"{AT}journal/", {**body, "reason": "자치구 감사"}).status_code == 200
        assert client.get(f"{AT}proof/{row}/").status_code == 200
        book = f"/treasury/books/{world.book.pk}/"
        for address in (book, f"{book}trial/", f"{book}changes/", f"{book}periods/"):
            assert client.get(address).status_code == 200, address
        account = f"/treasury/accounts/{world.haneul_time.pk}/"
        assert client.get(account).status_code == 200
        deed = {"do": "freeze", "reason": "멈춰 보기", "key": "f"}
        assert client.post(account, deed).status_code == 403
        world.haneul_time.refresh_from_db()
        assert world.haneul_time.status == "open"
    far = client_of(person_with(Role.AUDITOR, district=JONGNO))
    assert far.get(f"/treasury/books/{world.book.pk}/").status_code == 404
    assert far.get(f"/treasury/accounts/{world.haneul_time.pk}/").status_code == 404


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
