"""Participatory budgets: our exact engine beside pabutools, on real elections, in one run.

Run as `python benches/bench_tally.py [FILE-WORD ...]`. Every step is a process of its own: seconds
of the rule alone (profile and run together; reading is a step of its own), the peak memory of the
process. Targets are judged by processor time, which other programs lengthen least; the clock is
told beside it. pabutools runs as it comes, with exact fractions, once; ours the best of up to five.
Winners must agree: in order for greedy and equal shares, as sets for Phragmén.
`DURE_SHARED_DATA` names the folder that holds `pabulib/files`. Exit 1 when a target is missed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("DURE_SHARED_DATA", ROOT.parent / "shared" / "data"))
FILES = DATA / "pabulib" / "files"
RUN = ROOT / "benches" / "tally_run.py"
MEMORY_MB = 300
# Least ratio to pabutools by file and step.
RATIOS = {
    "Poland_Lodz_2022": {"parse": 10, "greedy": 50, "phragmen": 50, "mes-cost": 1000},
    "Poland_Warszawa_2026": {
        "parse": 10,
        "greedy": 50,
        "phragmen": 50,
        "mes-cost": 120,
        "mes-cardinality": 90,
    },
    "Poland_Warszawa_2021_Mokotow": {
        "parse": 10,
        "greedy": 50,
        "phragmen": 50,
        "mes-cost": 40,
        "mes-cardinality": 20,
    },
}
# Most seconds by file and step of ours.
SECONDS = (
    ("Poland_Lodz_2022", "mes-cost", 0.05),
    ("Poland_Lodz_2022", "add1", 3.0),
    ("Poland_Warszawa_2026", "add1", 10.0),
    ("Poland_Warszawa_2026", "what-if", 0.3),
    ("Poland_Warszawa_2026", "prices", 5.0),
    ("Poland_Lodz_2022", "prices", 5.0),
)


@dataclass(frozen=True)
class Measured:
    """What one process told: seconds by the clock, and of processor time."""

    seconds: float
    processor: float
    peak_mb: float
    winners: list[str]


def run(who: str, step: str, path: Path, *, compiled: bool = True) -> Measured:
    environment = {**os.environ, "DURE_COMPILED": "1" if compiled else "0"}
    done = subprocess.run(
        [sys.executable, RUN, who, step, path],
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Measured(**json.loads(done.stdout))


def told(text: str, is_met: bool, missed: list[str]) -> None:
    print(f"{'ok  ' if is_met else 'MISS'} {text}", flush=True)
    if not is_met:
        missed.append(text)


def beside_the_peer(name: str, path: Path, missed: list[str]) -> None:
    for step, least in RATIOS[name].items():
        ours = run("dure", step, path)
        peer = run("peer", step, path)
        ratio = peer.processor / ours.processor
        same = peer.winners == ours.winners
        if step == "phragmen":
            same = sorted(peer.winners) == sorted(ours.winners)
        text = (
            f"{name} {step}: {ours.processor:.4f} s (clock {ours.seconds:.4f}), "
            f"{ours.peak_mb:.0f} MB; pabutools {peer.processor:.2f} s (clock {peer.seconds:.2f}), "
            f"{peer.peak_mb:.0f} MB; {ratio:.0f}x (at least {least}x)"
            f"{'' if same else '; WINNERS DIFFER'}"
        )
        told(text, ratio >= least and same and ours.peak_mb < MEMORY_MB, missed)


def main() -> int:
    missed: list[str] = []
    if not FILES.is_dir():
        print(f"no elections at {FILES}; set DURE_SHARED_DATA")
        return 1
    words = sys.argv[1:]
    paths = {name: next(FILES.glob(f"{name}.pb*")) for name in RATIOS}
    for name, path in paths.items():
        if not words or any(word in name for word in words):
            beside_the_peer(name, path, missed)
    for name, step, most in SECONDS:
        if words and not any(word in name for word in words):
            continue
        plain = run("dure", step, paths[name], compiled=False)
        fast = run("dure", step, paths[name])
        text = (
            f"{name} {step}: {plain.processor:.3f} s (clock {plain.seconds:.3f}), with compilation "
            f"{fast.processor:.3f} s (clock {fast.seconds:.3f}), at most {most} s; "
            f"{plain.peak_mb:.0f} MB, {fast.peak_mb:.0f} MB"
        )
        peak = max(plain.peak_mb, fast.peak_mb)
        told(text, min(plain.processor, fast.processor) <= most and peak < MEMORY_MB, missed)
    if not words or "folder" in words:
        rules = run("folder", "rules", FILES)
        told(
            f"folder, every rule without completion: {rules.processor:.0f} s of one core "
            f"(clock {rules.seconds:.0f}; at most 180 s), "
            f"{rules.peak_mb:.0f} MB; {len(rules.winners)} refused",
            rules.processor <= 180,
            missed,
        )
        for compiled in (False, True):
            slow = run("folder", "add1", FILES, compiled=compiled)
            told(
                f"folder, add1 step 1 {'with' if compiled else 'without'} compilation: the slowest "
                f"file {slow.processor:.1f} s (clock {slow.seconds:.1f}; at most 10 s), "
                f"{slow.peak_mb:.0f} MB; {' '.join(slow.winners)}",
                not compiled or (slow.processor <= 10 and slow.peak_mb < MEMORY_MB),
                missed,
            )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
