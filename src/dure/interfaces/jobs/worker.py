"""The worker: takes jobs from the database and runs their actions."""

from __future__ import annotations

from typing import cast

from procrastinate import App
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

CONCURRENCY = 2


def worker_app() -> App:
    """An app that fetches jobs over its own connections.

    The tasks stay bound to Django's app: a job that asks for another job writes it in the
    transaction of its action,
    which the documented `replace_connector` would move to a connection of its own.
    """
    django = cast(DjangoConnector, app.connector)  # the app is typed for every kind of connector
    fetching = App(connector=django.get_worker_connector(), import_paths=app.import_paths)
    fetching.tasks = app.tasks
    fetching.periodic_registry = app.periodic_registry
    return fetching


def work(*, once: bool = False) -> None:
    """Run jobs until asked to stop (SIGTERM, SIGINT); with `once` until none is waiting."""
    with worker_app() as fetching:
        fetching.run_worker(
            name="dure",
            concurrency=CONCURRENCY,
            wait=not once,
            shutdown_graceful_timeout=10.0,
            update_heartbeat_interval=10.0,
            stalled_worker_timeout=60.0,
        )
