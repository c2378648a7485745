"""Credentials (투표 표시): what ties a voter to a slip in the urn while the vote is open.

A credential is HMAC-SHA-256 of the person under a key of the call alone. The key is a file outside
the database and every backup; it is destroyed when the vote closes, and with it the tie.
"""

from __future__ import annotations

import hmac
from pathlib import Path
from uuid import UUID

from django.conf import settings

from dure.registry.vault.keys import KeyMissing, KeyRing

__all__ = ("KeyMissing", "credential", "destroy", "keyed", "make")


def _ring() -> KeyRing:
    return KeyRing(Path(settings.DURE_KEYS) / "ballots")


def make(call_id: UUID) -> None:
    """Make the key of a call, once."""
    ring = _ring()
    if not ring.versions(_kind(call_id)):
        ring.make(_kind(call_id))


def credential(call_id: UUID, person: UUID) -> bytes:
    """The person's credential in this call, 32 bytes. Raises KeyMissing when the vote is over."""
    _, key = _ring().latest(_kind(call_id))
    return hmac.digest(key, b"dure.ballot.v1" + call_id.bytes + person.bytes, "sha256")


def destroy(call_id: UUID) -> None:
    """Destroy the key of a call for good."""
    ring = _ring()
    for version in ring.versions(_kind(call_id)):
        ring.destroy(_kind(call_id), version)


def keyed() -> frozenset[UUID]:
    """Calls that have a living key."""
    names = (path.name for path in _ring().folder.glob("ballots.*.key"))
    return frozenset(UUID(name.split(".")[1].split("-")[0]) for name in names)


def _kind(call_id: UUID) -> str:
    return f"ballots.{call_id.hex}"
