"""Database fixtures of every test: one cluster a checkout, one template a state of the source.

`db` (pytest-django's own) wraps a test in a transaction that is rolled back, on a clone of the
template, connected as `dure_app`. `commits` gives a fresh clone with real commits. `server` is
the cluster itself, for other roles.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
sys.path[:0] = [str(SOURCE), str(ROOT)]

from dure.config.database import SUPERUSER, Server  # noqa: E402
from dure.config.roles import prepare, prepare_inside  # noqa: E402
from tests.harness.clock import Clock  # noqa: E402


def test_place() -> Path:
    """`.cache/test` of the checkout; a folder of the system where another user must pass and
    cannot.
    """
    near = ROOT / ".cache" / "test"
    if os.geteuid() != 0:
        return near
    closed = [folder for folder in ROOT.parents if not folder.stat().st_mode & 0o001]
    if not closed and ROOT.stat().st_mode & 0o001:
        return near
    key = hashlib.sha256(str(ROOT).encode()).hexdigest()[:10]
    return Path(tempfile.gettempdir()) / f"dure-test-{os.geteuid()}-{key}"


PLACE = test_place()
(PLACE / "static").mkdir(parents=True, exist_ok=True)  # where collected pages would lie
os.environ.pop("DATABASE_URL", None)
os.environ["DJANGO_SETTINGS_MODULE"] = (
    "dure.config.settings"  # here and not in the ini file: it reads the lines below
)
os.environ["DURE_DATA"] = str(PLACE)
os.environ["DURE_DATABASE_NAME"] = (
    f"clone_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--torture", action="store_true", help="the long crash and race runs")


def pytest_configure() -> None:
    import django

    django.setup()


def state_hash() -> str:
    """Hash of all that decides the template's content."""
    digest = hashlib.sha256()
    named = [
        *SOURCE.rglob("migrations/**/*.py"),
        *SOURCE.rglob("*.sql"),
        *SOURCE.rglob("dure/*/*.toml"),
    ]
    named += [
        *SOURCE.rglob("dure/*/data/**/*"),
        *SOURCE.rglob("install*.py"),
        *SOURCE.rglob("*.csv"),
    ]
    named += [
        SOURCE / "dure/config/roles.py",
        SOURCE / "dure/config/migrate.py",
        SOURCE / "dure/config/settings.py",
    ]
    named += sorted((ROOT / "tests" / "harness").glob("*.sql"))
    for path in sorted(
        {path for path in named if path.is_file() and "node_modules" not in path.parts}
    ):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def clone(server: Server, template: str, name: str) -> None:
    with server.connect(SUPERUSER, "postgres") as admin:
        admin.execute(
            sql.SQL("CREATE DATABASE {} OWNER dure_owner TEMPLATE {} STRATEGY WAL_LOG").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
    with server.connect(SUPERUSER, name) as admin:
        prepare_inside(admin, name)  # rights on a database are not copied with its template


def drop(server: Server, name: str) -> None:
    with server.connect(SUPERUSER, "postgres") as admin:
        admin.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
        )


def build_template(server: Server, name: str) -> None:
    """Migrate an empty database in a process of its own, put the test clock in, and give it its
    final name.
    """
    with server.connect(SUPERUSER, "postgres") as admin:
        old = admin.execute(
            "SELECT datname FROM pg_database WHERE datname ~ '^(template_|clone_|half_)'"
        ).fetchall()
        for (database,) in old:
            try:
                admin.execute(
                    sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(database))
                )
            except psycopg.errors.ObjectInUse:
                continue
        half = f"half_{os.getpid()}"
        prepare(admin, half)
    environment = {**os.environ, "DURE_DATABASE_NAME": half, "PYTHONPATH": str(SOURCE)}
    done = subprocess.run(
        [sys.executable, "-m", "dure.config.migrate"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        drop(server, half)
        raise RuntimeError(
            f"The test database could not be built:\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}"
        )
    with server.connect("dure_owner", half) as owner:
        for script in sorted((ROOT / "tests" / "harness").glob("*.sql")):
            owner.execute(script.read_bytes())
    with server.connect(SUPERUSER, "postgres") as admin:
        admin.execute(
            sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
                sql.Identifier(half), sql.Identifier(name)
            )
        )


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """The test cluster, running. It trades safety against power loss for speed; crash tests make
    their own.
    """
    with Server(PLACE, durable=False, shared_buffers_mb=64).held() as running:
        yield running


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    name = f"template_{state_hash()}"
    with (PLACE / "template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with server.connect(SUPERUSER, "postgres") as admin:
            found = admin.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", (name,)
            ).fetchone()
        if os.environ.get("DURE_TEST_REBUILD") and not os.environ.get("PYTEST_XDIST_WORKER"):
            drop(server, name)
            found = None
        if not found:
            build_template(server, name)
    return name


@pytest.fixture(scope="session")
def django_db_setup(server: Server, template: str) -> Iterator[None]:
    """Replaces pytest-django's: the session's own clone instead of Django's test database."""
    name = os.environ["DURE_DATABASE_NAME"]
    drop(server, name)
    clone(server, template, name)
    yield
    from django.db import connections

    connections.close_all()
    drop(server, name)


@pytest.fixture
def commits(
    django_db_setup: None, django_db_blocker: object, server: Server, template: str
) -> Iterator[str]:
    """A fresh clone with real commits; yields its name. Threads of the test connect to it too."""
    from django.db import connections

    name = f"clone_c_{os.getpid()}_{os.urandom(3).hex()}"
    clone(server, template, name)
    before = {alias: connections.settings[alias]["NAME"] for alias in connections}
    connections.close_all()
    for alias in connections:
        connections.settings[alias]["NAME"] = name
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's blocker is untyped
        try:
            yield name
        finally:
            connections.close_all()
            for alias, old in before.items():
                connections.settings[alias]["NAME"] = old
            drop(server, name)


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Iterator[Clock]:
    """`clock.at("2026-07-01T00:00:00+09:00")`, `clock.move(days=1)`: sets `dure_now()` of the
    present database.
    """
    committed = request.getfixturevalue("commits") if "commits" in request.fixturenames else None
    if committed is None:
        request.getfixturevalue("db")
    server: Server = request.getfixturevalue("server")

    def publish(value: str) -> None:
        with server.connect(SUPERUSER, "postgres") as admin:
            admin.execute(
                sql.SQL("ALTER DATABASE {} SET dure.test_now = {}").format(
                    sql.Identifier(str(committed)), sql.Literal(value)
                )
            )

    moving = Clock(publish if committed else None)
    yield moving
    moving.release()


@pytest.fixture
def database_as(
    server: Server, django_db_setup: None
) -> Iterator[Callable[..., psycopg.Connection]]:
    """`database_as("dure_auditor")` opens an own connection to the present database as another
    role.
    """
    from django.db import connections

    opened: list[psycopg.Connection] = []

    def connect(role: str, dbname: str | None = None) -> psycopg.Connection:
        opened.append(
            server.connect(role, dbname or str(connections["default"].settings_dict["NAME"]))
        )
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real files that stand outside the repository; tests that need them say so when they are
    absent.
    """
    place = Path(os.environ.get("DURE_SHARED_DATA") or ROOT.parent / "shared" / "data")
    if not place.is_dir():
        pytest.skip("shared data is not on this machine; set DURE_SHARED_DATA to its folder")
    return place
