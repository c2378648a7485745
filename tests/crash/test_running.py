"""`dure run` itself: one place is run once, its parts end with it, and nobody else gets in."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from dure.config.database import SUPERUSER
from dure.config.places import process_born
from tests.crash.conftest import Installation

MEMORY_KB_MAX = 700 * 1024


def second_run(installation: Installation, **changed: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "dure", "run"],
        env={**installation.env, **changed},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_second_start_finds_the_first(installation: Installation) -> None:
    done = second_run(installation)
    assert done.returncode == 0, done.stderr
    assert f"http://localhost:{installation.port}/" in done.stdout
    assert installation.process and installation.process.poll() is None


def test_a_taken_port_is_named(installation: Installation) -> None:
    second = Path(f"/var/tmp/dure-second-{os.getpid()}")
    try:
        done = second_run(installation, DURE_DATA=str(second))
    finally:
        shutil.rmtree(second, ignore_errors=True)
    assert done.returncode == 1
    assert f"Port {installation.port}" in done.stderr


def test_an_unknown_setting_is_refused(installation: Installation) -> None:
    done = second_run(installation, DURE_PROT="9000")
    assert done.returncode == 1
    assert "DURE_PROT" in done.stderr


def test_memory_of_the_whole_installation(installation: Installation) -> None:
    for path in ("/", "/en/", "/organisations", "/health"):
        subprocess.run(
            ["curl", "-s", "-o", "/dev/null", f"http://127.0.0.1:{installation.port}{path}"],
            check=False,
        )
    assert installation.process
    pids = {installation.process.pid, *installation.parts().values()}
    assert memory_kb(pids) <= MEMORY_KB_MAX


def memory_kb(roots: set[int]) -> int:
    """Proportional resident memory of processes and all their descendants."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    family = set(roots)
    for _ in range(6):
        family |= {pid for pid, parent in parents.items() if parent in family}
    total = 0
    for pid in family:
        try:
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        except OSError:
            continue
    assert total > 0  # the measure sees the processes
    return total


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can act as another system user")
def test_another_system_user_is_refused(installation: Installation) -> None:
    stranger = pwd.getpwnam("daemon")
    code = (
        "import psycopg, sys\n"
        "for role in ('postgres', 'dure_app', 'dure_owner', 'dure_vault'):\n"
        "    try:\n"
        f"        psycopg.connect('host={installation.server.socket} dbname=dure user=' + role)\n"
        "        sys.exit(role)\n"
        "    except psycopg.OperationalError:\n"
        "        pass\n"
    )
    folder = installation.server.socket
    folder.chmod(0o755)  # the folder is closed to strangers; here the peer check stands alone
    try:
        done = subprocess.run(
            ["/usr/bin/python3", "-c", code],
            env={"PYTHONPATH": os.pathsep.join(p for p in sys.path if "site-packages" in p)},
            user=stranger.pw_uid,
            group=stranger.pw_gid,
            capture_output=True,
            text=True,
            cwd="/",
            check=False,
        )
    finally:
        folder.chmod(0o700)
    if "ModuleNotFoundError" in done.stderr or "Permission" in done.stderr:
        pytest.skip("the environment's packages are closed to other users of this machine")
    assert (done.returncode, done.stderr) == (0, "")


def test_a_role_outside_the_map_is_refused(installation: Installation) -> None:
    with installation.server.connect(SUPERUSER) as admin:
        admin.execute("CREATE ROLE stranger LOGIN")
        try:
            with pytest.raises(psycopg.OperationalError, match=r"[Pp]eer"):
                installation.server.connect("stranger")
        finally:
            admin.execute("DROP ROLE stranger")


def test_parts_end_with_a_killed_supervisor(installation: Installation) -> None:
    assert installation.process
    parts = installation.parts()
    os.kill(installation.process.pid, signal.SIGKILL)
    installation.process.wait()
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        left = [name for name in ("web", "worker") if process_born(parts[name]) is not None]
        if not left:
            break
        time.sleep(0.1)
    assert left == []
    installation.start()  # waits until it answers
