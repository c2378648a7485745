"""Import of organisation lists, end to end: open, map, judge, apply, on an own embedded database.

Targets: 100,000 rows at 5,000 rows/s or more, the second run of the same list 0 rows in less than a
quarter of the time, resident memory of the importing process below 512 MB, ten times the rate of
django-import-export on rows of the same list and the same tables (`import_export_run.py`). Each
stage says its seconds by the clock, of this process and of the database's, since a busy machine
stretches the first most.

    python benches/bench_import.py [ROWS] [--json] [--xlsx]
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT / "benches")]
ROWS = 100_000
RATE_MIN = 5_000


def measure(rows: int, place: Path, *, xlsx: bool) -> list[dict[str, object]]:
    """Measure in this process, against the running database of `place`."""
    import django

    django.setup()
    import synthetic_organisations as synthetic

    from dure.core.actions import run
    from dure.core.actors import Actor
    from dure.registry import spool
    from dure.registry.models import Import

    file = place / ("list.xlsx" if xlsx else "list.csv")
    (synthetic.write_xlsx if xlsx else synthetic.write_csv)(file, rows)
    actor = Actor.operator()
    memory_before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    def bring() -> tuple[dict[str, Spent], int]:
        stages: dict[str, Spent] = {}
        at = Spent.now()

        def lap(name: str) -> None:
            nonlocal at
            here = Spent.now()
            stages[name], at = here - at, here

        with file.open("rb") as opened:
            name = spool.put(iter(lambda: opened.read(1 << 20), b""), file.name)
        body = {"file": name, "file_name": file.name, "district": "city", "year": 2025}
        import_id = run("registry.import.open", body, actor).result.id
        lap("open")
        columns = tuple(Import.rows.get(pk=import_id).columns)
        mapped = run("registry.import.map", {"import_id": import_id, "columns": columns}, actor)
        lap("map")
        if mapped.result.same_as:
            return stages, 0
        run("registry.import.judge", {"import_id": import_id}, actor)
        lap("judge")
        result = run("registry.import.apply", {"import_id": import_id}, actor).result
        lap("apply")
        return stages, result.made + result.changed

    first, made = bring()
    second, again = bring()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    seconds, seconds_again = clock_seconds(first), clock_seconds(second)
    rate = made / seconds
    return [
        line("rows stored", made, "row", rows),
        line("rate", int(rate), "row/s", RATE_MIN, stages=told(first), load=os.getloadavg()[0]),
        line("rate by processor time", int(made / cpu_seconds(first)), "row/s", "-"),
        line("second run, rows", again, "row", 0, stages=told(second)),
        line("second run, share of the first", round(seconds_again / seconds, 3), "", 0.25),
        line("memory of the process", int(memory), "MB", 512, before=int(memory_before)),
        *peer(rows, rate),
    ]


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds by the clock, of this process, and of its database session."""

    clock: float
    python: float
    database: float

    @classmethod
    def now(cls) -> Spent:
        from django.db import connection

        connection.ensure_connection()
        pid = connection.connection.info.backend_pid
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks = int(fields[11]) + int(fields[12])
        return cls(time.perf_counter(), time.process_time(), ticks / os.sysconf("SC_CLK_TCK"))

    def __sub__(self, other: Spent) -> Spent:
        return Spent(
            self.clock - other.clock, self.python - other.python, self.database - other.database
        )


def clock_seconds(stages: dict[str, Spent]) -> float:
    return sum(spent.clock for spent in stages.values())


def cpu_seconds(stages: dict[str, Spent]) -> float:
    return sum(spent.python + spent.database for spent in stages.values())


def told(stages: dict[str, Spent]) -> dict[str, list[float]]:
    """Stage → seconds by the clock, of the process, of the database; to a hundredth."""
    return {
        name: [round(each, 2) for each in (spent.clock, spent.python, spent.database)]
        for name, spent in stages.items()
    }


def peer(rows: int, ours: float) -> list[dict[str, object]]:
    """The peer in the same run, on fresh rows of the same list; it is linear in their number."""
    if importlib.util.find_spec("import_export") is None:
        return [line("peer django-import-export", "not installed, so not measured", "", ">= 10 x")]
    import import_export_run as other
    import synthetic_organisations as synthetic

    lines = []
    for what, table, count in (
        ("one table of nine", other.Plain, 5_000),
        ("the same tables", other.Whole, 1_000),
    ):
        fresh = islice(synthetic.rows(rows + count), rows, None)
        theirs = other.rate(table, synthetic.LABELS, fresh)
        lines.append(line(f"peer, {what}", int(theirs), "row/s", "-"))
        target = 10 if table is other.Whole else "-"
        lines.append(line(f"times the peer, {what}", round(ours / theirs, 1), "", target))
    return lines


def line(what: str, value: object, unit: str, target: object, **more: object) -> dict[str, object]:
    """One measured number beside its target."""
    return {"bench": "import", "what": what, "value": value, "unit": unit, "target": target, **more}


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
            lines = measure(rows, place, xlsx="--xlsx" in arguments)
            from django.db import connections

            connections.close_all()
    for one in lines:
        if "--json" in arguments:
            print(json.dumps(one, ensure_ascii=False))
        else:
            print(
                f"{one['what']:<32} {one['value']} {one['unit']} (target {one['target']}) "
                f"{one.get('stages', '')}"
            )
    numbers = {str(one["what"]): one["value"] for one in lines}
    rate, memory = int(str(numbers["rate"])), int(str(numbers["memory of the process"]))
    return 0 if rate >= RATE_MIN and memory < 512 and numbers["second run, rows"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
