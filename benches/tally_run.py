"""One measured step of `bench_tally.py` in a process of its own; prints one JSON line.

`tally_run.py peer|dure STEP FILE`: seconds by the clock and of processor time (the best of several
for ours), peak memory, winners. The clock also counts what other programs take from this one.
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
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from dure.engines.pb.election import Election  # noqa: E402
from dure.engines.pb.rules import Completion, Name, Rule, Satisfaction, Start, Stop  # noqa: E402

REPEATS, ENOUGH = 5, 1.0


@dataclass(frozen=True)
class Took:
    """Seconds by the clock, and of processor time in all threads."""

    seconds: float
    processor: float


class Watch:
    """Both times since it was made."""

    def __init__(self) -> None:
        self.clock, self.processor = time.perf_counter(), time.process_time()

    def took(self) -> Took:
        return Took(time.perf_counter() - self.clock, time.process_time() - self.processor)


def timed(step: Callable[[], list[str]], repeats: int) -> tuple[Took, list[str]]:
    """Best time of some repeats; no further one after a second in all."""
    all_took: list[Took] = []
    winners: list[str] = []
    for _ in range(repeats):
        watch = Watch()
        winners = step()
        all_took.append(watch.took())
        if sum(one.seconds for one in all_took) > ENOUGH:
            break
    best = Took(min(one.seconds for one in all_took), min(one.processor for one in all_took))
    return best, winners


def peer(step: str, path: Path) -> tuple[Took, list[str]]:
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
        watch = Watch()
        instance, profile = parse_pabulib(plain.name)
        took = watch.took()
    if step == "parse":
        return took, []
    watch = Watch()
    if step == "greedy":
        found = greedy_utilitarian_welfare(instance, profile, sat_class=Cost_Sat)
    elif step == "phragmen":
        found = sequential_phragmen(instance, profile)
    else:
        sat = Cost_Sat if step == "mes-cost" else Cardinality_Sat
        found = method_of_equal_shares(instance, profile, sat_class=sat)
    return watch.took(), [one.name for one in found]


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


def dure(step: str, path: Path) -> tuple[Took, list[str]]:
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


def folder(step: str, place: Path) -> tuple[Took, list[str]]:
    """Every file: `rules` counts by every rule without completion; `add1` to the end, step 1.

    Gives the seconds of all, or of the slowest file; reading is part of `rules` and not of `add1`.
    """
    from dure.engines.pb.pabulib import read
    from dure.engines.pb.pabulib_errors import PabulibError
    from dure.engines.pb.rules import RuleError
    from dure.engines.pb.tally import plain_rules, tally

    whole, slowest, told = Watch(), Took(0.0, 0.0), list[str]()
    for path in sorted(place.iterdir()):
        watch = Watch()
        try:
            election = read(path.read_bytes())
        except PabulibError as refused:
            told.append(f"{path.name}: {refused}")
            continue
        if step == "add1":
            watch = Watch()
        for rule in [add1_rule()] if step == "add1" else plain_rules(election):
            try:
                tally(election, rule)
            except RuleError as refused:
                told.append(f"{path.name}: {refused}")
        took = watch.took()
        if took.processor > slowest.processor:
            slowest = took
            if step == "add1":
                told = [f"slowest {path.name}"]
    return (slowest if step == "add1" else whole.took()), told


def main() -> None:
    who, step, file = sys.argv[1:4]
    run = {"peer": peer, "dure": dure, "folder": folder}[who]
    took, winners = run(step, Path(file))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**asdict(took), "peak_mb": peak, "winners": winners}))


if __name__ == "__main__":
    main()
