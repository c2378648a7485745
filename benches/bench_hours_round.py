"""Clearing round of hours: 1,000 members and 8,000 wishes, beside HiGHS alone, in one run.

Run as `python benches/bench_hours_round.py`. HiGHS gets the linear programme ready made (building
it is not counted) and its default options on one thread; ours is the whole function, checks and
proof included, after compilation and without it. Both by CPU time, best of three; the objective
must be the same. Exit 1 when a target is missed.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src")]

from dure.engines.hours_round import Limits, Wish, hours_round  # noqa: E402

MEMBERS, EDGES, MOST_S, MOST_RATIO, REPEATS = 1_000, 8_000, 3.0, 2.0, 3


def town() -> tuple[list[Wish], list[Limits]]:
    """Members who each could give to a few others, in quarter hours."""
    chance = random.Random(20_261_122)
    names = [f"m{number:04}" for number in range(MEMBERS)]
    drawn: dict[tuple[str, str], int] = {}
    while len(drawn) < EDGES:
        giver, taker = chance.sample(names, 2)
        drawn[giver, taker] = chance.randrange(1, 13)
    limits = [
        Limits(name, chance.randrange(4, 49), chance.randrange(4, 49), chance.randrange(0, 9))
        for name in names
    ]
    return [Wish(*pair, units) for pair, units in drawn.items()], limits


def solved(wishes: list[Wish], limits: list[Limits]) -> tuple[float, int]:
    """Seconds of HiGHS alone and its objective."""
    import highspy

    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    places = {one.member: place for place, one in enumerate(limits)}
    for wish in wishes:
        solver.addVar(0.0, float(wish.units))
    solver.changeColsCost(len(wishes), list(range(len(wishes))), [-1.0] * len(wishes))
    given: list[list[int]] = [[] for _ in limits]
    received: list[list[int]] = [[] for _ in limits]
    for column, wish in enumerate(wishes):
        given[places[wish.giver]].append(column)
        received[places[wish.taker]].append(column)
    for one, out, into in zip(limits, given, received, strict=True):
        solver.addRow(-highspy.kHighsInf, float(one.supply), len(out), out, [1.0] * len(out))
        solver.addRow(-highspy.kHighsInf, float(one.need), len(into), into, [1.0] * len(into))
        signs = [1.0] * len(out) + [-1.0] * len(into)
        both = out + into
        solver.addRow(-float(one.imbalance), float(one.imbalance), len(both), both, signs)
    began = time.process_time()
    solver.run()
    took = time.process_time() - began
    return took, round(-solver.getInfo().objective_function_value)


def main() -> int:
    wishes, limits = town()
    if sys.argv[1:] == ["plain"]:
        began = time.process_time()
        found = hours_round(wishes, limits)
        print(f"{time.process_time() - began:.2f} {found.total}")
        return 0
    hours_round(wishes[:50], limits)
    best, slow = float("inf"), float("inf")
    for _ in range(REPEATS):
        began = time.process_time()
        found = hours_round(wishes, limits)
        best = min(best, time.process_time() - began)
        took, objective = solved(wishes, limits)
        slow = min(slow, took)
    plain = subprocess.run(
        [sys.executable, __file__, "plain"],
        env={**os.environ, "DURE_COMPILED": "0"},
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    same = found.total == objective == int(plain[1])
    good = best <= MOST_S and best <= MOST_RATIO * slow and float(plain[0]) <= MOST_S and same
    print(
        f"{'ok  ' if good else 'MISS'} {MEMBERS} members, {EDGES} wishes: {best:.3f} s, without "
        f"compilation {plain[0]} s (at most {MOST_S} s); HiGHS alone {slow:.3f} s, "
        f"{best / slow:.2f}x (at most {MOST_RATIO}x); {found.total} units, "
        f"{'the same' if same else 'NOT THE SAME'}"
    )
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
