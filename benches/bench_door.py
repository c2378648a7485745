"""What the door costs: an action that changes one row, against the same change without it.

Run as `python benches/bench_door.py`; prints one JSON line. Makes a cluster of its own. `recorded`
is the change as an ORM with a row-by-row audit makes it: read, save, one log row, one commit.
Exit 1 when the target is missed: ratio 1.5.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
from dure.core.actors import Actor, Role  # noqa: E402
from dure.core.types import CodeText, Name  # noqa: E402

ROUNDS = int(os.environ.get("BENCH_ROUNDS", "400"))
RATIO_MAX = 1.5
KEY = "notice.quiet"


@dataclass(frozen=True, slots=True)
class RuleRef:
    """The rule that was written."""

    key: str


def through_the_door() -> Callable[[], None]:
    """Register the action and give one call of it, each with its own key."""
    from dure.core.actions import action, line, run
    from dure.core.models import Rule
    from dure.core.policies import anyone

    @action(
        "bench.rule.write",
        ko="규칙 하나를 씁니다.",
        en="Write one rule.",
        policy=anyone,
        letters={Role.STAFF: "o"},
        idempotent=True,
        writes=("core_rule",),
    )
    def write(key: CodeText, words: Name, *, actor: Actor) -> RuleRef:
        rule = Rule.rows.get(key=key)
        line().object("core.rule", key)
        line().changed("ko", rule.ko, words)
        rule.ko = words
        rule.save(update_fields=["ko"])
        return RuleRef(key)

    operator = Actor.operator()

    def call() -> None:
        run("bench.rule.write", {"key": KEY, "words": uuid4().hex[:8]}, operator, key=str(uuid4()))

    return call


def recorded() -> Callable[[], None]:
    """The same change by the ORM with one log row beside it."""
    from django.db import connection, transaction

    from dure.core import clock
    from dure.core.models import Progress, Rule

    def call() -> None:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT set_config('dure.action', 'bench@' || pg_current_xact_id(), true)"
                )
            rule = Rule.rows.get(key=KEY)
            rule.ko = uuid4().hex[:8]
            rule.save(update_fields=["ko"])
            Progress.rows.create(action="bench", asked_at=clock.now(), refusal_ko=rule.ko)

    return call


def times(call: Callable[[], None]) -> list[float]:
    """Milliseconds of `ROUNDS` calls, sorted; the first twenty warm up."""
    taken = []
    for number in range(ROUNDS + 20):
        began = time.perf_counter()
        call()
        if number >= 20:
            taken.append((time.perf_counter() - began) * 1000)
    return sorted(taken)


def measure() -> dict[str, object]:
    door, beside = times(through_the_door()), times(recorded())
    return {
        "bench": "door",
        "actions": ROUNDS,
        "p50_ms": round(statistics.median(door), 2),
        "p95_ms": round(door[ROUNDS * 95 // 100], 2),
        "recorded_p50_ms": round(statistics.median(beside), 2),
        "ratio": round(statistics.median(door) / statistics.median(beside), 2),
        "target_ratio": RATIO_MAX,
    }


def main() -> int:
    place = Path(tempfile.mkdtemp(prefix="dure-bench-"))
    place.chmod(0o711)
    os.environ.update(
        DURE_DATA=str(place), DURE_QUIET="1", DJANGO_SETTINGS_MODULE="dure.config.settings"
    )
    os.environ.pop("DATABASE_URL", None)
    from dure.config.database import Server
    from dure.config.migrate import migrate

    try:
        with Server(place).held():
            migrate(lambda text: None)
            from django.db import connections

            connections["default"].settings_dict.update(connections["side"].settings_dict)
            told = measure()
            connections.close_all()
    finally:
        shutil.rmtree(place, ignore_errors=True)
    print(json.dumps(told))
    return int(float(str(told["ratio"])) > RATIO_MAX)


if __name__ == "__main__":
    sys.exit(main())
