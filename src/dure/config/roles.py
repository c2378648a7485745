"""Database roles: made by the superuser before the first migration, granted to by the owner after
each.

Law: a new table gives the application nothing until the grants step has named it; append-only
tables give it
SELECT and INSERT alone; the vault's schema gives nothing here.
"""

from __future__ import annotations

import psycopg
from django.apps import apps
from django.db import connection, models
from django.utils.module_loading import import_string
from psycopg import sql

from dure.config.database import KEEPERS, ROLES
from dure.config.places import VERSION_MIN, DatabaseRefused

EXTENSIONS_OF_SUPERUSER = ("amcheck",)
READ_ONLY = frozenset({"django_migrations", "account_emailaddress", "account_emailconfirmation"})
FOREIGN = frozenset(
    {
        "auth",
        "contenttypes",
        "sessions",
        "account",
        "mfa",
        "socialaccount",
        "axes",
        "procrastinate",
        "messages",
    }
)


def check_server(admin: psycopg.Connection) -> None:
    """Refuse a server below 15, another encoding, or of another locale."""
    version = admin.info.server_version // 10000
    if version < VERSION_MIN:
        raise DatabaseRefused(f"PostgreSQL {version} was found, {VERSION_MIN} or later is wanted.")
    row = admin.execute(
        "SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE "
        "datname = current_database()"
    ).fetchone()
    if row and row[0] != "UTF8":
        raise DatabaseRefused(f"The database's encoding is {row[0]}, UTF8 is wanted.")


def prepare(admin: psycopg.Connection, dbname: str) -> None:
    """Make roles and database; `admin` is a superuser (or may create both) in another database.
    Repeatable.
    """
    check_server(admin)
    for role in (*ROLES, *KEEPERS):
        found = admin.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone()
        if not found:
            may = sql.SQL("LOGIN NOINHERIT" if role in ROLES else "NOLOGIN NOINHERIT")
            admin.execute(sql.SQL("CREATE ROLE {} ").format(sql.Identifier(role)) + may)
    new = admin.info.server_version >= 160000
    row = admin.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
    if row and not row[0]:  # a superuser may act as anybody; whoever else made the roles is told so
        for role in (*ROLES, *KEEPERS):
            act_as = sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(role))
            admin.execute(act_as + sql.SQL(" WITH SET TRUE" if new else ""))
    set_only = sql.SQL(" WITH INHERIT FALSE, SET TRUE" if new else "")
    for role in ("dure_vault", *KEEPERS):
        held = sql.SQL("GRANT {} TO dure_owner").format(sql.Identifier(role))
        admin.execute(held + set_only)
    if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", (dbname,)).fetchone():
        admin.execute(
            sql.SQL(
                "CREATE DATABASE {} OWNER dure_owner TEMPLATE template0 ENCODING 'UTF8'"
            ).format(sql.Identifier(dbname))
        )


def prepare_inside(admin: psycopg.Connection, dbname: str) -> None:
    """What the superuser does inside the database: extensions, and what PUBLIC may not.
    Repeatable.
    """
    name = sql.Identifier(dbname)
    for extension in EXTENSIONS_OF_SUPERUSER:
        known = admin.execute(
            "SELECT 1 FROM pg_available_extensions WHERE name = %s", (extension,)
        ).fetchone()
        if known:
            admin.execute(
                sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
            )
    admin.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    for role in ROLES:
        admin.execute(
            sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(role))
        )
    admin.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
    admin.execute("GRANT USAGE, CREATE ON SCHEMA public TO dure_owner")


# -- after each migration, as owner
# ----------------------------------------------------------------------


def wanted(model: type[models.Model]) -> tuple[str, ...]:
    """What `dure_app` may do on a model's table; a room narrows it by the class attribute
    `database_grants`.
    """
    narrowed = getattr(model, "database_grants", None)
    if narrowed is not None:
        return tuple(narrowed)
    if model._meta.db_table in READ_ONLY:
        return ("SELECT",)
    try:
        append_only = import_string("dure.core.models.AppendOnlyModel")
    except ImportError:
        append_only = ()
    if append_only and issubclass(model, append_only):
        return ("SELECT", "INSERT")
    return ("SELECT", "INSERT", "UPDATE", "DELETE")


def grant() -> int:
    """Give the application and the auditor their rights on every table of a model; returns the
    tables named.
    """
    tables = 0
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for model in apps.get_models(include_auto_created=True):
            meta = model._meta
            if meta.proxy or not meta.managed or meta.db_table not in present:
                continue
            table = sql.Identifier(meta.db_table)
            cursor.execute(sql.SQL("REVOKE ALL ON {} FROM dure_app, dure_auditor").format(table))
            rights = wanted(model)
            if rights:
                cursor.execute(
                    sql.SQL("GRANT {} ON {} TO dure_app").format(sql.SQL(", ".join(rights)), table)
                )
            if meta.app_label not in FOREIGN:
                cursor.execute(sql.SQL("GRANT SELECT ON {} TO dure_auditor").format(table))
            tables += 1
        if "procrastinate_jobs" in present:  # its tables are unmanaged models or have none
            cursor.execute(
                "SELECT format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO "
                "dure_app', relname) FROM pg_class "
                "WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND "
                "relname LIKE 'procrastinate%'"
            )
            for (statement,) in cursor.fetchall():
                cursor.execute(statement)
        cursor.execute("GRANT SELECT ON django_migrations TO dure_app, dure_auditor")
        cursor.execute(
            "GRANT USAGE ON SCHEMA public TO dure_app, dure_vault, dure_analyst, dure_auditor"
        )
        cursor.execute("REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM dure_app")
        cursor.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO dure_app")
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm') AND "
            "relnamespace = 'public'::regnamespace "
            "AND relowner = 'dure_owner'::regrole"
        )
        for (view,) in cursor.fetchall():
            cursor.execute(
                sql.SQL("GRANT SELECT ON {} TO dure_app, dure_auditor").format(sql.Identifier(view))
            )
    return tables
