"""The test clock and `given()`: they move what they say and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction

from tests.harness.clock import Clock
from tests.harness.given import given


def asked() -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT dure_now()")
        (now,) = cursor.fetchone()
    assert isinstance(now, datetime)
    return now


def test_clock_moves_the_database(clock: Clock) -> None:
    clock.at("2026-07-01T00:00:00+09:00")
    assert asked() == datetime(2026, 6, 30, 15, tzinfo=UTC)
    clock.move(days=1, seconds=-1)
    assert asked() == datetime(2026, 7, 1, 14, 59, 59, tzinfo=UTC)


def test_clock_holds_on_new_connections(commits: str, clock: Clock) -> None:
    clock.at("2030-01-01T00:00:00+00:00")
    connection.close()
    assert asked() == datetime(2030, 1, 1, tzinfo=UTC)


def test_production_clock_has_no_branch() -> None:
    migrations = Path(__file__).resolve().parents[2] / "src/dure/core/migrations/sql/0001_door.sql"
    assert "$$ SELECT transaction_timestamp() $$" in migrations.read_text()


def test_given_opens_the_door_for_its_block_alone(db: None) -> None:
    insert = (
        "INSERT INTO core_rule (key, ko, en, unit, room) "
        "VALUES ('t.t', '시험', 'test', 'day', 'core')"
    )
    with given(), connection.cursor() as cursor:
        cursor.execute(insert)
    with (
        pytest.raises(DatabaseError, match=r"dure\.no_action"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(insert)
