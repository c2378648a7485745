"""Alternating runs of one piece of work by several processes; server CPU beside the clock.

Nouns
    runner  : a process that does one kind of work in a loop when told; it keeps its connection
    variant : the kind of work, a name that the runner's script knows
    round   : some seconds of each variant in turn, so that all see the same machine
Law: variants are compared within a round; what is told is the median over the rounds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Reading:
    """One turn of one variant: pieces of work done, seconds, CPU seconds of server and client."""

    done: int
    seconds: float
    server_cpu: float
    client_cpu: float

    @property
    def rate(self) -> float:
        return self.done / self.seconds

    @property
    def server_us(self) -> float:
        return self.server_cpu / max(1, self.done) * 1e6


@dataclass
class Runners:
    """`count` processes of one variant."""

    variant: str
    script: str
    count: int
    arguments: Sequence[str] = ()
    processes: list[subprocess.Popen[str]] = field(default_factory=list)

    def start(self) -> None:
        for number in range(self.count):
            path = str(ROOT / "benches" / self.script)
            self.processes.append(
                subprocess.Popen(
                    [sys.executable, path, self.variant, str(number), *self.arguments],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                    cwd=ROOT,
                )
            )
        for process in self.processes:
            self._answer(process, "ready")

    def turn(self, seconds: float, postmaster: int) -> Reading:
        before, began = server_cpu(postmaster), time.perf_counter()
        for process in self.processes:
            assert process.stdin is not None
            process.stdin.write(f"{seconds}\n")
            process.stdin.flush()
        told = [self._answer(process) for process in self.processes]
        passed = time.perf_counter() - began
        done = sum(int(line[0]) for line in told)
        client = sum(float(line[1]) for line in told)
        return Reading(done, passed, server_cpu(postmaster) - before, client)

    def stop(self) -> None:
        for process in self.processes:
            assert process.stdin is not None
            process.stdin.close()
        for process in self.processes:
            process.wait(30)

    @staticmethod
    def _answer(process: subprocess.Popen[str], wanted: str | None = None) -> list[str]:
        assert process.stdout is not None
        line = process.stdout.readline().split()
        assert line and (wanted is None or line[0] == wanted), f"a runner ended: {process.args}"
        return line


def server_cpu(postmaster: int) -> float:
    """CPU seconds of the server: the postmaster, what it reaped, and its living children."""
    total = 0
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        number = int(entry.parent.name)
        if number == postmaster:
            total += sum(int(value) for value in fields[11:15])
        elif int(fields[1]) == postmaster:
            total += int(fields[11]) + int(fields[12])
    return total / TICKS


def alternate(
    variants: Sequence[Runners], postmaster: int, *, rounds: int, seconds: float
) -> dict[str, list[Reading]]:
    """Let each variant work in turn, `rounds` times after one turn to warm up."""
    told: dict[str, list[Reading]] = {one.variant: [] for one in variants}
    try:
        for one in variants:
            one.start()
        for number in range(rounds + 1):
            order = variants if number % 2 else list(reversed(variants))
            for one in order:
                reading = one.turn(seconds if number else min(seconds, 0.5), postmaster)
                if number:
                    told[one.variant].append(reading)
    finally:
        for one in variants:
            one.stop()
    return told


def median(readings: Sequence[Reading], of: Callable[[Reading], float]) -> float:
    return statistics.median(of(reading) for reading in readings)


def ratio(
    ours: Sequence[Reading], theirs: Sequence[Reading], of: Callable[[Reading], float]
) -> float:
    """Median over the rounds of ours ÷ theirs within one round."""
    return statistics.median(of(a) / of(b) for a, b in zip(ours, theirs, strict=True))


def serve(work: Callable[[], int]) -> None:
    """The runner's side: loop over `work` for as long as each line says; `work` gives what it did.

    Answers `pieces cpu_seconds`.
    """
    print("ready", flush=True)
    for line in sys.stdin:
        end = time.perf_counter() + float(line)
        cpu = time.process_time()
        done = 0
        while time.perf_counter() < end:
            done += work()
        print(done, round(time.process_time() - cpu, 4), flush=True)
