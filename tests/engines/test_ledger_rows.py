"""The seal vector of the ledger, and what a byte more or less does to it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dure.engines.canonical import canonical
from dure.engines.ledger_rows import (
    ROW_BYTES,
    SealedRow,
    TransferBody,
    body_bytes,
    body_hash,
    day_number,
    demurrage_key,
    expiry_key,
    first_digest,
    next_digest,
    row_bytes,
    row_key,
    schedule_key,
)

DAY = date(2026, 6, 1)
BODY_1 = TransferBody(
    kind=0, book=1, unit="TIME", debit=11, credit=12, amount=60, event_date=DAY,
    purpose="timebank.visit",
)  # fmt: skip
BODY_2 = dataclasses.replace(BODY_1, kind=5, debit=12, credit=11, ref=1)


def sealed(body: TransferBody, row_id: int, batch: int) -> SealedRow:
    return SealedRow(
        id=row_id, era=0, batch=batch, ikey=UUID(int=row_id), body_hash=body_hash(body),
        kind=body.kind, book=body.book, unit=2, debit=body.debit, credit=body.credit,
        amount=body.amount, ref=body.ref, event_date=body.event_date,
    )  # fmt: skip


ROW_1 = sealed(BODY_1, 1, 100)
ROW_2 = sealed(BODY_2, 2, 101)


def test_worked_body() -> None:
    assert body_bytes(BODY_1).decode() == (
        '{"amount":60,"book":1,"credit":12,"debit":11,"event_date":"2026-06-01",'
        '"expires_at":null,"group":null,"kind":0,"lot":null,"purpose":"timebank.visit",'
        '"ref":null,"unit":"TIME"}'
    )


def test_worked_body_hashes() -> None:
    assert body_hash(BODY_1).hex() == (
        "871305de566a69397a3f5a9c84258f1967d19637b01919907c489596dbc998c1"
    )
    assert body_hash(BODY_2).hex() == (
        "7ae342afda0858a601cbb43929675612f4c387c891e10639a5adaeb7a1295d94"
    )


def test_worked_first_digest() -> None:
    assert first_digest().hex() == (
        "b00e70489abf2ff39e4c85fd397685e20afd9050a5172634cd0589804aaf5d52"
    )


def test_worked_two_seals() -> None:
    first = next_digest(first_digest(), [row_bytes(ROW_1)])
    second = next_digest(first, [row_bytes(ROW_2)])
    assert first.hex() == "efe66a0b55fbb6d73dff99c5c674f2f330eeaa12efc75d3c1007d0490022c687"
    assert second.hex() == "1cb5a24206aa53a7a957e2e424aff51a35ec98c91ebb75819321ad161fbf68ea"


def test_worked_one_seal_of_both() -> None:
    digest = next_digest(first_digest(), [row_bytes(ROW_1), row_bytes(ROW_2)])
    assert digest.hex() == "453fb6fb3bfdc84fc06cdebc5be773f5c8abd0d584bc36feba3c938d6fa88b38"


def twin_bytes(row: SealedRow) -> bytes:
    """The slow twin: each column by itself."""
    numbers = (
        (row.id, 8), (row.era, 2), (row.batch, 8), (row.ikey.int, 16),
        (int.from_bytes(row.body_hash, "big"), 32), (row.kind, 2), (row.book, 8), (row.unit, 2),
        (row.debit, 8), (row.credit, 8), (row.amount, 8), (row.ref or 0, 8),
        ((row.event_date - date(1970, 1, 1)).days, 4),
    )  # fmt: skip
    return b"".join(number.to_bytes(size, "big") for number, size in numbers)


def test_layout_against_its_twin() -> None:
    for row in (ROW_1, ROW_2):
        assert row_bytes(row) == twin_bytes(row)
        assert len(row_bytes(row)) == ROW_BYTES == 114
    assert day_number(DAY) == 20_605


@pytest.mark.parametrize(
    "change",
    [
        {"id": 3}, {"era": 1}, {"batch": 102}, {"ikey": UUID(int=9)}, {"body_hash": bytes(32)},
        {"kind": 6}, {"book": 2}, {"unit": 1}, {"debit": 13}, {"credit": 13}, {"amount": 61},
        {"ref": 7}, {"event_date": date(2026, 6, 2)},
    ],
)  # fmt: skip
def test_every_column_is_in_the_bytes(change: dict[str, object]) -> None:
    changed = dataclasses.replace(ROW_1, **change)  # type: ignore[arg-type]  # one column each
    assert row_bytes(changed) != row_bytes(ROW_1)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": 1}, {"book": 2}, {"unit": "KRW"}, {"debit": 13}, {"credit": 13}, {"amount": 61},
        {"event_date": date(2026, 6, 2)}, {"purpose": "timebank.visits"}, {"ref": 1}, {"group": 1},
        {"group": UUID(int=1)}, {"lot": 1}, {"expires_at": datetime(2026, 6, 2, tzinfo=UTC)},
    ],
)  # fmt: skip
def test_every_column_is_in_the_body(change: dict[str, object]) -> None:
    changed = dataclasses.replace(BODY_1, **change)  # type: ignore[arg-type]  # one column each
    assert body_hash(changed) != body_hash(BODY_1)


whole = st.integers(0, 2**63 - 1)
bodies = st.builds(
    TransferBody,
    kind=st.integers(0, 6), book=whole, unit=st.sampled_from(["KRW", "CO2", 'x"']), debit=whole,
    credit=whole, amount=whole, event_date=st.dates(), purpose=st.text(max_size=40),
    ref=st.none() | whole, group=st.none() | st.uuids() | whole, lot=st.none() | whole,
    expires_at=st.none() | st.datetimes(timezones=st.just(UTC), min_value=datetime(1970, 1, 2)),  # noqa: DTZ001 - hypothesis wants it bare
)  # fmt: skip


@given(bodies)
def test_body_is_the_canonical_form_of_its_columns(body: TransferBody) -> None:
    columns = dataclasses.asdict(body)
    columns["group"] = str(body.group) if isinstance(body.group, UUID) else body.group
    assert body_bytes(body) == canonical(columns)


def test_purpose_is_hashed_composed_and_as_text() -> None:
    composed = dataclasses.replace(BODY_1, purpose='방문 "돌봄"\n')
    parted = dataclasses.replace(BODY_1, purpose=unicodedata.normalize("NFD", composed.purpose))
    assert parted.purpose != composed.purpose
    assert body_hash(parted) == body_hash(composed)
    assert json.loads(body_bytes(composed))["purpose"] == '방문 "돌봄"\n'
    assert hashlib.sha256(body_bytes(composed)).digest() == body_hash(composed)


def test_instant_is_written_in_utc() -> None:
    seoul = datetime(2026, 6, 2, 9, tzinfo=timezone(timedelta(hours=9)))
    at = dataclasses.replace(BODY_1, kind=1, expires_at=seoul)
    assert b'"expires_at":"2026-06-02T00:00:00.000000Z"' in body_bytes(at)
    with pytest.raises(AssertionError):
        body_bytes(dataclasses.replace(at, expires_at=seoul.replace(tzinfo=None)))


def test_number_that_does_not_fit_is_refused() -> None:
    for change in ({"id": 2**63}, {"era": 2**15}, {"unit": 2**15}, {"body_hash": bytes(31)}):
        with pytest.raises(ValueError, match=r".+"):
            row_bytes(dataclasses.replace(ROW_1, **change))  # type: ignore[arg-type]  # as above
    with pytest.raises(ValueError, match="114 bytes"):
        next_digest(first_digest(), [bytes(66)])


def test_keys_differ_by_occasion() -> None:
    parent = UUID(int=7)
    keys = {
        row_key(parent, 0), row_key(parent, 1), row_key(UUID(int=8), 0),
        demurrage_key(11, 2026, 6), demurrage_key(11, 2026, 7), demurrage_key(1, 2026, 6),
        expiry_key(11, DAY), expiry_key(11, date(2026, 6, 2)), schedule_key(11, DAY),
        schedule_key(parent, DAY), expiry_key(11, DAY, 1),
    }  # fmt: skip
    assert len(keys) == 11
