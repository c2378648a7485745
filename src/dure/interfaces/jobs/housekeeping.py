"""Housekeeping: what keeps the tables of foreign apps and the files of the machine small.

None of these changes a domain row, so none is an action; each stands in `OPERATOR_TASKS` with its
reason.
"""

from __future__ import annotations

import time
from pathlib import Path

from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app

KEEP_JOBS_HOURS = 72
KEEP_MAIL_DAYS = 30
OPERATOR_TASKS = {
    "housekeeping.jobs": "deletes finished jobs of the job table; their effects "
    "stand in the audit log",
    "housekeeping.stalled": "gives jobs of a dead worker back to the queue; the "
    "job's key keeps the effect single",
    "housekeeping.sessions": "deletes expired sign-in sessions",
    "housekeeping.outbox": "deletes mails of the local outbox after 30 days",
}


@app.periodic(cron="20 3 * * *")
@app.task(name="housekeeping.jobs", queueing_lock="housekeeping.jobs", pass_context=False)
async def delete_finished_jobs(timestamp: int) -> None:
    await app.job_manager.delete_old_jobs(
        nb_hours=KEEP_JOBS_HOURS, include_failed=False, include_cancelled=True
    )


@app.periodic(cron="*/2 * * * *")
@app.task(name="housekeeping.stalled", queueing_lock="housekeeping.stalled")
async def retry_stalled_jobs(timestamp: int) -> None:
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=60):
        await app.job_manager.retry_job(job)


@app.periodic(cron="30 3 * * *")
@app.task(name="housekeeping.sessions", queueing_lock="housekeeping.sessions")
def delete_expired_sessions(timestamp: int) -> None:
    Session.objects.filter(expire_date__lt=timezone.now()).delete()


@app.periodic(cron="40 3 * * *")
@app.task(name="housekeeping.outbox", queueing_lock="housekeeping.outbox")
def delete_old_mail(timestamp: int) -> None:
    oldest = time.time() - KEEP_MAIL_DAYS * 86_400
    for letter in Path(settings.EMAIL_FILE_PATH).glob("*.log"):
        if letter.stat().st_mtime < oldest:
            letter.unlink(missing_ok=True)
