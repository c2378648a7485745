"""A database of its own for one measurement: made from the tests' template, loaded, dropped."""

from __future__ import annotations

import json
import os
import statistics
import time
from collections.abc import Callable
from pathlib import Path

Answer = dict[str, object]


def measured(
    load: Callable[[], None], measure: Callable[[], dict[str, object]]
) -> dict[str, object]:
    """Load, analyse, measure and print one JSON line; returns what was measured."""
    from tests import conftest as place

    with place.Server(place.PLACE, durable=False, shared_buffers_mb=64).held() as server:
        import django

        django.setup()
        template = f"template_{place.state_hash()}"
        name = os.environ["DURE_DATABASE_NAME"] = f"bench_{os.getpid()}"
        with server.connect(place.SUPERUSER, "postgres") as admin:
            if not admin.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (template,)
            ).fetchone():
                place.build_template(server, template)
        place.clone(server, template, name)
        from django.db import connections

        connections.settings["default"]["NAME"] = name
        try:
            start = time.perf_counter()
            load()
            loaded = time.perf_counter() - start
            with server.connect(place.SUPERUSER, name) as admin:
                admin.execute("VACUUM ANALYZE")
            answer = measure()
            answer["load_s"] = round(loaded, 1)
            print(json.dumps(answer, ensure_ascii=False))
        finally:
            connections.close_all()
            place.drop(server, name)
    return answer


def p95(values: list[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(values, n=20)[18]


def cpu_ms(backend: int) -> float:
    """Processor time of a server process: a busy machine does not count. 0 where unknown."""
    try:
        return int(Path(f"/proc/{backend}/schedstat").read_text().split()[0]) / 1_000_000
    except (OSError, ValueError):
        return 0.0
