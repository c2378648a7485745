"""What a payment costs, beside django-hordak and beside the least that PostgreSQL can do.

Run as `python scripts/bench.py ledger`. Durable throughout; variants take turns in one run, and
what is told is the median over the rounds of what stood beside each other. All three databases are
analysed first, as the server does by itself within a minute: else plans change in the middle of a
run. Prints one JSON line a comparison. Exit 1 when a target is missed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from operator import attrgetter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
from benches.ledger_measure import (  # noqa: E402
    Reading,
    Runners,
    alternate,
    median,
    ratio,
    server_cpu,
)
from dure.config.database import DATABASE, SUPERUSER, Server  # noqa: E402
from dure.config.roles import prepare  # noqa: E402

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = float(os.environ.get("BENCH_SECONDS", "2"))
SCRIPTS = {"hordak": "hordak_run.py", "s": "baseline_run.py"}
BYTES_MAX = 400
BULK_CPU_US_MAX = 100.0  # server and client, a row: 10,000 a second of one core
SEALING_SHARE_MAX = 0.1  # of what the cheapest posting costs the server
# (connections, ours, theirs, what is compared, least ratio)
TARGETS = (
    (1, "action", "hordak", "rate", 1.0),
    (4, "action", "hordak", "rate", 1.0),
    (1, "one", "hordak", "rate", 2.0),
    (4, "one", "hordak", "rate", 1.6),
    (1, "bulk", "hordak", "rate", 20.0),
    (1, "bulk", "s", "rate", 6.0),
    (8, "row", "s", "rate", 0.5),
    (8, "s", "row", "server_us", 1 / 2.5),
)


def prepare_all(server: Server) -> None:
    """The peers' databases, and everybody's accounts."""
    for name in ("hordak", "baseline"):
        with server.connect(SUPERUSER, "postgres") as admin:
            prepare(admin, name)
        with server.connect(SUPERUSER, name) as admin:
            admin.execute("GRANT USAGE, CREATE ON SCHEMA public TO dure_owner")
    for script in ("hordak_run.py", "baseline_run.py", "ledger_run.py"):
        subprocess.run([sys.executable, ROOT / "benches" / script, "prepare"], check=True)
    for name in ("hordak", "baseline", DATABASE):
        with server.connect(SUPERUSER, name) as admin:
            admin.execute("ANALYZE")


def told(connections: int, readings: dict[str, list[Reading]]) -> None:
    for variant, found in readings.items():
        line = {
            "bench": "ledger",
            "connections": connections,
            "variant": variant,
            "per_second": round(median(found, lambda one: one.rate)),
            "server_us": round(median(found, lambda one: one.server_us)),
            "client_us": round(median(found, lambda one: one.client_cpu / max(1, one.done) * 1e6)),
        }
        print(json.dumps(line), flush=True)


def compare(connections: int, readings: dict[str, list[Reading]]) -> int:
    missed = 0
    for count, ours, theirs, what, least in TARGETS:
        if count != connections or ours not in readings:
            continue
        found = ratio(readings[ours], readings[theirs], attrgetter(what))
        held = found >= least
        missed += not held
        line = {"connections": count, "ratio": f"{ours}/{theirs}", "of": what}
        print(json.dumps({**line, "is": round(found, 2), "target": least, "held": held}))
    return missed


def bytes_a_transfer(server: Server) -> int:
    with server.connect(SUPERUSER) as admin:
        row = admin.execute(
            "SELECT pg_total_relation_size('ledger_transfer') / greatest(1, count(*))"
            " FROM ledger_transfer"
        ).fetchone()
    assert row is not None
    return int(row[0])


def cpu_us(one: Reading) -> float:
    """CPU of both sides for one piece of work."""
    return one.server_us + one.client_cpu / max(1, one.done) * 1e6


def limit(name: str, value: float, most: float) -> int:
    """Print a number beside the most that it may be; 1 when it is above."""
    print(json.dumps({name: round(value, 3), "target": most, "held": value <= most}))
    return int(value > most)


def sealing_us(server: Server, postmaster: int) -> float:
    """Server CPU of sealing one row: all that were posted here, hashed in one go, thrice."""
    with server.connect("dure_app") as app:
        query = "SELECT rows FROM ledger_seal_digest('', 0, 9223372036854775807)"
        app.execute(query)
        before = server_cpu(postmaster)
        rows = sum(app.execute(query).fetchone()[0] for _ in range(3))  # type: ignore[index]  # one row
        return (server_cpu(postmaster) - before) / max(1, rows) * 1e6


def main() -> int:
    server = Server(Path(os.environ["DURE_DATA"]))
    postmaster = server.pid()
    assert postmaster, "python scripts/bench.py ledger starts the database"
    prepare_all(server)
    missed = 0
    for connections, variants in (
        (1, ("hordak", "s", "row", "bulk", "action", "one", "request")),
        (4, ("hordak", "s", "row", "action", "one")),
        (8, ("s", "row")),
    ):
        runners = [
            Runners(name, SCRIPTS.get(name, "ledger_run.py"), connections) for name in variants
        ]
        readings = alternate(runners, postmaster, rounds=ROUNDS, seconds=SECONDS)
        told(connections, readings)
        missed += compare(connections, readings)
        if "bulk" in readings:
            missed += limit("bulk_cpu_us_a_row", median(readings["bulk"], cpu_us), BULK_CPU_US_MAX)
            share = sealing_us(server, postmaster) / median(
                readings["bulk"], lambda one: one.server_us
            )
            missed += limit("sealing_share_of_bulk_posting", share, SEALING_SHARE_MAX)
        if "request" in readings:
            part = 1 - ratio(readings["request"], readings["one"], lambda one: one.rate)
            print(json.dumps({"share_of_the_request_stack": round(part, 2)}))
    missed += limit("bytes_per_transfer", bytes_a_transfer(server), BYTES_MAX)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
