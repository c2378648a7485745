"""`make check`: everything that can be said about the source without running the tests.

Each step prints its name and time; all run, and the exit code says whether all held.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
PYTHON = sys.executable
TEMPLATES = ROOT / "src" / "dure" / "interfaces" / "templates"


def steps() -> list[tuple[str, list[str | Path]]]:
    """Name and command of every step, the quick ones first."""
    templates = sorted(str(path) for path in TEMPLATES.rglob("*.html"))
    return [
        ("format", [BIN / "ruff", "format", "--check", "--quiet", "."]),
        ("lint", [BIN / "ruff", "check", "--quiet", "."]),
        ("templates", [BIN / "djade", "--check", "--target-version", "5.2", *templates]),
        ("texts", [PYTHON, "scripts/check_texts.py"]),
        ("style", [PYTHON, "scripts/build_css.py", "--check"]),
        ("tree", [PYTHON, "scripts/tree.py"]),
        ("floors", [BIN / "lint-imports", "--no-logo"]),
        ("migrations", [PYTHON, "scripts/migrations.py", "--check"]),
        ("dependencies", [BIN / "deptry", "src"]),
        ("types", [BIN / "mypy"]),
    ]


def migration_names() -> list[str]:
    """Names that say nothing, and numbers that stand twice in one room."""
    faults: list[str] = []
    for folder in sorted((ROOT / "src" / "dure").glob("*/migrations")):
        names = sorted(path.stem for path in folder.glob("0*.py"))
        faults += [f"{folder.parent.name}: {name}" for name in names if "_auto_" in name]
        numbers = [name[:4] for name in names]
        faults += [
            f"{folder.parent.name}: {number} stands twice"
            for number in sorted(set(numbers))
            if numbers.count(number) > 1
        ]
        for path in folder.glob("sql/*.sql"):
            twin = path.with_name(re.sub(r"(\.down)?\.sql$", ".down.sql", path.name))
            if not twin.exists():
                faults.append(f"{folder.parent.name}: {path.name} has no reverse")
    return faults


def main() -> int:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    environment.pop("DATABASE_URL", None)
    failed: list[str] = []
    only = set(sys.argv[1:])
    for name, command in steps():
        if only and name not in only:
            continue
        began = time.monotonic()
        done = subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        faults = migration_names() if name == "migrations" else []
        good = done.returncode == 0 and not faults
        print(
            f"{'ok  ' if good else 'FAIL'} {name:<13} {time.monotonic() - began:5.1f} s", flush=True
        )
        if not good:
            failed.append(name)
            print("\n".join([done.stdout[-6000:], done.stderr[-3000:], *faults]).strip())
    print("check: " + ("all held" if not failed else f"failed: {', '.join(failed)}"))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
