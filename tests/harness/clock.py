"""A clock that tests can set: triggers, constraints and Python move together."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection


class Clock:
    """Moves `dure_now()` of the test's database; `publish` carries the setting to connections
    opened later.
    """

    def __init__(self, publish: Callable[[str], None] | None = None) -> None:
        self._publish = publish
        self.moved = False

    def at(self, instant: str | datetime) -> datetime:
        """Set the clock; the instant carries its offset."""
        when = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        assert when.tzinfo is not None, "an instant carries its offset"
        self._set(when.isoformat())
        return when

    def move(self, **by: float) -> datetime:
        """Move the clock, as `timedelta` is told: `clock.move(days=1)`."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT dure_now()")
            (now,) = cursor.fetchone()
        return self.at(now + timedelta(**by))

    def release(self) -> None:
        if self.moved:
            self._set("")

    def _set(self, value: str) -> None:
        self.moved = True
        if self._publish:
            self._publish(value)
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('dure.test_now', %s, false)", [value])
