"""A food cycle to its end: closed, allotted, awarded, packed and settled by the real actions.

Run as `python scripts/bench.py food`. 5,000 baskets of 4 to 20 lines over 300 products of 20
producers, half of the products short; what a basket may come to is held in won. Measured are the
actions that the hub and the clock take, jobs and all, on a durable database; the seconds are those
of all baskets, also of the sample that went by the single action. The orders are written
beforehand; handing over is two people's deed a basket, so it is taken outside the clock by the
interpreter (and 100 of them by the single action, told beside). Beside it the same steps by the
single action for a sample of the same baskets. Prints one JSON line. Exit 1 above 60 s, or when
the books or the stock do not come out at zero.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
import django  # noqa: E402

django.setup()

from django.db import connection  # noqa: E402
from django.db.models import Sum  # noqa: E402

from benches.food_town import BASKETS, PRODUCTS, SAMPLE, SLICE, Town  # noqa: E402
from benches.own_database import cpu_ms  # noqa: E402
from dure.core import clock  # noqa: E402
from dure.core.actions import run  # noqa: E402
from dure.core.actors import Actor  # noqa: E402
from dure.exchange import hand_over, interpreter, rows, setwise_writing  # noqa: E402
from dure.exchange.cases import Case, process_of  # noqa: E402
from dure.exchange.models import (  # noqa: E402
    Agreement,
    Asset,
    Claim,
    Commitment,
    Party,
    Timer,
)
from dure.exchange.setwise import Together  # noqa: E402
from dure.journal.models import Event  # noqa: E402
from dure.ledger.models import Account, Transfer  # noqa: E402
from dure.ledger.queries.checks import check_books  # noqa: E402
from tests.harness.given import given  # noqa: E402
from tests.harness.worker import work_off  # noqa: E402
from tests.journal.stating import acting  # noqa: E402

MOST_S = 60.0

# --- the clock


PARTS: dict[str, float] = {}
CPU: dict[str, float] = {}


@contextmanager
def clocked(part: str) -> Iterator[None]:
    begin, worked = time.perf_counter(), _worked()
    yield
    PARTS[part] = round(time.perf_counter() - begin, 2)
    CPU[part] = round(_worked() - worked, 2)


def _worked() -> float:
    """Processor seconds of this process and its server process: a busy machine does not count."""
    connection.ensure_connection()
    return time.process_time() + cpu_ms(connection.connection.info.backend_pid) / 1000


def standing(town: Town, state: str) -> int:
    return int(Agreement.rows.filter(pool=town.cycle, state=state).count())


def of_pool(town: Town, transition: str, actor: Actor) -> None:
    """One step of every basket, slice by slice as jobs."""
    body = {"pool_id": str(town.cycle.pk), "transitions": (transition,)}
    run("exchange.pool.run", body, actor, key=str(uuid4()))
    work_off()


# --- one by one


def single(case: UUID, transition: str, state: str, actor: Actor, code: str | None = None) -> None:
    body = {
        "agreement_id": str(case), "transition": transition, "state": state, "hand_over": code,
    }  # fmt: skip
    run("exchange.agreement.step", body, actor, key=str(uuid4()))


def sampled(town: Town, state: str) -> list[UUID]:
    rows_ = Agreement.rows.filter(pool=town.cycle, state=state).order_by("-pk")
    return list(rows_.values_list("pk", flat=True)[:SAMPLE])


def one_by_one(town: Town, transition: str, state: str, actor_of: Callable[[UUID], Actor]) -> float:
    """Seconds a basket of the single action, over the sample."""
    found = sampled(town, state)
    begin = time.perf_counter()
    for case in found:
        single(case, transition, state, actor_of(case))
    return (time.perf_counter() - begin) / max(1, len(found))


def buyer_of(case: UUID) -> Actor:
    return Actor.person(Party.rows.get(agreement=case, role="buyer").person)


def hand_over_all(town: Town) -> float:
    """Hand every basket over, outside the clock; gives the seconds of a single hand-over."""
    begin = time.perf_counter()
    for case in sampled(town, "packed"):
        single(case, "hand_over", "packed", town.keeper, _code(case))
    each = (time.perf_counter() - begin) / SAMPLE
    from dure.core.door import load_grants

    keeper = load_grants(town.keeper, clock.now())
    packed = Agreement.rows.filter(pool=town.cycle, state="packed").select_related("pool")
    while cases := list(packed.order_by("pk")[:SLICE]):
        with acting():
            port = Together(cases)
            with rows.through(port):
                for case in cases:
                    with port.case():
                        interpreter.take(_at(case, "hand_over"), keeper, (), _code(case.pk))
            setwise_writing.write(port.written)
    return each


def _at(case: Agreement, name: str) -> Case:
    process = process_of(case)
    transition = process.transition(process.state(case.state), name)
    assert transition is not None
    return Case(case, transition, process)


def _code(case: UUID) -> str:
    found = Agreement.rows.select_related("pool").get(pk=case)
    made = hand_over.code(_at(found, "hand_over"), buyer_of(case))
    assert made is not None
    return made


# --- the measurement


def main() -> int:
    began = time.perf_counter()
    town = Town()
    town.order()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    prepared = time.perf_counter() - began
    lines = Claim.rows.filter(pool__parent=town.cycle).count()
    engine, keeper = Actor.operator(), town.keeper
    peer: dict[str, float] = {}
    ours: dict[str, float] = {}

    with clocked("close"):
        run("exchange.cycle.close", {"cycle_id": str(town.cycle.pk)}, keeper, key=str(uuid4()))
    with clocked("allot"):
        work_off_one()
    peer["award"] = one_by_one(town, "award", "ordered", lambda _: engine)
    count = standing(town, "ordered")
    with clocked("award"):
        work_off()
    ours["award"] = PARTS["award"] / count
    peer["pack"] = one_by_one(town, "pack", "allocated", lambda _: keeper)
    count = standing(town, "allocated")
    with clocked("pack"):
        of_pool(town, "pack", keeper)
    ours["pack"] = PARTS["pack"] / count
    handed = hand_over_all(town)
    peer["settle"] = one_by_one(town, "accept", "delivered", buyer_of)
    with given() as audit:  # days pass
        waiting = Timer.rows.filter(transition="taken_as_well", fired_at=None)
        waiting.update(due_at=clock.now() - timedelta(minutes=1), audit=audit)
    count = standing(town, "delivered")
    with clocked("settle"):
        of_pool(town, "taken_as_well", keeper)
    ours["settle"] = PARTS["settle"] / count

    # the sample was taken by the single action: what the others took stands for it, too
    left_out = BASKETS / max(1, BASKETS - SAMPLE)
    total = round(sum(took * (left_out if part in ours else 1) for part, took in PARTS.items()), 1)
    told = {
        "bench": "food",
        "baskets": BASKETS,
        "lines": lines,
        "products": PRODUCTS,
        "seconds": total,
        "most": MOST_S,
        "parts": PARTS,
        "cpu": CPU,
        "cpu_seconds": round(sum(CPU.values()), 1),
        "shares": {part: f"{100 * took / total:.0f} %" for part, took in PARTS.items()},
        "single_ms": {part: round(1000 * took, 1) for part, took in peer.items()},
        "times_faster": {part: round(peer[part] / ours[part], 1) for part in peer},
        "hand_over_single_ms": round(1000 * handed, 1),
        "prepared_s": round(prepared, 1),
        "load": os.getloadavg()[0],
        **check(town),
    }
    held = total <= MOST_S and told["faults"] == 0
    print(json.dumps({**told, "held": held}, ensure_ascii=False))
    return 0 if held else 1


def work_off_one() -> None:
    """The job of the allotment alone; the run that it asks for waits."""
    from dure.core import jobs
    from tests.harness.worker import NEXT

    with connection.cursor() as cursor:
        cursor.execute(NEXT)
        number, args = cursor.fetchone()
        cursor.execute("DELETE FROM procrastinate_jobs WHERE id = %s", [number])
    jobs.run_job(**(json.loads(args) if isinstance(args, str) else args))


def check(town: Town) -> dict[str, object]:
    """What must come out: the books at zero, all settled or cancelled, nothing reserved."""
    mine = Agreement.rows.filter(pool=town.cycle)
    states = {state: mine.filter(state=state).count() for state in ("settled", "cancelled")}
    accounts = Account.rows.filter(book=town.book)
    sums = accounts.aggregate(balance=Sum("balance"), out=Sum("held_out"), into=Sum("held_in"))
    stock = Asset.rows.filter(pools__parent=town.cycle).aggregate(held=Sum("reserved"))["held"]
    promised = Commitment.rows.filter(agreement__pool=town.cycle, state__in=("held", "out")).count()
    paid = Transfer.rows.filter(book=town.book.pk, kind=2).aggregate(won=Sum("amount"))["won"] or 0
    awards = Claim.rows.filter(pool__parent=town.cycle)
    facts = {
        "open": BASKETS - sum(states.values()),
        "sum": sums["balance"],
        "held": sums["out"] + sums["into"],
        "reserved": stock,
        "promised": promised,
        "till": town.till.pk and Account.rows.get(pk=town.till.pk).balance - paid,
        "unallotted": awards.filter(awarded=None).count(),
        "books": len(check_books().faults),
    }
    return {
        "states": states,
        "paid_won": paid,
        "kg": (Event.rows.filter(label__code="food.delivered").aggregate(g=Sum("qty"))["g"] or 0)
        // 1000,
        "checks": facts,
        "faults": sum(1 for one in facts.values() if one),
    }


if __name__ == "__main__":
    sys.exit(main())
