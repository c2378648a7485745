"""Inclusion of one transfer: the seal it stands in, and what anyone needs to compute it again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from django.db import connection

from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.models import PublishedHead, Seal
from dure.engines.ledger_rows import CHAIN, ROW_BYTES, first_digest
from dure.ledger.models import Transfer

from . import receipts
from .subjects import number


@dataclass(frozen=True, slots=True)
class Published:
    """A head of the chain at or after the seal, as it was published."""

    occasion: str
    name: str
    number: int
    digest: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class Inclusion:
    """SHA-256 of `previous` ‖ `before` ‖ `row` ‖ `after` is the seal's `digest`.

    `row` is the transfer in 114 bytes; its body hash is SHA-256 of `body`. All in hexadecimal but
    `body`, the canonical JSON. `before` and `after` are the other rows of the seal: ids, amounts
    and hashes, no names. `seal` is None while the transfer waits for one.
    """

    id: int
    amount: int
    unit: str
    purpose: str
    event_date: date
    body: str
    body_hash: str
    row: str
    seal: int | None
    place: int | None
    row_count: int | None
    previous: str | None
    before: str | None
    after: str | None
    digest: str | None
    sealed_at: datetime | None
    holds: bool
    published: tuple[Published, ...]


BODY = """
SELECT ledger_row_bytes(t), ledger_body(t.kind, t.book, u.code, t.debit, t.credit, t.amount,
    t.event_date, t.purpose, t.ref, t.grp, t.lot, t.expires_at)
FROM ledger_transfer t JOIN ledger_unit u ON u.id = t.unit WHERE t.id = %s
"""
ROWS = """
SELECT t.id, ledger_row_bytes(t) FROM ledger_transfer t
WHERE t.batch >= %s AND t.batch < %s ORDER BY t.id
"""


def inclusion(actor: Actor, transfer_id: str) -> Inclusion:
    """The proof of one transfer, for whoever may see its receipt."""
    seen = receipts.one(actor, number(transfer_id))  # whoever may see the receipt
    told = Transfer.rows.get(pk=seen.id)
    what = (told.pk, told.amount, seen.unit, told.purpose, told.event_date)
    batch = told.batch
    with connection.cursor() as cursor:
        cursor.execute(BODY, [told.pk])
        found = cursor.fetchone()
        if found is None:
            raise Refusal(CoreCode.NOT_FOUND)
        row, body = bytes(found[0]), str(found[1])
        body_hash = sha256(body.encode()).digest()
        seal = Seal.rows.filter(chain=CHAIN, batch_from__lte=batch, batch_to__gt=batch).first()
        if seal is None:
            nothing = (None,) * 8
            return Inclusion(*what, body, body_hash.hex(), row.hex(), *nothing, False, ())
        cursor.execute(ROWS, [seal.batch_from, seal.batch_to])
        rows = [(int(one), bytes(content)) for one, content in cursor.fetchall()]
    place = next(n for n, (one, _) in enumerate(rows) if one == told.pk)
    before = b"".join(content for _, content in rows[:place])
    after = b"".join(content for _, content in rows[place + 1 :])
    previous = _digest_before(seal.number)
    computed = sha256(previous + before + row + after).digest()
    holds = computed == bytes(seal.digest) and body_hash in row and len(row) == ROW_BYTES
    return Inclusion(
        *what,
        body=body,
        body_hash=body_hash.hex(),
        row=row.hex(),
        seal=seal.number,
        place=place,
        row_count=len(rows),
        previous=previous.hex(),
        before=before.hex(),
        after=after.hex(),
        digest=bytes(seal.digest).hex(),
        sealed_at=seal.sealed_at,
        holds=holds,
        published=_published(seal.number),
    )


def _digest_before(number: int) -> bytes:
    if number == 1:
        return first_digest()
    return bytes(Seal.rows.get(chain=CHAIN, number=number - 1).digest)


def _published(number: int) -> tuple[Published, ...]:
    rows = PublishedHead.rows.filter(chain=CHAIN, number__gte=number).order_by("number")[:10]
    return tuple(
        Published(h.occasion, h.name, h.number, bytes(h.digest).hex(), h.published_at) for h in rows
    )
