"""Health and readiness: what each says, and that neither names a version."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test import Client

from dure.core import readiness, sealing
from dure.core.actions import run
from dure.core.actors import Actor
from tests.harness.clock import Clock


def test_health_asks_no_database() -> None:
    answer = Client().get("/health")
    assert (answer.status_code, json.loads(answer.content)) == (200, {"ok": True})


def test_ready_names_what_is_missing(db: None) -> None:
    answer = Client().get("/ready")
    told = {check["name"]: check for check in json.loads(answer.content)["checks"]}
    assert answer.status_code == 503
    assert told["database"]["ok"] is True
    assert told["worker"]["ok"] is False
    assert told["worker"]["en"].endswith(".")


def test_ready_is_good_with_a_worker_seen(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO procrastinate_workers DEFAULT VALUES")
    told = {check.name: check.ok for check in readiness.readiness()}
    assert told["worker"] is True
    assert told["migrations"] is True


def test_an_audit_that_is_not_sealed_in_time_is_told(commits: str, clock: Clock) -> None:
    def is_sealed() -> bool:
        return next(check.ok for check in readiness.readiness() if check.name == "seal")

    clock.at("2026-07-01T09:00:00+09:00")
    run(sealing.NAME, {}, Actor.operator())
    assert is_sealed()
    clock.at("2026-07-01T09:09:00+09:00")
    assert is_sealed()
    clock.at("2026-07-01T09:11:00+09:00")
    assert not is_sealed()
    run(sealing.NAME, {}, Actor.operator())
    assert is_sealed()


@pytest.mark.parametrize("path", ["/health", "/ready"])
def test_no_version_is_told(db: None, path: str) -> None:
    said = Client().get(path).content.decode().lower()
    assert not {"postgresql 1", "django", "python"} & set(said.split())
