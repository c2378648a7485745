"""Reading the audit: the lines an actor may see, in words, without a name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from dure.core.actions import CATALOGUE
from dure.core.actors import Actor, ActorKind, Role
from dure.core.errors import CoreCode, Refusal
from dure.core.models.audit import AuditLine
from dure.core.text import T

READERS = (Role.AUDITOR, Role.ETHICS, Role.BOARD, Role.TREASURER, Role.APPROVER)
WIDE = frozenset({"district", "city", "installation"})
KIND_TEXT = {
    "person": T("사람", "person"),
    "timer": T("시간 작업", "timer"),
    "operator": T("운영자", "operator"),
    "anonymous": T("방문자", "visitor"),
}


@dataclass(frozen=True, slots=True)
class LineView:
    """One line of the audit in words."""

    seq: int
    id: UUID
    at: datetime
    action: str
    text: T
    who: T
    actor: str
    origin: str
    object: str
    outcome: str
    is_refused: bool
    reason: str
    changes: tuple[tuple[str, str, str], ...]
    rule_versions: tuple[str, ...]
    cause: UUID | None
    digest: str


def may_read(actor: Actor) -> bool:
    """Whether an actor may read any audit line at all."""
    return actor.kind is ActorKind.OPERATOR or any(g.role in READERS for g in actor.grants)


def lines(actor: Actor, filters: Mapping[str, str]) -> QuerySet[AuditLine]:
    """The lines that `actor` may read, newest first; ``core.not_allowed`` when there is no role.

    Auditors of a district or the city and the operator see every line; others those of their
    organisations. `filters`: action and object by their beginning, outcome (done, refused), room,
    person and organisation by id; a filter that does not parse finds nothing.
    """
    if not may_read(actor):
        role = T(", ".join(r.text.ko for r in READERS), ", ".join(r.text.en for r in READERS))
        raise Refusal(CoreCode.NOT_ALLOWED, role=role)
    rows: QuerySet[AuditLine] = AuditLine.rows.filter(_scope(actor)).order_by("-seq")
    if filters.get("room"):
        rows = rows.filter(action__startswith=f"{filters['room']}.")
    if filters.get("outcome"):
        rows = rows.filter(outcome__startswith=filters["outcome"])
    sought = filters.get("q", "").strip()
    if sought:
        rows = rows.filter(_words(sought))
    return rows


def acted(actor_id: UUID, for_id: UUID, since: datetime, until: datetime) -> list[LineView]:
    """What one person did for another in [since, until), in order, at most 500 lines.

    Whoever asks has found the stretch of time through her own scope first.
    """
    rows = AuditLine.rows.filter(
        actor=actor_id, acting_for=for_id, at__gte=since, at__lt=until, outcome="done"
    )
    return [view(row) for row in rows.order_by("seq")[:500]]


def _scope(actor: Actor) -> Q:
    auditors = (Role.AUDITOR, Role.ETHICS)
    wide = any(g.role in auditors and g.scope_kind in WIDE for g in actor.grants)
    if actor.kind is ActorKind.OPERATOR or wide:
        return Q()
    own = [i for role in READERS for i in actor.scope_ids(role, "organisation")]
    return Q(organisation__in=own)


def _words(sought: str) -> Q:
    found = Q(action__startswith=sought) | Q(object__startswith=sought)
    try:
        number = UUID(sought)
    except ValueError:
        return found
    return found | Q(actor=number) | Q(organisation=number) | Q(id=number) | Q(cause=number)


def view(row: AuditLine) -> LineView:
    """One line in words."""
    entry = CATALOGUE.get(row.action)
    changes = row.changes if isinstance(row.changes, dict) else {}
    return LineView(
        seq=row.seq,
        id=row.id,
        at=row.at,
        action=row.action,
        text=entry.text if entry else T(row.action, row.action),
        who=KIND_TEXT.get(row.actor_kind, T(row.actor_kind, row.actor_kind)),
        actor=str(row.actor or row.actor_name or "–"),
        origin=row.origin,
        object=row.object or "–",
        outcome=row.outcome,
        is_refused=row.outcome.startswith("refused"),
        reason=row.reason or "",
        changes=tuple((name, _shown(pair, 0), _shown(pair, 1)) for name, pair in changes.items()),
        rule_versions=tuple(row.rule_versions),
        cause=row.cause,
        digest=bytes(row.digest).hex(),
    )


def _shown(pair: Any, place: int) -> str:  # Any: a JSON value of a line
    if not isinstance(pair, list) or len(pair) != 2:
        return str(pair) if place else ""
    return "–" if pair[place] is None else str(pair[place])


def rooms() -> list[str]:
    """The rooms of the catalogue."""
    return sorted({entry.room for entry in CATALOGUE.values()})
