"""How much a test does: its usual size, or that of the long runs (`make torture`)."""

from __future__ import annotations

import os

import pytest


def size(config: pytest.Config, usual: int, long: int) -> int:
    """`usual`, or with `--torture` the long size times `TORTURE_SCALE` (1 without it).

    A scale of 0.01 tries in minutes that a run of hours starts and ends as it should.
    """
    if not config.getoption("--torture"):
        return usual
    return max(1, round(long * float(os.environ.get("TORTURE_SCALE", "1"))))
