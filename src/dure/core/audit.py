"""Writing the audit line: the last statement of every action."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any
from uuid import UUID

from dure.core import statements
from dure.core.models.audit import AuditLine
from dure.core.running import Running
from dure.engines.canonical import canonical

CHANGES_MAX_BYTES = 64 * 1024

# What the digest of a line covers, as canonical JSON takes it; of ids their text.
DIGESTED = (
    "acting_for", "action", "actor", "actor_kind", "approval", "at", "body_hash", "cause",
    "changes", "key", "object", "organisation", "origin", "outcome", "reason", "result",
    "rule_versions",
)  # fmt: skip
IDS = frozenset({"acting_for", "actor", "approval", "cause", "organisation"})
WRITTEN = (
    *DIGESTED,
    "id", "era", "batch", "actor_name", "key_actor", "key_organisation", "request", "digest",
)  # fmt: skip
JSON = ("changes", "result", "rule_versions")
WRITE = (
    f"INSERT INTO core_auditline ({', '.join(WRITTEN)})"  # noqa: S608  # names of columns alone
    f" VALUES ({', '.join(['%s'] * len(WRITTEN))})"
)


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
    last: bool = False,
) -> None:
    """Insert the line of `running`. Its digest is SHA-256 of the canonical JSON of its columns.

    `last`: nothing follows in the transaction; it may be committed at once.
    """
    line, actor = running.line, running.actor
    columns: dict[str, Any] = {  # Any: values of columns
        "acting_for": actor.acting_for,
        "action": running.entry.name,
        "actor": actor.id,
        "actor_kind": actor.kind.value,
        "approval": approval,
        "at": running.now,
        "body_hash": body_hash,
        "cause": cause,
        "changes": _bounded(line.changes),
        "key": key,
        "object": line.object_name,
        "organisation": line.organisation_id,
        "origin": actor.origin,
        "outcome": outcome,
        "reason": reason,
        "result": result,
        "rule_versions": line.rule_versions,
        "id": line.id,
        "era": 1,  # the database says which, as it places the batch
        "batch": running.xid,
        "actor_name": actor.name,
        "key_actor": actor.key if key else None,
        "key_organisation": key_organisation if key else None,
        "request": actor.request,
    }
    columns["digest"] = sha256(canonical(_digested(columns))).digest()
    for name in JSON:
        if columns[name] is not None:
            columns[name] = json.dumps(columns[name])
    statements.rows(WRITE, [columns[name] for name in WRITTEN], last=last)


def _bounded(changes: dict[str, Any]) -> dict[str, Any]:  # Any: JSON values
    """The changes, or their number and hash where they are too many to keep."""
    if not changes:
        return changes
    size = canonical(changes)
    if len(size) <= CHANGES_MAX_BYTES:
        return changes
    return {"count": [None, len(changes)], "sha256": [None, sha256(size).hexdigest()]}


def digest_columns(row: AuditLine) -> dict[str, object]:
    """The columns of a line that its digest covers, as canonical JSON takes them."""
    return _digested({name: getattr(row, name) for name in DIGESTED})


def _digested(columns: Mapping[str, object]) -> dict[str, object]:
    return {
        name: (str(columns[name]) if columns[name] else None) if name in IDS else columns[name]
        for name in DIGESTED
    }
