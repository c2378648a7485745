"""A whole installation of its own, run by `dure run`, whose parts the tests kill with SIGKILL."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from dure.config.database import SUPERUSER, Server

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@dataclass
class Installation:
    """One data folder and, while it runs, its supervisor."""

    place: Path
    port: int
    token: str = ""
    process: subprocess.Popen[bytes] | None = None
    told: dict[str, str] = field(default_factory=dict)

    @property
    def env(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("DURE_", "DATABASE_"))}
        paths = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
        return {
            **kept,
            "DURE_DATA": str(self.place),
            "DURE_DEMO": "0",
            "PORT": str(self.port),
            "PYTHONPATH": paths,
            "DJANGO_SETTINGS_MODULE": "dure.config.settings",
        }

    @property
    def server(self) -> Server:
        return Server(self.place)

    def start(self) -> None:
        with (self.place / "run.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "dure", "run"], env=self.env, stdout=log, stderr=log
            )
        self.wait()

    def wait(self, seconds: float = 300.0) -> None:
        """Wait until the web server answers and the database behind it too."""
        deadline = time.monotonic() + seconds
        last = "nothing"
        while time.monotonic() < deadline:
            try:
                url = f"http://127.0.0.1:{self.port}/ready"
                with urllib.request.urlopen(url, timeout=5) as answer:
                    if answer.status == 200:
                        return
            except urllib.error.HTTPError as error:
                last = error.read().decode(errors="replace")
            except OSError as error:
                last = str(error)
            time.sleep(0.2)
        logs = [self.place / "run.log", *sorted((self.place / "logs").glob("*.log"))]
        tails = "\n".join(f"{log.name}:\n{log.read_text()[-3000:]}" for log in logs)
        raise AssertionError(f"it does not answer; last: {last}\n{tails}")

    def parts(self) -> dict[str, int]:
        told: dict[str, dict[str, int]] = json.loads((self.place / "run.json").read_text())
        return told["parts"]

    def kill(self, part: str) -> None:
        """SIGKILL one part: database, web or worker."""
        pid = self.server.pid() if part == "database" else self.parts()[part]
        if pid:
            os.kill(pid, signal.SIGKILL)

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def post(self, action: str, body: dict[str, object], key: str) -> tuple[int, dict[str, object]]:
        """One call of the API; (0, {}) when no answer came."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v1/actions/{action}",
            data=json.dumps(body).encode(),
            headers={
                "Authorization": f"Bearer {self.token}",
                "Content-Type": "application/json",
                "Idempotency-Key": key,
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, {"said": error.read().decode(errors="replace")[:300]}
        except (OSError, ValueError):
            return 0, {}

    def ask(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Ask the database as superuser, which no trigger and no grant hides anything from."""
        for _ in range(300):
            try:
                with self.server.connect(SUPERUSER) as admin:
                    return admin.execute(statement, values).fetchall()
            except psycopg.OperationalError:
                time.sleep(0.2)
        raise AssertionError("the database does not answer")

    def is_whole(self) -> bool:
        """Whether seals verify and every row has its audit line, but for those of the setup."""
        return self.python(WHOLE) == self.told["whole"]

    def keep_whole(self) -> None:
        """Take what is without a line now as the setup's: for tests that wrote rows by `given()`
        and have themselves compared what became of them."""
        self.told["whole"] = self.python(WHOLE)

    def python(self, code: str) -> str:
        """Run a few lines in the installation, Django set up; returns what they print."""
        head = "import django; django.setup()\n"
        done = subprocess.run(
            [sys.executable, "-c", head + code],
            env={**self.env, "DURE_QUIET": "1"},
            capture_output=True,
            text=True,
            check=False,
            cwd=ROOT,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout.strip()


WHOLE = """
import json
from dure.core import sealing
seen = sealing.verify()
print(json.dumps({"orphans": sealing.rows_without_line(),
                  "faults": [[f.kind, f.place] for f in seen.faults]}))
"""
SETUP = """
import hashlib
from dure.core import tokens
from dure.core.actions import run
from dure.core.actors import Role
from tests.harness.people import MAPO, person_with
actor = person_with(Role.STAFF, district=MAPO)
token = tokens.new_token()
body = {"label": "crash", "purpose": "all", "days": 1, "token_hash": tokens.hash_of(token)}
run("core.token.create", body, actor)
print(token, actor.id)
"""


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """A running installation with one person of staff who holds a token."""
    folder = Path(tempfile.mkdtemp(prefix="dure-crash-", dir="/var/tmp"))
    folder.chmod(0o711)
    made = Installation(folder, free_port())
    try:
        made.start()
        made.token, made.told["person"] = made.python(SETUP).split()
        made.keep_whole()  # the rows of `given()` have no line
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def torture(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--torture"))
