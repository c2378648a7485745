"""Asking the rulebook: values that decide about people, money or publication, with a source.

Law: no default in code. A missing rule is a refusal. Every use inside an action is named on its
audit line.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from dure.core import clock, running
from dure.core.errors import CoreCode, Refusal
from dure.core.models.rules import RuleVersion


@dataclass(frozen=True, slots=True)
class RuleValue:
    """A rule's value on a day and the version that says so."""

    value: Any  # Any: integer, text or list, as the rule declares
    version_id: UUID

    @property
    def integer(self) -> int:
        """The value as an integer; asserts that it is one."""
        assert isinstance(self.value, int) and not isinstance(self.value, bool)
        return self.value


def value(
    key: str, *, on: date | None = None, scopes: tuple[tuple[str, str], ...] = ()
) -> RuleValue:
    """Find the version of rule `key` valid on a day, nearest scope first, then the statute.

    `scopes` is a tuple of (kind, id), nearest first. Raises ``core.rule_missing``.
    """
    day = on or clock.today()
    versions = list(RuleVersion.rows.filter(rule_id=key, valid__contains=day))
    by_scope = {(v.scope_kind, v.scope_id): v for v in versions}
    for scope in (*scopes, ("statute", "")):
        found = by_scope.get(scope)
        if found is not None:
            present = running.current_or_none()
            if present is not None:
                present.line.used_rule(found.id)
            return RuleValue(found.value, found.id)
    raise Refusal(CoreCode.RULE_MISSING, rule=key)
