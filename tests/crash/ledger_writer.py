"""The application as the crash audit kills it: processes that post and note what they were told.

Run as `python -m tests.crash.ledger_writer FOLDER PIPE`. Each line `start NAME` forks a writer and
answers with its process number. A writer notes in `FOLDER/NAME.log`, outside the database:
`T key action body` before it asks, `A key answer` once it was acknowledged, `R key code` when it
was refused. It asks again with the same key until it hears one of the two; when the database does
not answer, it first waits for `FOLDER/gate`, a lock that whoever killed the database holds. Each
acknowledgement is a byte on the pipe whose number is the second argument. `FOLDER/books.json` names
the person and the accounts; `"lazy": true` makes it commit without waiting for the log.
"""

from __future__ import annotations

import fcntl
import json
import os
import random
import signal
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import django

django.setup()

from django.db import DatabaseError, InterfaceError, connections  # noqa: E402

from dure.core.actions import run  # noqa: E402
from dure.core.actors import Actor  # noqa: E402
from dure.core.catalogue import to_plain  # noqa: E402
from dure.core.errors import Refusal  # noqa: E402

BATCH_ROWS = 10


@dataclass
class Writer:
    """One writer: what it may touch, and the holds and transfers it was told of."""

    name: str
    folder: Path
    books: dict[str, object]
    pipe: int
    log: int = 0
    number: int = 0
    holds: list[str] = field(default_factory=list)
    posted: list[str] = field(default_factory=list)

    def note(self, *words: str) -> None:
        os.write(self.log, (" ".join(words) + "\n").encode())

    def question(self, chance: random.Random) -> tuple[str, dict[str, object]]:
        """One action and its body, drawn."""
        accounts = [str(one) for one in self.books["accounts"]]  # type: ignore[attr-defined]  # a JSON list
        debit, credit = chance.sample(accounts, 2)
        pay = {
            "debit": debit,
            "credit": credit,
            "amount": chance.randint(1, 50),
            "unit": "TIME",
            "purpose": "test.crash",
        }
        drawn = chance.random()
        if drawn < 0.15:
            rows = []
            for _ in range(BATCH_ROWS):
                one, other = chance.sample([str(n) for n in self.books["shop"]], 2)  # type: ignore[attr-defined]  # a JSON list
                amount = chance.randint(1, 50)
                rows.append({"debit": one, "credit": other, "amount": amount, "purpose": "crash"})
            return "ledger.batch.post", {"book_id": str(self.books["book"]), "rows": rows}
        if drawn < 0.3:
            return "ledger.hold.place", {**pay, "expires_at": "2099-01-01T00:00:00+09:00"}
        if drawn < 0.45 and self.holds:
            return "ledger.hold.settle", {"hold_id": self.holds.pop()}
        if drawn < 0.5 and self.posted:
            return "ledger.transfer.refund", {"transfer_id": self.posted.pop(), "amount": 1}
        return "ledger.transfer.post", pay

    def ask(self, key: str, action: str, body: dict[str, object], actor: Actor) -> None:
        """Ask until it is acknowledged or refused."""
        self.note("T", key, action, json.dumps(body))
        while True:
            try:
                if self.books.get("lazy"):
                    with connections["default"].cursor() as cursor:
                        cursor.execute("SET synchronous_commit TO off")
                outcome = run(action, body, actor, key=key)
            except Refusal as refusal:
                if refusal.name in ("core.busy", "core.clock_behind"):
                    continue
                self.note("R", key, refusal.name)
                return
            except (DatabaseError, InterfaceError):
                connections["default"].close()
                self.wait()
                continue
            answer = to_plain(outcome.result)
            self.note("A", key, str(outcome.line_id), json.dumps(answer))
            with suppress(BlockingIOError):  # nobody counts just now
                os.write(self.pipe, b".")
            self.remember(action, answer)
            return

    def wait(self) -> None:
        """Until nobody keeps the database down."""
        gate = os.open(self.folder / "gate", os.O_RDONLY)
        fcntl.flock(gate, fcntl.LOCK_SH)
        os.close(gate)

    def remember(self, action: str, answer: object) -> None:
        ids = answer.get("ids", []) if isinstance(answer, dict) else []
        if action == "ledger.hold.place":
            self.holds += ids
        elif action == "ledger.transfer.post":
            self.posted += ids

    def work(self) -> None:
        self.log = os.open(
            self.folder / f"{self.name}.log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600
        )
        actor = Actor.person(UUID(str(self.books["person"])), origin="test")
        chance = random.Random(self.name)
        while True:
            self.number += 1
            action, body = self.question(chance)
            self.ask(f"{self.name}-{self.number}", action, body, actor)


def main() -> None:
    folder, pipe = Path(sys.argv[1]), int(sys.argv[2])
    books = json.loads((folder / "books.json").read_text())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        word, name = line.split()
        assert word == "start"
        pid = os.fork()
        if pid == 0:
            Writer(name, folder, books, pipe).work()
        print(pid, flush=True)


if __name__ == "__main__":
    main()
