"""Invented cases of a process: the same by the same seed, and as often as the sums say."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dure.core.text import T
from dure.exchange.declaration import Due, Process, Role, States, after, start, step, timer
from dure.exchange.processes import PROCESSES
from dure.exchange.simulating import simulate

ANNA = Role("anna", T("안나", "Anna"))
BEN = Role("ben", T("벤", "Ben"), trusted=True)
NAMED = T("일", "deed")


class S(States):
    """Two ways out of one state."""

    OPEN = "open", "열림", "Open"
    DONE = "done", "끝남", "Done"
    LATE = "late", "늦음", "Late"


def race(hours: float) -> Process:
    """Anna acts, unless time is faster."""
    return Process(
        "race", version=1, sector="sharing", text=NAMED, states=S, roles=(ANNA, BEN),
        transitions=(
            start("open", S.OPEN, NAMED, by=(ANNA,)),
            step("do", S.OPEN, S.DONE, NAMED, by=(ANNA,)),
            timer("expire", S.OPEN, S.LATE, after(hours=hours), NAMED),
        ),
    )  # fmt: skip


def span(due: Due) -> timedelta:
    return due.offset if not due.rule else timedelta(days=2)


def test_as_many_are_late_as_the_exponential_says() -> None:
    found = simulate(race(24), span, runs=5_000, pace_h=24, seed=1)
    assert found.ended["done"] + found.ended["late"] == 5_000
    # P(later than its mean) = 1/e; five standard deviations of 5,000 draws
    assert abs(found.ended["late"] / 5_000 - 0.36788) < 5 * (0.36788 * 0.63212 / 5_000) ** 0.5
    assert found.by_time == found.ended["late"]
    assert found.passed["open"] == 5_000
    assert found.most_h == 24.0
    assert found.half_h is not None
    assert abs(found.half_h - 24 * 0.6931) < 1.5


def test_the_seed_decides_and_nothing_else() -> None:
    one = simulate(race(24), span, runs=200, pace_h=24, seed=1)
    assert one == simulate(race(24), span, runs=200, pace_h=24, seed=1)
    assert one != simulate(race(24), span, runs=200, pace_h=24, seed=2)


def test_who_never_waits_long_is_never_late() -> None:
    found = simulate(race(10_000), span, runs=500, pace_h=1, seed=1)
    assert (found.ended, found.by_time) == ({"done": 500}, 0)


@pytest.mark.parametrize("process", PROCESSES, ids=lambda one: f"{one.key}-{one.version}")
def test_every_declared_process_comes_to_its_ends(process: Process) -> None:
    found = simulate(process, span, runs=2_000, pace_h=24, seed=1)
    assert sum(found.ended.values()) + found.unended == 2_000
    assert found.unended == 0
    ends = {state.key for state in process.states if process.is_terminal(state)}
    assert set(found.ended) <= ends
    assert len(found.passed) > 0.6 * len(list(process.states)), "most states are passed by some"
