"""Every table: its door, its two locks when it is append-only, its grants."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from django.apps import apps
from django.db import connection

from dure.config.database import SUPERUSER
from dure.core.models import AppendOnlyModel, DomainModel
from tests.harness.append_only import open_ways

# Tables without a door, each with its reason.
EXEMPT = {
    "core_progress": "written beside the action on a second connection; holds no fact",
    "django_migrations": "of Django, written by the owner alone",
    "django_content_type": "of Django",
    "usersessions_usersession": "sessions of browsers, of the sign-in library",
    "django_session": "sessions of browsers, of Django",
}
FOREIGN = ("auth_", "account_", "mfa_", "socialaccount_", "axes_", "procrastinate_")


def tables() -> dict[str, set[str]]:
    """Every table of ours with the names of its triggers."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, coalesce(array_agg(t.tgname) FILTER (WHERE t.tgname IS NOT NULL),"
            " '{}') FROM pg_class c LEFT JOIN pg_trigger t ON t.tgrelid = c.oid"
            " AND NOT t.tgisinternal AND t.tgenabled <> 'D'"
            " WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY 1"
        )
        return {name: set(triggers) for name, triggers in cursor.fetchall()}


def without_door(found: dict[str, set[str]]) -> list[str]:
    return sorted(
        name
        for name, triggers in found.items()
        if name not in EXEMPT
        and not name.startswith(FOREIGN)
        and not any("door" in trigger for trigger in triggers)
    )


def test_every_table_has_a_door_or_says_why_not(db: None) -> None:
    assert without_door(tables()) == []


def test_table_without_a_door_is_found(db: None) -> None:
    """Negative control."""
    assert without_door({"core_new": {"pgtrigger_append_only_1"}}) == ["core_new"]


def test_exempt_list_names_tables_that_exist(db: None) -> None:
    assert set(EXEMPT) - set(tables()) == set()


def append_only() -> list[type[AppendOnlyModel]]:
    return [m for m in apps.get_models() if issubclass(m, AppendOnlyModel)]


@pytest.mark.parametrize("model", append_only(), ids=lambda m: m._meta.db_table)
def test_append_only_table_holds_by_trigger_and_by_grant(
    model: type[AppendOnlyModel], db: None, database_as: Callable[..., psycopg.Connection]
) -> None:
    column = model._meta.concrete_fields[0].column
    assert open_ways(database_as(SUPERUSER), model._meta.db_table, column) == []


def test_ordinary_table_is_found_open(
    db: None, database_as: Callable[..., psycopg.Connection]
) -> None:
    """Negative control."""
    found = open_ways(database_as(SUPERUSER), "core_rule", "ko")
    assert "core_rule: UPDATE as dure_owner: done" in found
    assert "core_rule: UPDATE as dure_app: done" in found


def test_application_may_not_touch_the_vault_nor_make_tables(
    db: None, database_as: Callable[..., psycopg.Connection]
) -> None:
    app = database_as("dure_app")
    for words in ("CREATE TABLE t (x int)", "CREATE TEMP TABLE t (x int)"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute(words)


@pytest.mark.parametrize("role", ["dure_auditor", "dure_analyst"])
def test_reading_roles_cannot_write_anything(
    role: str, db: None, database_as: Callable[..., psycopg.Connection]
) -> None:
    row = database_as(role).execute(
        "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace IN"
        " ('public'::regnamespace) AND (has_table_privilege(oid, 'INSERT') OR"
        " has_table_privilege(oid, 'UPDATE') OR has_table_privilege(oid, 'DELETE')"
        " OR has_table_privilege(oid, 'TRUNCATE'))"
    )
    assert row.fetchone() == (0,)


def test_no_serving_role_owns_a_table(
    db: None, database_as: Callable[..., psycopg.Connection]
) -> None:
    row = database_as("dure_app").execute(
        "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relkind = 'r'"
        " AND relnamespace = 'public'::regnamespace"
    )
    assert [name for (name,) in row.fetchall()] == ["dure_owner"]


def test_every_domain_model_inherits_its_meta() -> None:
    missing = [
        m.__name__
        for m in apps.get_models()
        if issubclass(m, DomainModel)
        and not any(trigger.name == "door" for trigger in m._meta.triggers)  # type: ignore[attr-defined]  # pgtrigger's
    ]
    assert missing == []
