"""The wire to the database is cut at every point; a retry with the same key has one effect."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.db import DatabaseError, InterfaceError, connections

from dure.config.database import Server
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.models import AuditLine, Rule
from tests.harness.cut_wire import CutWire, wired
from tests.harness.probe import probing

OPERATOR = Actor.operator()
BODY = {"key": "test.one", "words": "두레"}


@pytest.fixture
def wire(commits: str, server: Server) -> Iterator[CutWire]:
    """The application's connection goes through the proxy; everybody else's does not."""
    with wired(server) as made:
        yield made


def retried(key: str) -> int:
    """Run with one key until an answer comes; gives the number of tries."""
    for tries in range(1, 6):
        try:
            run("test.rule.write", BODY, OPERATOR, key=key)
        except (DatabaseError, InterfaceError):
            connections["default"].close()
            continue
        return tries
    raise AssertionError("no answer")


def effects() -> tuple[int, int]:
    """Lines and rows that stand, seen past the proxy."""
    lines = AuditLine.rows.using("side").filter(action="test.rule.write").count()
    return lines, Rule.rows.using("side").filter(key="test.one").count()


@pytest.mark.parametrize("pass_on", [True, False], ids=["after", "before"])
@pytest.mark.parametrize("word", [b"BEGIN", b"dure_open", b"INSERT", b"COMMIT"])
def test_cut_at_each_statement_converges_to_one_effect(
    wire: CutWire, word: bytes, pass_on: bool
) -> None:
    with probing():
        wire.cut_at(word, pass_on=pass_on)
        assert retried(str(uuid4())) == 2
    assert wire.cuts == 1
    assert effects() == (1, 1)


@pytest.mark.parametrize("count", [0, 1, 5, 40, 100, 200, 400, 800])
def test_cut_in_the_middle_of_an_answer_converges(wire: CutWire, count: int) -> None:
    with probing():
        wire.cut_answer_after(count)
        retried(str(uuid4()))
    assert effects() == (1, 1)


def test_without_a_key_a_lost_answer_doubles_the_effect(wire: CutWire) -> None:
    """Negative control: the same cut, two lines."""
    with probing():
        wire.cut_at(b"COMMIT", pass_on=True)
        with pytest.raises((DatabaseError, InterfaceError)):
            run("test.rule.write", BODY, OPERATOR)
        connections["default"].close()
        run("test.rule.write", BODY, OPERATOR)
    assert effects()[0] == 2
