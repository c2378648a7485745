"""The examples in the docstrings of the engines that the exchange uses."""

from __future__ import annotations

import doctest
from importlib import import_module

import pytest

MODULES = (
    "allotment",
    "carpool",
    "carpool_proofs",
    "carpool_routes",
    "case_orders",
    "dfc",
    "dfc_reading",
    "gbfs",
    "hours_round",
    "ical",
    "matching",
    "rationing",
    "recurrence",
    "sphere",
    "triage",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    found = doctest.testmod(import_module(f"dure.engines.{name}"))
    assert found.attempted > 0
    assert found.failed == 0
