"""Background entry points of core; found by the worker."""

from __future__ import annotations

from procrastinate.contrib.django import app

from dure.core import jobs, sending

run_action = app.task(name="core.run_action", retry=jobs.WaitLonger())(jobs.run_job)


@app.periodic(cron="* * * * *")
@app.task(name="core.send_notices", queue="default", queueing_lock="core.send_notices")
def send_notices(timestamp: int) -> None:
    """Send what is due."""
    sending.send_due()
