"""Each entry against what it really does, and that a refusal leaves no trace."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import pytest

from dure.core.actions import CATALOGUE, Reason, run
from dure.core.actors import Role
from dure.core.errors import CoreCode, Refusal
from dure.core.models import AuditLine, Rule
from dure.core.policies import is_operator
from dure.journal.errors import JournalCode
from tests.harness import matrix
from tests.harness.matrix import APART, At, World, expected, personal
from tests.harness.probe import probing
from tests.harness.trace import row_hashes, traced

TESTS = Path(__file__).resolve().parent.parent
for found in sorted(TESTS.glob("*/objects.py")):
    import_module(f"tests.{found.parent.name}.objects")

NAMES = [entry.name for entry in personal() if entry.name not in APART]


@pytest.mark.parametrize("name", NAMES)
def test_entry_declares_what_it_writes_and_refuses(name: str, db: None) -> None:
    entry, world = CATALOGUE[name], World()
    role = next(role for role in Role if expected(entry, role, At.OWN))
    at = At.ANONYMOUS if role is Role.VISITOR else At.OWN
    actor = world.actor(entry, role, at)
    body = matrix.body_of(entry, world.place(at, actor), actor)
    reason = "시험으로 합니다" if entry.reason is Reason.REQUIRED else None
    refused = ""
    with traced() as trace:
        try:
            run(name, body, actor, reason=reason)
        except Refusal as refusal:
            refused = refusal.name
    declared = {code.spec.name for code in entry.refusals} | {code.spec.name for code in CoreCode}
    if entry.labels:  # what the journal refuses when it is told a fact
        declared |= {code.spec.name for code in JournalCode}
    assert refused == "" or refused in declared
    assert trace.undeclared() == []
    if not refused:
        assert trace.actions.count(name) == 1
        assert trace.actions[-1] == name


@pytest.mark.parametrize("name", NAMES)
def test_refused_visitor_changes_nothing(name: str, db: None) -> None:
    entry, world = CATALOGUE[name], World()
    if expected(entry, Role.VISITOR, At.ANONYMOUS):
        return
    actor = world.actor(entry, Role.VISITOR, At.ANONYMOUS)
    body = matrix.body_of(entry, world.place(At.ANONYMOUS, actor), actor)
    before, lines = row_hashes(), AuditLine.rows.count()
    with pytest.raises(Refusal):
        run(name, body, actor, reason="시험으로 합니다")
    after = row_hashes()
    changed = {table for table in after if after[table] != before.get(table)}
    assert changed <= {"core_auditline"}
    assert AuditLine.rows.count() - lines == int(entry.audit_refusals)


def test_undeclared_table_is_found(db: None) -> None:
    """Negative control."""
    with probing(writes=()), traced() as trace:
        run("test.rule.write", {"key": "test.one", "words": "두레"}, matrix.Actor.operator())
    with probing(writes=()):
        assert trace.undeclared() == ["table core_rule"]


def test_change_of_a_row_shows_in_the_hashes(db: None) -> None:
    """Negative control."""
    before = row_hashes()
    with probing():
        run("test.rule.write", {"key": "test.one", "words": "두레"}, matrix.Actor.operator())
    after = row_hashes()
    assert {t for t in after if after[t] != before[t]} == {"core_rule", "core_auditline"}
    assert Rule.rows.filter(key="test.one").exists()
    with probing(policy=is_operator):
        pass
