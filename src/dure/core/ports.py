"""Ports: named functions that a higher room registers once and core calls.

A port is one function with a type, called at one place; no list, no order, no silence. A port
that is missing or registered twice stops the start.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

F = TypeVar("F", bound=Callable[..., Any])  # Any: each port its own answer


class Port(Generic[F]):
    """One port. `plug` is the decorator of the room that serves it.

    late : served by a face, which a process may be without; who calls asks `is_plugged` first
    """

    def __init__(self, name: str, *, served_by: str, late: bool = False) -> None:
        self.name = name
        self.served_by = served_by
        self._function: F | None = None
        if not late:
            PORTS[name] = self

    def plug(self, function: F) -> F:
        """Register the one function behind this port; asserts that there was none."""
        assert self._function is None or self._function is function, f"{self.name} plugged twice"
        self._function = function
        return function

    @property
    def call(self) -> F:
        """The function behind the port; asserts that it is there."""
        assert self._function is not None, f"port {self.name} is not plugged ({self.served_by})"
        return self._function

    @property
    def is_plugged(self) -> bool:
        """Whether a room serves this port."""
        return self._function is not None


PORTS: dict[str, Port[Any]] = {}  # Any: ports of every type
