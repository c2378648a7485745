"""Links that prove control of an address: keyed, dated, bound to one purpose, stored nowhere.

Nouns: *link* (text a person receives), *stamp* (what must not have changed since it was made).
Law: a link opens one thing once: the thing's own state is part of what is signed.
"""

from __future__ import annotations

import base64
import hmac
import struct
from datetime import datetime, timedelta
from uuid import UUID

from dure.registry.vault import crypto, keys
from dure.registry.vault.ring import ring

_TAG_BYTES = 24
_EPOCH_BYTES = 5


class BadLink(ValueError):
    """The link is wrong, over, spent, or for something else."""


def make(purpose: str, subject: UUID, stamp: str, *, until: datetime) -> str:
    """Return a link for one subject, one purpose and one stamp, valid until an instant.

    Source: registry.md, token = HMAC(K, id ‖ organisation ‖ purpose ‖ expiry).
    """
    seconds = struct.pack(">Q", int(until.timestamp()))[-_EPOCH_BYTES:]
    tag = _tag(purpose, subject, stamp, seconds)
    return base64.urlsafe_b64encode(subject.bytes + seconds + tag).decode("ascii").rstrip("=")


def subject_of(link: str) -> UUID:
    """Return whose link this claims to be; nothing is checked yet. Raises BadLink."""
    return UUID(bytes=_parts(link)[0])


def check(link: str, purpose: str, stamp: str, *, now: datetime) -> UUID:
    """Return the subject of a link that holds now. Raises BadLink."""
    raw, seconds, tag = _parts(link)
    subject = UUID(bytes=raw)
    if not hmac.compare_digest(tag, _tag(purpose, subject, stamp, seconds)):
        raise BadLink("tag")
    until = struct.unpack(">Q", b"\0" * (8 - _EPOCH_BYTES) + seconds)[0]
    if now.timestamp() >= until:
        raise BadLink("over")
    return subject


def hours_from(now: datetime, hours: int) -> datetime:
    """Return the end of a window of whole hours."""
    return now + timedelta(hours=hours)


def _parts(link: str) -> tuple[bytes, bytes, bytes]:
    if not link.isascii() or len(link) > 120:
        raise BadLink("shape")
    try:
        raw = base64.urlsafe_b64decode(link + "=" * (-len(link) % 4))
    except ValueError:
        raise BadLink("shape") from None
    if len(raw) != 16 + _EPOCH_BYTES + _TAG_BYTES:
        raise BadLink("shape")
    return raw[:16], raw[16 : 16 + _EPOCH_BYTES], raw[16 + _EPOCH_BYTES :]


def _tag(purpose: str, subject: UUID, stamp: str, seconds: bytes) -> bytes:
    text = f"{purpose}\0{subject}\0{seconds.hex()}\0{stamp}"
    return crypto.tag(ring().latest(keys.INVITATIONS)[1], "link", text)[:_TAG_BYTES]
