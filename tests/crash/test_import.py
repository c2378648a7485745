"""SIGKILL of the database and of the importing process in the middle of storing a list."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from benches.synthetic_organisations import write_csv
from dure.config.database import SUPERUSER
from tests.crash.conftest import Installation

ROWS = 4_000
ROOT = Path(__file__).resolve().parents[2]


def start_import(installation: Installation, file: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "dure",
            "import",
            "organisations",
            str(file),
            "--so",
            "all",
            "--json",
        ],
        env={**installation.env, "DURE_QUIET": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_until_storing(installation: Installation, process: subprocess.Popen[str]) -> None:
    """Wait until the import's own transaction has written organisations that nobody sees yet."""
    with installation.server.connect(SUPERUSER) as admin:
        while process.poll() is None:
            seen = admin.execute(
                "SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                " WHERE l.relation = 'registry_organisation'::regclass"
                " AND l.mode = 'RowExclusiveLock' AND a.query ILIKE '%registry_import%'"
            ).fetchone()
            if seen is not None:
                return
            time.sleep(0.002)
    raise AssertionError(f"the import ended before it could be killed: {process.communicate()}")


def stored(installation: Installation) -> tuple[object, object, object]:
    """Organisations of the list, applied imports, and done audit lines of storing."""
    (row,) = installation.ask(
        "SELECT (SELECT count(*) FROM registry_orgname WHERE name LIKE '%%호'),"
        " (SELECT count(*) FROM registry_import WHERE state = 'applied'),"
        " (SELECT count(*) FROM core_auditline WHERE action = 'registry.import.apply'"
        "  AND outcome = 'done')"
    )
    return (row[0], row[1], row[2])


def test_a_killed_import_stores_nothing_and_a_second_one_all(
    installation: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "organisations.csv"
    write_csv(file, ROWS)

    process = start_import(installation, file)
    wait_until_storing(installation, process)
    installation.kill("database")
    process.communicate()
    assert process.returncode != 0
    installation.wait()
    assert stored(installation) == (0, 0, 0)

    process = start_import(installation, file)
    wait_until_storing(installation, process)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    assert stored(installation) == (0, 0, 0)

    process = start_import(installation, file)
    said, problems = process.communicate()
    assert process.returncode == 0, said + problems
    assert json.loads(said)["made"] == ROWS
    assert stored(installation) == (ROWS, 1, 1)

    process = start_import(installation, file)
    said, _ = process.communicate()
    assert json.loads(said)["made"] == 0
    assert stored(installation) == (ROWS, 1, 1)
    assert installation.is_whole()
