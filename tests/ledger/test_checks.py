"""check_books: clean when clean, and every planted fault named at its place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from uuid import uuid4

import psycopg
import pytest
from django.db import DatabaseError, connection

from dure.config.database import SUPERUSER, Server
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.models import Seal
from dure.engines.ledger_rows import first_digest
from dure.interfaces.cli.books import check_books as command
from dure.ledger.models import Account, Transfer
from dure.ledger.queries import checks, proof
from tests.ledger.givens import a_book, a_transfer, an_account, an_issuer

SEALER = Actor.timer("ledger.seal.write")


@pytest.fixture
def paid(commits: None) -> dict[str, int]:
    """Two payments, an open hold and a settled one, all sealed; really committed."""
    book = a_book()
    issuer, one = an_issuer(book), an_account(book)
    other = an_account(book, lo=-100)
    named = {"issuer": issuer.pk, "one": one.pk, "other": other.pk}
    named["first"] = a_transfer(issuer, one, 60)
    named["second"] = a_transfer(one, other, 20)
    named["hold"] = a_transfer(one, other, 5, kind=1)
    settled = a_transfer(one, other, 9, kind=1)
    named["settle"] = a_transfer(one, other, 4, kind=2, ref=settled)
    run("ledger.seal.write", {}, SEALER)
    return named


def tamper(server: Server, *statements: str) -> None:
    """What somebody with the rights of a superuser does, past triggers."""
    name = connection.settings_dict["NAME"]
    with server.connect(SUPERUSER, name) as admin:
        admin.execute("SET session_replication_role = replica")
        for statement in statements:
            admin.execute(statement)


def places() -> set[tuple[str, str]]:
    return {(fault.fault, fault.place) for fault in checks.check_books().faults}


def test_clean_books_are_clean(paid: dict[str, int]) -> None:
    assert places() == set()
    answer = command(hashes=True)
    assert (answer.ok, answer.facts["transfers"]) == (True, 5)
    seal = Seal.rows.get(chain="ledger.seal")
    assert (seal.number, seal.row_count) == (1, 5)


Plant = Callable[[dict[str, int]], tuple[str, set[tuple[str, str]]]]
PLANTS: dict[str, Plant] = {
    "amount": lambda p: (
        f"UPDATE ledger_transfer SET amount = 21 WHERE id = {p['second']}",
        {
            ("balance", f"account {p['one']}"),
            ("balance", f"account {p['other']}"),
            ("body", f"transfer {p['second']}"),
            ("seal", "seal 1"),
        },
    ),
    "purpose": lambda p: (
        f"UPDATE ledger_transfer SET purpose = '다른 말' WHERE id = {p['second']}",
        {("body", f"transfer {p['second']}")},
    ),
    "deleted": lambda p: (
        f"DELETE FROM ledger_transfer WHERE id = {p['hold']}",
        {
            ("held", f"account {p['one']}"),
            ("held", f"account {p['other']}"),
            ("seal", "seal 1"),
        },
    ),
    "balance": lambda p: (
        f"UPDATE ledger_account SET balance = balance + 1 WHERE id = {p['one']}",
        {("balance", f"account {p['one']}"), ("sum", "book {book} TIME")},
    ),
    "limit": lambda p: (
        f"UPDATE ledger_account SET lo = -50 WHERE id = {p['one']}",
        {("limit", f"account {p['one']}")},
    ),
    "ref": lambda p: (
        f"UPDATE ledger_transfer SET ref = {p['first']} WHERE id = {p['settle']}",
        {
            ("ref", f"transfer {p['settle']}"),
            ("body", f"transfer {p['settle']}"),
            ("held", f"account {p['one']}"),
            ("held", f"account {p['other']}"),
            ("seal", "seal 1"),
        },
    ),
    "key": lambda p: (
        f"UPDATE ledger_transfer SET ikey = '{uuid4()}' WHERE id = {p['first']}",
        {("seal", "seal 1")},
    ),
    "head": lambda p: (
        "UPDATE core_sealhead SET digest = sha256('x') WHERE chain = 'ledger.seal'",
        {("head", "head")},
    ),
    "seal": lambda p: (
        "DELETE FROM core_seal WHERE chain = 'ledger.seal'",
        {("head", "head")},
    ),
}


@pytest.mark.parametrize("plant", PLANTS)
def test_each_planted_fault_is_named(plant: str, paid: dict[str, int], server: Server) -> None:
    statement, wanted = PLANTS[plant](paid)
    tamper(server, statement)
    book = Account.rows.get(pk=paid["one"]).book_id
    assert places() == {(fault, place.format(book=book)) for fault, place in wanted}
    assert command(hashes=True).show(as_json=True) == 1


def test_row_put_in_by_hand_is_in_no_seal(paid: dict[str, int], server: Server) -> None:
    tamper(
        server,
        "INSERT INTO ledger_transfer (batch, book, debit, credit, amount, event_date, kind, unit,"
        " ikey, audit, body_hash, purpose, recorded_at, era)"
        " SELECT batch, book, debit, credit, amount, event_date, kind, unit, gen_random_uuid(),"
        " audit, body_hash, purpose, recorded_at, era FROM ledger_transfer"
        f" WHERE id = {paid['first']}",
    )
    assert ("seal", "seal 1") in places()


def test_row_of_a_later_moment_waits_for_the_next_seal(paid: dict[str, int]) -> None:
    one, other = Account.rows.get(pk=paid["one"]), Account.rows.get(pk=paid["other"])
    a_transfer(one, other, 1)
    assert places() == set()
    run("ledger.seal.write", {}, SEALER)
    assert list(Seal.rows.filter(chain="ledger.seal").values_list("row_count", flat=True)) == [5, 1]
    assert places() == set()


def test_inclusion_is_computed_by_anyone(paid: dict[str, int]) -> None:
    shown = proof.inclusion(Actor.operator(), str(paid["second"]))
    assert (shown.holds, shown.seal, shown.place, shown.row_count) == (True, 1, 1, 5)
    assert shown.previous == first_digest().hex()
    parts = (shown.previous, shown.before, shown.row, shown.after)
    joined = b"".join(bytes.fromhex(part or "") for part in parts)
    assert hashlib.sha256(joined).hexdigest() == shown.digest
    assert hashlib.sha256(shown.body.encode()).hexdigest() == shown.body_hash
    assert json.loads(shown.body)["amount"] == 20


def test_inclusion_of_an_edited_row_does_not_hold(paid: dict[str, int], server: Server) -> None:
    tamper(server, f"UPDATE ledger_transfer SET amount = 21 WHERE id = {paid['second']}")
    assert not proof.inclusion(Actor.operator(), str(paid["second"])).holds


def test_app_edits_nothing(paid: dict[str, int]) -> None:
    for statement in (
        "UPDATE ledger_transfer SET amount = 1",
        "DELETE FROM ledger_transfer",
        "TRUNCATE ledger_transfer",
        "UPDATE ledger_account SET balance = 0",
        "UPDATE ledger_account SET held_out = 0",
        "UPDATE ledger_account SET lo = -1",
        "UPDATE ledger_account SET hi = 1",
        "UPDATE ledger_book SET closed_through = NULL",
        "INSERT INTO ledger_limitchange (account_id) VALUES (1)",
        "INSERT INTO ledger_period (book_id) VALUES (1)",
    ):
        with (
            pytest.raises(DatabaseError, match="permission denied") as caught,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
        assert isinstance(caught.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_owner_edits_no_transfer_either(paid: dict[str, int], server: Server) -> None:
    name = connection.settings_dict["NAME"]
    for statement in (
        "UPDATE ledger_transfer SET amount = 1",
        "DELETE FROM ledger_transfer",
        "TRUNCATE ledger_transfer CASCADE",
    ):
        with server.connect("dure_owner", name) as owner:
            owner.execute(
                "SELECT set_config('dure.action', 'x@' || pg_current_xact_id()::text, false)"
            )
            owner.execute("BEGIN")
            with pytest.raises(psycopg.errors.RaiseException):
                owner.execute(statement)
            owner.execute("ROLLBACK")
    assert Transfer.rows.count() == 5
