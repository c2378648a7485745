"""What it costs to read books of ten million transfers: pages, statements, balances, checks.

Run as `python scripts/bench.py statement`. Writes three years of transfers in a database of its own
(`BENCH_TRANSFERS` for fewer; about 4 GB and some minutes), then asks what the pages ask, each
question for many accounts. One account in every tenth row is the hot one. Prints one JSON line a
question; exit 1 when a target is missed. Processor time stands beside the clock: on a busy machine
only the first is the ledger's own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
from benches import many_transfers  # noqa: E402
from benches.ledger_measure import server_cpu  # noqa: E402
from dure.config.database import SUPERUSER, Server  # noqa: E402
from dure.config.roles import prepare  # noqa: E402

TRANSFERS = int(os.environ.get("BENCH_TRANSFERS", "10000000"))
LEGS = min(1_000_000, TRANSFERS // 10)
ASKED = 40
STATEMENT_MS_MAX = 20.0
BALANCE_TIMES_MIN = 100.0
REPLAY_MIN = 1_000_000
SEALING_MAX = 0.1
SEAL = "SELECT ledger_seal_digest(sha256(''), %s, %s)"
POST = """
SELECT ledger_post(%(rows)s::jsonb) FROM (
    SELECT set_config('dure.action', gen_random_uuid() || '@' || pg_current_xact_id()::text, true)
        AS mark OFFSET 0) m
"""


def told(**line: object) -> None:
    print(json.dumps({"bench": "statement", **line}), flush=True)


def quantile(found: list[float], part: float) -> float:
    return sorted(found)[min(len(found) - 1, int(part * len(found)))]


class Reading:
    """Questions to one database: each is asked of many accounts, and timed."""

    def __init__(self, server: Server, many: many_transfers.Many) -> None:
        self.server, self.many, self.missed = server, many, 0
        self.postmaster = server.pid() or 0

    def ask(self, name: str, work: Callable[[int], object], *, hot: bool, most: float) -> None:
        """Ask of forty accounts (or forty times of the hot one) and judge the 95th of a hundred."""
        number = self.many.hot
        step = max(1, self.many.accounts // ASKED)
        asked = [number if hot else number + 7 + n * step for n in range(ASKED)]
        asked = [min(one, number + self.many.accounts) for one in asked]
        taken: list[float] = []
        cpu, server = time.process_time(), server_cpu(self.postmaster)
        for one in asked:
            began = time.perf_counter()
            work(one)
            taken.append((time.perf_counter() - began) * 1_000)
        spent = time.process_time() - cpu + server_cpu(self.postmaster) - server
        p95 = quantile(taken, 0.95)
        held = p95 <= most
        self.missed += not held
        told(
            question=name,
            account="hot" if hot else "usual",
            ms=round(quantile(taken, 0.5), 1),
            p95_ms=round(p95, 1),
            cpu_ms=round(spent / ASKED * 1_000, 1),
            target=most if most < float("inf") else None,
            held=held,
        )


def pages(reading: Reading) -> None:
    """Pages, searches and statements, as the faces ask for them."""
    from dure.core import clock
    from dure.core.actors import Actor
    from dure.ledger.queries import passages
    from dure.ledger.queries.passages import Mark, Sought

    payer = Actor.person(UUID(reading.many.payer), origin="bench")
    today = clock.today()
    last = today.replace(day=1) - timedelta(days=1)
    first = last.replace(day=1)
    year = last - timedelta(days=365)
    middle = Mark(today - timedelta(days=400), 0)
    most, free = STATEMENT_MS_MAX, float("inf")

    def statement(begin: date, end: date) -> Callable[[int], object]:
        return lambda one: passages.statement(payer, one, begin, end, rows_max=500)

    for hot in (False, True):
        reading.ask(
            "newest page", lambda one: passages.page(payer, one, Sought()), hot=hot, most=most
        )
        reading.ask(
            "page from 400 days ago",
            lambda one: passages.page(payer, one, Sought(), before=middle),
            hot=hot,
            most=free if hot else most,
        )
        reading.ask(
            "search for a rare word",
            lambda one: passages.page(payer, one, Sought("봄 축제")),
            hot=hot,
            most=free if hot else most,
        )
        for name, period in (
            ("statement of the last month", (first, last)),
            ("statement of a month a year ago", (year.replace(day=1), year)),
        ):
            reading.ask(name, statement(*period), hot=hot, most=free if hot else most)
    rows = passages.statement(payer, reading.many.hot, first, last, rows_max=1).row_count
    told(question="rows of the hot account in the last month", rows=rows)


def balances(reading: Reading) -> None:
    """The balance of an account with very many rows, and django-hordak's of as many legs."""
    from dure.ledger.models import Account

    taken = []
    for _ in range(ASKED):
        began = time.perf_counter()
        Account.rows.values_list("balance", flat=True).get(pk=reading.many.hot)
        taken.append((time.perf_counter() - began) * 1_000)
    ours = quantile(taken, 0.5)
    with reading.server.connect(SUPERUSER, "postgres") as admin:
        prepare(admin, "hordak")
    with reading.server.connect(SUPERUSER, "hordak") as admin:
        admin.execute("GRANT USAGE, CREATE ON SCHEMA public TO dure_owner")
    script = [sys.executable, str(ROOT / "benches" / "hordak_run.py")]
    subprocess.run([*script, "prepare"], check=True)
    done = subprocess.run(
        [*script, "balance", str(LEGS)], check=True, stdout=subprocess.PIPE, text=True
    )
    theirs = float(done.stdout)
    held = theirs / ours >= BALANCE_TIMES_MIN
    reading.missed += not held
    told(
        question="balance",
        rows=reading.many.transfers // 10,
        ms=round(ours, 2),
        hordak_legs=LEGS,
        hordak_ms=round(theirs, 1),
        times=round(theirs / ours),
        target=BALANCE_TIMES_MIN,
        held=held,
    )


