"""`dure run`: database, migrations, demo, web server and worker as one; the supervisor of one
machine.

Law: stopping ends what this process started and nothing else; a part that dies is started again;
nothing here
imports Django, so that watching costs little memory.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

import psycopg
from psycopg.conninfo import make_conninfo

from dure.config.database import Server, check_durable
from dure.config.env import Environment, read_environment
from dure.config.keys import KEYS, ensure_keys
from dure.config.listening import RunRefused, answers, free_port, listen_hosts
from dure.config.places import DatabaseRefused, make_place

SOURCE = Path(__file__).resolve().parent.parent
LOG_BYTES_MAX = 20_000_000
PR_SET_PDEATHSIG = 1


@dataclass(slots=True)
class Part:
    """One process of ours: its command, its log, and how often it had to be started again."""

    name: str
    command: list[str]
    log: Path
    env: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0

    def start(self) -> None:
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.replace(self.log.with_suffix(".log.1"))
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.env,
                start_new_session=True, preexec_fn=end_with_parent,
            )  # fmt: skip
        self.started = time.monotonic()

    def watch(self) -> bool:
        """Start the part again when it died; waits longer after each quick death. Returns whether
        it did.
        """
        if self.process is None or self.process.poll() is None:
            return False
        alive = time.monotonic() - self.started
        self.failures = 0 if alive > 30 else self.failures + 1
        if alive < min(0.5 * 2**self.failures, 15):
            return False
        self.start()
        return True

    def stop(self, seconds: float = 12.0) -> None:
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


def end_with_parent() -> None:
    """In the child: ask the kernel for SIGTERM when the supervisor dies, `kill -9` included."""
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass(slots=True)
class Supervisor:
    """The parts of one installation and what they need."""

    env: Environment
    say: Callable[[str], None]
    server: Server | None = None
    parts: list[Part] = field(default_factory=list)
    _stopping: threading.Event = field(default_factory=threading.Event)

    @property
    def place(self) -> Path:
        return self.env.place

    @property
    def url(self) -> str:
        return f"http://localhost:{self.env.port}/"

    def child_env(self) -> dict[str, str]:
        paths = [str(SOURCE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(paths),
            "DJANGO_SETTINGS_MODULE": "dure.config.settings",
            "PORT": str(self.env.port),
        }

    # -- starting ----------------------------------------------------------------------------------

    def start(self) -> None:
        began = time.monotonic()
        free_port(self.env.host, self.env.port)
        ensure_keys(self.place / "keys", KEYS)
        for name in ("logs", "outbox", "files"):
            (self.place / name).mkdir(mode=0o700, exist_ok=True)
        if self.env.database_url:
            self.say("using the PostgreSQL server of DATABASE_URL")
        else:
            self.say("starting the database")
            self.server = Server(self.place).start()
        self.prepare()
        self.check_durable()
        self.say("starting the web server and the worker")
        self.parts = [self.web(), self.worker()]
        for part in self.parts:
            part.start()
        self.wait_until_answering()
        (self.place / "run.json").write_text(
            json.dumps({"pid": os.getpid(), "url": self.url, "parts": self.pids()})
        )
        self.say(f"ready after {time.monotonic() - began:.1f} s")

    def prepare(self) -> None:
        """Migrate and collect what pages need, when the source or the database changed since the
        last time.
        """
        state = source_state()
        mark = self.place / "prepared"
        born = self.place / "database" / "PG_VERSION"
        which = str(born.stat().st_mtime_ns) if born.exists() else self.env.database_url
        wanted = f"{state} {hashlib.sha256(which.encode()).hexdigest()[:20]}\n"
        if mark.exists() and mark.read_text() == wanted:
            return
        self.say("bringing the database up to date")
        self.step(
            [sys.executable, "-m", "dure.config.migrate", "--static"],
            "The database could not be prepared",
        )
        if self.env.demo:
            self.say("loading the demo district (synthetic data; DURE_DEMO=0 leaves it out)")
            self.step(
                [sys.executable, "-m", "dure", "demo"], "The demo district could not be loaded"
            )
        mark.write_text(wanted)

    def check_durable(self) -> None:
        """Refuse to serve where an acknowledged write can vanish, for database and role too."""
        entry = self.env.database("dure_app")
        options = entry["OPTIONS"]
        assert isinstance(options, dict)
        names = {"HOST": "host", "PORT": "port", "USER": "user", "PASSWORD": "password"}
        given = {word: str(entry[name]) for name, word in names.items() if entry.get(name)}
        dsn = make_conninfo(dbname=str(entry["NAME"]), **given, **options)
        with psycopg.connect(dsn) as connected:
            check_durable(connected)

    def step(self, command: list[str], failure: str) -> None:
        with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True,
            env=self.child_env(), start_new_session=True, preexec_fn=end_with_parent,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            tail: list[str] = []
            for line in process.stdout:
                tail = [*tail[-30:], line]
                if line.startswith("· "):
                    self.say(f"  {line[2:].rstrip()}")
        if process.returncode:
            raise RunRefused(f"{failure}:\n{''.join(tail)}")

    def web(self) -> Part:
        binds = [f"{host}:{self.env.port}" for host in listen_hosts(self.env.host)]
        command = [sys.executable, "-m", "gunicorn", "dure.config.wsgi:application", "--preload"]
        command += ["--workers", str(self.env.workers), "--threads", str(self.env.threads)]
        command += ["--worker-class", "gthread", "--timeout", "60", "--graceful-timeout", "10"]
        command += [
            "--max-requests",
            "20000",
            "--max-requests-jitter",
            "2000",
            "--log-level",
            "warning",
        ]
        command += ["--worker-tmp-dir", "/dev/shm"] if os.access("/dev/shm", os.W_OK) else []  # noqa: S108
        command += [word for bind in binds for word in ("--bind", bind)]
        return Part("web", command, self.place / "logs" / "web.log", self.child_env())

    def worker(self) -> Part:
        command = [sys.executable, "-m", "dure", "work"]
        return Part("worker", command, self.place / "logs" / "worker.log", self.child_env())

    def wait_until_answering(self, seconds: float = 60.0) -> None:
        deadline = time.monotonic() + seconds
        web = self.parts[0]
        while time.monotonic() < deadline:
            if answers(self.env.host, self.env.port):
                return
            if web.process is not None and web.process.poll() is not None:
                break
            time.sleep(0.1)
        tail = "".join(web.log.read_text(errors="replace").splitlines(keepends=True)[-20:])
        raise RunRefused(f"The web server does not answer:\n{tail}")

    # -- watching and stopping
    # -----------------------------------------------------------------------

    def pids(self) -> dict[str, int]:
        found = {part.name: part.process.pid for part in self.parts if part.process}
        if self.server and (pid := self.server.pid()):
            found["database"] = pid
        return found

    def watch(self) -> None:
        """Until asked to stop: start again what died."""
        beat = 0
        while not self._stopping.wait(1.0):
            beat += 1
            changed = False
            if self.server and (
                self.server.pid() is None or (beat % 15 == 0 and not self.server.answers())
            ):
                self.say("the database is gone; starting it again")
                try:
                    self.server.start()
                    changed = True
                except DatabaseRefused as refused:
                    self.say(str(refused))
            for part in self.parts:
                if part.watch():
                    self.say(f"the {part.name} process had ended; started it again")
                    changed = True
            if changed:
                (self.place / "run.json").write_text(
                    json.dumps({"pid": os.getpid(), "url": self.url, "parts": self.pids()})
                )

    def ask_to_stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        self._stopping.set()

    def stop(self) -> None:
        for part in self.parts:
            if part.process and part.process.poll() is None:
                part.process.terminate()
        for part in self.parts:
            part.stop()
        with contextlib.suppress(FileNotFoundError):
            (self.place / "run.json").unlink()
        if self.server:
            self.server.stop()


# -- what the machine says
# ------------------------------------------------------------------------------


def source_state() -> str:
    """Hash over the names, sizes and times of all source files: changes when anything was edited
    or updated.
    """
    digest = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*")):
        if path.is_file() and path.suffix != ".pyc":
            seen = path.stat()
            digest.update(
                f"{path.relative_to(SOURCE)} {seen.st_size} {seen.st_mtime_ns}\n".encode()
            )
    return digest.hexdigest()[:20]


@contextlib.contextmanager
def only_one(place: Path) -> Iterator[bool]:
    """Whether this process is the one that runs the place; a second one gets False."""
    make_place(place)
    with (place / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def attach(place: Path, say: Callable[[str], None], seconds: float = 120.0) -> int:
    """Another process runs or starts this place: wait until it answers and say where."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            known = json.loads((place / "run.json").read_text())
            say(f"already running (process {known['pid']})")
            print(f"\n    {known['url']}\n", flush=True)
            return 0
        except (OSError, ValueError):
            time.sleep(0.5)
    say("another process holds this data folder but does not answer")
    return 1


