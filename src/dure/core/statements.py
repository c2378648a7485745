"""Statements that every action runs: prepared once a connection, then executed by name.

Nouns: statement (문장), place (자리, a value in its order). Law: the same connection, transaction
and errors as Django's; whoever watches Django's statements sees these too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg
from django.db import DEFAULT_DB_ALIAS, connections

Row = tuple[Any, ...]  # Any: columns of whatever was asked


def rows(statement: str, places: Sequence[object] = ()) -> list[Row]:
    """Run a statement on the default connection and give its rows.

    statement : SQL with ``%s`` for each place, its types stated where PostgreSQL cannot tell them;
                a constant of the program, since each text is planned and kept a connection
    places    : each goes as text, so that one plan serves NULL and numbers of every size

    Raises Django's database errors. A jsonb column comes as text, as the connection reads it.
    """
    sent = [_sent(place) for place in places]
    here = connections[DEFAULT_DB_ALIAS]
    if here.execute_wrappers or here.queries_logged:
        with here.cursor() as watched:
            watched.execute(statement, sent)
            return watched.fetchall() if watched.description else []
    if here.connection is None:
        here.ensure_connection()
    here.validate_no_broken_transaction()
    with here.wrap_database_errors:
        cursor = psycopg.Cursor(here.connection)
        cursor.execute(statement, sent, prepare=True)
        answered = cursor.pgresult is not None and cursor.pgresult.nfields > 0
        return cursor.fetchall() if answered else []


def row(statement: str, places: Sequence[object] = ()) -> Row | None:
    """Run a statement that gives at most one row; None when it gives none."""
    found = rows(statement, places)
    assert len(found) <= 1, "one row was meant"
    return found[0] if found else None


def _sent(place: object) -> str | bytes | None:
    if place is None or type(place) is str or type(place) is bytes:
        return place
    return str(place)
