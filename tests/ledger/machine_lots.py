"""Rules of lots: parts that pay from their first to their last day, and go back afterwards."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.ledger.books import mark
from tests.ledger.machine_sides import NEXT_PART, PART, SOURCE, START, Sides, roads
from tests.ledger.model import Kind

GRACE = 2
HOLDER = 1
# first and last day of each lot, counted from the day on which the machine starts
DAYS = ((-5, 2), (1, 6))
parts = st.sampled_from([PART, NEXT_PART])


class LotRules(Sides):
    """A programme with two lots, of each of which one holder has a part."""

    def open_lots(self) -> None:
        """Write programme, lots and parts; the source is the issuer."""
        first = self.books[0]
        issuer = self.accounts[SOURCE]
        programme = self.write(
            "INSERT INTO ledger_programme (book_id, unit_id, kind, state, code, name, name_en,"
            " issuer_id, rules, opens_on, opened_at, audit) VALUES (%s, 2, 'voucher', 'open', %s,"
            " 'test', '', %s, %s::jsonb, '2026-01-01', dure_now(), %s) RETURNING id",
            first,
            str(uuid4()),
            issuer,
            f'{{"grace_days": {{"value": {GRACE}}}}}',
        )
        for begin, end in DAYS:
            days = [START.date() + timedelta(days=one) for one in (begin, end)]
            lot = self.write(
                "INSERT INTO ledger_lot (programme_id, unit_id, amount, valid_from, valid_to,"
                " issued_by_group, issued_at, note, audit)"
                " VALUES (%s, 2, 100, %s, %s, gen_random_uuid(), dure_now(), '', %s) RETURNING id",
                programme,
                *days,
            )
            part_of = (self.accounts[HOLDER], lot)
            self.accounts.append(self.open_account(first, 2, 0, None, part_of=part_of))
            made = self.ledger.accounts[self.accounts[-1]]
            made.lot, made.issuer, made.grace = lot, issuer, GRACE
            made.valid_from, made.valid_to = days

    def write(self, statement: str, *values: object) -> int:
        with self.place.raw.transaction():
            line = mark(self.place.raw)
            row = self.place.raw.execute(statement, (*values, line)).fetchone()  # type: ignore[arg-type]  # our own text
        assert row is not None
        return int(row[0])

    def lot_of(self, part: int) -> int | None:
        return self.ledger.accounts[self.accounts[part]].lot

    @rule(
        road=roads,
        part=parts,
        to=st.integers(2, 5),
        amount=st.integers(3, 20),
        days=st.sampled_from([0, 0, 1, 3, 7]),
        more=st.sampled_from([0, -1, 1]),
    )
    def spend_a_lot(self, road: str, part: int, to: int, amount: int, days: int, more: int) -> None:
        """Issue, pay, wait, pay; by hold too; and back to the issuer, whatever the day."""
        lot = self.lot_of(part)
        self.post(road, [self.row(SOURCE, part, 2 * amount, lot=lot)])
        self.post(road, [self.row(part, to, 1, lot=lot)])
        self.set_clock(self.ledger.now + timedelta(days=days))
        self.post(road, [self.row(part, to, amount + more, lot=lot)])
        end = self.ledger.now + timedelta(hours=1)
        held = self.row(part, to, 1, lot=lot, kind=Kind.HOLD, expires_at=end)
        self.post(road, [held])
        self.follow(road, [held], 0, Kind.SETTLE, 0, False)
        self.post(road, [self.row(part, SOURCE, 1, lot=lot)])
        self.post(road, [self.row(part, SOURCE, 1, lot=lot), self.row(part, to, 1, lot=lot)])

    @rule(
        road=roads,
        to=st.integers(2, 5),
        amount=st.integers(4, 20),
        late=st.sampled_from([1, 3, 5]),
        undo=st.sampled_from([Kind.REFUND, Kind.REVERSAL]),
    )
    def refund_into_a_lot(self, road: str, to: int, amount: int, late: int, undo: Kind) -> None:
        """What comes back after the last day may be spent for the days of grace, then no more."""
        lot = self.lot_of(PART)
        paid = self.row(PART, to, amount, lot=lot)
        self.post(road, [self.row(SOURCE, PART, amount, lot=lot)])
        self.post(road, [paid])
        self.post(road, [self.row(SOURCE, to, amount)])
        last = self.ledger.accounts[self.accounts[PART]].valid_to
        assert last is not None
        until = last + timedelta(days=late)
        if until > self.ledger.today:
            self.set_clock(self.ledger.now + (until - self.ledger.today))
        self.follow(road, [paid], 0, undo, 0, True)
        for wait in (0, GRACE, 1):
            self.set_clock(self.ledger.now + timedelta(days=wait))
            self.post(road, [self.row(PART, to, 1, lot=lot)])
        self.post(road, [self.row(PART, SOURCE, 1, lot=lot)])
