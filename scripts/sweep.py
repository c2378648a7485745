"""`make sweep`: every Pabulib file, every rule that both have, against pabutools.

`python scripts/sweep.py [FOLDER] [--subset] [--seconds 600] [--megabytes 4096] [--processes 2]`
Results of pabutools are kept in `.cache/sweep`, by content of the file and its version. A run over
the limits is listed as not compared. Exit 1 when a difference has no known cause.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import hashlib
import importlib.metadata
import json
import os
import select
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from queue import Empty, Queue

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from dure.engines.pb.election import BallotKind, Ballots, Election  # noqa: E402
from dure.engines.pb.pabulib import read  # noqa: E402
from dure.engines.pb.rules import Name, Rule, Satisfaction  # noqa: E402
from dure.engines.pb.tally import tally  # noqa: E402

CACHE = ROOT / ".cache" / "sweep"
SUBSET_BYTES = 50_000  # of a plain file
SUBSET_EACH = 4  # files a stratum
OVER_TIME, OVER_MEMORY = "over the time limit", "over the memory limit"
# pabutools orders greedy by satisfaction by cost: cost is most votes, the others are density.
RULES: dict[str, Rule] = {
    "greedy cost": Rule(Name.GREEDY, Satisfaction.COST),
    "greedy cardinality": Rule(Name.DENSITY, Satisfaction.CARDINALITY),
    "greedy points": Rule(Name.DENSITY, Satisfaction.POINTS),
    "greedy borda": Rule(Name.DENSITY, Satisfaction.BORDA),
    "mes cost": Rule(Name.MES, Satisfaction.COST),
    "mes cardinality": Rule(Name.MES, Satisfaction.CARDINALITY),
    "mes points": Rule(Name.MES, Satisfaction.POINTS),
    "mes borda": Rule(Name.MES, Satisfaction.BORDA),
    "phragmen": Rule(Name.PHRAGMEN),
}
APPROVALS = (BallotKind.APPROVAL, BallotKind.CHOOSE_1)


@dataclass(slots=True)
class Line:
    """One file under one pair: identical, a difference with its cause, or not compared."""

    file: str
    pair: str
    verdict: str
    cause: str = ""
    ours: list[str] = field(default_factory=list)
    theirs: list[str] = field(default_factory=list)


def pairs_of(kind: BallotKind) -> list[str]:
    """What both can count on these ballots."""
    base = ["greedy cost", "greedy cardinality", "mes cost", "mes cardinality"]
    if kind in APPROVALS:
        return [*base, "phragmen"]
    if kind is BallotKind.ORDINAL:
        return [*base, "greedy borda", "mes borda"]
    return [*base, "greedy points", "mes points"]


def compare(file: str, election: Election, pair: str, theirs: Sequence[str]) -> Line:
    """Compare winners: in order, for Phragmén as sets; a difference looks for its cause."""
    ours = counted(election, pair)
    if same(pair, ours, theirs):
        return Line(file, pair, "identical")
    supported = {
        one.id for one, votes in zip(election.projects, election.votes(), strict=True) if votes
    }
    kept = [one for one in theirs if one in supported]
    if len(kept) < len(theirs) and same(pair, ours, kept):
        return Line(file, pair, "explained", "pabutools buys projects that nobody supports")
    points = election.ballots.points
    if points is not None and bool((points == 0).any()) and not pair.endswith("points"):
        named = replace(
            election,
            kind=BallotKind.APPROVAL,
            ballots=Ballots(election.ballots.starts, election.ballots.items),
        )
        if same(pair, counted(named, pair), theirs):
            return Line(file, pair, "explained", "pabutools takes 0 points for an approval")
    return Line(file, pair, "different", "", list(ours), list(theirs))


def same(pair: str, ours: Sequence[str], theirs: Sequence[str]) -> bool:
    return set(ours) == set(theirs) if pair == "phragmen" else list(ours) == list(theirs)


def counted(election: Election, pair: str) -> list[str]:
    outcome = tally(election, RULES[pair])
    return [election.projects[at].id for at in outcome.winners]


class Peer:
    """A pabutools process; started anew after a run that passed a limit."""

    def __init__(self, seconds: int, megabytes: int) -> None:
        self.seconds, self.megabytes = seconds, megabytes
        self.process: subprocess.Popen[bytes] | None = None
        self.rest = b""

    def ask(self, path: Path, pairs: Sequence[str]) -> dict[str, object]:
        """Give winners by pair, or the reason why there are none."""
        found: dict[str, object] = {}
        while left := [pair for pair in pairs if pair not in found]:
            self._send({"file": str(path), "pairs": left})
            for at in range(len(left) + 2):
                told = self._receive()
                if told is None:
                    passed = left[max(at - 1, 0)]
                    found[passed] = self.why
                    if at == 0:
                        return dict.fromkeys(pairs, f"reading: {self.why}")
                    break
                if told.get("parsed") is False:
                    self._receive()
                    return dict.fromkeys(pairs, str(told["error"]))
                if "done" in told:
                    break
                if "pair" in told:
                    memory = "MemoryError" in str(told.get("error", ""))
                    found[str(told["pair"])] = (
                        told["winners"]
                        if "winners" in told
                        else OVER_MEMORY
                        if memory
                        else told["error"]
                    )
        return found

    def stop(self) -> None:
        """End the process this peer started."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate()
            self.process = None
            self.rest = b""

    def _send(self, asked: dict[str, object]) -> None:
        if self.process is None:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "scripts" / "sweep_peer.py"), str(self.megabytes)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
            )
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked).encode() + b"\n")
        self.process.stdin.flush()

    def _receive(self) -> dict[str, object] | None:
        """The next line, or None when a limit was passed; the process is then ended."""
        assert self.process is not None and self.process.stdout is not None
        out = self.process.stdout.fileno()
        while b"\n" not in self.rest:
            ready, _, _ = select.select([out], [], [], self.seconds)
            piece = os.read(out, 1 << 16) if ready else b""
            if not piece:
                self.why = OVER_MEMORY if ready else OVER_TIME
                self.stop()
                return None
            self.rest += piece
        line, _, self.rest = self.rest.partition(b"\n")
        told = json.loads(line)
        assert isinstance(told, dict)
        return told


