"""What the database hashes is what the engine hashes: the seal vector, and hostile texts."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.db import connection

from dure.engines import ledger_rows
from dure.engines.ledger_rows import SealedRow, TransferBody, body_hash, row_bytes
from tests.engines.books_made import PURPOSES

DAY = date(2026, 6, 1)


def asked(query: str, values: list[object]) -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        (found,) = cursor.fetchone()
    return bytes(found)


def database_hash(body: TransferBody) -> bytes:
    return asked(
        "SELECT ledger_body_hash(%s::smallint, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            body.kind, body.book, body.unit, body.debit, body.credit, body.amount,
            body.event_date, body.purpose, body.ref, body.group, body.lot, body.expires_at,
        ],
    )  # fmt: skip


def database_row(row: SealedRow, purpose: str) -> bytes:
    columns = {
        "id": row.id, "era": row.era, "batch": row.batch, "ikey": str(row.ikey),
        "body_hash": "\\x" + row.body_hash.hex(), "kind": row.kind, "book": row.book,
        "unit": row.unit, "debit": row.debit, "credit": row.credit, "amount": row.amount,
        "ref": row.ref, "event_date": row.event_date.isoformat(), "purpose": purpose,
    }  # fmt: skip
    return asked(
        "SELECT ledger_row_bytes(jsonb_populate_record(NULL::ledger_transfer, %s::jsonb))",
        [json.dumps(columns)],
    )


def body_of(purpose: str, **more: object) -> TransferBody:
    return TransferBody(
        **{
            "kind": 0, "book": 1, "unit": "TIME", "debit": 11, "credit": 12, "amount": 60,
            "event_date": DAY, "purpose": purpose, **more,
        }  # type: ignore[arg-type]  # columns by name
    )  # fmt: skip


@pytest.mark.parametrize("purpose", [*PURPOSES, unicodedata.normalize("NFD", "돌봄 방문")])
def test_database_hashes_every_text_as_the_engine_does(db: None, purpose: str) -> None:
    assert database_hash(body_of(purpose)) == body_hash(body_of(purpose))


@pytest.mark.parametrize(
    "more",
    [
        {"kind": 5, "debit": 12, "credit": 11, "ref": 1},
        {"group": UUID("6D1F6C1C-6F0A-5D60-9A3C-0D1BE55FE0AD"), "lot": 7},
        {"kind": 1, "expires_at": datetime(2026, 6, 2, 0, 0, 0, 5, tzinfo=UTC)},
        {"amount": 10**12, "book": 2**40},
    ],
)
def test_database_hashes_every_column_as_the_engine_does(db: None, more: dict[str, object]) -> None:
    body = body_of("timebank.visit", **more)
    assert database_hash(body) == body_hash(body)


def test_database_writes_the_vector(db: None) -> None:
    body = body_of("timebank.visit")
    row = SealedRow(
        id=1, era=0, batch=100, ikey=UUID(int=1), body_hash=database_hash(body), kind=0, book=1,
        unit=2, debit=11, credit=12, amount=60, ref=None, event_date=DAY,
    )  # fmt: skip
    written = database_row(row, body.purpose)
    assert written == row_bytes(row)
    assert ledger_rows.next_digest(ledger_rows.first_digest(), [written]).hex() == (
        "efe66a0b55fbb6d73dff99c5c674f2f330eeaa12efc75d3c1007d0490022c687"
    )
