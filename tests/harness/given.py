"""Rows that a test needs and no action made."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID, uuid4

from django.db import connection, transaction


@contextmanager
def given() -> Iterator[UUID]:
    """Let the block write domain rows: marks itself, and puts the old mark back. Yields the uuid
    for `audit=`.
    """
    line = uuid4()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT coalesce(current_setting('dure.action', true), '')")
            (old,) = cursor.fetchone()
            cursor.execute(
                "SELECT set_config('dure.action', %s || '@' || pg_current_xact_id()::text, true)",
                [str(line)],
            )
        yield line
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('dure.action', %s, true)", [old])