def checks(reading: Reading) -> None:
    """Every part of `dure check books`, with its rate by the clock and by processor time."""
    from dure.ledger.queries.checks import PARTS, part_checked

    for name in PARTS:
        cpu, began = server_cpu(reading.postmaster), time.perf_counter()
        part = part_checked(name)
        seconds = time.perf_counter() - began
        spent = server_cpu(reading.postmaster) - cpu
        assert part.faults == (), part
        held = name != "replay" or reading.many.transfers / seconds >= REPLAY_MIN
        reading.missed += not held
        told(
            check=name,
            seconds=round(seconds, 1),
            per_second=round(reading.many.transfers / seconds),
            cpu_seconds=round(spent, 1),
            target=REPLAY_MIN if name == "replay" else None,
            held=held,
        )


def sealing(reading: Reading) -> None:
    """Processor time of sealing a row beside that of posting it in a batch of a thousand."""
    first = reading.many.hot + 10
    posted, batches = 20, 1_000

    def rows(number: int) -> str:
        return json.dumps(
            [
                {
                    "ikey": str(UUID(int=number * batches + n + 2**90)),
                    "debit": first + (number * batches + n) % 90,
                    "credit": first + (number * batches + n + 1) % 90,
                    "amount": 1,
                    "purpose": "bench",
                }
                for n in range(batches)
            ]
        )

    with reading.server.connect("dure_app", many_transfers.DATABASE) as app:
        began = server_cpu(reading.postmaster)
        for number in range(posted):
            app.execute(POST, {"rows": rows(number)})
        posting = (server_cpu(reading.postmaster) - began) / (posted * batches)
    with reading.server.connect(SUPERUSER, many_transfers.DATABASE) as admin:
        began = server_cpu(reading.postmaster)
        sealed = seal(admin)
        share = (server_cpu(reading.postmaster) - began) / sealed / posting
        admin.execute("SET session_replication_role = replica")
        reverted(admin, reading.many.transfers)
    held = share <= SEALING_MAX
    reading.missed += not held
    told(
        question="processor time of sealing beside posting in batches",
        share=round(share, 3),
        posting_us=round(posting * 1e6),
        target=SEALING_MAX,
        held=held,
    )


def seal(admin: psycopg.Connection) -> int:
    """Compute twenty seals again; gives their rows."""
    spans = admin.execute(
        "SELECT batch_from, batch_to, row_count FROM core_seal WHERE chain = 'ledger.seal'"
        " AND row_count > 0 ORDER BY number LIMIT 20"
    ).fetchall()
    for begin, end, _ in spans:
        admin.execute(SEAL, [begin, end])
    return sum(count for _, _, count in spans)


def reverted(admin: psycopg.Connection, transfers: int) -> None:
    """Take the rows of the measure out again, so that a second run finds clean books."""
    admin.execute(
        "UPDATE ledger_account a SET balance = a.balance - m.moved FROM ("
        " SELECT s.account, sum(s.amount) AS moved FROM ledger_transfer t, LATERAL"
        " (VALUES (t.debit, -t.amount), (t.credit, t.amount)) s (account, amount)"
        " WHERE t.id > %s GROUP BY 1) m WHERE a.id = m.account",
        [transfers],
    )
    admin.execute("DELETE FROM ledger_transfer WHERE id > %s", [transfers])


def main() -> int:
    server = Server(Path(os.environ["DURE_DATA"]))
    assert server.pid(), "python scripts/bench.py statement starts the database"
    many = many_transfers.built(server, TRANSFERS)
    os.environ["DURE_DATABASE_NAME"] = many_transfers.DATABASE
    import django

    django.setup()
    told(transfers=many.transfers, accounts=many.accounts)
    reading = Reading(server, many)
    pages(reading)
    balances(reading)
    checks(reading)
    sealing(reading)
    return int(reading.missed > 0)


if __name__ == "__main__":
    sys.exit(main())
