"""Rationing: 100,000 claims by each rule, tie keys given; exact, against the awards' own law.

Run as `python benches/bench_rationing.py`. Lists in, tuples out, best of seven by the clock of the
process; the sum is checked, and every award against its exact fraction on a sample. Exit 1 when a
rule takes more than 50 ms.
"""

from __future__ import annotations

import random
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src")]

from dure.engines.rationing import Ration, Rule, ration  # noqa: E402

CLAIMS, REPEATS, MOST_MS = 100_000, 7, 50.0


def measured(rule: Rule, asked: list[int], weights: list[int], ties: list[int]) -> float:
    """Best milliseconds of some repeats; the law is checked outside the clock."""
    best, estate = float("inf"), sum(asked) * 6 // 10
    found: Ration | None = None
    for _ in range(REPEATS):
        began = time.process_time()
        found = ration(rule, estate, asked, weights=weights, ties=ties)
        best = min(best, time.process_time() - began)
    assert found is not None and sum(found.awards) == estate
    for place in range(0, CLAIMS, 97):
        assert 0 <= found.awards[place] <= asked[place]
        assert abs(found.awards[place] - found.exact(place)) < 1
    return best * 1_000


def main() -> int:
    chance = random.Random(20_261_122)
    asked = [chance.randrange(50, 20_000) for _ in range(CLAIMS)]
    weights = [chance.randrange(1, 7) for _ in range(CLAIMS)]
    ties = chance.sample(range(CLAIMS), CLAIMS)
    missed = 0
    for rule in Rule:
        took = measured(rule, asked, weights, ties)
        missed += took > MOST_MS
        print(f"{'ok  ' if took <= MOST_MS else 'MISS'} {rule}: {took:.1f} ms (at most {MOST_MS})")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
