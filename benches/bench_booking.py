"""What it costs that no lane is booked twice: the booking beside the unsafe look-and-write.

Run as `python scripts/bench.py booking`. Eight writers on 20 things; both ways take turns in one
run, who begins changing each round, on tables alike but for the constraint (indexes, foreign keys
and the door's trigger copied), durable throughout: the engine's one statement beside look at the
thing, look at its lanes, write. Prints one JSON line. Exit 1 when ours has an overlap
or is slower than the unsafe way (median ratio below 1.0).
"""

from __future__ import annotations

import json
import os
import random
import statistics
import sys
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
import django  # noqa: E402

django.setup()

from django.db import connection, transaction  # noqa: E402
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange  # noqa: E402

from dure.config.database import SUPERUSER, Server  # noqa: E402
from dure.exchange.effects import slots  # noqa: E402
from dure.exchange.models import Agreement, Asset, Commitment  # noqa: E402

WRITERS, THINGS, TRIES = 8, 20, 120
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "7"))
LEAST = 1.0
START = datetime(2026, 7, 1, tzinfo=UTC)
UNSAFE = """
CREATE TABLE bench_unsafe (LIKE exchange_commitment INCLUDING DEFAULTS INCLUDING CONSTRAINTS);
GRANT SELECT, INSERT, DELETE ON bench_unsafe TO dure_app;
"""
ALIKE = """
SELECT replace(replace(indexdef, indexname, 'unsafe_' || indexname), 'exchange_commitment',
    'bench_unsafe') FROM pg_indexes WHERE tablename = 'exchange_commitment'
UNION ALL SELECT replace(pg_get_triggerdef(oid), 'exchange_commitment', 'bench_unsafe')
FROM pg_trigger WHERE tgrelid = 'exchange_commitment'::regclass AND NOT tgisinternal
UNION ALL SELECT 'ALTER TABLE bench_unsafe ADD ' || pg_get_constraintdef(oid)
FROM pg_constraint WHERE conrelid = 'exchange_commitment'::regclass AND contype = 'f'
"""
OVERLAPS = """
SELECT count(*) FROM {0} a JOIN {0} b ON a.asset_id = b.asset_id AND a.lane = b.lane
AND a.id < b.id AND a.slot && b.slot
"""


def mark() -> UUID:
    """Say that an action runs in this transaction, as the door does."""
    line = uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('dure.action', %s || '@' || pg_current_xact_id()::text, true)",
            [str(line)],
        )
    return line


def prepared() -> tuple[list[UUID], UUID]:
    """Twenty things with one lane, and a case to book them for."""
    with transaction.atomic():
        audit = mark()
        more = {"district_id": "11440", "created_at": START, "audit": audit, "owner": uuid4()}
        things = [
            Asset.rows.create(title=f"드릴 {n}", audience="public", **more) for n in range(THINGS)
        ]
        case = Agreement.rows.create(
            process="equipment_loan", version=1, state="held", district_id="11440",
            case_id=uuid4(), asset=things[0], terms={}, opened_at=START, entered_at=START,
            audit=audit,
        )  # fmt: skip
    return [one.id for one in things], case.id


def commitment(thing: UUID, case: UUID, chance: random.Random, audit: UUID) -> Commitment:
    starts = START + timedelta(minutes=15 * chance.randrange(2_000))
    ends = starts + timedelta(minutes=30 * chance.randint(1, 4))
    slot = DateTimeTZRange(starts, ends, "[)")
    return Commitment(agreement_id=case, action="use", asset_id=thing, slot=slot, audit=audit)


def safe(thing: UUID, case: UUID, chance: random.Random) -> bool:
    with transaction.atomic():
        made = commitment(thing, case, chance, mark())
        return slots.take_lane(made, made.slot.lower, made.slot.upper)


def unsafe(thing: UUID, case: UUID, chance: random.Random) -> bool:
    """The same without the constraint: look at the thing and its lanes, then write."""
    with transaction.atomic(), connection.cursor() as cursor:
        made = commitment(thing, case, chance, mark())
        cursor.execute("SELECT id, lanes, buffer_min, spec_id FROM exchange_asset WHERE id = %s",
                       [thing])  # fmt: skip
        lanes = cursor.fetchall()[0][1]
        cursor.execute(
            "SELECT lane FROM bench_unsafe WHERE asset_id = %s AND state IN ('held', 'out')"
            " AND slot && %s",
            [thing, made.slot],
        )
        taken = {lane for (lane,) in cursor.fetchall()}
        free = [lane for lane in range(lanes) if lane not in taken]
        if not free:
            return False
        cursor.execute(
            "INSERT INTO bench_unsafe (id, agreement_id, action, asset_id, lane, qty, unit, slot,"
            " reciprocal, state, version, audit)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [made.id, case, made.action, thing, free[0], 1, "C62", made.slot, False, "held", 0,
             made.audit],
        )  # fmt: skip
        return True


def rate(way: Callable[[UUID, UUID, random.Random], bool], things: list[UUID], case: UUID) -> float:
    """Tries a second with all writers at once."""
    gate = threading.Barrier(WRITERS + 1)

    def write(number: int) -> None:
        chance = random.Random(number)
        connection.ensure_connection()
        gate.wait()
        for _ in range(TRIES):
            way(chance.choice(things), case, chance)
        connection.close()

    threads = [threading.Thread(target=write, args=(n,)) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    gate.wait()
    began = time.monotonic()
    for thread in threads:
        thread.join()
    return WRITERS * TRIES / (time.monotonic() - began)


def overlaps(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(OVERLAPS.format(table))
        return int(cursor.fetchone()[0])


def clear(table: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        mark()
        cursor.execute(f"DELETE FROM {table}")  # one of two constants


def main() -> int:
    server = Server(Path(os.environ["DURE_DATA"]))
    name = connection.settings_dict["NAME"]
    with server.connect(SUPERUSER, name) as admin:
        admin.execute(UNSAFE)
        for (statement,) in admin.execute(ALIKE).fetchall():
            admin.execute(statement)
    things, case = prepared()
    ratios, twice, ours = [], 0, 0
    for number in range(ROUNDS):
        ways = (safe, unsafe) if number % 2 else (unsafe, safe)
        rates = {way: rate(way, things, case) for way in ways}
        ratios.append(rates[safe] / rates[unsafe])
        ours += overlaps("exchange_commitment")
        twice += overlaps("bench_unsafe")
        clear("exchange_commitment")
        clear("bench_unsafe")
    ratio = statistics.median(ratios)
    held = ours == 0 and ratio >= LEAST
    told = {
        "bench": "booking",
        "writers": WRITERS,
        "things": THINGS,
        "ratio": round(ratio, 2),
        "least": LEAST,
        "overlaps": ours,
        "overlaps_unsafe": twice,
        "held": held,
    }
    print(json.dumps(told))
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
