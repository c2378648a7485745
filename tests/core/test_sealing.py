"""Sealing by snapshot: each line in exactly one seal, and every edit located."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable

import psycopg
import pytest
from django.db import connections

from dure.core import sealing
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.models import AuditLine, Seal, SealHead
from dure.engines.seals import first_digest
from tests.harness.probe import probing

OPERATOR = Actor.operator()
BODY = {"key": "test.one", "words": "두레"}


def seal() -> sealing.SealedBatch:
    batch: sealing.SealedBatch = run(sealing.NAME, {}, OPERATOR).result
    return batch


def test_lines_are_sealed_and_verified(commits: str) -> None:
    with probing():
        for number in range(3):
            run("test.rule.write", {**BODY, "count": number}, OPERATOR)
    waiting = AuditLine.rows.count()
    first = seal()
    assert (first.number, first.rows) == (1, waiting)
    assert SealHead.rows.get(chain=sealing.CHAIN).digest == Seal.rows.get(number=1).digest
    verdict = sealing.verify()
    assert (verdict.is_whole, verdict.seals, verdict.unsealed) == (True, 1, 1)
    assert verdict.head == first.digest != first_digest(sealing.CHAIN).hex()


def test_idle_chain_is_not_sealed_each_minute(commits: str) -> None:
    with probing():
        run("test.rule.write", BODY, OPERATOR)
    assert sealing.is_seal_due()
    seal()
    assert not sealing.is_seal_due()


def test_open_transaction_holds_its_lines_back(
    commits: str, database_as: Callable[..., psycopg.Connection]
) -> None:
    held = database_as("dure_app", commits)
    held.execute("BEGIN")
    held.execute("SELECT pg_current_xact_id()")
    with probing():
        run("test.rule.write", BODY, OPERATOR)
    late = AuditLine.rows.get(action="test.rule.write").batch
    seal()
    assert SealHead.rows.get(chain=sealing.CHAIN).horizon <= late
    held.execute("ROLLBACK")
    seal()
    assert SealHead.rows.get(chain=sealing.CHAIN).horizon > late


@pytest.mark.slow
def test_each_line_is_in_exactly_one_seal_under_eight_writers(commits: str) -> None:
    over = threading.Event()

    def linger(actor: Actor) -> None:
        time.sleep(random.random() / 200)  # commits in another order than it began

    def write(number: int) -> None:
        for i in range(25):
            run("test.rule.write", {"key": f"test.w{number}", "words": str(i)}, OPERATOR)
        connections.close_all()

    def seal_often() -> None:
        while not over.is_set():
            seal()
            time.sleep(0.01)
        connections.close_all()

    with probing(then=linger):
        writers = [threading.Thread(target=write, args=(n,)) for n in range(8)]
        sealer = threading.Thread(target=seal_often)
        sealer.start()
        for thread in writers:
            thread.start()
        for thread in writers:
            thread.join()
        over.set()
        sealer.join()
    seal()
    verdict = sealing.verify()
    assert verdict.faults == ()
    assert AuditLine.rows.filter(action="test.rule.write").count() == 200
    horizon = SealHead.rows.get(chain=sealing.CHAIN).horizon
    sealed = sum(Seal.rows.values_list("row_count", flat=True))
    assert sealed == AuditLine.rows.filter(batch__lt=horizon).count()


def test_edits_of_an_administrator_are_located(
    commits: str, database_as: Callable[..., psycopg.Connection]
) -> None:
    with probing():
        for number in range(5):
            run("test.rule.write", {**BODY, "count": number}, OPERATOR)
    seal()
    victim = AuditLine.rows.filter(action="test.rule.write").order_by("seq")[2]
    owner = database_as("dure_owner", commits)
    owner.execute("ALTER TABLE core_auditline DISABLE TRIGGER USER")
    owner.execute("UPDATE core_auditline SET reason = 'changed' WHERE seq = %s", (victim.seq,))
    assert sealing.verify().faults == (sealing.Fault("line", str(victim.seq)),)
    owner.execute("UPDATE core_auditline SET reason = NULL WHERE seq = %s", (victim.seq,))
    owner.execute("DELETE FROM core_auditline WHERE seq = %s", (victim.seq,))
    assert sealing.verify().faults == (sealing.Fault("seal", "1"),)


def test_rows_without_line_are_named(commits: str) -> None:
    from tests.harness.given import given

    before = sealing.rows_without_line()
    with given() as mark:
        Seal.rows.create(
            chain="t",
            number=1,
            batch_from=0,
            batch_to=1,
            row_count=0,
            digest=bytes(32),
            sealed_at="2026-07-01T00:00:00Z",
            audit=mark,
        )
    found = sealing.rows_without_line()
    assert found["core_seal"] == before.get("core_seal", 0) + 1


def test_nightly_check_tells_what_it_saw(commits: str) -> None:
    with probing():
        run("test.rule.write", BODY, OPERATOR)
    seal()
    told = run(sealing.CHECK, {}, OPERATOR).result
    assert (told.seals, told.faults) == (1, 0)
    newest = sealing.newest_check()
    assert newest is not None
    assert newest[1] == told
