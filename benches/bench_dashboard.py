"""Server time and weight of the dashboard from a release: p95 over its pages, one worker.

Run as `python benches/bench_dashboard.py`; prints one JSON line. Makes a cluster of its own, fills
it with synthetic repairs of two years, freezes a release and asks pages through the whole stack.
Exit 1 when a target is missed: p95 20 ms, 60 KB compressed, no script.
"""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
REPAIRS = int(os.environ.get("BENCH_ROWS", "6000"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "40"))
PAGES = ("/", "/?district=11440", "/?district=11110", "/en/?district=11440", "/city/", "/en/city/")
MS_MAX, BYTES_MAX = 20.0, 60 * 1024
OUTCOMES = ("fixed", "fixed", "fixed", "repairable", "end_of_life", "unknown")


def fill() -> None:
    """Write repairs of every district straight into the journal, marked, then freeze a release."""
    from django.db import connection, transaction

    from dure.core.actions import run
    from dure.core.actors import Actor, Role
    from dure.journal.models import Label
    from dure.registry.models import District
    from tests.harness import people
    from tests.harness.given import given

    chance = random.Random(20261121)
    labels = {label.code: label for label in Label.rows.all()}
    districts = list(District.rows.values_list("sig", flat=True))
    columns = (
        "uid, label_id, action, sector, district, dims, sign, qty, unit, began, ended, evidence, "
        "care, source, recorded_at, audit"
    )
    statement = f"COPY journal_event ({columns}) FROM STDIN"
    with (
        transaction.atomic(),
        given() as audit,
        connection.cursor() as cursor,
        cursor.copy(statement) as copy,
    ):
        for number in range(REPAIRS):
            day = date(2025, 1, 1) + timedelta(days=chance.randrange(600))
            outcome, gu = chance.choice(OUTCOMES), chance.choice(districts)
            dims = {"outcome": outcome, "category": f"{chance.randrange(1, 41):02d}"}
            at = f"{day}T03:00:00+00:00"
            for code in ("repair.attempt", "repair.fixed")[: 1 + (outcome == "fixed")]:
                label = labels[code]
                uid = f"{number:08x}-0000-4000-8000-{len(code):012x}"
                copy.write_row(
                    (uid, label.pk, label.action, label.sector, gu, json.dumps(dims), 1, 1,
                     label.unit, at, at, "A", False, f"bench.repair:{number}:{code}", at, audit)
                )  # fmt: skip
    analyst = people.person_with(Role.ANALYST, purpose="indicators")
    for _approves_then_freezes in range(2):
        people.person_with(Role.OFFICIAL, district="11440")
    assert analyst.id is not None
    frozen = run("indicators.demo.release", {}, Actor.operator(), key="bench").result
    assert frozen.state == "frozen", frozen


def measure() -> dict[str, object]:
    from django.test import Client

    client = Client()
    took: list[float] = []
    first: list[float] = []
    weights: list[int] = []
    for page in PAGES:
        began = time.perf_counter()
        answer = client.get(page)
        first.append((time.perf_counter() - began) * 1000)
        assert answer.status_code == 200 and b"<script" not in answer.content, page
        weights.append(len(gzip.compress(answer.content, 6)))
    for _ in range(ROUNDS):
        for page in PAGES:
            began = time.perf_counter()
            client.get(page)
            took.append((time.perf_counter() - began) * 1000)
    took.sort()
    return {
        "bench": "dashboard",
        "requests": len(took),
        "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(took[len(took) * 95 // 100], 1),
        "first_draw_ms_max": round(max(first), 1),
        "gzip_bytes_max": max(weights),
        "target_ms": MS_MAX,
        "target_bytes": BYTES_MAX,
    }


def main() -> int:
    place = Path(tempfile.mkdtemp(prefix="dure-bench-"))
    place.chmod(0o711)
    os.environ.update(
        DURE_DATA=str(place), DURE_QUIET="1", DJANGO_SETTINGS_MODULE="dure.config.settings"
    )
    os.environ.pop("DATABASE_URL", None)
    from dure.config.database import Server
    from dure.config.migrate import migrate

    try:
        with Server(place).held():
            migrate(lambda text: None)
            os.environ["DURE_DATABASE_ROLE"] = "dure_app"
            from django.conf import settings
            from django.db import connections

            plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
            settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
            settings.ALLOWED_HOSTS = ["testserver"]
            connections["default"].settings_dict.update(connections["side"].settings_dict)
            fill()
            told = measure()
            connections.close_all()
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(json.dumps(told))
    p95, weight = told["p95_ms"], told["gzip_bytes_max"]
    assert isinstance(p95, float) and isinstance(weight, int)
    return int(p95 > MS_MAX or weight > BYTES_MAX)


if __name__ == "__main__":
    sys.exit(main())
