"""Writing the audit line: the last statement of every action."""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from uuid import UUID

from dure.core.models.audit import AuditLine
from dure.core.running import Running
from dure.engines.canonical import canonical

CHANGES_MAX_BYTES = 64 * 1024


def write_line(
    running: Running,
    *,
    reason: str | None,
    outcome: str,
    result: Any,  # Any: the JSON form of the action's own result
    key: str | None,
    key_organisation: Any,  # Any: an id as the body has it
    body_hash: str | None,
    approval: UUID | None,
    cause: UUID | None,
) -> None:
    """Insert the line of `running`. Its digest is SHA-256 of the canonical JSON of its columns."""
    line, actor = running.line, running.actor
    changes: dict[str, Any] = line.changes  # Any: JSON values
    size = canonical(changes)
    if len(size) > CHANGES_MAX_BYTES:
        changes = {"count": [None, len(changes)], "sha256": [None, sha256(size).hexdigest()]}
    row = AuditLine(
        id=line.id,
        batch=running.xid,
        acting_for=actor.acting_for,
        action=running.entry.name,
        actor=actor.id,
        actor_kind=actor.kind.value,
        actor_name=actor.name,
        approval=approval,
        at=running.now,
        body_hash=body_hash,
        cause=cause,
        changes=changes,
        key=key,
        key_actor=actor.key if key else None,
        key_organisation=key_organisation if key else None,
        object=line.object_name,
        organisation=line.organisation_id,
        origin=actor.origin,
        outcome=outcome,
        reason=reason,
        request=actor.request,
        result=result,
        rule_versions=line.rule_versions,
    )
    row.digest = sha256(canonical(digest_columns(row))).digest()
    row.save(force_insert=True)


def digest_columns(row: AuditLine) -> dict[str, object]:
    """The columns of a line that its digest covers, as canonical JSON takes them."""
    return {
        "acting_for": _text(row.acting_for),
        "action": row.action,
        "actor": _text(row.actor),
        "actor_kind": row.actor_kind,
        "approval": _text(row.approval),
        "at": row.at,
        "body_hash": row.body_hash,
        "cause": _text(row.cause),
        "changes": row.changes,
        "key": row.key,
        "object": row.object,
        "organisation": _text(row.organisation),
        "origin": row.origin,
        "outcome": row.outcome,
        "reason": row.reason,
        "result": row.result,
        "rule_versions": row.rule_versions,
    }


def _text(value: object) -> str | None:
    return str(value) if value else None
