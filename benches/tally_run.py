"""One measured step of `bench_tally.py` in a process of its own; prints one JSON line.

`tally_run.py peer|dure STEP FILE`: seconds (the best of several for ours), peak memory, winners.
STEP is parse, greedy, phragmen, mes-cost, mes-cardinality; for dure also add1, what-if, prices;
`tally_run.py folder rules|add1 FOLDER` takes every file.
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

from dure.engines.pb.election import Election  # noqa: E402
from dure.engines.pb.rules import Completion, Name, Rule, Satisfaction, Start, Stop  # noqa: E402

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


def cost_rule() -> Rule:
    return Rule(Name.MES, Satisfaction.COST)


def add1_rule() -> Rule:
    return Rule(
        Name.MES,
        Satisfaction.COST,
        Completion.ADD1,
        step=Fraction(1),
        start=Start.EXACT,
        stop=Stop.EXHAUSTIVE,
    )


def dure(step: str, path: Path) -> tuple[float, list[str]]:
    """Ours: profile and run together, as `tally` does them."""
    from dure.engines.pb.pabulib import read
    from dure.engines.pb.tally import tally

    content = path.read_bytes()
    if step == "parse":

        def parse() -> list[str]:
            read(content)
            return []

        return timed(parse, REPEATS)
    election = read(content)
    if step == "what-if":
        return timed(changed(election), REPEATS)
    if step == "prices":
        return timed(lambda: explained(election), 1)
    rule = {
        "greedy": Rule(Name.GREEDY, Satisfaction.COST),
        "phragmen": Rule(Name.PHRAGMEN),
        "mes-cost": cost_rule(),
        "mes-cardinality": Rule(Name.MES, Satisfaction.CARDINALITY),
        "add1": add1_rule(),
    }[step]

    def count() -> list[str]:
        return [election.projects[at].id for at in tally(election, rule).winners]

    return timed(count, 1 if step == "add1" else REPEATS)


def changed(election: Election) -> Callable[[], list[str]]:
    """What-if: the first project costs one more; the ballots are collapsed anew."""
    from dure.engines.pb.tally import tally
    from dure.engines.pb.what_if import Change, what_if

    outcome = tally(election, cost_rule())
    first = election.projects[0]

    def ask() -> list[str]:
        change = Change(costs={first.id: first.cost + 1})
        return [str(one) for one in what_if(election, outcome, change).outcome.winners]

    return ask


def explained(election: Election) -> list[str]:
    """Explain all losers of one run: where the money went, what was missing, the winning price."""
    from dure.engines.pb.explaining import losses
    from dure.engines.pb.tally import tally

    told = losses(election, tally(election, cost_rule()))
    return [election.projects[one.project].id for one in told]


def folder(step: str, place: Path) -> tuple[float, list[str]]:
    """Every file: `rules` counts by every rule without completion; `add1` to the end, step 1.

    Gives the seconds of all, or of the slowest file; reading is part of `rules` and not of `add1`.
    """
    from dure.engines.pb.pabulib import PabulibError, read
    from dure.engines.pb.rules import RuleError
    from dure.engines.pb.tally import plain_rules, tally

    total, slowest, told = 0.0, 0.0, []
    for path in sorted(place.iterdir()):
        began = time.perf_counter()
        try:
            election = read(path.read_bytes())
        except PabulibError as refused:
            told.append(f"{path.name}: {refused}")
            continue
        if step == "add1":
            began = time.perf_counter()
        for rule in [add1_rule()] if step == "add1" else plain_rules(election):
            try:
                tally(election, rule)
            except RuleError as refused:
                told.append(f"{path.name}: {refused}")
        took = time.perf_counter() - began
        total += took
        if took > slowest:
            slowest, name = took, path.name
            if step == "add1":
                told = [f"slowest {name}"]
    return (slowest if step == "add1" else total), told


def main() -> None:
    who, step, file = sys.argv[1:4]
    run = {"peer": peer, "dure": dure, "folder": folder}[who]
    seconds, winners = run(step, Path(file))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mb": peak, "winners": winners}))


if __name__ == "__main__":
    main()
