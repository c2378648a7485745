"""Two locks on an append-only table, each tried alone: the trigger, and the missing grant."""

from __future__ import annotations

import psycopg
from psycopg import sql

WORDS = (
    ("UPDATE", "UPDATE {table} SET {column} = {column}"),
    ("DELETE", "DELETE FROM {table}"),
    ("TRUNCATE", "TRUNCATE {table} CASCADE"),
)
MARK = "SELECT set_config('dure.action', 'given@' || pg_current_xact_id(), true)"


def open_ways(superuser: psycopg.Connection, table: str, column: str) -> list[str]:
    """Try to change or empty `table`; gives the ways that were open, with their SQLSTATE.

    As owner, who has every grant: the trigger must raise P0001. As the application with triggers
    off: the missing grant must be 42501. Everything is rolled back.
    """
    found = []
    names = {"table": sql.Identifier(table), "column": sql.Identifier(column)}
    for word, statement in WORDS:
        for role, off, wanted in (("dure_owner", False, "P0001"), ("dure_app", True, "42501")):
            state = "done"
            superuser.execute("BEGIN")
            try:
                if off:
                    superuser.execute(
                        sql.SQL("ALTER TABLE {table} DISABLE TRIGGER USER").format(**names)
                    )
                superuser.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
                superuser.execute(MARK)
                superuser.execute(sql.SQL(statement).format(**names))
            except psycopg.Error as error:
                state = error.sqlstate or "?"
            finally:
                superuser.execute("ROLLBACK")
            if state != wanted:
                found.append(f"{table}: {word} as {role}: {state}")
    return found
