"""Stating facts in a test: a running action of a named room that exists for one block alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime

from dure.core import clock, facts, running
from dure.core.actions import CATALOGUE
from dure.core.actors import Actor
from dure.core.running import PendingLine, Running
from tests.harness.given import given

NOON = datetime(2026, 5, 10, 3, 0, tzinfo=UTC)  # 12:00 in Seoul


def row(source: str = "exchange.agreement:1:attempt", **values: object) -> facts.Row:
    """A good fact of the label repair.attempt, with some values changed."""
    usual: dict[str, object] = {
        "qty": 1,
        "district": "11440",
        "ended": NOON,
        "dims": {"outcome": "fixed", "category": "16", "origin": "here"},
    }
    return facts.Row(source=source, **{**usual, **values})  # type: ignore[arg-type]  # test values


@contextmanager
def acting(room: str = "exchange") -> Iterator[Running]:
    """Let the block state facts as an action of `room` would; the entry is a copy, not listed."""
    entry = replace(CATALOGUE["journal.label.install"], name=f"{room}.test.state")
    with given() as line:
        now = clock.now()
        present = Running(entry, Actor.operator(), now, PendingLine(line), 0, 0)
        token = running._current.set(present)
        try:
            yield present
        finally:
            running._current.reset(token)


def note(*rows: facts.Row, label: str = "repair.attempt", room: str = "exchange") -> int:
    """State rows in an action of their own."""
    with acting(room):
        return facts.note(label, rows=rows)
