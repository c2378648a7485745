"""The database fixtures themselves."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.db import connection


def test_tests_run_as_the_application_role(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT session_user, current_user, current_database() LIKE 'clone_%'")
        assert cursor.fetchone() == ("dure_app", "dure_app", True)


def test_commits_gives_a_fresh_database(commits: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (commits,)


@pytest.mark.parametrize(
    "role", ["dure_app", "dure_vault", "dure_analyst", "dure_auditor", "dure_owner"]
)
def test_no_role_is_superuser(
    role: str, db: None, database_as: Callable[..., psycopg.Connection]
) -> None:
    row = database_as(role).execute(
        "SELECT rolsuper, rolbypassrls, rolcreaterole, rolcreatedb FROM pg_roles "
        "WHERE rolname = current_user"
    )
    assert row.fetchone() == (False, False, False, False)


def test_temporary_tables_are_refused(
    db: None, database_as: Callable[..., psycopg.Connection]
) -> None:
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        database_as("dure_app").execute("CREATE TEMP TABLE t (x int)")
