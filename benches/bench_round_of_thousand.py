"""A round of hours among a thousand members, proposed through its action: at most three seconds.

Run as `python benches/bench_round_of_thousand.py`; prints one JSON line. Everybody offers one thing
and asks for another, all of it invented. The kernels are loaded before: they are once a process.
The engine alone stands in `bench_hours_round`. Exit 1 above three seconds by the clock.
"""

from __future__ import annotations

import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "benches")]

from own_database import measured  # noqa: E402

MEMBERS, MOST_S = 1_000, 3.0
town: dict[str, Any] = {}  # who proposes, made by `load`


def load() -> None:
    """A time bank of a thousand members who each offer and ask."""
    from django.db import transaction

    from dure.core import clock
    from dure.exchange.models import Listing, Spec
    from dure.ledger.models import Account, Unit
    from dure.registry.models import Person
    from tests.exchange.neighbours import bank
    from tests.harness.given import given
    from tests.harness.people import MAPO
    from tests.ledger.givens import limits

    with transaction.atomic():
        here, now = bank(), clock.now()
        town["host"], town["keeper"] = here.host, here.keeper
        specs = list(Spec.rows.filter(scheme="dure", kind__in=("skill", "service")).order_by("id"))
        unit = Unit.rows.get(code="TIME")
        with given() as audit:
            people = Person.rows.bulk_create(
                Person(state="active", created_at=now, audit=audit) for _ in range(MEMBERS)
            )
            Account.rows.bulk_create(
                Account(
                    book=here.book, unit=unit, type="liability", owner_person=one, label="시간",
                    opened_at=now, audit=audit,
                )
                for one in people
            )  # fmt: skip
            for pk in Account.rows.filter(book=here.book).values_list("id", flat=True):
                limits(pk, -600, 600)
            Listing.rows.bulk_create(
                Listing(
                    side=side, person=one.id, spec=specs[(n * step + shift) % len(specs)],
                    district_id=MAPO, audience="public", title="부탁", unit="MIN", qty_min=1,
                    qty_max=60 + n % 5 * 15, reciprocity="hours", rate=1,
                    created_at=now - timedelta(minutes=n), audit=audit,
                )
                for n, one in enumerate(people)
                for side, step, shift in (("offer", 1, 0), ("request", 3, 1))
            )  # fmt: skip


def measure() -> dict[str, object]:
    """Propose the round once."""
    from dure.core.actions import run
    from dure.exchange import rounds
    from dure.exchange.models import Claim

    rounds.computed((), ())
    body = {"organisation_id": str(town["host"].id), "title": "천 명"}
    own, clocked = time.process_time(), time.monotonic()
    done = run("exchange.hours_round.propose", body, town["keeper"]).result
    own, clocked = time.process_time() - own, time.monotonic() - clocked
    return {
        "members": done.members,
        "wishes": Claim.rows.count(),
        "clock_s": round(clocked, 2),
        "own_cpu_s": round(own, 2),
        "target_s": MOST_S,
        "met": clocked <= MOST_S and done.members > 900,
    }


if __name__ == "__main__":
    sys.exit(0 if measured(load, measure)["met"] else 1)
