"""A frozen release is immutable for the application and for the owner of the tables."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tests.harness.given import given
from tests.indicators.facts import Freeze, Journal

TABLES = (
    "indicators_release", "indicators_releasestep", "indicators_releasecell",
    "indicators_releasefile", "indicators_run", "indicators_observation", "indicators_check",
    "indicators_definition", "indicators_definitionversion", "indicators_releaseversion",
)  # fmt: skip
EDITS = ("UPDATE {} SET audit = audit", "DELETE FROM {}", "TRUNCATE {} CASCADE")


def attempt(statement: str) -> str:
    """Run a statement inside a mark; gives the SQLSTATE that refused it, or ``done``."""
    try:
        with transaction.atomic(), given(), connection.cursor() as cursor:
            cursor.execute(statement)
    except DatabaseError as error:
        return str(getattr(error.__cause__, "sqlstate", ""))
    return "done"


@pytest.mark.parametrize("table", TABLES)
def test_the_application_may_not_touch_it(journal: Journal, freeze: Freeze, table: str) -> None:
    for edit in EDITS:
        assert attempt(edit.format(table)) == "42501", edit


def test_nothing_is_added_to_a_frozen_release(journal: Journal, freeze: Freeze) -> None:
    release = freeze()
    cell = (
        "INSERT INTO indicators_releasecell (release_id, version_id, code, breakdown, grain, "
        "period, place, num, value, state, reason, leaf, audit) "
        "SELECT release_id, version_id, code, 'outcome=x', grain, period, place, 9, '9', '', '', "
        "leaf, audit FROM indicators_releasecell "
        f"WHERE release_id = '{release}' AND num IS NOT NULL LIMIT 1"
    )
    assert attempt(cell) == "P0001"
    file = (
        "INSERT INTO indicators_releasefile (release_id, path, content, digest, audit) "
        "SELECT release_id, 'more.csv', content, digest, audit FROM indicators_releasefile LIMIT 1"
    )
    assert attempt(file) == "P0001"


def test_a_second_head_after_the_same_head_is_refused(journal: Journal, freeze: Freeze) -> None:
    freeze()
    fork = (
        "INSERT INTO indicators_releasestep (release_id, ordinal, state, at, actor, run_id, root, "
        "number, head, previous, zip_digest, audit) SELECT release_id, ordinal + 1, state, at, "
        "actor, run_id, root, number + 1, head, previous, zip_digest, audit "
        "FROM indicators_releasestep WHERE state = 'frozen'"
    )
    assert attempt(fork) == "P0001"


@pytest.mark.parametrize("column", ["num = 1", "state = ':'", "reason = 'no_factor'", "den = 0"])
def test_a_cell_that_contradicts_its_state_cannot_be_written(
    journal: Journal, analyst: object, column: str
) -> None:
    """The four states are CHECKs: each of these alone breaks the cell `:c` without number."""
    from dure.core.actions import run
    from dure.core.actors import Actor

    assert isinstance(analyst, Actor)
    body = {"period": "2026-Q3", "since": "2026-07"}
    drafted = run("indicators.release.draft", body, analyst).result
    run("indicators.release.compute", {"release_id": drafted.id}, analyst)
    name, value = column.split(" = ")
    columns = {"num": "NULL", "state": "':c'", "reason": "''", "den": "NULL", name: value}
    insert = (
        "INSERT INTO indicators_observation (run_id, version_id, breakdown, grain, period, "
        "place, num, den, state, reason, rows_read, audit) "
        "SELECT run_id, version_id, 'x', grain, period, "
        f"place, {columns['num']}, {columns['den']}, {columns['state']}, {columns['reason']}, 0, "
        "audit FROM indicators_observation LIMIT 1"
    )
    assert attempt(insert) == "23514"


MARK = (
    "SELECT set_config('dure.action', gen_random_uuid()::text || '@' || "
    "pg_current_xact_id()::text, true)"
)


def as_owner(owner: psycopg.Connection, *statements: str) -> int:
    """Run statements inside a mark and undo them; gives the rows that the last one changed."""
    try:
        owner.execute(MARK)
        return [owner.execute(statement).rowcount for statement in statements][-1]
    finally:
        owner.rollback()


@pytest.fixture
def owner(commits: str, database_as: Callable[..., psycopg.Connection]) -> psycopg.Connection:
    connected = database_as("dure_owner", commits)
    connected.autocommit = False
    return connected


def test_the_owner_too_is_refused_by_trigger(owner: psycopg.Connection) -> None:
    for table in TABLES:
        for edit in EDITS:
            with pytest.raises(psycopg.errors.RaiseException):
                as_owner(owner, edit.format(table))


def test_without_the_trigger_the_owner_could(owner: psycopg.Connection) -> None:
    """Negative control: the refusal above comes from the trigger, not from something else."""
    off = "ALTER TABLE indicators_definition DISABLE TRIGGER USER"
    assert as_owner(owner, off, "UPDATE indicators_definition SET audit = audit") == 34
