"""The embedded database: find binaries, keep one server per data folder, hand out connections.

Nouns: a *place* is the data folder of one installation; a *cluster* is PostgreSQL's folder in it;
a *holder* is a
process that uses the running server.
Law: the server listens on a Unix socket alone, admits only the operating-system users named in the
ident map, and
outlives any one holder; the last holder to leave stops it.
"""

from __future__ import annotations

import contextlib
import fcntl
import locale
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from dure.config.places import (
    Binaries,
    DatabaseRefused,
    as_user,
    find_binaries,
    give_to,
    make_place,
    make_socket_folder,
    process_born,
    readable,
    run_as,
    server_user,
    socket_folder,
)

SUPERUSER = "postgres"
ROLES = ("dure_owner", "dure_app", "dure_vault", "dure_analyst", "dure_auditor")
# Nobody signs in as these: who voted, what was voted, and the one function that writes both.
KEEPERS = ("dure_marks", "dure_urn", "dure_cast")
DATABASE = "dure"
START_SECONDS_MAX = 60.0
_children: list[
    subprocess.Popen[bytes]
] = []  # servers started by this process, kept so that they can be reaped


@dataclass(slots=True)
class Server:
    """One cluster below `place`; every process that uses it makes its own Server."""

    place: Path
    durable: bool = True
    shared_buffers_mb: int = 256
    connections_max: int = 100
    _hold: int | None = field(default=None, repr=False)

    @property
    def cluster(self) -> Path:
        return self.place / "database"

    @property
    def log(self) -> Path:
        return self.place / "database.log"

    @property
    def socket(self) -> Path:
        return socket_folder(self.place)

    # -- holding ---------------------------------------------------------------------------------

    def start(self) -> Server:
        """Make sure that the server answers, and hold it.

        Attaches to a server that runs already; else makes the cluster if there is none and starts
        it, waiting at
        most 60 s. A server killed before recovers from its log here.
        Raises DatabaseRefused with PostgreSQL's own last lines when it does not answer.
        """
        make_place(self.place)
        with self._gate():
            if self._hold is None:
                self._hold = os.open(self.place / "database.holders", os.O_RDWR | os.O_CREAT, 0o600)
                fcntl.flock(self._hold, fcntl.LOCK_SH)
            if self.answers():
                return self
            user = server_user(self.place)
            binaries = readable(find_binaries(), self.place, user)
            if not (self.cluster / "PG_VERSION").exists():
                self._initialise(binaries, user)
            self._check_cluster(binaries, user)
            self._launch(binaries, user)
        return self

    def stop(self) -> bool:
        """Let go; stop the server when nobody else holds it. Returns whether it was stopped."""
        if self._hold is None:
            return False
        with self._gate():
            hold, self._hold = self._hold, None
            try:
                fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                return False
            finally:
                os.close(hold)
            pid = self.pid()
            if pid is None:
                return False
            os.kill(pid, signal.SIGINT)  # fast: roll back what is open, write a checkpoint, leave
            stopped = _wait(lambda: self.pid() is None, 30.0)
            _children[:] = [child for child in _children if child.poll() is None]
            return stopped

    @contextlib.contextmanager
    def held(self) -> Iterator[Server]:
        self.start()
        try:
            yield self
        finally:
            self.stop()

    @contextlib.contextmanager
    def _gate(self) -> Iterator[None]:
        gate = os.open(self.place / "database.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(gate, fcntl.LOCK_EX)
            yield
        finally:
            os.close(gate)

    # -- looking ---------------------------------------------------------------------------------

    def answers(self) -> bool:
        try:
            self.connect(SUPERUSER, dbname="postgres", connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def pid(self) -> int | None:
        """Process id of the running postmaster, told apart from a stranger by its start time."""
        try:
            lines = (self.cluster / "postmaster.pid").read_text().splitlines()
            pid, started = int(lines[0]), int(lines[2])
        except (OSError, ValueError, IndexError):
            return None
        born = process_born(pid)
        return pid if born is not None and abs(born - started) <= 5 else None

    def dsn(self, role: str, dbname: str = DATABASE) -> str:
        return f"host={self.socket} user={role} dbname={dbname}"

    def connect(
        self, role: str, dbname: str = DATABASE, connect_timeout: int = 10
    ) -> psycopg.Connection:
        """Connect as one of our roles (or the superuser) with autocommit on."""
        return psycopg.connect(
            self.dsn(role, dbname), autocommit=True, connect_timeout=connect_timeout
        )

    # -- making and starting ---------------------------------------------------------------------

    def _initialise(self, binaries: Binaries, user: pwd.struct_passwd) -> None:
        if self.cluster.exists() and any(self.cluster.iterdir()):
            raise DatabaseRefused(
                f"{self.cluster} holds files but no database; choose another DURE_DATA."
            )
        half = self.place / "database.half"
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        give_to(half, user)
        collation = (
            ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
            if binaries.major >= 17
            else ["--locale=C.UTF-8"]
        )
        collation += [f"--lc-ctype={character_type()}"]  # pg_trgm asks it what a letter is
        command = [str(binaries.bin / "initdb"), "-D", str(half), "-U", SUPERUSER, "-E", "UTF8"]
        command += ["--data-checksums", "--auth=peer", *collation]
        command += [] if self.durable else ["--no-sync"]
        done = run_as(user, command)
        if done.returncode:
            raise DatabaseRefused(f"initdb failed:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        admitted = {user.pw_name, pwd.getpwuid(os.geteuid()).pw_name}
        (half / "pg_hba.conf").write_text("local all all peer map=dure\n")
        (half / "pg_ident.conf").write_text(
            "".join(
                f'dure "{who}" {role}\n' for who in sorted(admitted) for role in (SUPERUSER, *ROLES)
            )
        )
        for name in ("pg_hba.conf", "pg_ident.conf"):
            give_to(half / name, user)
        if self.cluster.exists():
            self.cluster.rmdir()
        half.rename(self.cluster)

    def _check_cluster(self, binaries: Binaries, user: pwd.struct_passwd) -> None:
        major = int((self.cluster / "PG_VERSION").read_text().strip())
        if major != binaries.major:
            raise DatabaseRefused(
                f"{self.cluster} was written by PostgreSQL {major}, here is "
                f"{binaries.major}. Make a dump with the "
                "old version (`dure backup`) and read it into an empty folder (`dure restore`)."
            )
        owner = self.cluster.stat().st_uid
        if owner != user.pw_uid:
            raise DatabaseRefused(f"{self.cluster} belongs to user {owner}, not to {user.pw_name}.")
        self._forget_the_dead()

    def _forget_the_dead(self) -> None:
        """Remove the lock files of a killed server, once none of its processes is left.

        PostgreSQL itself would refuse for ever when the dead server's number was given to another
        process. Its orphaned backends still write into the shared memory: wait for them first.
        """
        if self.pid() is not None:
            return
        if not _wait(lambda: not self._orphans(), START_SECONDS_MAX):
            raise DatabaseRefused(f"Processes of a killed server do not end: {self._orphans()}")
        for lock in (self.cluster / "postmaster.pid", self.socket / ".s.PGSQL.5432.lock"):
            lock.unlink(missing_ok=True)

    def _orphans(self) -> list[int]:
        """Processes that work in the cluster's folder, as every backend does."""
        found: list[int] = []
        folder = self.cluster.resolve()
        for entry in Path("/proc").glob("[0-9]*/cwd"):
            with contextlib.suppress(OSError):
                if entry.readlink() == folder:
                    found.append(int(entry.parent.name))
        return found

    def _launch(self, binaries: Binaries, user: pwd.struct_passwd) -> None:
        folder = make_socket_folder(self.place, user)
        settings = server_settings(
            folder, self.durable, self.shared_buffers_mb, self.connections_max
        )
        command = [str(binaries.bin / "postgres"), "-D", str(self.cluster)]
        command += [f"-c{name}={value}" for name, value in settings.items()]
        # After a kill, orphaned backends may hold the shared memory for some seconds: try again
        # until they let go.
        deadline = time.monotonic() + START_SECONDS_MAX
        while True:
            with self.log.open("ab") as log:
                process = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    start_new_session=True,
                    cwd="/",
                    **as_user(user),
                )
            while time.monotonic() < deadline and process.poll() is None and not self.answers():
                time.sleep(0.05)
            if process.poll() is None and self.answers():
                _children.append(process)
                return
            if process.poll() is None or time.monotonic() > deadline:
                raise DatabaseRefused(f"PostgreSQL did not start:\n{self.last_lines()}")
            time.sleep(0.2)

    def last_lines(self, count: int = 12) -> str:
        try:
            return "\n".join(self.log.read_text(errors="replace").splitlines()[-count:])
        except OSError:
            return ""


def check_durable(connected: psycopg.Connection) -> None:
    """Refuse settings under which an acknowledged write can vanish, set for server, database or
    role.
    """
    for name in ("fsync", "synchronous_commit"):
        row = connected.execute("SELECT current_setting(%s)", (name,)).fetchone()
        if row is None or row[0] in ("off", "local"):
            raise DatabaseRefused(
                f"{name} is {row and row[0]}: acknowledged writes could be lost. Set it to on."
            )


def server_settings(
    folder: Path, durable: bool, buffers_mb: int, connections: int
) -> dict[str, str]:
    """Command-line settings. Statements and values stay out of the log: they may hold personal
    data.
    """
    sync = "on" if durable else "off"
    return {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "shared_buffers": f"{buffers_mb}MB",
        "max_connections": str(connections),
        "max_wal_size": "1GB" if durable else "256MB",
        "fsync": sync,
        "synchronous_commit": sync,
        "full_page_writes": sync,
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "lc_messages": "C",
        "log_statement": "none",
        "log_min_error_statement": "panic",
        "log_error_verbosity": "terse",
        "log_parameter_max_length": "0",
        "log_min_messages": "warning" if durable else "error",
    }


def character_type() -> str:
    """A character type of this system that knows Hangul letters; under C, trigrams ignore them."""
    present = locale.setlocale(locale.LC_CTYPE)
    try:
        for name in ("C.UTF-8", "C.utf8", "en_US.UTF-8", "ko_KR.UTF-8"):
            with contextlib.suppress(locale.Error):
                return locale.setlocale(locale.LC_CTYPE, name)
    finally:
        locale.setlocale(locale.LC_CTYPE, present)
    return "C"


def _wait(done: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if done():
            return True
        time.sleep(0.05)
    return done()
