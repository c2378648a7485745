"""SIGKILL of the database and of the application under payments: nothing acknowledged is lost.

Writers note every acknowledgement outside the database. Balances alone cannot tell a lost payment:
the books of a database that forgot its last second are clean. Only the note sees it.
"""

from __future__ import annotations

import json
import os
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
from tests.crash.conftest import ROOT, Installation

WRITERS = 6
KILLS = 20
KILLS_TORTURE = 500
ACCOUNTS = 12
BOOKS = """
import json
from dure.core.actors import Role
from tests.harness.people import organisation, person_with
from tests.ledger.books import account, book, fund
owner = organisation()
within = book(of=owner)
source = account(within, lo=None, kind="issuer", hi=0)
accounts = [account(within, owner_organisation=owner) for _ in range(%d)]
fund(source, accounts, 100_000)
treasurer = person_with(Role.TREASURER, organisation=owner)
print(json.dumps({"treasurer": str(treasurer.id), "book": within.pk,
                  "accounts": [str(one.pk) for one in accounts]}))
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
        self.place = Installation(folder, 0)
        self.notes = folder / "notes"
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
        self.books = json.loads(self.place.python(BOOKS % ACCOUNTS))

    def begin(self, *, lazy: bool = False) -> None:
        for old in self.notes.glob("*.log"):
            old.unlink()
        (self.notes / "books.json").write_text(json.dumps({**self.books, "lazy": lazy}))
        self.herd = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.ledger_writer", str(self.notes)],
            env={**self.place.env, "DURE_QUIET": "1"},
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

    def kill_database(self, *, backends: bool) -> None:
        """SIGKILL the postmaster and, at the same instant, every process of its."""
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
        assert self.herd and self.herd.stdin
        self.herd.stdin.close()
        self.herd.wait(30)

    def audit(self) -> Audit:
        told = Audit()
        for log in sorted(self.notes.glob("*.log")):
            told.read(log.read_text())
        return told

    def retry(self, told: Audit) -> None:
        """Ask again, with the same keys, what nobody heard the answer of."""
        unknown = self.notes / "unknown"
        unknown.write_text("".join(f"{key} {rest}\n" for key, rest in told.unknown.items()))
        told.read(self.place.python(RETRY % (self.books["treasurer"], str(unknown))))

    @contextmanager
    def connected(self) -> Iterator[psycopg.Connection]:
        server = self.place.server
        server.start()
        with server.connect(SUPERUSER) as admin:
            yield admin


@pytest.fixture(scope="module")
def payments() -> Iterator[Payments]:
    folder = Path(tempfile.mkdtemp(prefix="dure-crash-", dir="/var/tmp"))
    folder.chmod(0o711)
    made = Payments(folder)
    try:
        made.prepare()
        yield made
    finally:
        made.place.server.held().__enter__().stop()
        shutil.rmtree(folder, ignore_errors=True)
