"""Sealed chains: batches of rows, each hashed onto the one before.

Nouns
    row    : one line of a sealed table as bytes of one length, 66 in the audit
    seal   : one batch of rows and its digest
    head   : the newest digest, published elsewhere
Law
    The chain stands in seals, not in lines: a change of any row, its order, or a row put in or
    taken out changes the digest of its seal and of every later one.
Source
    Haber and Stornetta (1991), linked time-stamping; SHA-256 of FIPS 180-4.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

ROW_BYTES: Final = 66
DIGEST_BYTES: Final = 32
_ROW: Final = struct.Struct(">hqq16s32s")


def first_digest(chain: str) -> bytes:
    """Give digest number 0 of a chain: SHA-256 of ``dure.<chain>.v1``.

    chain   : the chain's permanent name, ASCII
    Returns 32 bytes.

    >>> first_digest("core.audit").hex()
    'f86b8393c4208ee58822d56eb69c85064a680b1d1e09e34317bb238a185da4a6'
    """
    return hashlib.sha256(f"dure.{chain}.v1".encode("ascii")).digest()


def row_bytes(era: int, batch: int, seq: int, row_id: UUID, digest: bytes) -> bytes:
    """Write one row as it is hashed: era i2, batch i8, seq i8, id 16, digest 32, big-endian.

    era     : int, -2**15 <= era < 2**15
    batch   : int, transaction id, -2**63 <= batch < 2**63
    seq     : int, -2**63 <= seq < 2**63
    digest  : 32 bytes
    Returns 66 bytes.
    Raises  ValueError when a number or the digest does not fit.

    >>> len(row_bytes(1, 1000, 1, UUID(int=10), bytes(32)))
    66
    """
    if len(digest) != DIGEST_BYTES:
        raise ValueError("a digest has 32 bytes")
    try:
        return _ROW.pack(era, batch, seq, row_id.bytes, digest)
    except struct.error as error:
        raise ValueError(str(error)) from None


def next_digest(previous: bytes, rows: Iterable[bytes], *, size: int = ROW_BYTES) -> bytes:
    """Seal a batch: SHA-256 of the previous digest followed by the rows in order.

    previous : 32 bytes
    rows     : each `size` bytes, as `row_bytes` writes them
    size     : bytes of one row of this chain; 66 for the audit
    Returns  32 bytes.
    Raises   ValueError when a part has another length.
    """
    if len(previous) != DIGEST_BYTES:
        raise ValueError("a digest has 32 bytes")
    running = hashlib.sha256(previous)
    for row in rows:
        if len(row) != size:
            raise ValueError(f"a row has {size} bytes")
        running.update(row)
    return running.digest()


@dataclass(frozen=True, slots=True)
class Sealed:
    """One seal as it is stored: its number, its digest and the rows found in its batch now."""

    number: int
    digest: bytes
    rows: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class BrokenSeal:
    """A seal that its rows do not give."""

    number: int
    expected: bytes
    found: bytes


def broken_seals(
    chain: str, seals: Sequence[Sealed], *, size: int = ROW_BYTES
) -> tuple[BrokenSeal, ...]:
    """Recompute a chain and name each seal that does not follow from its rows.

    Each seal is checked against the stored digest before it, so that one edit breaks one seal and
    is located; a seal that is missing in the count is named as well.
    seals    : all seals of the chain in order, numbered from 1
    size     : bytes of one row of this chain
    Returns  the broken ones, in order.

    >>> rows = (row_bytes(1, 1, 1, UUID(int=1), bytes(32)),)
    >>> good = next_digest(first_digest("t"), rows)
    >>> broken_seals("t", [Sealed(1, good, rows)])
    ()
    >>> [b.number for b in broken_seals("t", [Sealed(1, good, ())])]
    [1]
    """
    broken = []
    previous = first_digest(chain)
    for place, seal in enumerate(seals, start=1):
        found = next_digest(previous, seal.rows, size=size)
        if found != seal.digest or seal.number != place:
            broken.append(BrokenSeal(seal.number, seal.digest, found))
        previous = seal.digest
    return tuple(broken)
