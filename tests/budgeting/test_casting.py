"""Casting: one person one vote, and nobody reads both who voted and what."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.db import connection

from dure.budgeting.models import MoneyBallot
from dure.budgeting.queries import ballots
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.errors import Refusal
from dure.core.models.audit import AuditLine
from tests.budgeting.calls import NOW, projects, resident, voting
from tests.harness.clock import Clock
from tests.harness.people import MAPO, district

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(clock: Clock) -> None:
    clock.at(NOW)
    district(MAPO)


def refused(name: str, body: dict[str, object], actor: object) -> str:
    with pytest.raises(Refusal) as caught:
        run(name, body, actor)
    return caught.value.name


def test_a_ballot_is_replaced_until_the_close_and_counted_once() -> None:
    voter = resident()
    here = voting()
    first, second = (one.code for one in projects(here))
    run("budgeting.ballot.cast", {"call_id": here.id, "items": [first]}, voter)
    again = run("budgeting.ballot.cast", {"call_id": here.id, "items": [second]}, voter)
    assert again.result.changed
    assert ballots.own_mark(voter, here.call).channel == "online"
    assert ballots.slips_in_urn(here.call.id) == 1
    run("budgeting.urn.shake", {}, Actor.operator())
    here.do("close")
    assert [one.items for one in MoneyBallot.rows.filter(call=here.id)] == [[second]]
    assert ballots.slips_in_urn(here.call.id) == 0
    assert refused("budgeting.ballot.cast", {"call_id": here.id, "items": []}, voter) == (
        "budgeting.vote_not_open"
    )


def test_nothing_of_a_choice_stands_on_the_audit_line() -> None:
    voter = resident()
    here = voting()
    code = projects(here)[0].code
    done = run("budgeting.ballot.cast", {"call_id": here.id, "items": [code]}, voter, key="k-1")
    line = AuditLine.rows.get(id=done.line_id)
    assert (line.key, line.body_hash, line.changes) == (None, None, {})
    assert line.result == {"call_id": here.id, "changed": False}


@pytest.mark.parametrize(
    ("more", "items", "name"),
    [
        ({}, ["nope"], "budgeting.choice_unknown"),
        ({}, [0, 0], "budgeting.choice_twice"),
    ],
)
def test_a_choice_outside_the_rules_leaves_nothing(
    more: dict[str, object], items: list[object], name: str
) -> None:
    voter = resident()
    here = voting(**more)
    codes = [one.code for one in projects(here)]
    chosen = [codes[one] if isinstance(one, int) else one for one in items]
    assert refused("budgeting.ballot.cast", {"call_id": here.id, "items": chosen}, voter) == name
    assert ballots.own_mark(voter, here.call).channel is None


def test_the_application_cannot_pass_for_the_shaking_of_the_urn() -> None:
    voter = resident()
    here = voting()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('urn.shaking', 'on', true)")
    body = {"call_id": here.id, "items": ["nope"]}
    assert refused("budgeting.ballot.cast", body, voter) == "budgeting.choice_unknown"


def test_who_is_not_on_the_roll_does_not_vote() -> None:
    here = voting()
    late = resident()
    assert refused("budgeting.ballot.cast", {"call_id": here.id, "items": []}, late) == (
        "budgeting.vote_not_on_roll"
    )


@pytest.mark.parametrize("table", ["urn.slip", "marks.mark"])
@pytest.mark.parametrize("role", ["dure_app", "dure_analyst", "dure_auditor", "dure_vault"])
def test_no_serving_role_reads_urn_or_marks(
    role: str, table: str, database_as: Callable[..., psycopg.Connection]
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database_as(role).execute(f"SELECT * FROM {table}")


def test_no_role_reads_both(database_as: Callable[..., psycopg.Connection]) -> None:
    rows = database_as("dure_owner").execute(
        "SELECT rolname FROM pg_roles, pg_class slip, pg_class mark"
        " WHERE NOT rolsuper AND rolname LIKE 'dure%'"
        " AND slip.oid = (SELECT c.oid FROM pg_class c JOIN pg_namespace n"
        "   ON n.oid = c.relnamespace WHERE n.nspname = 'urn' AND c.relname = 'slip')"
        " AND mark.oid = (SELECT c.oid FROM pg_class c JOIN pg_namespace n"
        "   ON n.oid = c.relnamespace WHERE n.nspname = 'marks' AND c.relname = 'mark')"
        " AND has_column_privilege(pg_roles.oid, slip.oid, 'credential', 'SELECT')"
    )
    assert {name for (name,) in rows.fetchall()} == {"dure_cast", "dure_urn"}
    both = database_as("dure_owner").execute(
        "SELECT rolname FROM pg_roles, pg_class slip, pg_class mark, pg_namespace s, pg_namespace m"
        " WHERE NOT rolsuper AND rolname LIKE 'dure%'"
        " AND s.nspname = 'urn' AND slip.relnamespace = s.oid AND slip.relname = 'slip'"
        " AND m.nspname = 'marks' AND mark.relnamespace = m.oid AND mark.relname = 'mark'"
        " AND has_column_privilege(pg_roles.oid, slip.oid, 'items', 'SELECT')"
        " AND has_column_privilege(pg_roles.oid, mark.oid, 'person', 'SELECT')"
    )
    assert both.fetchall() == []
