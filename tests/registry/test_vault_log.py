"""The access log in a sealed chain: an edit by the vault's own role is located."""

from __future__ import annotations

from uuid import UUID, uuid4

import psycopg
import pytest

from dure.config.database import SUPERUSER, Server
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.models import AuditLine
from dure.registry import vault
from dure.registry.queries.access_log import (
    CHECK,
    LogChecked,
    newest_log_check,
    verify_access_log,
)

STAFF = Actor.person(UUID(int=7), origin="test")
TIMER = Actor.timer("registry.vault")


def kept(count: int) -> None:
    for _ in range(count):
        entry = vault.Entry(uuid4(), {"name": "홍길동"})
        vault.store(entry, actor=STAFF, purpose="account")


@pytest.fixture
def insider(commits: str, server: Server) -> psycopg.Connection:
    """Somebody with the machine's shell, who lays the triggers to sleep."""
    with server.connect(SUPERUSER, commits) as shell:
        shell.execute("SET session_replication_role = replica")
        yield shell


def test_sealed_log_is_whole(commits: str) -> None:
    kept(3)
    assert run("registry.vault.seal", {}, TIMER).result.row_count == 3
    kept(2)
    second = run("registry.vault.seal", {}, TIMER).result
    assert (second.number, second.row_count) == (2, 2)
    assert run("registry.vault.seal", {}, TIMER).result.number == 0
    assert verify_access_log().is_whole


def test_edited_row_is_located(insider: psycopg.Connection) -> None:
    kept(3)
    run("registry.vault.seal", {}, TIMER)
    insider.execute("UPDATE vault.access_log SET purpose = 'care' WHERE seq = 2")
    assert verify_access_log().broken_rows == (2,)


def test_removed_row_breaks_its_seal(insider: psycopg.Connection) -> None:
    kept(2)
    run("registry.vault.seal", {}, TIMER)
    kept(2)
    run("registry.vault.seal", {}, TIMER)
    insider.execute("DELETE FROM vault.access_log WHERE seq = 3")
    found = verify_access_log()
    assert found.broken_rows == ()
    assert found.broken_seals == (2,)


def test_nightly_check_keeps_what_it_saw(insider: psycopg.Connection) -> None:
    assert newest_log_check() is None
    kept(3)
    run("registry.vault.seal", {}, TIMER)
    assert run(CHECK, {}, TIMER).result == LogChecked(1, 0, 0)
    insider.execute("UPDATE vault.access_log SET purpose = 'care' WHERE seq = 2")
    seen = newest_log_check()
    assert seen is not None and seen[1].is_whole  # of last night, not of now
    assert run(CHECK, {}, TIMER).result == LogChecked(1, 1, 0)
    seen = newest_log_check()
    assert seen is not None and not seen[1].is_whole
    assert AuditLine.rows.get(seq=AuditLine.rows.latest("seq").seq).changes == {
        "row 2": [None, "broken"]
    }
