"""One cell of each of a thousand rows edited in the database, and rows deleted: all are located.

Each row is edited once, in a column drawn over all that a seal covers, and put back. Edits of one
pass stand in seals that do not touch each other, so that none can hide behind another: what is
found must name each of them, and nothing else but their own and neighbouring seals.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from dure.config.database import SUPERUSER, Server
from dure.core import clock as now
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.models import Seal
from dure.engines import ledger_rows
from dure.ledger.models import Account
from tests.ledger.books import account, book
from tests.ledger.givens import post_rows
from tests.ledger.test_tamper import Sealed

SEALS = 40
A_SEAL = 25
APART = 3  # seals from one edit of a pass to the next
DELETED = 100
# What each column becomes; of the row itself, so that it is always another value.
BODY = {
    "amount": "amount + 1",
    "credit": "CASE credit WHEN {a} THEN {b} ELSE {a} END",
    "debit": "CASE debit WHEN {a} THEN {b} ELSE {a} END",
    "book": "book + 1",
    "unit": "CASE unit WHEN 1 THEN 2 ELSE 1 END",
    "event_date": "event_date - 1",
    "purpose": "purpose || '.'",
    "kind": "(kind + 1) % 7",
    "ref": "coalesce(ref, 0) + 1",
    "lot": "coalesce(lot, 0) + 1",
    "grp": "gen_random_uuid()",
    "expires_at": "coalesce(expires_at, '2030-01-01') + interval '1 microsecond'",
    "body_hash": "sha256(body_hash)",
}
PLACE = {
    "ikey": "gen_random_uuid()",
    "batch": "batch + 1",
    "era": "era + 1",
    "id": "id + 1000000",
}
CELLS = BODY | PLACE
UNSEALED = {
    "recorded_at": "recorded_at + interval '1 second'",
    "audit": "gen_random_uuid()",
    "actor": "gen_random_uuid()",
    "rule_version": "gen_random_uuid()",
}
PUT_BACK = """
DELETE FROM ledger_transfer t WHERE NOT EXISTS (SELECT FROM kept k WHERE k = t);
INSERT INTO ledger_transfer SELECT * FROM kept k
WHERE NOT EXISTS (SELECT FROM ledger_transfer t WHERE t.id = k.id)
"""
UNBOUND = """
DO $$
DECLARE
    v_name text;
BEGIN
    FOR v_name IN SELECT conname FROM pg_constraint
        WHERE conrelid = 'ledger_transfer'::regclass AND contype = 'c' LOOP
        EXECUTE 'ALTER TABLE ledger_transfer DROP CONSTRAINT ' || quote_ident(v_name);
    END LOOP;
    DROP INDEX transfer_hold_ends_once, transfer_reversed_once;
