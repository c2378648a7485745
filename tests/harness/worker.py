"""Runs the jobs that wait, in this thread, as the worker does: `work_off()`."""

from __future__ import annotations

import json

from django.db import connection

from dure.core import jobs
from dure.core.actions import run
from dure.core.actors import Actor, ActorKind
from dure.core.models import Progress

NEXT = (
    "SELECT id, args FROM procrastinate_jobs WHERE status = 'todo'"
    " AND task_name = 'core.run_action' ORDER BY id LIMIT 1"
)


def work_off() -> int:
    """Run every waiting job of an action, oldest first; gives how many ran.

    With real commits this is the worker's own function. Inside a test's transaction, which the
    worker's second connection cannot see, the action runs under the job's key, and the job's end
    is written here.
    """
    ran = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(NEXT)
            row = cursor.fetchone()
            if row is None:
                return ran
            cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [row[0]])
        told = json.loads(row[1]) if isinstance(row[1], str) else row[1]
        if connection.in_atomic_block:
            actor = (
                Actor.timer(told["name"])
                if told["kind"] == ActorKind.TIMER.value
                else Actor.person(told["person"], origin="job")
            )
            run(told["action"], told["body"], actor, key=jobs.key_of(told["job"]))
            Progress.rows.filter(job=told["job"]).update(state="done")
        else:
            jobs.run_job(**told)
        ran += 1
