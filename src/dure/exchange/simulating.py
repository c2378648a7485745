"""A process with invented people: how its cases would go if everybody acted after a random wait.

Nouns: *pace* (the mean hours after which somebody who may act does), *passed* (cases that were in
a state), *ended* (cases that ended there).
Law: read from the declaration alone, without a database; the same seed gives the same cases.
Whoever may act waits an exponential time, all at once, and the first moves the case; a timer waits
for its moment. Guards are taken to say yes. It tells which ways a declaration has, not how people
are. Source: a race of exponential clocks in a semi-Markov process (Howard 1971).
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from dure.exchange.declaration import Due, Process, States, Transition

STEPS_MAX = 200
RUNS_MAX = 5_000
# Moments of an invented case, in hours after it began; a pool closes before its pick-up.
MOMENTS: Mapping[str, float] = {
    "start": 48.0, "end": 49.0, "due": 49.0, "closes": 48.0, "pickup": 72.0,
}  # fmt: skip
Span = Callable[[Due], timedelta]


@dataclass(frozen=True, slots=True)
class Simulation:
    """What became of `runs` cases; hours from beginning to end, the lower median and the 90th
    percentile of those that ended; `unended` were still going after STEPS_MAX steps."""

    runs: int
    passed: Mapping[str, int]
    ended: Mapping[str, int]
    by_time: int
    steps: int
    unended: int
    half_h: float | None
    most_h: float | None


def simulate(process: Process, span: Span, *, runs: int, pace_h: float, seed: int) -> Simulation:
    """Let so many invented cases run to their end.

    span   : how long a timer waits from its anchor (a rule of the rulebook is read by the caller)
    runs   : 1 to RUNS_MAX
    pace_h : mean hours of everybody's wait, > 0
    """
    assert 1 <= runs <= RUNS_MAX and pace_h > 0, (runs, pace_h)
    chance = random.Random(f"{process.key}:{process.version}:{seed}")  # noqa: S311  invented
    passed: Counter[str] = Counter()
    ended: Counter[str] = Counter()
    times: list[float] = []
    by_time = steps = 0
    for _ in range(runs):
        state: States = chance.choice(process.leaving(None)).target
        seen, now, taken = {state.key}, 0.0, 0
        last: Transition | None = None
        while process.leaving(state) and taken < STEPS_MAX:
            now, last = _first(process, state, now, span, pace_h, chance)
            state = last.target
            seen.add(state.key)
            taken += 1
        passed.update(seen)
        steps += taken
        if not process.leaving(state):
            ended[state.key] += 1
            times.append(now)
            by_time += last is not None and last.is_timer
    times.sort()
    return Simulation(
        runs, dict(passed), dict(ended), by_time, steps, runs - len(times),
        times[(len(times) - 1) // 2] if times else None,
        times[(9 * len(times) - 1) // 10] if times else None,
    )  # fmt: skip


def _first(
    process: Process,
    state: States,
    now: float,
    span: Span,
    pace_h: float,
    chance: random.Random,
) -> tuple[float, Transition]:
    """When and by which transition a case leaves a state: the earliest of all that wait."""
    waits = [
        (_at(one, now, span, pace_h, chance), place, one)
        for place, one in enumerate(process.leaving(state))
    ]
    at, _, first = min(waits, key=lambda wait: wait[:2])
    return at, first


def _at(
    transition: Transition, now: float, span: Span, pace_h: float, chance: random.Random
) -> float:
    due = transition.due
    if due is not None:
        wait = span(due).total_seconds() / 3600
        if due.anchor == "entered":
            return now + wait
        return max(now, MOMENTS[due.anchor] + wait)
    if all(role.works == "nobody" for role in transition.by):
        return max(now, MOMENTS["closes"]) + chance.random() / 3600  # the engine, at once
    return now + chance.expovariate(1 / pace_h)
