"""The ledger in memory: one thread, dictionaries, nothing clever. The oracle of the other tests.

Law: a statement is taken whole or refused whole; rows are applied in order, and after each row
`balance - held_out >= lo` and `balance + held_in <= hi` hold for both of its accounts.
A row is known by its key, and `ref` is the key of the row it names.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import IntEnum
from uuid import UUID

AMOUNT_MAX = 10**12


class Kind(IntEnum):
    POST = 0
    HOLD = 1
    SETTLE = 2
    VOID = 3
    EXPIRE = 4
    REVERSAL = 5
    REFUND = 6


MOVING = (Kind.POST, Kind.SETTLE, Kind.REVERSAL, Kind.REFUND)
RESOLVING = (Kind.SETTLE, Kind.VOID, Kind.EXPIRE)
UNDOING = (Kind.REVERSAL, Kind.REFUND)


class Refused(Exception):
    """A statement was refused; `codes` are all faults that were seen, of which one is told."""

    def __init__(self, *codes: str) -> None:
        super().__init__(*codes)
        self.codes = frozenset(codes)


@dataclass(slots=True)
class Account:
    id: int
    book: int
    unit: str
    lo: int | None = 0
    hi: int | None = None
    status: str = "open"
    lot: int | None = None
    valid_from: date | None = None  # of a voucher lot; outside its days only the issuer takes
    valid_to: date | None = None
    grace: int = 0  # days that a refund after the last one gives
    issuer: int | None = None
    balance: int = 0
    held_out: int = 0
    held_in: int = 0

    @property
    def spendable(self) -> int | None:
        return None if self.lo is None else self.balance - self.held_out - self.lo

    def faults(self) -> set[str]:
        found = set()
        if self.lo is not None and self.balance - self.held_out < self.lo:
            found.add("insufficient")
        if self.hi is not None and self.balance + self.held_in > self.hi:
            found.add("over_ceiling")
        return found


@dataclass(frozen=True, slots=True)
class Row:
    """What is asked for; all but the key is the body, which a repetition must repeat."""

    key: UUID
    debit: int
    credit: int
    amount: int
    event_date: date
    kind: Kind = Kind.POST
    ref: UUID | None = None
    expires_at: datetime | None = None
    purpose: str = "test"
    group: UUID | None = None
    lot: int | None = None


@dataclass
class Ledger:
    """All books. `now` and `today` are set by the test."""

    now: datetime
    today: date
    accounts: dict[int, Account] = field(default_factory=dict)
    rows: dict[UUID, Row] = field(default_factory=dict)  # in the order of posting
    naming: dict[UUID | None, list[Row]] = field(default_factory=dict)
    closed_through: dict[int, date] = field(default_factory=dict)
    steps: dict[str, int] = field(default_factory=dict)

    def open(self, account: Account) -> Account:
        return self.accounts.setdefault(account.id, account)

    def post(self, asked: Sequence[Row]) -> list[UUID]:
        """Post rows in one statement, or raise Refused and change nothing."""
        new = list({row.key: row for row in asked if row.key not in self.rows}.values())
        faults = {fault for row in new for fault in self._shape(row)}
        if len({row.key for row in asked}) != len(asked):
            faults.add("duplicate_key")
        if any(self.rows.get(row.key, row) != row for row in asked):
            faults.add("key_reused")
        if faults & {"not_found", "cross_book", "cross_unit", "same_account"}:
            raise Refused(*faults)
        touched = {side for row in new for side in (row.debit, row.credit)}
        before = {side: replace(self.accounts[side]) for side in touched}
        for row in new:
            faults |= self._fits(row)
            self._apply(row)
            self.rows[row.key] = row
            self.naming.setdefault(row.ref, []).append(row)
            faults |= self.accounts[row.debit].faults() | self.accounts[row.credit].faults()
        if faults:
            self.accounts |= before
            for row in new:
                del self.rows[row.key]
                self.naming[row.ref].remove(row)
            raise Refused(*faults)
        return [row.key for row in asked]

    def _shape(self, row: Row) -> Iterable[str]:
        debit, credit = self.accounts.get(row.debit), self.accounts.get(row.credit)
        if debit is None or credit is None:
            yield "not_found"
            return
        if not 1 <= row.amount <= AMOUNT_MAX or row.amount % self.steps.get(debit.unit, 1):
            yield "amount"
        if row.debit == row.credit:
            yield "same_account"
        if debit.book != credit.book:
            yield "cross_book"
        if debit.unit != credit.unit:
            yield "cross_unit"
        if {debit.status, credit.status} != {"open"}:
            yield "not_open"
        closed = self.closed_through.get(debit.book)
        if closed is not None and row.event_date <= closed:
            yield "period_closed"
        if row.event_date > self.today:
            yield "future_date"
        plain = row.kind in (Kind.POST, Kind.HOLD)
        if plain and row.credit != debit.issuer and not self._lot_pays(debit):
            yield "lot_expired"

    def _lot_pays(self, part: Account) -> bool:
        """Whether today is a day of the lot, or one that a late refund gave."""
        if part.valid_to is None:
            return True
        days = [
            row.event_date + timedelta(days=part.grace)
            for row in self.rows.values()
            if row.credit == part.id and row.kind in UNDOING and row.event_date > part.valid_to
        ]
        return (part.valid_from or date.min) <= self.today <= max([part.valid_to, *days])

    def _fits(self, row: Row) -> set[str]:
        """What stands against the row that this one names."""
        plain = row.kind in (Kind.POST, Kind.HOLD)
        if plain != (row.ref is None) or (row.kind is Kind.HOLD) != (row.expires_at is not None):
            return {"ref"}
        if row.ref is None:
            return set()
        of = self.rows.get(row.ref)
        if of is None:
            return {"ref"}
        naming = self.naming.get(row.ref, [])
        if row.kind in RESOLVING:
            return self._resolves(row, of, naming)
        if of.kind not in (Kind.POST, Kind.SETTLE):
            return {"ref"}
        faults = set() if (row.debit, row.credit) == (of.credit, of.debit) else {"ref"}
        if any(other.kind is Kind.REVERSAL for other in naming):
            faults.add("already_reversed")
        refunded = sum(other.amount for other in naming if other.kind is Kind.REFUND)
        if row.kind is Kind.REVERSAL:
            faults |= {"refunded"} if refunded else set()
            faults |= {"amount"} if row.amount != of.amount else set()
        elif refunded + row.amount > of.amount:
            faults.add("amount")
        return faults

    def _resolves(self, row: Row, of: Row, naming: list[Row]) -> set[str]:
        if of.kind is not Kind.HOLD:
            return {"ref"}
        assert of.expires_at is not None
        faults = set() if (row.debit, row.credit) == (of.debit, of.credit) else {"ref"}
        faults |= {"already_resolved"} if naming else set()
        if row.amount > of.amount or (row.kind is not Kind.SETTLE and row.amount != of.amount):
            faults.add("amount")
        if row.kind is Kind.SETTLE and self.now >= of.expires_at:
            faults.add("hold_expired")
        if row.kind is Kind.EXPIRE and self.now < of.expires_at:
            faults.add("not_expired")
        return faults

    def _apply(self, row: Row) -> None:
        debit, credit = self.accounts[row.debit], self.accounts[row.credit]
        held = row.amount if row.kind is Kind.HOLD else 0
        if row.kind in RESOLVING and row.ref in self.rows:
            held = -self.rows[row.ref].amount
        debit.held_out += held
        credit.held_in += held
        if row.kind in MOVING:
            debit.balance -= row.amount
            credit.balance += row.amount

    def limit(self, account: int, lo: int | None, hi: int | None) -> None:
        one = self.accounts[account]
        old, (one.lo, one.hi) = (one.lo, one.hi), (lo, hi)
        faults = one.faults()
        if lo is not None and hi is not None and lo > hi:
            faults.add("limits")
        if faults:
            one.lo, one.hi = old
            raise Refused(*faults)

    def set_status(self, account: int, status: str) -> None:
        one = self.accounts[account]
        if status == "closed" and (one.balance or one.held_out or one.held_in):
            raise Refused("not_empty")
        if one.status == "closed":
            raise Refused("not_open")
        one.status = status

    def close(self, book: int, to: date) -> None:
        if to <= self.closed_through.get(book, date.min) or to >= self.today:
            raise Refused("period")
        self.closed_through[book] = to