END $$
"""


def written(accounts: list[Account], chance: random.Random) -> None:
    """The rows of one seal: payments, holds, what follows them, a group of two."""

    def row(kind: int = 0, **more: object) -> dict[str, object]:
        debit, credit = chance.sample(accounts, 2)
        plain = {"debit": debit.pk, "credit": credit.pk, "amount": chance.randint(5, 90)}
        end = (now.now() + timedelta(hours=1)).isoformat() if kind == 1 else None
        drawn = {"kind": kind, "purpose": "시험", "expires_at": end}
        return {"ikey": str(uuid4()), **plain, **drawn, **more}

    group = str(uuid4())
    rows = [row() for _ in range(18)] + [row(grp=group) for _ in range(2)]
    rows += [row(1), row(1)]
    ids = post_rows(rows)
    swapped = [
        {"debit": one["credit"], "credit": one["debit"], "amount": one["amount"]} for one in rows
    ]
    same = {key: rows[20][key] for key in ("debit", "credit", "amount")}
    post_rows(
        [
            row(2, ref=ids[20], **same),
            row(5, ref=ids[0], **swapped[0]),
            row(6, ref=ids[1], **{**swapped[1], "amount": 2}),
        ]
    )


@pytest.fixture
def sealed(commits: str, server: Server, tmp_path: Path) -> Iterator[Sealed]:
    chance = random.Random(3)
    within = book()
    accounts = [account(within, lo=None) for _ in range(8)]
    for _ in range(SEALS):
        written(accounts, chance)
        run("ledger.seal.write", {}, Actor.operator())
    with server.connect(SUPERUSER, commits) as admin:
        admin.execute("SET session_replication_role = replica")
        admin.execute(UNBOUND)
        admin.execute("CREATE TABLE kept AS SELECT * FROM ledger_transfer")
        made = Sealed(tmp_path, admin)
        made.ids = [n for (n,) in admin.execute("SELECT id FROM kept ORDER BY id").fetchall()]
        seals = Seal.rows.filter(chain=ledger_rows.CHAIN).order_by("number")
        made.heads = tuple(f"{seal.number}:{bytes(seal.digest).hex()}" for seal in seals)
        yield made


def by_seal(admin: psycopg.Connection) -> dict[int, list[int]]:
    rows = admin.execute(
        "SELECT s.number, array_agg(t.id ORDER BY t.id) FROM core_seal s JOIN ledger_transfer t"
        " ON t.batch >= s.batch_from AND t.batch < s.batch_to WHERE s.chain = 'ledger.seal'"
        " GROUP BY s.number ORDER BY s.number"
    ).fetchall()
    return dict(rows)


def passes(sealed: Sealed, chance: random.Random) -> Iterator[list[tuple[int, int]]]:
    """Every row once: (its seal, its number), a few of distant seals at a time."""
    rows = by_seal(sealed.admin)
    assert {len(found) for found in rows.values()} == {A_SEAL}
    for found in rows.values():
        chance.shuffle(found)
    for number in range(A_SEAL):
        for first in range(1, APART + 1):
            yield [(seal, rows[seal][number]) for seal in range(first, SEALS + 1, APART)]


def edit(sealed: Sealed, row: int, column: str, value: str) -> None:
    a, b = sealed.admin.execute("SELECT min(debit), max(debit) FROM kept").fetchone() or (0, 0)
    value = value.format(a=a, b=b)
    sealed.admin.execute(f"UPDATE ledger_transfer SET {column} = {value} WHERE id = {row}")  # type: ignore[arg-type]  # text of this test


def test_every_edited_cell_is_located(sealed: Sealed) -> None:
    chance = random.Random(11)
    columns = [name for _ in range(SEALS * A_SEAL // len(CELLS) + 1) for name in CELLS]
    chance.shuffle(columns)
    edited: Counter[str] = Counter()
    assert sealed.faults() == set()
    for rows in passes(sealed, chance):
        wanted, may = set(), set()
        for seal, row in rows:
            column = columns.pop()
            edited[column] += 1
            edit(sealed, row, column, CELLS[column])
            place = ("transfer", str(row)) if column in BODY else ("seal", str(seal))
            wanted.add(place)
            may |= {("seal", str(seal + near)) for near in (-1, 0, 1)}
            may |= {("transfer", str(row)), ("transfer", str(row + 1_000_000))}
        found = sealed.faults()
        assert wanted <= found, (wanted - found, found)
        strange = {place for place in found - may if place[0] in ("seal", "file")}
        assert strange == set()
        sealed.admin.execute(PUT_BACK)
    assert edited.total() == SEALS * A_SEAL == 1_000
    assert min(edited.values()) > 40
    assert sealed.faults() == set()


def test_every_deleted_row_is_located(sealed: Sealed) -> None:
    deleted = 0
    for rows in passes(sealed, random.Random(12)):
        ids = [row for _, row in rows]
        sealed.admin.execute("DELETE FROM ledger_transfer WHERE id = ANY (%s)", [ids])
        found = {place for place in sealed.faults() if place[0] == "seal"}
        assert found == {("seal", str(seal)) for seal, _ in rows}
        sealed.admin.execute(PUT_BACK)
        deleted += len(ids)
        if deleted >= DELETED:
            break
    assert sealed.faults() == set()


def test_what_no_seal_covers_is_not_found(sealed: Sealed) -> None:
    """As the page of the export says; the audit's own chain covers who and when."""
    for column, value in UNSEALED.items():
        edit(sealed, sealed.ids[17], column, value)
    assert sealed.faults() == set()


def test_verifier_without_body_hashes_misses_cells(
    sealed: Sealed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Negative control: seals alone do not see what only the body hash covers."""

    class Everything:
        def __ne__(self, other: object) -> bool:
            return False

        __hash__ = None  # type: ignore[assignment]  # it equals everything

    missed = set()
    for rows in passes(sealed, random.Random(13)):
        for (_, row), column in zip(rows, BODY, strict=False):
            with monkeypatch.context() as patched:
                patched.setattr(ledger_rows, "body_hash", lambda body: Everything())
                edit(sealed, row, column, BODY[column])
                if sealed.faults() == set():
                    missed.add(column)
            sealed.admin.execute(PUT_BACK)
        break
    assert missed == {"purpose", "lot", "grp", "expires_at"}
