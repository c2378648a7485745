"""Verify the books from their bundle alone, and name the place of an edit.

Nouns
    head   : digest of a seal as it was published elsewhere, with or without its number
    fault  : one thing that does not hold, with its place: a transfer, a seal, an account
Law
    An edited value shows at its transfer, a row taken out or put in at its seal, a whole chain
    written anew at the published head and the seals since the last head that still holds. What no
    seal covers (recorded_at, who acted) is not proved.
Source
    docs/ledger-export.md; `scripts/verify_books.py` is written apart from this module.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from dure.engines import ledger_rows
from dure.engines.books_bundle import (
    BundleAccount,
    BundleSeal,
    BundleTransfer,
    Unreadable,
    read_accounts,
    read_seals,
    read_transfers,
)

FAULTS_MAX: Final = 1_000
GAPS_MAX: Final = 10_000
POST, HOLD, SETTLE, VOID, EXPIRE, REVERSAL, REFUND = range(7)


@dataclass(frozen=True, slots=True)
class Head:
    """A published head: 64 hexadecimal digits, and the seal's number where it was published."""

    digest: str
    seq: int | None = None


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold: `transfer`, `seal`, `head`, `account` or `file`, and where."""

    kind: str
    place: str
    detail: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification saw; `faults` holds the first 1,000."""

    transfers: int
    seals: int
    unsealed: int
    head: str
    heads_equal: int
    fault_count: int
    faults: tuple[Fault, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing is wrong."""
        return self.fault_count == 0


@dataclass(slots=True)
class _Seal:
    """A seal while its rows are read: the hash that runs, how many rows, which faults inside."""

    stored: BundleSeal
    running: hashlib._Hash
    count: int = 0
    edited: list[int] = field(default_factory=list)


@dataclass(slots=True)
class _Sums:
    """What the rows make of one account."""

    balance: int = 0
    held_out: int = 0
    held_in: int = 0


@dataclass(slots=True)
class _Work:
    """The state of one verification."""

    accounts: dict[int, BundleAccount] = field(default_factory=dict)
    sums: dict[int, _Sums] = field(default_factory=dict)
    seals: list[_Seal] = field(default_factory=list)
    holds: dict[int, tuple[int, int, int]] = field(default_factory=dict)
    gaps: list[tuple[int, int, int, int]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    fault_count: int = 0
    unsealed: int = 0

    def fault(self, kind: str, place: object, detail: str) -> None:
        self.fault_count += 1
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(Fault(kind, str(place), detail))


def verify(
    accounts: Iterable[str],
    transfers: Iterable[str],
    seals: Iterable[str],
    heads: Sequence[Head] = (),
) -> Report:
    """Recompute body hashes, seals and balances of a bundle and compare with published heads.

    accounts, transfers, seals : lines of the three tables, decoded as UTF-8, line ends kept
    heads   : what was published elsewhere; without one, a bundle cannot vouch for itself
    Returns a report; every fault names a transfer id, a seal's number or an account id.
    Memory  grows with accounts, seals and open holds, not with transfers.
    Source  docs/ledger-export.md, *What is proved*.
    """
    work = _Work()
    count = 0
    try:
        _open_seals(work, read_seals(seals))
        for account in read_accounts(accounts):
            work.accounts[account.id] = account
            work.sums[account.id] = _Sums()
        count = _replay(work, read_transfers(transfers))
    except Unreadable as error:
        work.fault("file", str(error).split(":")[0], str(error))
    _close_seals(work)
    equal = _compare_heads(work, heads)
    _compare_accounts(work)
    return Report(
        transfers=count,
        seals=len(work.seals),
        unsealed=work.unsealed,
        head=(work.seals[-1].stored.digest if work.seals else ledger_rows.first_digest()).hex(),
        heads_equal=equal,
        fault_count=work.fault_count,
        faults=tuple(work.faults),
    )


def _open_seals(work: _Work, seals: Iterable[BundleSeal]) -> None:
    previous = ledger_rows.first_digest()
    end = None
    for place, seal in enumerate(seals, start=1):
        if seal.seq != place:
            work.fault("seal", seal.seq, f"stands where seal {place} should stand")
        if seal.from_batch >= seal.to_batch or (end is not None and seal.from_batch != end):
            work.fault("seal", seal.seq, "does not begin where the seal before it ended")
        work.seals.append(_Seal(seal, hashlib.sha256(previous)))
        previous, end = seal.digest, seal.to_batch


def _replay(work: _Work, transfers: Iterable[BundleTransfer]) -> int:
    ends = [seal.stored.to_batch for seal in work.seals]
    count, last_id, last_place = 0, 0, -1
    for row in transfers:
        count += 1
        place = bisect_right(ends, row.batch)
        if row.id <= last_id:
            work.fault("transfer", row.id, f"stands after transfer {last_id}")
        elif row.id > last_id + 1 and len(work.gaps) < GAPS_MAX:
            work.gaps.append((last_id + 1, row.id - 1, last_place, place))
        last_id, last_place = row.id, place
        is_edited = ledger_rows.body_hash(row.body) != row.body_hash
        if is_edited:
            work.fault("transfer", row.id, "its columns do not give its body hash")
        if place == len(ends):
            work.unsealed += 1
        elif row.batch < work.seals[place].stored.from_batch:
            work.fault("transfer", row.id, f"batch {row.batch} lies in no seal")
        else:
            _into_seal(work.seals[place], row, is_edited)
        _into_accounts(work, row)
    if work.seals and last_id:
        work.gaps.append((last_id + 1, last_id + 1, last_place, len(ends) - 1))
    return count


def _into_seal(seal: _Seal, row: BundleTransfer, is_edited: bool) -> None:
    seal.count += 1
    if is_edited and len(seal.edited) < 10:
        seal.edited.append(row.id)
    try:
        seal.running.update(ledger_rows.row_bytes(row.sealed()))
    except ValueError as error:
        raise Unreadable(f"transfers.csv transfer {row.id}: {error}") from None


def _into_accounts(work: _Work, row: BundleTransfer) -> None:
    body = row.body
    debit, credit = work.sums.get(body.debit), work.sums.get(body.credit)
    if debit is None or credit is None:
        work.fault("transfer", row.id, "names an account that accounts.csv has not")
        return
    for account in (work.accounts[body.debit], work.accounts[body.credit]):
        if (account.book, account.unit, account.unit_id) != (body.book, body.unit, row.unit_id):
            work.fault("transfer", row.id, f"is of another book or unit than account {account.id}")
    if body.kind == HOLD:
        work.holds[row.id] = (body.debit, body.credit, body.amount)
        debit.held_out += body.amount
        credit.held_in += body.amount
    elif body.kind in (SETTLE, VOID, EXPIRE):
        hold = work.holds.pop(body.ref or 0, None)
        if hold is None or hold[:2] != (body.debit, body.credit) or body.amount > hold[2]:
            work.fault("transfer", row.id, f"does not fit a hold {body.ref} that is open")
        else:
            debit.held_out -= hold[2]
            credit.held_in -= hold[2]
    elif body.kind not in (POST, REVERSAL, REFUND):
        work.fault("transfer", row.id, f"kind {body.kind} is unknown")
    if body.kind in (POST, SETTLE, REVERSAL, REFUND):
        debit.balance -= body.amount
        credit.balance += body.amount


def _close_seals(work: _Work) -> None:
    for place, seal in enumerate(work.seals):
        stored = seal.stored
        if seal.running.digest() == stored.digest and seal.count == stored.n:
            continue
        if seal.count < stored.n:
            missing = stored.n - seal.count
            detail = f"{missing} of its {stored.n} rows missing{_near(work, place)}"
        elif seal.count > stored.n:
            detail = f"{seal.count - stored.n} rows more than the {stored.n} that were sealed"
        elif seal.edited:
            detail = "transfers " + ", ".join(map(str, seal.edited)) + " were edited"
        else:
            detail = (
                "its rows do not follow from the seal before it: a row of it was written anew or"
                f" moved, or the digest of seal {stored.seq - 1} was replaced"
            )
        work.fault("seal", stored.seq, detail)


def _near(work: _Work, place: int) -> str:
    """Numbers that no transfer has, next to rows of this seal; unused numbers are among them."""
    ids = [(a, b) for a, b, before, after in work.gaps if place in (before, after)][:10]
    named = ", ".join(str(a) if a == b else f"{a} to {b}" for a, b in ids)
    return f"; no transfer has the numbers {named}" if named else ""


def _compare_heads(work: _Work, heads: Sequence[Head]) -> int:
    digests = [seal.stored.digest.hex() for seal in work.seals]
    where = {digest: place for place, digest in enumerate(digests, start=1)}
    good = [
        where[head.digest]
        for head in heads
        if head.digest in where and head.seq in (None, where[head.digest])
    ]
    for head in heads:
        place = where.get(head.digest)
        if place is not None and head.seq in (None, place):
            continue
        last = head.seq if head.seq is not None else len(digests)
        first = max((seq for seq in good if seq <= last), default=0) + 1
        if first > last:
            detail = "the head is later than the bundle, or of other books"
        else:
            detail = f"seals {first} to {last} were written anew after the head was published"
        work.fault("head", head.seq if head.seq is not None else head.digest[:16], detail)
    return len(good)


def _compare_accounts(work: _Work) -> None:
    totals: dict[tuple[int, str], int] = {}
    for account in work.accounts.values():
        sums = work.sums[account.id]
        told = (account.balance, account.held_out, account.held_in)
        found = (sums.balance, sums.held_out, sums.held_in)
        if told != found:
            work.fault("account", account.id, f"the rows give {found}, the account says {told}")
        key = (account.book, account.unit)
        totals[key] = totals.get(key, 0) + account.balance
    for (book, unit), total in sorted(totals.items()):
        if total:
            work.fault("book", f"{book} {unit}", f"its accounts sum to {total}, not to zero")