def accounts(place: Path) -> str:
    """What `dure demo` left for people to sign in with."""
    try:
        told = json.loads((place / "demo.json").read_text())
    except (OSError, ValueError):
        return ""
    lines = [
        f"    {one['handle']:<14} {one['password']:<18}"
        f" {'*' if one.get('secret') else ' '} {one['ko']} · {one['en']}"
        for one in told["accounts"]
    ]
    secret = next((one["secret"] for one in told["accounts"] if one.get("secret")), "")
    step = (
        f"    * second step (추가 인증): `.venv/bin/dure demo --code` shows the code;"
        f" for an authenticator app: {secret}\n"
        if secret
        else ""
    )
    return "Demo accounts (데모 계정):\n" + "\n".join(lines) + "\n" + step


def main(arguments: list[str]) -> int:
    """`dure run [--seconds N] [--json]`: run until Ctrl-C or, for trials, for N seconds."""
    quiet = "--json" in arguments

    def say(text: str) -> None:
        print(f"· {text}", file=sys.stderr if quiet else sys.stdout, flush=True)

    env = read_environment()
    with only_one(env.place) as first:
        if not first:
            return attach(env.place, say)
        supervisor = Supervisor(env, say)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, supervisor.ask_to_stop)
        try:
            supervisor.start()
            if quiet:
                print(json.dumps({"url": supervisor.url, "parts": supervisor.pids()}), flush=True)
            else:
                print(f"\n    두레 Dure    {supervisor.url}\n\n{accounts(env.place)}", flush=True)
                print("Ctrl-C stops it. (멈추려면 Ctrl-C)", flush=True)
            supervisor.watch()
        finally:
            say("stopping")
            supervisor.stop()
    return 0
