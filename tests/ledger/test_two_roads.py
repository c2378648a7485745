"""The same mixed operations as batches and row by row: equal balances, to the unit."""

from __future__ import annotations

import json
import random
from uuid import UUID, uuid5

import psycopg
import pytest

from dure.config.database import SUPERUSER, Server
from dure.ledger.models import Account
from tests.harness.torture import size
from tests.ledger.books import account, book, fund, mark
from tests.ledger.invariants import broken

OPERATIONS = 100_000
OPERATIONS_TORTURE = 1_000_000
BATCH = 1_000
ROWS_AT_ONCE = 50
ACCOUNTS = 40
NAMES = UUID(int=7)
# One posting a row, in a loop of the server: the row path without the round trips.
ROWS = """
DO $$
DECLARE
    v_row jsonb;
BEGIN
    FOR v_row IN SELECT jsonb_array_elements(current_setting('dure.rows')::jsonb) LOOP
        PERFORM ledger_post(jsonb_build_array(v_row));
    END LOOP;
END $$
"""


def drawn(count: int, seed: int) -> list[dict[str, object]]:
    """Payments, holds and their ends over accounts 0 to 39; a follower names an earlier hold."""
    chance = random.Random(seed)
    rows: list[dict[str, object]] = []
    holds: list[int] = []
    for number in range(count):
        draw = chance.random()
        if draw < 0.1 and holds and holds[0] < number - number % BATCH:
            of = holds.pop(0)
            row = {**rows[of], "kind": chance.choice([2, 3]), "of": of}
            row.pop("expires_at")
            rows.append(row)
            continue
        debit, credit = chance.sample(range(ACCOUNTS), 2)
        row = {"debit": debit, "credit": credit, "amount": chance.randint(1, 500), "kind": 0}
        if draw < 0.25:
            row |= {"kind": 1, "expires_at": "2099-01-01T00:00:00Z"}
            holds.append(number)
        rows.append(row)
    return rows


def posted(
    connection: psycopg.Connection,
    rows: list[dict[str, object]],
    accounts: list[Account],
    *,
    one: bool,
) -> None:
    """Post rows in pieces of a thousand: each as one statement, or row by row."""
    ids: dict[int, int] = {}
    seen = accounts[0].pk
    for start in range(0, len(rows), BATCH):
        piece = []
        for number, row in enumerate(rows[start : start + BATCH], start):
            plain = {name: value for name, value in row.items() if name != "of"}
            plain |= {
                "ikey": str(uuid5(NAMES, f"{seen} {number}")),
                "debit": accounts[int(str(row["debit"]))].pk,
                "credit": accounts[int(str(row["credit"]))].pk,
                "purpose": "two roads",
            }
            if "of" in row:
                plain["ref"] = ids[int(str(row["of"]))]
            piece.append(plain)
        with connection.transaction():
            mark(connection)
            if one:
                connection.execute("SELECT set_config('dure.rows', %s, true)", (json.dumps(piece),))
                connection.execute(ROWS)
            else:
                connection.execute("SELECT ledger_post(%s::jsonb)", (json.dumps(piece),))
            keys = [row["ikey"] for row in piece]
            found = connection.execute(
                "SELECT ikey::text, id FROM ledger_transfer WHERE ikey = ANY (%s::uuid[])", (keys,)
            )
            numbers = dict(found.fetchall())
        ids |= {start + place: numbers[key] for place, key in enumerate(keys)}


def test_batches_and_rows_give_equal_balances(
    commits: str, server: Server, request: pytest.FixtureRequest
) -> None:
    count = size(request.config, OPERATIONS, OPERATIONS_TORTURE)
    rows = drawn(count, 3)
    told = []
    for one in (False, True):
        within = book(f"길 {one}")
        source = account(within, lo=None, hi=None)
        accounts = [account(within, lo=-(10**9)) for _ in range(ACCOUNTS)]
        fund(source, accounts, 10**6)
        with server.connect("dure_app", commits) as connection:
            connection.execute("SET synchronous_commit = off")
            posted(connection, rows, accounts, one=one)
        stand = Account.rows.filter(pk__in=[a.pk for a in accounts]).order_by("pk")
        told.append(list(stand.values_list("balance", "held_out", "held_in")))
    assert told[0] == told[1]
    assert sum(balance for balance, _, _ in told[0]) == ACCOUNTS * 10**6
    assert any(held for _, held, _ in told[0])
    with server.connect(SUPERUSER, commits) as seeing:
        assert broken(seeing) == {}
