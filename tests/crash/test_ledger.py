"""SIGKILL of the database and of the application under payments: nothing acknowledged is lost.

Writers note every acknowledgement outside the database. Balances alone cannot tell a lost payment:
the books of a database that forgot its last second are clean. Only the note sees it.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from dure.config.database import SUPERUSER
from tests.crash.conftest import ROOT, Installation, free_port
from tests.harness.torture import size
from tests.ledger.invariants import broken

WRITERS = 6
KILLS = 20
KILLS_TORTURE = 500
NOTED_MAX = 30  # payments acknowledged between two kills
NOTED_LAZY = 150
WAIT_SECONDS_MAX = 120
ACCOUNTS = 12
BOOKS = """
import json
from uuid import UUID
from dure.core.actors import Role
from tests.harness.people import mandate, organisation, person
from tests.ledger.books import account, book, fund
owner, who = organisation(), person()
mandate(who.id, Role.TREASURER, organisation=owner)
within = book(of=owner)
source = account(within, lo=None, kind="issuer", hi=0)
accounts = [account(within, owner_person=who) for _ in range(%d)]
shop = [account(within, owner_organisation=owner) for _ in range(6)]
fund(source, accounts + shop, 1_000_000)
print(json.dumps({"person": str(who.id), "book": within.pk,
                  "accounts": [str(one.pk) for one in accounts],
                  "shop": [str(one.pk) for one in shop]}))
"""
RETRY = """
import json, sys
from uuid import UUID
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.catalogue import to_plain
from dure.core.errors import Refusal
actor = Actor.person(UUID(%r), origin="test")
for line in open(%r):
    key, action, body = line.rstrip().split(" ", 2)
    try:
        outcome = run(action, json.loads(body), actor, key=key)
        print("A", key, outcome.line_id, json.dumps(to_plain(outcome.result)))
    except Refusal as refusal:
        print("R", key, refusal.name)
