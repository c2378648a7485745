"""A prepared query gives the objects of its queryset."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dure.core.models import Rule, RuleVersion
from dure.core.prepared import Prepared

VERSIONS = Prepared(
    lambda key: RuleVersion.rows.select_related("rule").filter(rule=key).order_by("seq"), "a rule"
)


def fields(row: RuleVersion) -> dict[str, object]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def test_same_objects_as_the_queryset(db: None) -> None:
    assert Rule.rows.count() > 3
    for rule in Rule.rows.all():
        plain = RuleVersion.rows.select_related("rule").filter(rule=rule).order_by("seq")
        found = VERSIONS(rule.key)
        assert [fields(row) for row in found] == [fields(row) for row in plain]
        with CaptureQueriesContext(connection) as asked:
            assert {row.rule.ko for row in found} == {rule.ko}
        assert len(asked) == 0
        assert {(row._state.db, row._state.adding) for row in found} == {("default", False)}


def test_nothing_is_found_for_a_stranger(db: None) -> None:
    assert VERSIONS("no.such.rule") == []


def test_a_sample_must_stand_in_the_query(db: None) -> None:
    deaf = Prepared(lambda key: Rule.rows.filter(unit="day"), "a rule")
    with pytest.raises(AssertionError, match="does not stand"):
        deaf("notice.quiet")


def test_an_object_lacks_what_was_not_read(db: None) -> None:
    row = Rule.rows.only("key").first()
    assert row is not None
    assert row.get_deferred_fields() == {"ko", "en", "unit", "room"}
    assert row.ko
