"""Made-up books for the tests: every kind of row, several books and units, sealed in batches."""

from __future__ import annotations

import dataclasses
import random
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from dure.engines import ledger_rows
from dure.engines.books_bundle import BundleAccount, BundleSeal, BundleTransfer
from dure.engines.ledger_rows import TransferBody

UNITS = {"KRW": 1, "TIME": 2, "VCH": 4}
PURPOSES = (
    "timebank.visit", "돌봄 방문 2시간", '=HYPERLINK("x")', "'따옴표", 'a "b", c', "두 줄\n둘째",
    "\\", "x\\\"y", "; 주석", "", "-1", "e\u0301", "\u200bzero", "🍚 밥값", "} { #tag ^link",
    "@shop", "\r\n", "tab\there", "\x01\x1f\x7f", "\u2028", "option \"title\" \"x\"",
)  # fmt: skip


@dataclass
class Books:
    """A journal, its accounts as a database would hold them, and its seals."""

    accounts: list[BundleAccount]
    transfers: list[BundleTransfer]
    seals: list[BundleSeal] = field(default_factory=list)

    def seal(self, edges: list[int]) -> None:
        """Seal all rows below the last edge, one seal between two edges."""
        self.seals = []
        previous, begin = ledger_rows.first_digest(), 0
        for seq, end in enumerate(edges, start=1):
            rows = [row for row in self.transfers if begin <= row.batch < end]
            previous = ledger_rows.next_digest(
                previous, [ledger_rows.row_bytes(row.sealed()) for row in rows]
            )
            at = datetime(2026, 6, 1, tzinfo=UTC) + timedelta(minutes=seq)
            self.seals.append(BundleSeal(seq, begin, end, len(rows), previous, at))
            begin = end


def rehashed(row: BundleTransfer) -> BundleTransfer:
    return dataclasses.replace(row, body_hash=ledger_rows.body_hash(row.body))


def made_books(seed: int, count: int = 120, batches: int = 12) -> Books:
    """Make books of about `count` rows: payments, holds with their ends, reversals, refunds."""
    chance = random.Random(seed)
    keys = [(book, unit) for book in (1, 2) for unit in UNITS]
    members = {key: [10 * place + n for n in range(1, 5)] for place, key in enumerate(keys, 1)}
    balance = {account: [0, 0, 0] for group in members.values() for account in group}
    open_holds: list[BundleTransfer] = []
    paid: list[BundleTransfer] = []
    rows: list[BundleTransfer] = []
    number = 0
    for step in range(count):
        number += chance.choice((1, 1, 1, 1, 2))  # a rolled-back transaction leaves a gap
        kind = chance.choices(range(7), (10, 4, 3, 1, 1, 1, 1))[0]
        if (kind in (2, 3, 4) and not open_holds) or (kind in (5, 6) and not paid):
            kind = 0
        group = UUID(int=chance.getrandbits(128)) if chance.random() < 0.2 else None
        day = date(2026, 6, 1) + timedelta(step * 60 // count)
        purpose, expires, ref = chance.choice(PURPOSES), None, None
        if kind in (0, 1):
            book, unit = chance.choice(keys)
            debit, credit = chance.sample(members[book, unit], 2)
            amount = chance.choice((1, 10, 60, 3_000, 10**12))
            expires = datetime(2027, 1, 1, step % 24, tzinfo=UTC) if kind == 1 else None
        elif kind in (2, 3, 4):
            hold = open_holds.pop(chance.randrange(len(open_holds)))
            book, unit, ref = hold.body.book, hold.body.unit, hold.id
            debit, credit, amount = hold.body.debit, hold.body.credit, hold.body.amount
            if kind == 2:
                amount = chance.randint(1, amount)
            balance[debit][1] -= hold.body.amount
            balance[credit][2] -= hold.body.amount
        else:
            first = paid.pop(chance.randrange(len(paid)))
            book, unit, ref = first.body.book, first.body.unit, first.id
            debit, credit = first.body.credit, first.body.debit
            amount = first.body.amount if kind == 5 else chance.randint(1, first.body.amount)
        body = TransferBody(
            kind=kind, book=book, unit=unit, debit=debit, credit=credit, amount=amount,
            event_date=day, purpose=purpose, ref=ref, group=group,
            lot=chance.choice((None, 7)) if unit == "VCH" else None, expires_at=expires,
        )  # fmt: skip
        batch = 1_000 + step * batches // count * 10 + chance.randint(0, 9)
        row = BundleTransfer(
            number, step // (count // 2), batch,
            UUID(int=chance.getrandbits(128)), ledger_rows.body_hash(body), UNITS[unit], body,
            datetime(2026, 6, 1, tzinfo=UTC) + timedelta(hours=step),
        )  # fmt: skip
        rows.append(row)
        if kind == 1:
            open_holds.append(row)
            balance[debit][1] += amount
            balance[credit][2] += amount
        if kind in (0, 2, 5, 6):
            balance[debit][0] -= amount
            balance[credit][0] += amount
        if kind in (0, 2):
            paid.append(row)
    accounts = [
        BundleAccount(account, book, unit, UNITS[unit], chance.choice(("liability", "asset")), None,
                      *balance[account])
        for (book, unit), group in members.items()
        for account in group
    ]  # fmt: skip
    books = Books(accounts, rows)
    books.seal([1_000 + 10 * place for place in range(1, batches)])
    return books
