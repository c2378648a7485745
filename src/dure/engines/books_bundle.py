"""The books as three plain tables: what an auditor takes away and anyone can verify.

Nouns
    bundle    : `format.txt`, `accounts.csv`, `transfers.csv` (or `.csv.gz`) and `seals.csv`, in a
                folder or a zip; docs/ledger-export.md describes them
    guard     : a leading `'` before a text that a spreadsheet would take for a formula
Law
    Nothing is lost: what was written reads back equal, hostile text too. Nothing says who a person
    is: accounts are numbers.
Source
    RFC 4180; ledger design, *Seals*.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from dure.engines.ledger_rows import SealedRow, TransferBody

FORMAT: Final = "dure-books 1\n"
ACCOUNT_COLUMNS: Final = (
    "id", "book", "unit", "unit_id", "type", "lot", "balance", "held_out", "held_in",
)  # fmt: skip
TRANSFER_COLUMNS: Final = (
    "id", "era", "batch", "ikey", "body_hash", "kind", "book", "unit", "unit_id", "debit",
    "credit", "amount", "ref", "group", "lot", "event_date", "expires_at", "purpose",
    "recorded_at",
)  # fmt: skip
SEAL_COLUMNS: Final = ("seq", "from_batch", "to_batch", "n", "digest", "sealed_at")
_GUARDED: Final = ("=", "+", "-", "@", "\t", "\r", "'")
_WHOLE: Final = re.compile(r"0|-?[1-9][0-9]{0,18}")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z", re.ASCII)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_HASH: Final = re.compile(r"[0-9a-f]{64}")
_GROUP: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
CHUNK_ROWS: Final = 500


class Unreadable(ValueError):
    """A row of a bundle that is not of the documented form."""


@dataclass(frozen=True, slots=True)
class BundleAccount:
    """An account and what the database says it holds, in minor units of its unit."""

    id: int
    book: int
    unit: str
    unit_id: int
    type: str
    lot: int | None
    balance: int
    held_out: int
    held_in: int


@dataclass(frozen=True, slots=True)
class BundleTransfer:
    """A transfer with its body, its key and its stored body hash; `recorded_at` is not sealed."""

    id: int
    era: int
    batch: int
    ikey: UUID
    body_hash: bytes
    unit_id: int
    body: TransferBody
    recorded_at: datetime | None

    def sealed(self) -> SealedRow:
        """Give the row as it is sealed."""
        body = self.body
        return SealedRow(
            id=self.id, era=self.era, batch=self.batch, ikey=self.ikey, body_hash=self.body_hash,
            kind=body.kind, book=body.book, unit=self.unit_id, debit=body.debit,
            credit=body.credit, amount=body.amount, ref=body.ref, event_date=body.event_date,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class BundleSeal:
    """A seal: all rows with from_batch <= batch < to_batch, `n` of them, by id."""

    seq: int
    from_batch: int
    to_batch: int
    n: int
    digest: bytes
    sealed_at: datetime | None


def accounts_csv(accounts: Iterable[BundleAccount]) -> Iterator[bytes]:
    """Write `accounts.csv` in pieces, ascending by id as given."""
    return _table(
        ACCOUNT_COLUMNS,
        (
            (a.id, a.book, a.unit, a.unit_id, a.type, a.lot, a.balance, a.held_out, a.held_in)
            for a in accounts
        ),
    )


def transfers_csv(transfers: Iterable[BundleTransfer]) -> Iterator[bytes]:
    """Write `transfers.csv` in pieces; the rows must come ascending by id.

    >>> b"".join(transfers_csv(())).decode().split(",")[:3]
    ['id', 'era', 'batch']
    """
    return _table(TRANSFER_COLUMNS, (_transfer_cells(row) for row in transfers))


def seals_csv(seals: Iterable[BundleSeal]) -> Iterator[bytes]:
    """Write `seals.csv` in pieces, ascending by seq as given."""
    return _table(
        SEAL_COLUMNS,
        (
            (s.seq, s.from_batch, s.to_batch, s.n, s.digest.hex(), _instant(s.sealed_at))
            for s in seals
        ),
    )


def _transfer_cells(row: BundleTransfer) -> Sequence[object]:
    body = row.body
    return (
        row.id, row.era, row.batch, row.ikey, row.body_hash.hex(), body.kind, body.book, body.unit,
        row.unit_id, body.debit, body.credit, body.amount, body.ref, body.group, body.lot,
        body.event_date, _instant(body.expires_at), guarded(body.purpose),
        _instant(row.recorded_at),
    )  # fmt: skip


def _table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(columns)
    for count, row in enumerate(rows, start=1):
        writer.writerow(row)
        if count % CHUNK_ROWS == 0:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def guarded(text: str) -> str:
    """Put a guard before a text that a spreadsheet would take for a formula.

    >>> guarded("=1+1"), guarded("'a"), guarded("돌봄")
    ("'=1+1", "''a", '돌봄')
    """
    return "'" + text if text.startswith(_GUARDED) else text


def unguarded(text: str) -> str:
    """Take the guard away again; the inverse of `guarded`."""
    return text.removeprefix("'")


def read_accounts(lines: Iterable[str]) -> Iterator[BundleAccount]:
    """Read `accounts.csv`. Raises Unreadable with the row's place."""
    for place, c in _cells(lines, ACCOUNT_COLUMNS, "accounts.csv"):
        with _At("accounts.csv", place):
            yield BundleAccount(
                _int(c[0]), _int(c[1]), c[2], _int(c[3]), c[4], _int_or_none(c[5]), _int(c[6]),
                _int(c[7]), _int(c[8]),
            )  # fmt: skip


