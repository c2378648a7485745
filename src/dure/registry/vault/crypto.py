"""Envelope encryption, blind indexes and tokens of the identity vault.

Nouns: *data key* (one a subject, random, 32 bytes), *key of keys* (outside the database, wraps
data keys), *place* (table, column and subject a cell stands in), *tag* (keyed hash).
Law: a cell opens only at the place it was written for; a tag tells nothing without its key.
Only primitives of `cryptography` and the standard library are used.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import struct
from dataclasses import dataclass
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
_NONCE_BYTES = 12
_VERSION = b"\x01"
_PAD_BYTES = 32
_TEXT_BYTES_MAX = 65_535


class CannotOpen(Exception):
    """The bytes are not what was written at this place under this key."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a ciphertext stands: it opens nowhere else.

    table, column : names as in the database, ASCII, no NUL
    subject       : person or organisation the row belongs to
    """

    table: str
    column: str
    subject: UUID

    def bound(self) -> bytes:
        """Return the associated data: table, NUL, column, NUL, 16 bytes of the subject."""
        return b"\0".join((self.table.encode("ascii"), self.column.encode("ascii"))) + (
            b"\0" + self.subject.bytes
        )


def new_key() -> bytes:
    """Return 32 random bytes from the operating system."""
    return os.urandom(KEY_BYTES)


def seal(key: bytes, place: Place, text: str) -> bytes:
    """Encrypt a text for one place by AES-256-GCM.

    key     : 32 bytes
    text    : at most 65,535 bytes in UTF-8; padded to 32 bytes, so lengths tell little
    Returns   version byte, 12 bytes nonce, ciphertext, 16 bytes tag.
    Raises    ValueError when the text is too long.
    Source    NIST SP 800-38D; trust.md "per person".
    """
    data = text.encode("utf-8")
    if len(data) > _TEXT_BYTES_MAX:
        raise ValueError("text is too long for one cell")
    framed = struct.pack(">H", len(data)) + data
    framed += b"\0" * (-len(framed) % _PAD_BYTES)
    return _encrypt(key, framed, place.bound())


def unseal(key: bytes, place: Place, sealed: bytes) -> str:
    """Decrypt what `seal` wrote for this very place.

    Raises CannotOpen for another place, another key, or changed bytes.

    >>> k, me, you = bytes(32), UUID(int=1), UUID(int=2)
    >>> cell = seal(k, Place("person", "name", me), "홍길동")
    >>> unseal(k, Place("person", "name", me), cell)
    '홍길동'
    >>> unseal(k, Place("person", "name", you), cell)
    Traceback (most recent call last):
    dure.registry.vault.crypto.CannotOpen: person.name
    """
    framed = _decrypt(key, sealed, place.bound(), f"{place.table}.{place.column}")
    (size,) = struct.unpack_from(">H", framed)
    return framed[2 : 2 + size].decode("utf-8")


def wrap(key_of_keys: bytes, key_id: int, subject: UUID, data_key: bytes) -> bytes:
    """Encrypt a data key under a key of keys; bound to its subject and the key's id."""
    return _encrypt(key_of_keys, data_key, _wrap_bound(key_id, subject))


def unwrap(key_of_keys: bytes, key_id: int, subject: UUID, wrapped: bytes) -> bytes:
    """Return the data key that `wrap` took. Raises CannotOpen."""
    return _decrypt(key_of_keys, wrapped, _wrap_bound(key_id, subject), "data_key")


def tag(key: bytes, scheme: str, value: str) -> bytes:
    """Return the keyed hash of a value: HMAC-SHA-256(key, scheme ‖ 0x00 ‖ value), 32 bytes.

    scheme : ASCII, `phone`, `mail`, `biz` or `corp`
    value  : already in its normal form
    Source   registry.md, blind index and number token.

    >>> tag(b"\\x01" * 32, "phone", "+821000000000").hex()
    '3e612bc4eb82efb20671d553c6a98678e8a61b802da90b8b697dee583c66f00e'
    >>> tag(b"\\x01" * 32, "biz", "9990010004").hex()
    'ce70218f25a9e0111a1cfc1534e6d19eb71a8ecf3db60313a8ff4f7c6eb07d14'
    """
    return hmac.digest(key, scheme.encode("ascii") + b"\0" + value.encode("utf-8"), hashlib.sha256)


def purpose_token(key: bytes, person_id: UUID) -> bytes:
    """Return a person's pseudonym under one purpose: HMAC-SHA-256(key, 16 bytes of the id).

    >>> purpose_token(b"\\x01" * 32, UUID(int=1)) == purpose_token(b"\\x02" * 32, UUID(int=1))
    False
    """
    return hmac.digest(key, person_id.bytes, hashlib.sha256)


def fingerprint(key: bytes) -> str:
    """Return 16 hex digits that name a key without giving it away."""
    return hmac.digest(key, b"dure.vault.fingerprint", hashlib.sha256).hex()[:16]


def _wrap_bound(key_id: int, subject: UUID) -> bytes:
    return b"data_key\0" + struct.pack(">Q", key_id) + subject.bytes


def _encrypt(key: bytes, data: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, data, bound)


def _decrypt(key: bytes, sealed: bytes, bound: bytes, what: str) -> bytes:
    head = len(_VERSION) + _NONCE_BYTES
    if sealed[:1] != _VERSION or len(sealed) < head + 16:
        raise CannotOpen(what)
    try:
        return AESGCM(key).decrypt(sealed[1:head], sealed[head:], bound)
    except InvalidTag:
        raise CannotOpen(what) from None
