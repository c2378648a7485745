"""Compilation (컴파일): one decorator for loops that are worth it, and nothing without numba.

Law: a compiled function gives the same bits as the plain one; who has no numba gets the plain one.
Numba is imported only by modules of kernels, which are imported only where they are used: starting
the server never pays for it. `DURE_COMPILED=0` turns compilation off.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib.util import find_spec
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def is_available() -> bool:
    """True when numba is installed and not turned off."""
    return os.environ.get("DURE_COMPILED", "1") != "0" and find_spec("numba") is not None


def compiled(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a function of numbers and arrays, kept on disk between processes; or leave it plain.

    >>> @compiled
    ... def twice(number: int) -> int:
    ...     return 2 * number
    >>> twice(4)
    8
    """
    if not is_available():
        return function
    import numba

    fast: Callable[Arguments, Result]
    try:
        fast = numba.njit(cache=True)(function)
    except RuntimeError:  # no folder to keep it in can be written
        fast = numba.njit()(function)
    return fast
