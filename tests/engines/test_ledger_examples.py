"""The worked examples in the docstrings of the ledger's engines."""

from __future__ import annotations

import doctest
import importlib

import pytest

MODULES = (
    "bank_files",
    "books_bundle",
    "circulation",
    "demurrage",
    "fees",
    "flows",
    "ledger_export",
    "ledger_rows",
    "lots",
    "netting",
    "qr_payload",
    "reconciling",
    "rounding",
    "schedules",
    "splits",
)


@pytest.mark.parametrize("name", MODULES)
def test_examples_hold(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"dure.engines.{name}"))
    assert found.failed == 0
    assert found.attempted >= 1