def sweep_file(path: Path, peer: Peer) -> list[Line]:
    """Compare one file under all its pairs; what pabutools said before is taken from the cache."""
    content = path.read_bytes()
    election = read(content)
    pairs = pairs_of(election.kind)
    version = importlib.metadata.version("pabutools")
    kept = CACHE / f"{hashlib.sha256(content).hexdigest()[:32]}-{version}.json"
    known: dict[str, object] = json.loads(kept.read_text()) if kept.exists() else {}
    missing = [pair for pair in pairs if pair not in known]
    if missing:
        known |= peer.ask(path, missing)
        CACHE.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(known))
    lines = []
    for pair in pairs:
        told = known[pair]
        if isinstance(told, list):
            lines.append(compare(path.name, election, pair, told))
        else:
            lines.append(Line(path.name, pair, "not compared", str(told)))
    return lines


def files_of(folder: Path, *, subset: bool) -> list[Path]:
    """All files, small ones first; or a few small ones of every kind of ballot and feature."""
    paths = sorted(
        (one for one in folder.rglob("*") if one.name.endswith((".pb", ".pb.gz"))),
        key=lambda one: (one.stat().st_size, one.name),
    )
    if not subset:
        return paths
    index = next(folder.rglob("INDEX.csv"))
    with index.open(encoding="utf-8", newline="") as rows:
        told = {row["file"]: row for row in csv.DictReader(rows)}
    taken: dict[str, int] = Counter()
    chosen = []
    for path in paths:
        row = told.get(path.name.removesuffix(".gz"))
        if row is None or int(row["plain_bytes"]) > SUBSET_BYTES:
            continue
        strata = [f"{row['vote_type']} {row['rule']}", *row["features"].split()]
        if any(taken[one] < SUBSET_EACH for one in strata):
            taken.update(strata)
            chosen.append(path)
    return chosen


def sweep(
    paths: Sequence[Path], *, seconds: int, megabytes: int, processes: int
) -> Iterator[list[Line]]:
    """Compare files, several at once, yielding each as it is done."""
    waiting: Queue[Path] = Queue()
    done: Queue[list[Line] | BaseException] = Queue()
    for path in paths:
        waiting.put(path)

    def work() -> None:
        peer = Peer(seconds, megabytes)
        try:
            while True:
                done.put(sweep_file(waiting.get_nowait(), peer))
        except Empty:
            pass
        except BaseException as error:  # noqa: BLE001  # handed to the main thread
            done.put(error)
        finally:
            peer.stop()

    workers = [threading.Thread(target=work, daemon=True) for _ in range(processes)]
    for one in workers:
        one.start()
    try:
        for _ in paths:
            lines = done.get()
            if isinstance(lines, BaseException):
                raise lines
            yield lines
    finally:
        with contextlib.suppress(Empty):
            while True:
                waiting.get_nowait()
        for one in workers:
            one.join()


def told(lines: Sequence[Line]) -> list[str]:
    """The report: counts, then every difference and everything not compared with its cause."""
    verdicts = Counter(one.verdict for one in lines)
    report = [", ".join(f"{count} {verdict}" for verdict, count in sorted(verdicts.items()))]
    pairs = Counter((one.pair, one.verdict) for one in lines)
    report += [
        f"  {pair:<20} {verdict:<14} {count}" for (pair, verdict), count in sorted(pairs.items())
    ]
    for one in lines:
        if one.verdict != "identical":
            report.append(f"{one.verdict}: {one.file} · {one.pair} · {one.cause}")
        if one.verdict == "different":
            report += [f"    ours   {one.ours}", f"    theirs {one.theirs}"]
    return report


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    shared = Path(os.environ.get("DURE_SHARED_DATA") or ROOT.parent / "shared" / "data")
    parser.add_argument("folder", nargs="?", type=Path, default=shared / "pabulib")
    parser.add_argument("--subset", action="store_true", help="a few small files of every kind")
    parser.add_argument("--seconds", type=int, default=600, help="limit of one pabutools run")
    parser.add_argument("--megabytes", type=int, default=4096, help="limit of its memory")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    if not given.folder.is_dir():
        print(f"No files to compare: {given.folder} is not here. Set DURE_SHARED_DATA.")
        return 0
    paths = files_of(given.folder, subset=given.subset)
    lines: list[Line] = []
    for at, found in enumerate(
        sweep(paths, seconds=given.seconds, megabytes=given.megabytes, processes=given.processes),
        start=1,
    ):
        lines += found
        if at % 10 == 0 or at == len(paths):
            print(f"{at}/{len(paths)} {found[0].file}", file=sys.stderr, flush=True)
    print("\n".join(told(sorted(lines, key=lambda one: (one.file, one.pair)))))
    return 1 if any(one.verdict == "different" for one in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
