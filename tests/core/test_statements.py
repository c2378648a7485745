"""Statements of every action: prepared once, seen by whoever watches, errors as Django's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC
from uuid import uuid4

import pytest
from django.db import DataError, ProgrammingError, connection, transaction
from django.test.utils import CaptureQueriesContext

from dure.core import statements
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.models import AuditLine
from tests.harness.probe import probing

BODY = {"key": "test.one", "words": "두레"}


def test_one_plan_serves_null_and_numbers_of_every_size(db: None) -> None:
    asked = "SELECT %s::bigint IS NULL AS plan_of_the_test"
    found = [statements.row(asked, (value,)) for value in (None, 1, 10**12)]
    assert found == [(True,), (False,), (False,)]
    kept = statements.rows(
        "SELECT count(*) FROM pg_prepared_statements WHERE statement = %s",
        ("SELECT $1::bigint IS NULL AS plan_of_the_test",),
    )
    assert kept == [(1,)]


def test_plans_dropped_behind_our_back_are_made_again(commits: str) -> None:
    asked = "SELECT %s::text AS dropped_by_the_test"
    with probing():
        run("test.rule.write", BODY, Actor.operator(), key=str(uuid4()))
        statements.rows("DEALLOCATE ALL")
        with pytest.raises(ProgrammingError, match="does not exist"):
            statements.rows("DEALLOCATE ALL")
        assert statements.row(asked, ("b",)) == ("b",)
        statements.rows("DEALLOCATE ALL")
        run("test.rule.write", BODY, Actor.operator(), key=str(uuid4()))
    assert AuditLine.rows.filter(action="test.rule.write").count() == 2


def test_values_come_and_go_whole(db: None) -> None:
    sent = (b"\x00\xff", "두레 % '", 10**12, None)
    asked = "SELECT %s::bytea, %s::text || '%%', %s::bigint, %s::uuid, dure_now()"
    *found, at = statements.rows(asked, sent)[0]
    assert found == [b"\x00\xff", "두레 % '%", 10**12, None]
    assert at.tzinfo is UTC
    with pytest.raises(DataError, match="NUL"):
        statements.rows(asked, (b"", "a\0b", 1, None))


def test_who_watches_django_sees_them(db: None) -> None:
    with CaptureQueriesContext(connection) as seen:
        statements.rows("SELECT %s::text", ("두레",))
    assert [one["sql"] for one in seen.captured_queries] == ["SELECT '두레'::text"]


def test_errors_are_those_of_django(db: None) -> None:
    with pytest.raises(DataError), transaction.atomic():
        statements.rows("SELECT %s::bigint", ("x",))
    assert statements.rows("SELECT 1") == [(1,)]


def test_the_door_goes_on_after_a_rollback_dropped_the_plans(commits: str) -> None:
    with probing(then=_fail_once()):
        with pytest.raises(ZeroDivisionError):
            run("test.rule.write", BODY, Actor.operator(), key=str(uuid4()))
        run("test.rule.write", BODY, Actor.operator(), key=str(uuid4()))
    assert AuditLine.rows.filter(action="test.rule.write").count() == 1


def _fail_once() -> Callable[[Actor], object]:
    left = [ZeroDivisionError()]

    def fail(actor: Actor) -> None:
        if left:
            raise left.pop()

    return fail
