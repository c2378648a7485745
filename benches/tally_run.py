"""One measured step of `bench_tally.py` in a process of its own; prints one JSON line.

`tally_run.py peer|dure STEP FILE`: seconds (the best of several for ours), peak memory, winners.
STEP is parse, greedy, phragmen, mes-cost, mes-cardinality; for dure also add1, what-if, prices.
"""

from __future__ import annotations

import gzip
import json
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
REPEATS, ENOUGH = 5, 1.0


def timed(step: Callable[[], list[str]], repeats: int) -> tuple[float, list[str]]:
    """Best time of some repeats; no further one after a second in all."""
    best, spent = float("inf"), 0.0
    winners: list[str] = []
    for _ in range(repeats):
        began = time.perf_counter()
        winners = step()
        took = time.perf_counter() - began
        best, spent = min(best, took), spent + took
        if spent > ENOUGH:
            break
    return best, winners


def peer(step: str, path: Path) -> tuple[float, list[str]]:
    """pabutools as it comes: exact fractions, ties by id."""
    from pabutools.election import Cardinality_Sat, Cost_Sat, parse_pabulib
    from pabutools.rules import (
        greedy_utilitarian_welfare,
        method_of_equal_shares,
        sequential_phragmen,
    )

    sys.setrecursionlimit(100_000)
    content = path.read_bytes()
    if path.suffix == ".gz":
        content = gzip.decompress(content)
    with tempfile.NamedTemporaryFile(suffix=".pb") as plain:
        plain.write(content)
        plain.flush()
        began = time.perf_counter()
        instance, profile = parse_pabulib(plain.name)
        took = time.perf_counter() - began
    if step == "parse":
        return took, []
    began = time.perf_counter()
    if step == "greedy":
        found = greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat)
    elif step == "phragmen":
        found = sequential_phragmen(instance, profile)
    else:
        sat = Cost_Sat if step == "mes-cost" else Cardinality_Sat
        found = method_of_equal_shares(instance, profile, sat_class=sat)
    return time.perf_counter() - began, [one.name for one in found]


def dure(step: str, path: Path) -> tuple[float, list[str]]:
    """Ours: profile and run together, as `tally` does them."""
    from dure.engines.pb.pabulib import read
    from dure.engines.pb.rules import Completion, Name, Rule, Satisfaction, Start, Stop
    from dure.engines.pb.tally import tally

    content = path.read_bytes()
    if step == "parse":

        def parse() -> list[str]:
            read(content)
            return []

        return timed(parse, REPEATS)
    election = read(content)
    cost = Rule(Name.MES, Satisfaction.COST)
    rules = {
        "greedy": Rule(Name.GREEDY, Satisfaction.COST),
        "phragmen": Rule(Name.PHRAGMEN),
        "mes-cost": cost,
        "mes-cardinality": Rule(Name.MES, Satisfaction.CARDINALITY),
        "add1": Rule(
            Name.MES,
            Satisfaction.COST,
            Completion.ADD1,
            step=Fraction(1),
            start=Start.EXACT,
            stop=Stop.EXHAUSTIVE,
        ),
    }
    if step == "what-if":
        return timed(lambda: whatever_if(election, cost), REPEATS)
    if step == "prices":
        return timed(lambda: prices(election, cost), 1)
    rule = rules[step]

    def count() -> list[str]:
        return [election.projects[at].id for at in tally(election, rule).winners]

    return timed(count, 1 if step == "add1" else REPEATS)
