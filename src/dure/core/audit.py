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
    key_organisation: object,
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
    columns: dict[str, Any] = {  # Any: JSON values
        "acting_for": _text(actor.acting_for),
        "action": running.entry.name,
        "actor": _text(actor.id),
        "actor_kind": actor.kind.value,
        "approval": _text(approval),
        "at": running.now,
        "body_hash": body_hash,
        "cause": _text(cause),
        "changes": changes,
        "key": key,
        "object": line.object_name,
        "organisation": _text(line.organisation_id),
        "origin": actor.origin,
        "outcome": outcome,
        "reason": reason,
        "result": result,
        "rule_versions": line.rule_versions,
    }
    AuditLine.rows.create(
        id=line.id,
        batch=running.xid,
        actor_name=actor.name,
        request=actor.request,
        key_actor=actor.key if key else None,
        key_organisation=key_organisation if key else None,
        digest=sha256(canonical(columns)).digest(),
        **columns,
    )


def _text(value: UUID | None) -> str | None:
    return str(value) if value else None
