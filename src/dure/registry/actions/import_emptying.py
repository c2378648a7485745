"""Emptying staging: the rows of a list are kept for a while after its end, and no longer."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection

from dure.core import clock, jobs, rulebook
from dure.core.actions import Who, action, line
from dure.core.actors import Actor
from dure.core.policies import is_operator, is_timer
from dure.registry import spool

NAME = "registry.import.empty"
# A list that nobody answered, or that was refused, ends by itself.
END = """
UPDATE registry_import SET state = 'cancelled', ended_at = %(now)s, audit = %(audit)s
WHERE state IN ('opened', 'judged', 'refused') AND coalesce(judged_at, opened_at) < %(before)s
"""
EMPTY = """
DELETE FROM registry_importrow r USING registry_import i
WHERE i.id = r.imp_id AND i.ended_at < %(before)s OR i.id = r.imp_id AND i.state = 'cancelled'
"""


@action(
    NAME,
    ko="끝난 지 오래된 명단의 줄을 지웁니다.",
    en="Delete the staged rows of lists that ended long ago.",
    policy=is_timer | is_operator,
    letters={},
    who=(Who.TIMER, Who.OPERATOR),
    faces=("job", "cli"),
    long=True,
    writes=("registry_import", "registry_importrow"),
)
def empty_imports(*, actor: Actor) -> int:
    """Empty staging; gives the rows deleted. What was stored stays, and can no longer be undone.

    Source: rulebook `import.staging_days`.
    """
    days = rulebook.value("import.staging_days").integer
    places: dict[str, Any] = {  # Any: values of SQL places
        "now": clock.now(),
        "before": clock.now() - timedelta(days=days),
        "audit": line().id,
    }
    spool.sweep()
    with connection.cursor() as cursor:
        cursor.execute(END, places)
        cursor.execute(EMPTY, places)
        return int(cursor.rowcount)


jobs.timer(NAME, cron="40 3 * * *")
