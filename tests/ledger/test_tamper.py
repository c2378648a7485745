"""What a superuser's hand leaves in the books: an export and a published head name the place."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from dure.config.database import SUPERUSER, Server
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.models import Seal
from dure.engines.ledger_rows import CHAIN
from dure.interfaces.cli.verify_books import verify_books
from dure.ledger.queries import exports
from tests.ledger.books import account, book, fund

SEALS = 4
EDITS = 12
REWRITE = """
UPDATE ledger_transfer t SET body_hash = ledger_body_hash(t.kind, t.book, u.code, t.debit, t.credit,
    t.amount, t.event_date, t.purpose, t.ref, t.grp, t.lot, t.expires_at)
FROM ledger_unit u WHERE u.id = t.unit
"""
RECHAIN = """
DO $$
DECLARE
    v_seal core_seal;
    v_before bytea := sha256('dure.ledger.seal.v1');
BEGIN
    FOR v_seal IN SELECT * FROM core_seal WHERE chain = 'ledger.seal' ORDER BY number LOOP
        SELECT d.digest INTO v_before
        FROM ledger_seal_digest(v_before, v_seal.batch_from, v_seal.batch_to) d;
        UPDATE core_seal SET digest = v_before WHERE id = v_seal.id;
    END LOOP;
END $$
"""


@dataclass
class Sealed:
    """Books whose head was published, and the hand of an administrator in them."""

    folder: Path
    admin: psycopg.Connection
    ids: list[int] = field(default_factory=list)
    heads: tuple[str, ...] = ()  # published, one a seal

    def faults(self, *heads: str) -> set[tuple[str, str]]:
        """Export the books as they stand and verify the export: kinds and places."""
        with exports.snapshot():
            for name, pieces in exports.bundle(Actor.operator()).items():
                (self.folder / name).write_bytes(b"".join(pieces))
        answer = verify_books(self.folder, heads or self.heads, None)
        found: list[dict[str, str]] = answer.facts["faults"]  # type: ignore[assignment]  # of the command
        assert answer.ok == (found == [])
        return {(one["kind"], str(one["place"])) for one in found}

    def seal_of(self, transfer: int) -> str:
        row = self.admin.execute(
            "SELECT s.number FROM core_seal s JOIN ledger_transfer t ON t.batch >= s.batch_from"
            " AND t.batch < s.batch_to WHERE s.chain = 'ledger.seal' AND t.id = %s",
            (transfer,),
        ).fetchone()
        assert row is not None
        return str(row[0])


@pytest.fixture
def sealed(commits: str, server: Server, tmp_path: Path) -> Iterator[Sealed]:
    within = book()
    source = account(within, lo=None, hi=None)
    accounts = [account(within) for _ in range(5)]
    for number in range(SEALS):
        for _ in range(3):
            fund(source, accounts, 100 + number)
        run("ledger.seal.write", {}, Actor.operator())
    admin = server.connect(SUPERUSER, commits)
    admin.execute("SET session_replication_role = replica")  # triggers do not bind a superuser
    made = Sealed(tmp_path, admin)
    found = admin.execute("SELECT id FROM ledger_transfer ORDER BY id").fetchall()
    made.ids = [number for (number,) in found]
    seals = Seal.rows.filter(chain=CHAIN).order_by("number")
    made.heads = tuple(f"{seal.number}:{bytes(seal.digest).hex()}" for seal in seals)
    yield made
    admin.close()


def test_untouched_books_hold(sealed: Sealed) -> None:
    assert len(sealed.ids) == SEALS * 15
    assert sealed.faults() == set()


def test_each_edited_amount_is_named(sealed: Sealed) -> None:
    for number in random.Random(5).sample(sealed.ids, EDITS):
        sealed.admin.execute(
            "UPDATE ledger_transfer SET amount = amount + 1 WHERE id = %s", (number,)
        )
        found = sealed.faults()
        assert any(str(number) == place for _, place in found), (number, found)
        sealed.admin.execute(
            "UPDATE ledger_transfer SET amount = amount - 1 WHERE id = %s", (number,)
        )
    assert sealed.faults() == set()


def test_a_deleted_row_is_named_by_its_seal(sealed: Sealed) -> None:
    number = sealed.ids[len(sealed.ids) // 2]
    seal = sealed.seal_of(number)
    sealed.admin.execute("DELETE FROM ledger_transfer WHERE id = %s", (number,))
    assert ("seal", seal) in sealed.faults()


def test_a_rewritten_batch_is_betrayed_by_the_published_head(sealed: Sealed) -> None:
    """Amounts, body hashes, seals and balances all agree with each other; the head does not."""
    number = sealed.ids[20]
    row = sealed.admin.execute(
        "UPDATE ledger_transfer SET amount = amount + 50 WHERE id = %s RETURNING debit, credit",
        (number,),
    ).fetchone()
    assert row is not None
    sealed.admin.execute(REWRITE)
    sealed.admin.execute(RECHAIN)
    for side, change in zip(row, (-50, 50), strict=True):
        sealed.admin.execute(
            "UPDATE ledger_account SET balance = balance + %s WHERE id = %s", (change, side)
        )
    assert {kind for kind, _ in sealed.faults(sealed.heads[-1])} == {"head"}
    told = sealed.faults()
    assert {kind for kind, _ in told} == {"head"}
    assert min(place for _, place in told) == sealed.seal_of(number)  # those before it stand
    own = sealed.admin.execute(
        "SELECT encode(digest, 'hex') FROM core_seal WHERE chain = 'ledger.seal'"
        " ORDER BY number DESC LIMIT 1"
    ).fetchone()
    assert own is not None
    assert sealed.faults(str(own[0])) == set()  # the control: without the outside head, nothing
