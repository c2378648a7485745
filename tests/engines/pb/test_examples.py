"""The examples in the documentation of every module of the engine run."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

from dure.engines import pb

NAMES = [
    "dure.engines.compiled",
    *(f"dure.engines.pb.{one.name}" for one in pkgutil.iter_modules(pb.__path__)),
]


@pytest.mark.parametrize("name", NAMES)
def test_examples(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_all_public_doors_have_an_example() -> None:
    doors = ("completions", "greedy", "phragmen", "record", "shares", "tally", "links", "outcome")
    for name in doors:
        assert doctest.testmod(importlib.import_module(f"dure.engines.pb.{name}")).attempted > 0