"""


@dataclass
class Audit:
    """What the writers noted, by key."""

    asked: dict[str, str] = field(default_factory=dict)
    told: dict[str, tuple[str, dict[str, list[str]]]] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)

    def read(self, text: str) -> None:
        for line in text.splitlines():
            word, key, rest = line.split(" ", 2)
            if word == "T":
                self.asked[key] = rest
            elif word == "A":
                number, answer = rest.split(" ", 1)
                self.told[key] = (number, json.loads(answer))
            else:
                del self.asked[key]
                self.refused[rest] += 1

    @property
    def unknown(self) -> dict[str, str]:
        return {key: rest for key, rest in self.asked.items() if key not in self.told}


class Payments:
    """A database of its own, and writers in it that are killed with it."""

    def __init__(self, folder: Path) -> None:
        self.place = Installation(folder, free_port())
        self.notes = folder / "notes"
        self.gate: int | None = None
        self.told, self.telling = os.pipe()
        os.set_blocking(self.told, False)
        os.set_blocking(self.telling, False)
        self.writers: dict[int, int] = {}
        self.names = 0
        self.herd: subprocess.Popen[str] | None = None

    def prepare(self) -> None:
        self.place.server.start()
        done = subprocess.run(
            [sys.executable, "-m", "dure.config.migrate"],
            env=self.place.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        self.notes.mkdir()
        (self.notes / "gate").touch()
        self.books = json.loads(self.place.python(BOOKS % ACCOUNTS))

    def begin(self, *, lazy: bool = False) -> None:
        for old in self.notes.glob("*.log"):
            old.unlink()
        (self.notes / "books.json").write_text(json.dumps({**self.books, "lazy": lazy}))
        self.herd = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "tests.crash.ledger_writer",
                str(self.notes),
                str(self.telling),
            ],
            env={**self.place.env, "DURE_QUIET": "1"},
            pass_fds=[self.telling],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for slot in range(WRITERS):
            self.start_writer(slot)

    def start_writer(self, slot: int) -> None:
        assert self.herd and self.herd.stdin and self.herd.stdout
        self.names += 1
        self.herd.stdin.write(f"start w{self.names}\n")
        self.herd.stdin.flush()
        self.writers[slot] = int(self.herd.stdout.readline())

    def kill_writers(self, *slots: int) -> None:
        for slot in slots:
            os.kill(self.writers.pop(slot), signal.SIGKILL)

    def noted(self, more: int) -> None:
        """Let the writers work until so many more payments were acknowledged to them."""
        with suppress(BlockingIOError):
            while os.read(self.told, 65_536):
                pass
        while more > 0:
            assert select.select([self.told], [], [], WAIT_SECONDS_MAX)[0], "nothing is written"
            more -= len(os.read(self.told, more))

    def start_database(self) -> None:
        """Put it back, and let those go on who wait for it."""
        self.place.server.start()
        if self.gate is not None:
            os.close(self.gate)
            self.gate = None

    def kill_database(self, *, backends: bool) -> None:
        """SIGKILL the postmaster and, at the same instant, every process of its."""
        self.gate = os.open(self.notes / "gate", os.O_RDWR)
        fcntl.flock(self.gate, fcntl.LOCK_EX)
        postmaster = self.place.server.pid()
        assert postmaster
        family = [postmaster]
        if backends:
            found = subprocess.run(
                ["pgrep", "-P", str(postmaster)], capture_output=True, text=True, check=False
            )
            family += [int(word) for word in found.stdout.split()]
        for pid in family:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def end(self) -> None:
        self.kill_writers(*list(self.writers))
        assert self.herd and self.herd.stdin and self.herd.stdout
        self.herd.stdin.close()
        self.herd.wait(30)
        self.herd.stdout.close()

    def audit(self) -> Audit:
        told = Audit()
        for log in sorted(self.notes.glob("*.log")):
            told.read(log.read_text())
        return told

    def retry(self, told: Audit) -> None:
        """Ask again, with the same keys, what nobody heard the answer of."""
        unknown = self.notes / "unknown"
        unknown.write_text("".join(f"{key} {rest}\n" for key, rest in told.unknown.items()))
        told.read(self.place.python(RETRY % (self.books["person"], str(unknown))))

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection]:
        self.start_database()
        with self.place.server.connect(SUPERUSER) as admin:
            yield admin


def kill_around(payments: Payments, chance: random.Random, kills: int) -> Counter[str]:
    """Let the writers work for a moment, kill something, put it back; `kills` times."""
    done: Counter[str] = Counter()
    for _ in range(kills):
        payments.noted(chance.randint(1, NOTED_MAX))
        what = chance.choice(("postmaster", "database", "database", "application"))
        done[what] += 1
        if what == "application":
            slots = chance.sample(range(WRITERS), chance.randint(1, WRITERS))
            payments.kill_writers(*slots)
            for slot in slots:
                payments.start_writer(slot)
            continue
        payments.kill_database(backends=what == "database")
        payments.start_database()
    return done


def lost(told: Audit, admin: psycopg.Connection) -> set[str]:
    """Keys that were acknowledged and have no line."""
    rows = admin.execute("SELECT key FROM core_auditline WHERE outcome = 'done'").fetchall()
    return set(told.told) - {key for (key,) in rows}


def compare(told: Audit, admin: psycopg.Connection) -> None:
    """Every asked key has one line, with the answer that was told and rows of its own."""
    rows = admin.execute(
        "SELECT l.key, l.id::text, l.result, array_agg(t.id::text ORDER BY t.id)"
        " FROM core_auditline l LEFT JOIN ledger_transfer t ON t.audit = l.id"
        " WHERE l.action LIKE 'ledger.%' AND l.key LIKE 'w%' AND l.outcome = 'done'"
        " GROUP BY l.key, l.id, l.result"
    ).fetchall()
    keys = Counter(row[0] for row in rows)
    assert set(keys) == set(told.asked)
    assert max(keys.values()) == 1
    for key, line, result, ids in rows:
        assert told.told[key][0] == line
        assert told.told[key][1] == result
        assert result["ids"] == ids
    stray = admin.execute(
        "SELECT count(*) FROM ledger_transfer t WHERE t.purpose LIKE '%crash' AND NOT EXISTS"
        " (SELECT FROM core_auditline l WHERE l.id = t.audit)"
    ).fetchone()
    assert stray == (0,)


def check_indexes(admin: psycopg.Connection) -> None:
    """PostgreSQL's own look at every index of the ledger, rows included."""
    admin.execute(
        "SELECT bt_index_check(i.indexrelid, true) FROM pg_index i JOIN pg_class c"
        " ON c.oid = i.indexrelid JOIN pg_am m ON m.oid = c.relam AND m.amname = 'btree'"
        " WHERE i.indrelid IN ('ledger_transfer'::regclass, 'ledger_account'::regclass,"
        " 'core_auditline'::regclass)"
    )


def test_kills_lose_and_double_nothing(payments: Payments, request: pytest.FixtureRequest) -> None:
    kills = size(request.config, KILLS, KILLS_TORTURE)
    payments.begin()
    done = kill_around(payments, random.Random(20260601), kills)
    payments.noted(NOTED_MAX)
    payments.end()
    assert done.total() == kills
    told = payments.audit()
    assert len(told.told) > 5 * kills
    with payments.connected() as admin:
        assert lost(told, admin) == set()
        payments.retry(told)
        assert told.unknown == {}
        compare(told, admin)
        assert broken(admin) == {}
        check_indexes(admin)
        assert admin.execute("SELECT * FROM ledger_check_books").fetchall() == []


def test_lazy_commits_lose_what_only_the_notes_see(payments: Payments) -> None:
    """Negative control: without waiting for the log, payments vanish from books that are clean."""
    with payments.connected() as admin:
        admin.execute("ALTER SYSTEM SET wal_writer_delay = '10s'")
        admin.execute("SELECT pg_reload_conf()")
    gone: set[str] = set()
    for _ in range(5):
        payments.begin(lazy=True)
        payments.noted(NOTED_LAZY)
        payments.kill_database(backends=True)
        payments.end()
        with payments.connected() as admin:
            gone |= lost(payments.audit(), admin)
            assert broken(admin) == {}
        if gone:
            break
    assert gone


@pytest.fixture(scope="module")
def payments() -> Iterator[Payments]:
    folder = Path(tempfile.mkdtemp(prefix="dure-crash-", dir="/var/tmp"))
    folder.chmod(0o711)
    made = Payments(folder)
    try:
        made.prepare()
        yield made
    finally:
        made.place.server.start().stop()
        shutil.rmtree(folder, ignore_errors=True)
