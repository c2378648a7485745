"""What a frozen call is made of cannot be changed by anybody: every column, found in the schema."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from dure.budgeting.models import Project
from dure.core.actions import run
from dure.core.errors import Refusal
from tests.budgeting.calls import NOW, Round, frozen, with_projects
from tests.harness.clock import Clock
from tests.harness.given import given
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.django_db

# What time itself brings to a frozen call. Each is held by its own rule, tested below.
MOVING = {"state", "entered_at", "audit", "seed_revealed", "seed_public_value"}
PARTS = ("phase", "envelope", "field", "project", "projectlink")
OTHER = {
    "uuid": "gen_random_uuid()",
    "boolean": "NOT {column}",
    "jsonb": "'{{\"changed\": 1}}'",
    "date": "coalesce({column}, '2026-01-01') + 1",
    "timestamp with time zone": "coalesce({column}, '2026-01-01') + interval '1 hour'",
    "tstzrange": "tstzrange(lower({column}), upper({column}) + interval '1 hour')",
}


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


@pytest.fixture
def here() -> Round:
    """A frozen call that has a row in every one of its parts."""
    return frozen(10_000_000, 20_000_000, link=True)


def columns(table: str) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns"
            " WHERE table_name = %s ORDER BY ordinal_position",
            [table],
        )
        return cursor.fetchall()


def changed(column: str, kind: str) -> str:
    """An expression that gives a column another value than it has."""
    if kind in OTHER:
        return OTHER[kind].format(column=column)
    if kind in ("smallint", "integer", "bigint"):
        return f"coalesce({column}, 0) + 1"
    return f"CASE WHEN {column} IS NULL OR {column} = '' THEN 'x' ELSE '' END"


def refused(statement: str, *values: Any) -> str:  # Any: parameters of a statement
    """The first words of the database's refusal; 'done' when it let the change through."""
    try:
        with given(), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, values)
            count = cursor.rowcount
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error).splitlines()[0]
    assert count > 0, f"nothing was touched: {statement}"
    return "done"


def test_every_column_of_a_frozen_call_is_fixed(here: Round) -> None:
    found = columns("budgeting_call")
    assert {name for name, _ in found} > MOVING
    for name, kind in found:
        if name in MOVING:
            continue
        statement = f"UPDATE budgeting_call SET {name} = {changed(name, kind)} WHERE id = %s"
        assert refused(statement, here.id) == "dure.call_is_frozen", name


@pytest.mark.parametrize("part", PARTS)
def test_every_column_of_every_part_is_fixed(here: Round, part: str) -> None:
    table = f"budgeting_{part}"
    for name, kind in columns(table):
        statement = f"UPDATE {table} SET {name} = {changed(name, kind)} WHERE call_id = %s"
        assert refused(statement, here.id) == "dure.call_is_frozen", name
    assert refused(f"DELETE FROM {table} WHERE call_id = %s", here.id) == "dure.call_is_frozen"
    assert refused(f"TRUNCATE {table} CASCADE").startswith("permission denied")


def test_nothing_is_added_to_a_frozen_call(here: Round) -> None:
    project = Project.rows.filter(call=here.id).first()
    names = [
        name
        for name, _ in columns("budgeting_project")
        if name not in ("id", "code", "proposal_id")
    ]
    listed = ", ".join(names)
    statement = (
        f"INSERT INTO budgeting_project (id, code, {listed})"
        f" SELECT gen_random_uuid(), 'new', {listed} FROM budgeting_project WHERE id = %s"
    )
    assert refused(statement, project.pk) == "dure.call_is_frozen"


def test_the_same_changes_pass_before_the_freeze() -> None:
    """Negative control: the test above would see a change that the database allows."""
    here = with_projects(10_000_000)
    for statement in (
        "UPDATE budgeting_call SET marks_max = 4 WHERE id = %s",
        "UPDATE budgeting_project SET cost_won = 1 WHERE call_id = %s",
        "UPDATE budgeting_envelope SET amount_won = 1 WHERE call_id = %s",
    ):
        assert refused(statement, here.id) == "done"


def test_a_new_column_would_be_fixed_too(here: Round) -> None:
    """The guard names what may move, not what may not: the rest is every other column."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT prosrc FROM pg_proc WHERE proname = 'budgeting_call_guard'")
        (source,) = cursor.fetchone()
    free = source.split("ARRAY[")[1].split("]")[0]
    assert {word.strip(" '") for word in free.split(",")} == MOVING


@pytest.mark.parametrize(
    ("old", "new"),
    [("frozen", "listed"), ("frozen", "open"), ("frozen", "counting"), ("frozen", "closed")],
)
def test_a_call_goes_one_way(here: Round, old: str, new: str) -> None:
    statement = f"UPDATE budgeting_call SET state = '{new}' WHERE id = %s AND state = '{old}'"
    assert refused(statement, here.id) == "dure.call_step"


def test_voting_opens_and_closes_at_its_dates(clock: Clock) -> None:
    here = frozen(10_000_000, clock=clock)
    statement = "UPDATE budgeting_call SET state = %s WHERE id = %s"
    assert refused(statement, "voting", here.id) == "dure.call_dates"
    voting = here.call.phases.get(kind="voting").during
    clock.at(voting.lower)
    assert refused(statement, "voting", here.id) == "done"
    clock.at(voting.upper)
    assert refused(statement, "voting", here.id) == "dure.call_dates"
    clock.at(voting.lower)
    run("budgeting.call.vote", {"call_id": here.id}, here.lead)
    assert refused(statement, "counting", here.id) == "dure.call_dates"
    with pytest.raises(Refusal) as caught:
        run("budgeting.call.close", {"call_id": here.id}, here.lead)
    assert caught.value.name == "budgeting.not_now"
    clock.at(voting.upper)
    assert refused(statement, "counting", here.id) == "done"


def test_change_is_refused_in_words(here: Round) -> None:
    for body in ({"title": "다른 이름"}, {"may_revote": False}):
        with pytest.raises(Refusal) as caught:
            run(
                "budgeting.call.change",
                {"call_id": here.id, **body},
                here.lead,
                reason="바꾸려고요",
            )
        assert caught.value.name == "budgeting.frozen"
    assert here.call.title == "우리 구 주민참여예산"


def test_seed_is_told_once_after_the_vote_and_fits_its_commitment(here: Round) -> None:
    wrong = "UPDATE budgeting_call SET seed_revealed = repeat('a', 64) WHERE id = %s"
    assert refused(wrong, here.id) == "dure.call_seed"
    early = "UPDATE budgeting_call SET seed_public_value = 'x' WHERE id = %s"
    assert refused(early, here.id) == "dure.call_seed"
