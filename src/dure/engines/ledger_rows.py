"""Rows of the ledger as bytes: what a body hash and a seal are made of.

Nouns
    body     : what a transfer says, as canonical JSON; its hash stands on the row
    row      : a transfer as 114 bytes, big-endian, version 1
    row key  : the idempotency key of one row of an action
Law
    The bytes are a function of the columns alone; no column of value can change without another
    body hash, and no body hash, order or place in a batch without another digest.
Source
    Ledger design, *Seals*; SHA-256 of FIPS 180-4; the chain itself is `dure.engines.seals`.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID, uuid5

from dure.engines import seals
from dure.engines.canonical import canonical

CHAIN: Final = "ledger.seal"
ROW_BYTES: Final = 114
KINDS: Final = ("post", "hold", "settle", "void", "expire", "reversal", "refund")
_ROW: Final = struct.Struct(">qhq16s32shqhqqqqi")
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_KEYS: Final = UUID("6d1f6c1c-6f0a-5d60-9a3c-0d1be55fe0ad")


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferBody:
    """What a transfer says: the columns that its hash covers.

    amount : minor units; book, debit, credit, lot, ref : ids; unit : code of the unit
    event_date : day in Korea; expires_at : aware instant, of a hold alone
    group  : id of the group, whole number or UUID; purpose : text, hashed in NFC
    """

    kind: int
    book: int
    unit: str
    debit: int
    credit: int
    amount: int
    event_date: date
    purpose: str
    ref: int | None = None
    group: int | UUID | None = None
    lot: int | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedRow:
    """A transfer as it is sealed: its columns of fixed width."""

    id: int
    era: int
    batch: int
    ikey: UUID
    body_hash: bytes
    kind: int
    book: int
    unit: int
    debit: int
    credit: int
    amount: int
    ref: int | None
    event_date: date


def body_bytes(body: TransferBody) -> bytes:
    """Write a body as canonical JSON: keys sorted, no spaces, UTF-8, NFC, null kept.

    Returns the bytes that are hashed; a group that is a UUID stands as its 36 characters, an
            instant in UTC with six digits.
    Raises  AssertionError when `expires_at` has no time zone.

    >>> body_bytes(TransferBody(kind=0, book=1, unit="TIME", debit=11, credit=12, amount=60,
    ...     event_date=date(2026, 6, 1), purpose="timebank.visit"))[:44]
    b'{"amount":60,"book":1,"credit":12,"debit":11'
    """
    assert body.expires_at is None or body.expires_at.tzinfo is not None, body.expires_at
    group = f'"{body.group}"' if isinstance(body.group, UUID) else _or_null(body.group)
    expires = "null" if body.expires_at is None else canonical(body.expires_at).decode()
    return (
        f'{{"amount":{body.amount:d},"book":{body.book:d},"credit":{body.credit:d},'
        f'"debit":{body.debit:d},"event_date":"{body.event_date.isoformat()}",'
        f'"expires_at":{expires},"group":{group},"kind":{body.kind:d},'
        f'"lot":{_or_null(body.lot)},"purpose":{canonical(body.purpose).decode()},'
        f'"ref":{_or_null(body.ref)},"unit":{canonical(body.unit).decode()}}}'
    ).encode()


def _or_null(number: int | None) -> str:
    return "null" if number is None else f"{number:d}"


def body_hash(body: TransferBody) -> bytes:
    """Hash a body: SHA-256 of `body_bytes`, 32 bytes.

    >>> body_hash(TransferBody(kind=0, book=1, unit="TIME", debit=11, credit=12, amount=60,
    ...     event_date=date(2026, 6, 1), purpose="timebank.visit")).hex()[:16]
    '871305de566a6939'
    """
    return hashlib.sha256(body_bytes(body)).digest()


def row_bytes(row: SealedRow) -> bytes:
    """Write a row as it is sealed, version 1, 114 bytes, big-endian.

    Layout  id i8 · era i2 · batch i8 · ikey 16 · body_hash 32 · kind i2 · book i8 · unit i2 ·
            debit i8 · credit i8 · amount i8 · ref i8 (0 if none) · event_date i4 (days since
            1970-01-01).
    Raises  ValueError when a number or the hash does not fit.

    >>> len(row_bytes(SealedRow(id=1, era=0, batch=100, ikey=UUID(int=1), body_hash=bytes(32),
    ...     kind=0, book=1, unit=2, debit=11, credit=12, amount=60, ref=None,
    ...     event_date=date(2026, 6, 1))))
    114
    """
    if len(row.body_hash) != seals.DIGEST_BYTES:
        raise ValueError("a body hash has 32 bytes")
    try:
        return _ROW.pack(
            row.id,
            row.era,
            row.batch,
            row.ikey.bytes,
            row.body_hash,
            row.kind,
            row.book,
            row.unit,
            row.debit,
            row.credit,
            row.amount,
            row.ref or 0,
            day_number(row.event_date),
        )
    except struct.error as error:
        raise ValueError(str(error)) from None


def day_number(day: date) -> int:
    """Count the days since 1970-01-01.

    >>> day_number(date(2026, 6, 1))
    20605
    """
    return day.toordinal() - _EPOCH_DAY


def first_digest() -> bytes:
    """Give digest number 0 of the ledger's chain: SHA-256 of ``dure.ledger.seal.v1``.

    >>> first_digest().hex()[:16]
    'b00e70489abf2ff3'
    """
    return seals.first_digest(CHAIN)


def next_digest(previous: bytes, rows: Iterable[bytes]) -> bytes:
    """Seal rows in the order of their ids: SHA-256 of the previous digest followed by them.

    previous : 32 bytes
    rows     : each 114 bytes, as `row_bytes` writes them
    Returns  32 bytes.
    Raises   ValueError when a part has another length.
    """
    return seals.next_digest(previous, rows, size=ROW_BYTES)


def row_key(parent: UUID, ordinal: int) -> UUID:
    """Give the key of one row of an action: uuid5 of the action's key and the row's place.

    parent  : the action's key or, where the client gave none, the id of its audit line
    ordinal : place of the row in the statement, from 0

    >>> row_key(UUID(int=1), 0) == row_key(UUID(int=1), 0) != row_key(UUID(int=1), 1)
    True
    """
    assert ordinal >= 0, ordinal
    return uuid5(parent, str(ordinal))


def demurrage_key(account: int, year: int, month: int) -> UUID:
    """Give the key of an account's demurrage of one month; a second charge finds it used.

    >>> demurrage_key(11, 2026, 6) == demurrage_key(11, 2026, 6)
    True
    """
    return uuid5(_KEYS, f"demurrage:{account}:{year:04d}-{month:02d}")


def expiry_key(account: int, last_day: date, before: int = 0) -> UUID:
    """Give the key of the expiry of a lot's account after its last day.

    before : sweeps of this account that stand already; what is refunded later is swept again
    """
    return uuid5(_KEYS, f"expiry:{account}:{last_day.isoformat()}:{before}")


def schedule_key(schedule: int | UUID, on: date) -> UUID:
    """Give the key of one date of a standing order."""
    return uuid5(_KEYS, f"schedule:{schedule}:{on.isoformat()}")