def read_transfers(lines: Iterable[str]) -> Iterator[BundleTransfer]:
    """Read `transfers.csv`. Raises Unreadable with the row's place."""
    for place, c in _cells(lines, TRANSFER_COLUMNS, "transfers.csv"):
        with _At("transfers.csv", place):
            body = TransferBody(
                kind=_int(c[5]), book=_int(c[6]), unit=c[7], debit=_int(c[9]), credit=_int(c[10]),
                amount=_int(c[11]), ref=_int_or_none(c[12]), group=_group(c[13]),
                lot=_int_or_none(c[14]), event_date=_day(c[15]), expires_at=_instant_of(c[16]),
                purpose=unguarded(c[17]),
            )  # fmt: skip
            yield BundleTransfer(
                _int(c[0]), _int(c[1]), _int(c[2]), _uuid(c[3]), _hash(c[4]), _int(c[8]), body,
                _instant_of(c[18]),
            )  # fmt: skip


def read_seals(lines: Iterable[str]) -> Iterator[BundleSeal]:
    """Read `seals.csv`. Raises Unreadable with the row's place."""
    for place, c in _cells(lines, SEAL_COLUMNS, "seals.csv"):
        with _At("seals.csv", place):
            yield BundleSeal(
                _int(c[0]), _int(c[1]), _int(c[2]), _int(c[3]), _hash(c[4]), _instant_of(c[5])
            )


class _At:
    """Names the place of a row that cannot be read."""

    def __init__(self, table: str, place: int) -> None:
        self.table, self.place = table, place

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValueError | OverflowError) and not isinstance(error, Unreadable):
            raise Unreadable(f"{self.table} row {self.place}: {error}") from None


def _cells(
    lines: Iterable[str], columns: Sequence[str], table: str
) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(lines, strict=True)
    try:
        if tuple(next(reader, ())) != tuple(columns):
            raise Unreadable(f"{table}: other columns than {','.join(columns)}")
        for place, cells in enumerate(reader, start=1):
            if len(cells) != len(columns):
                raise Unreadable(f"{table} row {place}: {len(cells)} cells")
            yield place, cells
    except csv.Error as error:
        raise Unreadable(f"{table}: {error}") from None


def _instant(at: datetime | None) -> str:
    if at is None:
        return ""
    assert at.tzinfo is not None, at
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _instant_of(text: str) -> datetime | None:
    if not text:
        return None
    if not _INSTANT.fullmatch(text):
        raise ValueError(f"{text!r} is no instant")
    return datetime.fromisoformat(text)


def _int(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{text[:30]!r} is no whole number")
    return int(text)


def _int_or_none(text: str) -> int | None:
    return _int(text) if text else None


def _day(text: str) -> date:
    if not _DAY.fullmatch(text):
        raise ValueError(f"{text[:30]!r} is no day")
    return date.fromisoformat(text)


def _hash(text: str) -> bytes:
    if not _HASH.fullmatch(text):
        raise ValueError("a hash has 64 small hexadecimal digits")
    return bytes.fromhex(text)


def _uuid(text: str) -> UUID:
    if not _GROUP.fullmatch(text):
        raise ValueError(f"{text[:40]!r} is no UUID in small letters")
    return UUID(text)


def _group(text: str) -> UUID | int | None:
    if not text:
        return None
    return _uuid(text) if "-" in text else _int(text)
