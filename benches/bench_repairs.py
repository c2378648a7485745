"""Import of repair records and bulk facts, end to end, on an own embedded database.

Targets: 50,000 synthetic ORDS lines at 3,000 rows/s or more, the second run 0 rows; events written
by one `note(label, rows=…)` at 10 times the rate of Django's `bulk_create` of the same rows.

    python benches/bench_repairs.py [ROWS] [--json]
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
ROWS = 50_000


def synthetic(rows: int) -> bytes:
    """Invented lines of the standard, the same every time."""
    chance = random.Random(7)
    head = "id,data_provider,country,product_category_id,repair_status,event_date,brand,problem"
    words = ("Fixed", "Repairable", "End of life", "Unknown")
    lines = [head]
    for number in range(rows):
        day = date(2020, 1, 4) + timedelta(days=7 * (number % 300))
        lines.append(
            f"bench_{number},Bench,KOR,{chance.randint(1, 40)},{chance.choice(words)},{day},"
            f"Unknown,does not turn on {number}"
        )
    return "\n".join([*lines, ""]).encode()


def measure(rows: int) -> list[dict[str, object]]:
    """Measure in this process."""
    import django

    django.setup()
    from dure.core.actions import run
    from dure.core.actors import Actor

    content = synthetic(rows)
    body = {"content": content, "district": "11440"}

    def bring() -> tuple[float, int, int]:
        begin = time.perf_counter()
        result = run("exchange.repair.import", body, Actor.operator()).result
        return time.perf_counter() - begin, result.new, result.facts

    seconds, new, facts = bring()
    again, new_again, _ = bring()
    return [
        line("rows stored", new, "row", rows),
        line("rate", int(new / seconds), "row/s", 3_000, facts=facts),
        line("second run, rows", new_again, "row", 0, seconds=round(again, 2)),
        *bulk(rows),
    ]


def bulk(rows: int) -> list[dict[str, object]]:
    """The same events by the sink and by `bulk_create`, all constraints on; both taken back."""
    from django.db import transaction

    from dure.journal.models import Event
    from tests.journal.stating import acting, row

    def clocked(write: object) -> float:
        with transaction.atomic():
            begin = time.perf_counter()
            write()  # type: ignore[operator]  # one of the two below
            took = time.perf_counter() - begin
            transaction.set_rollback(True)
        return took

    facts = [row(f"exchange.agreement:{number}:bench") for number in range(rows)]

    def by_sink() -> None:
        from dure.core import facts as port

        with acting():
            port.note("repair.attempt", rows=facts)

    pattern = Event.rows.first()
    assert pattern is not None

    def by_orm() -> None:
        with acting() as present:
            Event.rows.bulk_create(
                [
                    Event(
                        uid=uuid4(), label_id=pattern.label_id, action=pattern.action,
                        sector=pattern.sector, district="11440", dims=one.dims, qty=1,
                        unit=pattern.unit, began=one.ended, ended=one.ended, evidence="A",
                        source=one.source, recorded_at=present.now, audit=present.line.id,
                    )
                    for one in facts
                ],
                batch_size=5_000,
            )  # fmt: skip

    sink, orm = clocked(by_sink), clocked(by_orm)
    return [
        line("events by one note", int(rows / sink), "event/s", "10 x bulk_create"),
        line("events by bulk_create", int(rows / orm), "event/s", ""),
        line("note against bulk_create", round(orm / sink, 1), "x", 10),
    ]


def line(what: str, value: object, unit: str, target: object, **more: object) -> dict[str, object]:
    """One measured number beside its target."""
    return {
        "bench": "repairs",
        "what": what,
        "value": value,
        "unit": unit,
        "target": target,
        **more,
    }


def main(arguments: list[str]) -> int:
    """Start an own database below a passing folder, measure, and print."""
    rows = next((int(one) for one in arguments if one.isdigit()), ROWS)
    with tempfile.TemporaryDirectory(prefix="dure-bench-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        os.environ |= {
            "DURE_DATA": folder,
            "DJANGO_SETTINGS_MODULE": "dure.config.settings",
            "DURE_QUIET": "1",
        }
        os.environ.pop("DATABASE_URL", None)
        from dure.config.database import Server

        with Server(place).held():
            environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
            subprocess.run(
                [sys.executable, "-m", "dure.config.migrate", "--json"],
                env=environment, check=True, stdout=subprocess.DEVNULL,
            )  # fmt: skip
            told = measure(rows)
            from django.db import connections

            connections.close_all()
    for one in told:
        if "--json" in arguments:
            print(json.dumps(one, ensure_ascii=False))
        else:
            print(f"{one['what']:<32} {one['value']} {one['unit']} (target {one['target']})")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
