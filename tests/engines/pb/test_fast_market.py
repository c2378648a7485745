"""Compiled loops: the same rounds, prices and ties as the array expressions; numba is no need."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import pytest
from hypothesis import given, settings

from dure.engines.pb.election import Election
from dure.engines.pb.fast_market import FastMarket
from dure.engines.pb.ladder import Ladder
from dure.engines.pb.rules import Completion, Name, Rule, Satisfaction, Start, Stop
from dure.engines.pb.shares import case, run_from
from tests.engines.pb.elections import elections, worked

COST = Rule(Name.MES, Satisfaction.COST)
CARDINALITY = Rule(Name.MES, Satisfaction.CARDINALITY)


def agree(election: Election, rule: Rule) -> None:
    plain = case(election, rule)
    fast = replace(plain, market=FastMarket)
    for start in (plain.start, plain.start * 3):
        assert run_from(fast, start) == run_from(plain, start)


@settings(max_examples=150, deadline=None)
@given(elections(linked=True))
def test_compiled_loops_give_the_same_run(election: Election) -> None:
    agree(election, COST)
    agree(election, CARDINALITY)


def test_a_ladder_that_goes_over_to_compiled_loops_keeps_its_runs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rule = Rule(
        Name.MES,
        Satisfaction.COST,
        Completion.ADD1,
        step=worked().budget / 4000,
        start=Start.EXACT,
        stop=Stop.OVERSPEND,
    )
    ladder = Ladder(case(worked(), rule), Stop.OVERSPEND)
    reason = ladder.climb()
    monkeypatch.setenv("DURE_COMPILED", "0")
    plain = Ladder(case(worked(), rule), Stop.OVERSPEND)
    assert plain.climb() is reason
    assert plain.runs == ladder.runs
    assert (plain.last.winners, plain.last.cost) == (ladder.last.winners, ladder.last.cost)


WITHOUT = """
import sys
sys.modules["numba"] = None
from dure.engines.compiled import is_available
from dure.engines.pb import kernels
import numpy as np
money = np.array([0.0, 1.0, 0.25]); slot = np.array([1, 2, 0]); sizes = np.array([2.0, 4.0, 8.0])
types = np.array([0, 1, 2])
total, growth = kernels.raised(slot, types, sizes, money, 0.5, 0.0)
print(is_available(), (float(total), float(growth)))
"""


@pytest.mark.parametrize("setting", ["0", "1"])
def test_without_numba_the_loops_are_plain_python(setting: str) -> None:
    code = WITHOUT if setting == "0" else WITHOUT.replace('sys.modules["numba"] = None', "")
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": "src", "DURE_COMPILED": setting},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split(" ", 1)[1] == "(2.0, 2.0)\n"


def test_kernels_are_not_imported_by_the_rules() -> None:
    code = "import sys, dure.engines.pb.tally; print('numba' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": "src"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"
