"""A payment looks its accounts up by number, on tables of which the database knows nothing yet."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import uuid4

import psycopg
import pytest
from django.db import connection

from dure.config.database import SUPERUSER, Server
from dure.core.actions import run
from dure.core.actors import Actor, Role
from tests.harness import people
from tests.harness.given import given
from tests.ledger.books import account, book
from tests.ledger.mutants import APPLY, Mutant

ACCOUNTS = 1_000
PAYMENTS = 8  # the last ones run by the plan that is kept
LOOKED_AT_MAX = 20  # rows of accounts a payment; fewer than ten are enough
READ = (
    "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_user_tables WHERE relname = 'ledger_account'"
)
FORGET = """
SELECT pg_clear_relation_stats('public', 'ledger_account'),
    pg_clear_attribute_stats('public', 'ledger_account', attname, false)
FROM pg_attribute WHERE attrelid = 'ledger_account'::regclass AND attnum > 0 AND NOT attisdropped
"""
PAIR = "a.id IN (v_debit, v_credit)"
FAULT = Mutant("the lot is asked for apart", ((APPLY, PAIR, f"{PAIR} AND a.lot IS NULL"),))


@dataclass(frozen=True, slots=True)
class World:
    payer: Actor
    accounts: list[int]
    seeing: psycopg.Connection

    def pay(self, short: bool) -> None:
        debit, credit = random.Random(uuid4().int).sample(self.accounts, 2)
        if short:
            body = {"debit": str(debit), "credit": str(credit), "amount": 1, "unit": "TIME"}
            run("ledger.transfer.post", {**body, "purpose": "p"}, self.payer, key=str(uuid4()))
            return
        row = {"ikey": str(uuid4()), "debit": debit, "credit": credit, "amount": 1, "purpose": "p"}
        with given(), connection.cursor() as cursor:
            cursor.execute("SELECT ledger_post(jsonb_build_array(%s::jsonb))", [json.dumps(row)])

    def looked_at(self, short: bool) -> float:
        """Rows of accounts read for one payment."""
        began = self._read()
        for _ in range(PAYMENTS):
            self.pay(short)
        return (self._read() - began) / PAYMENTS

    def _read(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_force_next_flush()")
        row = self.seeing.execute(READ).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture
def world(commits: str, server: Server) -> Iterator[World]:
    payer = people.person_with(Role.RESIDENT)
    within = book()
    account(within)
    with given() as audit, connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO ledger_account (book, unit, type, status, label, opened_at, audit,"
            " balance, held_out, held_in, owner_person) SELECT book, unit, type, status, label,"
            " opened_at, %s, 0, 0, 0, %s FROM ledger_account, generate_series(1, %s)"
            " RETURNING id",
            [audit, payer.id, ACCOUNTS],
        )
        numbers = [number for (number,) in cursor.fetchall()]
    with server.connect(SUPERUSER, commits) as seeing:
        seeing.execute("SET session_replication_role = replica")  # no action, no trigger
        seeing.execute("UPDATE ledger_account SET lo = -1000000")
        seeing.execute("RESET session_replication_role")
        seeing.execute(FORGET)
        yield World(payer, numbers, seeing)


@pytest.mark.parametrize("short", [False, True], ids=["function", "one-statement"])
def test_a_payment_reads_few_accounts(world: World, short: bool) -> None:
    assert world.looked_at(short) < LOOKED_AT_MAX


def test_a_plan_by_another_index_is_seen(world: World) -> None:
    FAULT.plant(world.seeing)
    assert world.looked_at(short=False) > ACCOUNTS / 2
