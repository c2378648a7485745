"""Asking the rulebook: values that decide about people, money or publication, with a source.

Nouns: rule (규칙), version (규칙 판), scope (by-law, template, district, city, statute).
Law: no default in code. A missing rule is a refusal. Every use inside an action is named on its
audit line.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.backends.postgresql.psycopg_any import DateRange

from dure.core import clock, running
from dure.core.actions import Who, action, line
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.models.rules import Rule, RuleVersion
from dure.core.policies import is_operator

STATUSES = ("decided", "unverified", "demo")
SCOPES = ("statute", "city", "district", "template", "bylaw")
FIRST_DAY = date(1900, 1, 1)


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
    versions = RuleVersion.rows.filter(rule_id=key, valid__contains=day)
    by_scope = {(v.scope_kind, v.scope_id): v for v in sorted(versions, key=_age)}
    for scope in (*scopes, ("statute", "")):
        found = by_scope.get(scope)
        if found is not None:
            present = running.current_or_none()
            if present is not None:
                present.line.used_rule(found.id)
            return RuleValue(found.value, found.id)
    raise Refusal(CoreCode.RULE_MISSING, rule=key)


def _age(version: RuleVersion) -> tuple[date, int]:
    return version.valid.lower, version.seq


@dataclass(frozen=True, slots=True)
class InstalledRules:
    """How many rules the files hold, and how many versions were new."""

    rules: int
    new_versions: int


@action(
    "core.rulebook.install",
    ko="방마다 있는 규칙 파일을 규칙표에 올립니다.",
    en="Bring the rule files of every room into the rulebook.",
    policy=is_operator,
    letters={},
    who=Who.OPERATOR,
    faces=("cli",),
    writes=("core_rule", "core_ruleversion"),
)
def install(*, actor: Actor) -> InstalledRules:
    """Load every room's ``rulebook.toml``; repeatable. A changed value becomes a new version."""
    declared = [rule for room, path in rule_files() for rule in read_rules(room, path)]
    keys = [rule.key for rule in declared]
    assert len(keys) == len(set(keys)), f"rules declared twice: {sorted(keys)}"
    Rule.rows.bulk_create(
        [Rule(key=r.key, ko=r.ko, en=r.en, unit=r.unit, room=r.room) for r in declared],
        update_conflicts=True,
        unique_fields=["key"],
        update_fields=["ko", "en", "unit", "room"],
    )
    newest: dict[tuple[str, str, str, date], RuleVersion] = {}
    for row in RuleVersion.rows.order_by("seq"):
        newest[row.rule_id, row.scope_kind, row.scope_id, row.valid.lower] = row
    fresh = []
    for rule in declared:
        for version in rule.versions:
            known = newest.get((rule.key, version.scope_kind, version.scope_id, version.begins))
            if known is None or not version.same_as(known):
                fresh.append(version.row(rule.key))
    RuleVersion.rows.bulk_create(fresh)
    for row in fresh:
        line().changed(f"{row.rule_id}@{row.valid.lower}", None, json.dumps(row.value))
    return InstalledRules(len(declared), len(fresh))


@dataclass(frozen=True, slots=True)
class Version:
    """One version as a rule file declares it."""

    value: object
    begins: date
    ends: date | None
    source: str
    article: str
    status: str
    scope_kind: str
    scope_id: str

    def same_as(self, row: RuleVersion) -> bool:
        """Whether `row` says the same already."""
        return (row.value, row.valid.upper, row.source, row.article, row.status) == (
            self.value,
            self.ends,
            self.source,
            self.article,
            self.status,
        )

    def row(self, key: str) -> RuleVersion:
        """The row to write."""
        return RuleVersion(
            rule_id=key,
            scope_kind=self.scope_kind,
            scope_id=self.scope_id,
            value=self.value,
            valid=DateRange(self.begins, self.ends),
            source=self.source,
            article=self.article,
            status=self.status,
            adopted_by="dure",
            written_at=clock.now(),
            audit=line().id,
        )


@dataclass(frozen=True, slots=True)
class Declared:
    """One rule as a rule file declares it."""

    key: str
    room: str
    ko: str
    en: str
    unit: str
    versions: tuple[Version, ...]


def rule_files() -> Iterable[tuple[str, Path]]:
    """The ``rulebook.toml`` of every installed room that has one, as (room, path)."""
    for config in apps.get_app_configs():
        path = Path(config.path) / "rulebook.toml"
        if config.name.startswith("dure.") and path.is_file():
            yield config.label, path


def read_rules(room: str, path: Path) -> list[Declared]:
    """Read one rule file. Raises AssertionError where a rule lacks words, unit, value or source.

    Form: ``[[rule]]`` with key, ko, en, unit, value, source and, where they differ from the
    default, article, status (decided, unverified, demo), from, to, scope_kind, scope_id; later
    versions as ``[[rule.version]]`` with the same fields but the words.
    """
    content = tomllib.loads(path.read_text())
    assert set(content) <= {"rule"}, f"{path}: only [[rule]] tables"
    return [_declared(room, table) for table in content.get("rule", [])]


_WORDS = {"key", "ko", "en", "unit", "version"}
_FIELDS = {"value", "source", "article", "status", "from", "to", "scope_kind", "scope_id"}


def _declared(room: str, table: Mapping[str, Any]) -> Declared:  # Any: TOML values
    key = table.get("key", "?")
    assert set(table) <= _WORDS | _FIELDS, f"{key}: {set(table) - _WORDS - _FIELDS}"
    assert all(table.get(name) for name in ("key", "ko", "en", "unit")), f"{key} lacks words"
    versions = [_version(key, table)] if "value" in table else []
    later = table.get("version", [])
    versions += [_version(key, {"source": table.get("source"), **one}) for one in later]
    assert versions, f"{key} has no value"
    return Declared(key, room, table["ko"], table["en"], table["unit"], tuple(versions))


def _version(key: str, table: Mapping[str, Any]) -> Version:  # Any: TOML values
    assert table.get("source"), f"{key} has no source"
    status, scope = table.get("status", "decided"), table.get("scope_kind", "statute")
    assert status in STATUSES and scope in SCOPES, f"{key}: {status}, {scope}"
    assert not isinstance(table["value"], float), f"{key}: a float is no rule; use ppm"
    return Version(
        table["value"],
        table.get("from", FIRST_DAY),
        table.get("to"),
        table["source"],
        table.get("article", ""),
        status,
        scope,
        table.get("scope_id", ""),
    )
