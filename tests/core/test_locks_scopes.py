"""Locks rise in rank within an action; a query names its scope or its reason."""

from __future__ import annotations

import pytest

from dure.core import locks
from dure.core.actions import run
from dure.core.actors import Actor
from dure.core.models import AuditLine, Rule, UnscopedQuery
from dure.registry.models import Organisation
from tests.harness.probe import probing

OPERATOR = Actor.operator()
BODY = {"key": "test.one", "words": "두레"}


def test_ranks_rise_by_floor_then_by_table() -> None:
    assert locks.rank(Rule) < locks.rank(Organisation)
    assert locks.rank(Rule)[0] == 0
    assert locks.rank(Organisation)[0] == 1


def test_rising_locks_are_taken_in_primary_key_order(db: None) -> None:
    seen = []

    def lock(actor: Actor) -> None:
        locks.advisory(1, [2, 1])
        seen.extend(row.key for row in locks.rows(Rule.rows.filter(room="core")))
        locks.rows(Organisation.rows.all())

    with probing(then=lock):
        run("test.rule.write", BODY, OPERATOR)
    assert seen == sorted(seen)
    assert "notice.quiet" in seen


def test_falling_lock_crashes_in_the_first_test(db: None) -> None:
    def lock(actor: Actor) -> None:
        locks.rows(Organisation.rows.all())
        locks.rows(Rule.rows.filter(room="core"))

    with probing(then=lock), pytest.raises(AssertionError, match="core_rule is locked after"):
        run("test.rule.write", BODY, OPERATOR)


def test_inner_action_goes_on_where_the_outer_stopped(db: None) -> None:
    def low(actor: Actor) -> None:
        locks.rows(Rule.rows.filter(room="core"))

    with probing(name="test.rule.inner", then=low) as inner:

        def high(actor: Actor) -> None:
            locks.rows(Organisation.rows.all())
            inner(key="test.two", words="안쪽", actor=actor)

        with probing(then=high), pytest.raises(AssertionError, match="is locked after"):
            run("test.rule.write", BODY, OPERATOR)


def test_query_without_scope_or_reason_is_a_programming_error(db: None) -> None:
    for ask in (
        Organisation.objects.all,
        lambda: Organisation.objects.filter(pk=None),
        Organisation.objects.count,
    ):
        with pytest.raises(UnscopedQuery):
            ask()
    with pytest.raises(AssertionError, match="why"):
        Organisation.objects.everything("")
    with pytest.raises(UnscopedQuery, match="states no scope"):
        AuditLine.objects.within(OPERATOR)
    assert Organisation.objects.everything("a test").count() == 0
