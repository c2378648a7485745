"""What the door costs: an action that changes one row, against the same change without it.

Both run on the database that the environment names, with real commits. Prints one line a figure.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import uuid4

ROUNDS = 500


def main() -> None:
    """Measure and print: ms an action (median, p95), and the ratio to the bare change."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dure.config.settings")
    import django

    django.setup()
    from django.db import connection, transaction

    from dure.core.actions import CATALOGUE, action, line, run
    from dure.core.actors import Actor, Role
    from dure.core.models import Rule
    from dure.core.policies import anyone
    from dure.core.types import CodeText, Name

    @dataclass(frozen=True, slots=True)
    class RuleRef:
        key: str

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
        Rule.rows.filter(key=key).update(ko=words)
        line().object("core.rule", key)
        line().changed("ko", None, words)
        return RuleRef(key)

    operator = Actor.operator()

    def through_the_door() -> None:
        body = {"key": "notice.quiet", "words": "시간"}
        run("bench.rule.write", body, operator, key=str(uuid4()))

    def bare() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                "SELECT set_config('dure.action', 'bench@' || pg_current_xact_id(), true)"
            )
            Rule.rows.filter(key="notice.quiet").update(ko="시간")

    words = Rule.rows.get(key="notice.quiet").ko
    try:
        door, plain = _time(through_the_door), _time(bare)
    finally:
        run("core.rulebook.install", {}, operator)
        assert Rule.rows.get(key="notice.quiet").ko == words
        CATALOGUE.pop("bench.rule.write")
    print(f"door: an action with key, median {door[0]:.2f} ms, p95 {door[1]:.2f} ms")
    print(f"door: the same change bare, median {plain[0]:.2f} ms; ratio {door[0] / plain[0]:.2f}")


def _time(call: Callable[[], None]) -> tuple[float, float]:
    for _ in range(20):
        call()
    taken = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        call()
        taken.append((time.perf_counter() - began) * 1000)
    return statistics.median(taken), statistics.quantiles(taken, n=20)[18]


if __name__ == "__main__":
    main()
