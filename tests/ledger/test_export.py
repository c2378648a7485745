"""The books on their way out: whole, verified, balanced by a public tool, and tampering located."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from beancount import loader

from dure.config.database import SUPERUSER, Server
from dure.core import clock
from dure.core.actions import run
from dure.core.actors import Actor, Role
from dure.core.door import load_grants
from dure.core.errors import Refusal
from dure.core.models import Seal
from dure.engines.ledger_rows import CHAIN
from dure.interfaces.cli.main import main as dure
from dure.ledger.queries import exports
from tests.harness import people
from tests.ledger.givens import a_transfer
from tests.ledger.test_two_people import House, close


def seal() -> str:
    run("ledger.seal.write", {}, Actor.operator())
    return bytes(Seal.rows.filter(chain=CHAIN).latest("number").digest).hex()


def filled(house: House) -> list[int]:
    """Payments with odd purposes, a hold that is settled and one that is open, a closed period."""
    yesterday = clock.today() - timedelta(days=1)
    ids = [a_transfer(house.issuer, house.wallet, 700, event_date=yesterday)]
    purposes = ('"돌봄" \\ 방문', "=1+1", "; * { #tag", "e\u0301", "🍚")
    ids += [a_transfer(house.wallet, house.fund, 10, purpose=purpose) for purpose in purposes]
    hold = a_transfer(house.wallet, house.fund, 40, kind=1)
    ids += [hold, a_transfer(house.wallet, house.fund, 25, kind=2, ref=hold)]
    ids.append(a_transfer(house.wallet, house.fund, 5, kind=1))
    body = {"book_id": str(house.book.pk), "to": yesterday.isoformat()}
    with pytest.raises(Refusal, match=r"core\.second_person"):
        run("ledger.period.close", body, house.treasurer)
    close(house, body)
    return ids


def export(folder: Path, *more: str) -> Path:
    assert dure(["export", "books", "--output", str(folder), *more]) == 0
    return folder


def test_books_leave_whole_and_every_edit_is_located(
    commits: str, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = House()
    ids = filled(house)
    first = seal()
    later = [a_transfer(house.fund, house.wallet, 1) for _ in range(3)]
    head = seal()

    whole = export(tmp_path / "whole", "--packed")
    assert dure(["verify", "books", "--head", head, "--head", f"1:{first}", str(whole)]) == 0
    assert "2 published heads are equal" in capsys.readouterr().out
    journal = (whole / f"book-{house.book.pk}.beancount").read_text()
    entries, errors, _options = loader.load_string(journal)
    assert errors == []
    kinds = [type(entry).__name__ for entry in entries]
    assert (kinds.count("Transaction"), kinds.count("Balance")) == (10, 3)

    with server.connect(SUPERUSER, commits) as root:
        root.execute("SET session_replication_role = replica")
        root.execute("UPDATE ledger_transfer SET amount = 11 WHERE id = %s", [ids[1]])
        root.execute("DELETE FROM ledger_transfer WHERE id = %s", [later[1]])
    assert dure(["verify", "books", "--head", head, str(export(tmp_path / "edited"))]) == 1
    told = capsys.readouterr().err
    assert f"transfer {ids[1]}: its columns do not give its body hash" in told
    assert f"seal 1: transfers {ids[1]} were edited" in told
    assert "seal 2: 1 of its 3 rows missing" in told
    assert f"numbers {later[1]}" in told
    assert (
        loader.load_string((tmp_path / "edited" / f"book-{house.book.pk}.beancount").read_text())[1]
        == []
    )  # a journal proves no edit: both sides of a row are one number


def test_batch_rewritten_with_all_its_hashes_shows_at_the_published_head(
    commits: str, server: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    house = House()
    a_transfer(house.issuer, house.wallet, 700)
    first = seal()
    number = a_transfer(house.issuer, house.wallet, 300)
    head = seal()
    with server.connect(SUPERUSER, commits) as root:
        root.execute("SET session_replication_role = replica")
        root.execute("UPDATE ledger_transfer SET amount = 400 WHERE id = %s", [number])
        root.execute(
            "UPDATE ledger_account SET balance = balance + CASE id WHEN %s THEN 100 ELSE -100 END"
            " WHERE id IN (%s, %s)",
            [house.wallet.pk, house.wallet.pk, house.issuer.pk],
        )
        root.execute(
            "UPDATE ledger_transfer t SET body_hash = ledger_body_hash(t.kind, t.book, u.code,"
            " t.debit, t.credit, t.amount, t.event_date, t.purpose, t.ref, t.grp, t.lot,"
            " t.expires_at) FROM ledger_unit u WHERE u.id = t.unit AND t.id = %s",
            [number],
        )
        root.execute(
            "UPDATE core_seal s SET digest = (ledger_seal_digest(p.digest, s.batch_from,"
            " s.batch_to)).digest FROM core_seal p"
            " WHERE s.chain = %s AND p.chain = s.chain AND s.number = 2 AND p.number = 1",
            [CHAIN],
        )
    folder = str(export(tmp_path / "books"))
    assert dure(["verify", "books", folder]) == 0
    assert dure(["verify", "books", "--head", f"1:{first}", "--head", f"2:{head}", folder]) == 1
    assert "head 2: seals 2 to 2 were written anew" in capsys.readouterr().err


def test_journal_is_for_who_keeps_the_book_and_the_bundle_for_the_operator(db: None) -> None:
    house = House()
    a_transfer(house.issuer, house.wallet, 700)
    auditor = load_grants(house.auditor, clock.now())
    assert exports.books(auditor) == (str(house.book.pk),)
    assert "700 KRW" in "".join(exports.journal(auditor, str(house.book.pk)))
    stranger = load_grants(people.person_with(Role.TREASURER), clock.now())
    for actor in (stranger, load_grants(house.member, clock.now())):
        assert exports.books(actor) == ()
        with pytest.raises(Refusal, match=r"core\.not_found"):
            exports.journal(actor, str(house.book.pk))
    with pytest.raises(Refusal, match=r"core\.not_found"):
        exports.bundle(auditor)


def test_row_posted_while_a_journal_is_read_is_not_half_in_it(db: None) -> None:
    house = House()
    a_transfer(house.issuer, house.wallet, 700)
    pieces = exports.journal(load_grants(house.auditor, clock.now()), str(house.book.pk))
    a_transfer(house.issuer, house.wallet, 55)
    assert "55 KRW" not in "".join(pieces)
