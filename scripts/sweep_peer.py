"""The other side of `make sweep`: pabutools in a process of its own, with a limit on its memory.

Takes one JSON line a file (`file`, `pairs`), gives one JSON line a result. Exact fractions, ties by
name: pabutools' defaults.
"""

from __future__ import annotations

import gzip
import json
import resource
import sys
import time
from pathlib import Path

from pabutools.election import Cardinality_Sat, Cost_Sat
from pabutools.election.pabulib import parse_pabulib_from_string
from pabutools.election.satisfaction import Additive_Borda_Sat, Additive_Cardinal_Sat
from pabutools.rules import (
    greedy_utilitarian_welfare,
    method_of_equal_shares,
    sequential_phragmen,
)

SATISFACTIONS = {
    "cost": Cost_Sat,
    "cardinality": Cardinality_Sat,
    "points": Additive_Cardinal_Sat,
    "borda": Additive_Borda_Sat,
}


def tell(**words: object) -> None:
    print(json.dumps(words), flush=True)


def counted(instance: object, profile: object, pair: str) -> list[str]:
    """Winners by pabutools; `pair` is rule and satisfaction."""
    rule, _, satisfaction = pair.partition(" ")
    if rule == "phragmen":
        return [one.name for one in sequential_phragmen(instance, profile)]
    count = method_of_equal_shares if rule == "mes" else greedy_utilitarian_welfare
    return [one.name for one in count(instance, profile, sat_class=SATISFACTIONS[satisfaction])]


def serve(file: str, pairs: list[str]) -> None:
    """Count one file by every pair, telling each as it is done."""
    content = Path(file).read_bytes()
    plain = gzip.decompress(content) if content.startswith(b"\x1f\x8b") else content
    began = time.perf_counter()
    try:
        instance, profile = parse_pabulib_from_string(plain.decode("utf-8-sig"))
        many = profile.as_multiprofile()  # equal ballots once: pabutools' own faster form
        profile = many if 2 * len(many) < len(profile) else profile
    except Exception as error:  # noqa: BLE001  # whatever it raises, the file is not compared
        tell(parsed=False, error=f"{type(error).__name__}: {error}"[:200])
        return
    tell(parsed=True, seconds=time.perf_counter() - began)
    for pair in pairs:
        began = time.perf_counter()
        try:
            winners = counted(instance, profile, pair)
        except Exception as error:  # noqa: BLE001  # whatever it raises, the pair is not compared
            tell(pair=pair, error=f"{type(error).__name__}: {error}"[:200])
            continue
        tell(pair=pair, winners=winners, seconds=round(time.perf_counter() - began, 4))


def main() -> None:
    limit = int(sys.argv[1]) * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    sys.setrecursionlimit(100_000)  # pabutools recurses once a winner
    for line in sys.stdin:
        asked = json.loads(line)
        serve(asked["file"], asked["pairs"])
        tell(done=True)


if __name__ == "__main__":
    main()
