"""The demo's repair events: invented records of the last eighteen months, through actions."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from django.conf import settings

from dure.core import clock
from dure.core.actions import Who, action, line, run
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.text import T
from dure.engines.ords_words import Barrier, Outcome
from dure.exchange import policies
from dure.registry.models import Organisation

FACTORS = Path(__file__).parent.parent / "data" / "demo_factors.csv"
DAYS = 546
HOSTS_MAX = 10
SEED = 20260701
# category → how often it is brought, how often it is fixed of a hundred
KINDS: Mapping[int, tuple[int, int]] = {
    16: (9, 55), 15: (12, 80), 34: (9, 60), 37: (8, 55), 29: (10, 60), 14: (6, 50), 7: (9, 75),
    40: (5, 55), 23: (4, 45), 27: (4, 70), 32: (8, 75), 28: (8, 60), 31: (4, 65), 19: (6, 35),
    25: (4, 30), 11: (4, 60), 18: (5, 60), 39: (4, 50), 38: (2, 45), 17: (2, 30),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class DemoRepairs:
    """How many invented events and records stand."""

    events: int
    records: int


@action(
    "exchange.demo.load",
    ko="지어낸 수리 모임과 기록을 채웁니다.",
    en="Fill in invented repair events and records.",
    policy=policies.may_install,
    letters={},
    who=Who.OPERATOR,
    faces=("cli",),
    idempotent=True,
    long=True,
    refusals=(CoreCode.NOT_ALLOWED,),
)
def load_demo(*, actor: Actor) -> DemoRepairs:
    """Open an event a month at the demo's repair co-operatives and record what was brought.

    Everything is synthetic and goes through the same actions as any other; so do the factors,
    which say of themselves that they are invented.
    """
    if not settings.DEMO:
        raise Refusal(CoreCode.NOT_ALLOWED, role=T("시연 설정", "demo setting"))
    run("journal.factor.load", {"content": FACTORS.read_bytes()}, actor)
    run("exchange.carbon.estimate", {}, actor)
    chance = random.Random(SEED)  # noqa: S311 - invents, hides nothing
    events = records = 0
    for host in _hosts():
        for opens in _days(clock.now(), chance):
            event = run("exchange.pool.open", _event(host, opens), actor).result.id
            events += 1
            if opens > clock.now():
                continue
            items = tuple(_item(chance) for _ in range(chance.randint(4, 13)))
            run("exchange.repair.record", {"pool_id": event, "items": items}, actor)
            records += len(items)
    line().changed("records", None, records)
    return DemoRepairs(events, records)


def _hosts() -> list[Organisation]:
    rows = Organisation.rows.filter(ended_on=None, merged_into=None, name__contains="수리")
    return list(rows.order_by("name_key", "id")[:HOSTS_MAX])


def _days(now: datetime, chance: random.Random) -> Iterator[datetime]:
    """A Saturday afternoon a month, from eighteen months ago to a fortnight from now."""
    first = clock.kst_date(now) - timedelta(days=DAYS)
    day = first + timedelta(days=(5 - first.weekday()) % 7 + 7 * chance.randint(0, 3))
    while day <= clock.kst_date(now) + timedelta(days=14):
        yield datetime.combine(day, time(13), clock.SEOUL)
        day += timedelta(days=28 if chance.random() < 0.8 else 35)


def _event(host: Organisation, opens: datetime) -> dict[str, object]:
    return {
        "organisation_id": str(host.id),
        "title": f"{opens.month}월 수리 모임",
        "place": "없는길 1, 시연 마을회관",
        "opens": opens.isoformat(),
        "closes": (opens + timedelta(hours=4)).isoformat(),
        "synthetic": True,
    }


def _item(chance: random.Random) -> dict[str, object]:
    weights = [often for often, _ in KINDS.values()]
    category = chance.choices(list(KINDS), weights)[0]
    draw = chance.randrange(100)
    fixed = KINDS[category][1]
    if draw < fixed:
        outcome = Outcome.FIXED
    elif draw < fixed + (100 - fixed) // 2:
        outcome = Outcome.REPAIRABLE
    else:
        outcome = Outcome.UNKNOWN if draw >= 95 else Outcome.END_OF_LIFE
    item: dict[str, object] = {"category": category, "outcome": outcome.value}
    if outcome is Outcome.END_OF_LIFE and chance.random() < 0.7:
        item["barrier"] = chance.choice(list(Barrier)).value
    if chance.random() < 0.8:
        item["minutes"] = chance.randrange(10, 95, 5)
    return item
