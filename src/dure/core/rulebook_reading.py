"""The rulebook as its public page shows it: every rule, its value today, and what it was."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from dure.core import clock
from dure.core.errors import CoreCode, Refusal
from dure.core.models.rules import Rule, RuleVersion
from dure.core.text import T

STATUS_TEXT = {
    "decided": T("정해짐", "decided"),
    "unverified": T("확인 전", "not yet verified"),
    "demo": T("시연용", "for the demo"),
}
SCOPE_TEXT = {
    "statute": T("모두", "everywhere"),
    "city": T("시", "city"),
    "district": T("자치구", "district"),
    "template": T("조직 유형", "type of organisation"),
    "bylaw": T("정관", "by-law"),
}


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version of a rule in words."""

    id: UUID
    value: str
    begins: date
    ends: date | None
    source: str
    article: str
    status: str
    status_text: T
    scope_text: T
    scope_id: str
    adopted_by: str
    written_at: datetime
    is_in_force: bool


@dataclass(frozen=True, slots=True)
class RuleView:
    """One rule with the version in force today and all its versions, newest first."""

    key: str
    text: T
    unit: str
    room: str
    now: VersionView | None
    versions: tuple[VersionView, ...]


def rules(*, room: str = "", words: str = "") -> list[RuleView]:
    """All rules by room and key; narrowed to a room, and to words in key or text."""
    found = Rule.rows.order_by("room", "key")
    if room:
        found = found.filter(room=room)
    views = [_view(rule, rows) for rule, rows in _with_versions(list(found))]
    sought = words.strip().lower()
    return [view for view in views if sought in f"{view.key} {view.text.ko} {view.text.en}".lower()]


def rule(key: str) -> RuleView:
    """One rule; ``core.not_found`` when there is none."""
    found = Rule.rows.filter(key=key).first()
    if found is None:
        raise Refusal(CoreCode.NOT_FOUND)
    return _view(*_with_versions([found])[0])


def rooms() -> list[str]:
    """The rooms that have rules."""
    return list(Rule.rows.order_by("room").values_list("room", flat=True).distinct())


def _with_versions(found: list[Rule]) -> list[tuple[Rule, list[RuleVersion]]]:
    by_rule: dict[str, list[RuleVersion]] = defaultdict(list)
    for version in RuleVersion.rows.filter(rule__in=found):
        by_rule[version.rule_id].append(version)
    return [(one, by_rule[one.key]) for one in found]


def _view(rule: Rule, versions: list[RuleVersion]) -> RuleView:
    today = clock.today()
    ordered = sorted(versions, key=lambda v: (v.valid.lower, v.seq), reverse=True)
    in_force: dict[tuple[str, str], UUID] = {}
    for version in ordered:
        if today in version.valid:
            in_force.setdefault((version.scope_kind, version.scope_id), version.id)
    views = tuple(_version(v, v.id in in_force.values()) for v in ordered)
    statute = in_force.get(("statute", ""))
    now = next((v for v in views if v.id == statute), None)
    return RuleView(rule.key, T(rule.ko, rule.en), rule.unit, rule.room, now, views)


def _version(version: RuleVersion, is_in_force: bool) -> VersionView:
    return VersionView(
        id=version.id,
        value=_shown(version.value),
        begins=version.valid.lower,
        ends=version.valid.upper,
        source=version.source,
        article=version.article,
        status=version.status,
        status_text=STATUS_TEXT.get(version.status, T(version.status, version.status)),
        scope_text=SCOPE_TEXT[version.scope_kind],
        scope_id=version.scope_id,
        adopted_by=version.adopted_by,
        written_at=version.written_at,
        is_in_force=is_in_force,
    )


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "예" if value else "아니요"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return " · ".join(_shown(item) for item in value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
