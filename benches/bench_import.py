"""Import of organisation lists, end to end: open, map, judge, apply, on an own embedded database.

Targets: 100,000 rows at 5,000 rows/s or more, the second run of the same list 0 rows in less than a
quarter of the time, resident memory of the importing process below 512 MB. The peer of the design,
django-import-export, is measured only where it is installed; otherwise the line says so.

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

    def bring() -> tuple[dict[str, float], int]:
        stages: dict[str, float] = {}
        begin = time.perf_counter()

        def lap(name: str) -> None:
            stages[name] = time.perf_counter() - begin - sum(stages.values())

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
    seconds, seconds_again = sum(first.values()), sum(second.values())
    return [
        line("rows stored", made, "row", rows),
        line("rate", int(made / seconds), "row/s", RATE_MIN, stages=rounded(first)),
        line("second run, rows", again, "row", 0, stages=rounded(second)),
        line("second run, share of the first", round(seconds_again / seconds, 3), "", 0.25),
        line("memory of the process", int(memory), "MB", 512, before=int(memory_before)),
    ]


def line(what: str, value: object, unit: str, target: object, **more: object) -> dict[str, object]:
    """One measured number beside its target."""
    return {"bench": "import", "what": what, "value": value, "unit": unit, "target": target, **more}


def rounded(stages: dict[str, float]) -> dict[str, float]:
    """Stage → seconds, to a hundredth."""
    return {name: round(seconds, 2) for name, seconds in stages.items()}


def peer() -> dict[str, object]:
    """Whether the peer is here to be measured."""
    found = importlib.util.find_spec("import_export") is not None
    said = "installed, not measured by this bench" if found else "not installed, so not measured"
    return line("peer django-import-export", said, "", ">= 10 x its rate")


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
            told = [*measure(rows, place, xlsx="--xlsx" in arguments), peer()]
            from django.db import connections

            connections.close_all()
    for one in told:
        if "--json" in arguments:
            print(json.dumps(one, ensure_ascii=False))
        else:
            print(
                f"{one['what']:<32} {one['value']} {one['unit']} (target {one['target']}) "
                f"{one.get('stages', '')}"
            )
    numbers = {str(one["what"]): one["value"] for one in told}
    rate, memory = int(str(numbers["rate"])), int(str(numbers["memory of the process"]))
    return 0 if rate >= RATE_MIN and memory < 512 and numbers["second run, rows"] == 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
