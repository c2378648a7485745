"""SIGKILL of database, web server and supervisor under writers: what was acknowledged is there.

The clients hold the log of acknowledgements; they try again with the same key until answered.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from dataclasses import dataclass, field

from tests.crash.conftest import Installation

ACTION = "registry.organisation.register"
WRITERS = 16
PATIENCE_S = 600  # a restart takes long on a busy machine; who gives up tells nothing of a loss


@dataclass
class Log:
    """What the clients were told, by key."""

    acknowledged: dict[str, dict[str, object]] = field(default_factory=dict)
    replayed: int = 0
    refused: list[object] = field(default_factory=list)
    unanswered: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def write(installation: Installation, log: Log, keys: list[str]) -> None:
    """Register one organisation a key; try again with the same key until an answer comes."""
    while True:
        with log.lock:
            if not keys:
                return
            key = keys.pop()
        body: dict[str, object] = {
            "name": f"시험조합 {key}",
            "form": "corporation",
            "district": "11440",
            "status": "coop.consumer",
            "status_from": "2024-01-02",
            "founded_on": "2024-01-02",
        }
        until = time.monotonic() + PATIENCE_S
        while time.monotonic() < until:
            status, answer = installation.post(ACTION, body, key)
            if status == 200:
                with log.lock:
                    log.acknowledged[key] = answer
                    log.replayed += bool(answer["replayed"])
                break
            if status in (0, 500, 502, 503):
                with log.lock:
                    log.unanswered += 1
                time.sleep(0.1)
                continue
            with log.lock:
                log.refused.append((status, answer))
            break


def run_writers(installation: Installation, prefix: str, count: int, kills: list[str]) -> Log:
    """`count` keys by 16 writers; a kill each time a further part of them was acknowledged."""
    log, keys = Log(), [f"{prefix}-{number:05d}" for number in range(count)]
    threads = [
        threading.Thread(target=write, args=(installation, log, keys)) for _ in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    for number, part in enumerate(kills, 1):
        goal = count * number // (len(kills) + 1)
        while len(log.acknowledged) < goal and any(t.is_alive() for t in threads):
            time.sleep(0.01)
        if part == "supervisor":
            assert installation.process
            os.kill(installation.process.pid, signal.SIGKILL)
            installation.process.wait()
            installation.start()
        else:
            installation.kill(part)
    for thread in threads:
        thread.join()
    installation.wait()
    return log


def compare(installation: Installation, prefix: str, log: Log, count: int) -> None:
    """Every acknowledged action is there once and whole; rows and audit lines agree."""
    assert log.refused == []
    assert len(log.acknowledged) == count
    lines = installation.ask(
        "SELECT key, id::text, result FROM core_auditline WHERE action = %s AND key LIKE %s"
        " AND outcome = 'done'",
        ACTION,
        f"{prefix}-%",
    )
    assert len(lines) == count
    by_key = {str(key): (line, result) for key, line, result in lines}
    assert by_key == {
        key: (answer["line"], answer["result"]) for key, answer in log.acknowledged.items()
    }
    rows = installation.ask(
        "SELECT o.id::text, o.audit::text,"
        " (SELECT count(*) FROM registry_orgname n WHERE n.organisation_id = o.id),"
        " (SELECT count(*) FROM registry_orgstate s WHERE s.organisation_id = o.id),"
        " (SELECT count(*) FROM registry_orgstatus s WHERE s.organisation_id = o.id),"
        " (SELECT count(*) FROM registry_site s WHERE s.organisation_id = o.id)"
        " FROM registry_organisation o WHERE EXISTS (SELECT FROM core_auditline l"
        " WHERE l.id = o.audit AND l.key LIKE %s)",
        f"{prefix}-%",
    )
    assert len(rows) == count
    assert {row[2:] for row in rows} == {(1, 1, 1, 1)}
    facts = installation.ask(
        "SELECT count(*) FROM journal_event e JOIN journal_label l ON l.id = e.label_id"
        " WHERE l.code = 'org.active'"
        " AND e.audit IN (SELECT id FROM core_auditline WHERE key LIKE %s)",
        f"{prefix}-%",
    )
    assert facts in ([(count,)], [(0,)])
    assert installation.is_whole()


def test_nothing_acknowledged_is_lost(installation: Installation, torture: bool) -> None:
    count = 20_000 if torture else 1_000
    chance = random.Random(20260701)
    kills = chance.choices(["database", "web", "supervisor"], k=60) if torture else []
    kills = kills or ["database", "web", "database", "supervisor", "web"]
    log = run_writers(installation, "w", count, kills)
    compare(installation, "w", log, count)
    assert log.unanswered > 0  # else the kills hit nobody
