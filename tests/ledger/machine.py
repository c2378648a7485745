"""A state machine over all operations of the ledger, run against the oracle."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from hypothesis import assume
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.ledger.books import Roads
from tests.ledger.machine_groups import GroupRules
from tests.ledger.machine_lots import LotRules
from tests.ledger.machine_sides import START, Place, roads, small
from tests.ledger.model import Kind, Ledger, Row

__all__ = ("LedgerMachine", "Place")

amounts = st.one_of(small, small, small, st.sampled_from([0, -5, 10**12, 10**12 + 1]))
limits = st.sampled_from(
    [(0, None), (-50, None), (0, 40), (None, None), (None, 0), (-20, 20), (5, 3), (10, None)]
)
numbers = st.one_of(st.integers(0, 5), st.integers(0, 5), st.integers(0, 7))
endings = st.tuples(
    st.sampled_from([Kind.SETTLE, Kind.SETTLE, Kind.VOID, Kind.EXPIRE]),
    st.sampled_from([0, 0, 0, -1, 1]),
    st.sampled_from([False, False, False, True]),
)
undoings = st.one_of(
    st.just((Kind.REVERSAL, 0, True)),
    st.tuples(st.just(Kind.REFUND), st.sampled_from([0, -1, -4]), st.just(True)),
    st.tuples(
        st.sampled_from([Kind.REVERSAL, Kind.REFUND]), st.sampled_from([-1, 0, 1]), st.booleans()
    ),
)


class LedgerMachine(LotRules, GroupRules):
    """All operations: those of one row or of many here, of lots and groups in its bases."""

    @initialize(drawn=st.lists(limits, min_size=5, max_size=5))
    def open_books(self, drawn: list[tuple[int | None, int | None]]) -> None:
        """One book with six accounts of a unit and one of another, and a second book with one."""
        self.ledger = Ledger(START, START.date())
        self.ledger.steps["PT"] = 5
        self.roads = Roads(self.place.raw)
        self.set_clock(START)
        self.books = [self.open_book() for _ in range(2)]
        first, second = self.books
        wanted = [(first, 2, None, None)]
        wanted += [(first, 2, lo, hi) for lo, hi in map(self.starting, drawn)]
        wanted += [(first, 1, None, None), (second, 2, None, None)]
        self.accounts = [self.open_account(*one) for one in wanted]
        self.open_groups()
        self.open_lots()
        self.see_only_these_books()
        self.compare()
        room = [n for n in range(1, 6) if self.ledger.accounts[self.accounts[n]].hi is None]
        self.post("function", [self.row(0, number, 50) for number in room])

    @staticmethod
    def starting(pair: tuple[int | None, int | None]) -> tuple[int | None, int | None]:
        lo, hi = pair
        fits = (lo is None or lo <= 0) and (hi is None or hi >= 0)
        return pair if fits else (0, None)

    # -- operations ------------------------------------------------------------------------------

    @rule(
        road=roads,
        debit=numbers,
        credit=numbers,
        amount=amounts,
        back=st.sampled_from([0, 0, 0, 0, -1, 22, 40]),
    )
    def pay(self, road: str, debit: int, credit: int, amount: int, back: int) -> None:
        day = self.ledger.today - timedelta(days=back)
        self.post(road, [self.row(debit, credit, amount, event_date=day)])

    @rule(
        road=roads,
        moves=st.lists(
            st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(1, 40)),
            min_size=2,
            max_size=6,
        ),
    )
    def batch(self, road: str, moves: list[tuple[int, int, int]]) -> None:
        self.post(road, [self.row(*move) for move in moves if move[0] != move[1]])

    @rule(road=roads, account=st.integers(1, 5), amount=st.integers(1, 60), out=st.booleans())
    def there_and_back(self, road: str, account: int, amount: int, out: bool) -> None:
        """What leaves and returns within one statement: only the order says whether it may."""
        pair = [self.row(account, 0, amount), self.row(0, account, amount)]
        self.post(road, pair if out else pair[::-1])

    @rule(road=roads, debit=numbers, credit=numbers, amount=amounts, minutes=st.integers(1, 90))
    def hold(self, road: str, debit: int, credit: int, amount: int, minutes: int) -> None:
        end = self.ledger.now + timedelta(minutes=minutes)
        self.post(road, [self.row(debit, credit, amount, kind=Kind.HOLD, expires_at=end)])

    @rule(
        road=roads,
        to=st.integers(1, 5),
        amount=small,
        minutes=st.sampled_from([0, 0, 29, 30]),
        end=st.sampled_from([Kind.SETTLE, Kind.VOID, Kind.EXPIRE]),
        off=st.sampled_from([0, -1]),
    )
    def hold_and_end(
        self, road: str, to: int, amount: int, minutes: int, end: Kind, off: int
    ) -> None:
        """A hold of half an hour; later each wrong way to end it, then a right one, twice."""
        expires_at = self.ledger.now + timedelta(minutes=30)
        held = self.row(0, to, amount, kind=Kind.HOLD, expires_at=expires_at)
        self.post(road, [held])
        self.set_clock(self.ledger.now + timedelta(minutes=minutes))
        for kind, wrong, swap in ((Kind.SETTLE, 1, False), (Kind.VOID, 0, True), (end, 1, False)):
            self.follow(road, [held], 0, kind, wrong, swap)
        early = Kind.EXPIRE if minutes < 30 else Kind.SETTLE
        self.follow(road, [held], 0, early, 0, False)
        self.follow(road, [held], 0, Kind.REFUND, 0, True)
        self.follow(road, [held], 0, end, off, False)
        self.follow(road, [held], 0, Kind.SETTLE, 0, False)
        self.follow(road, [held], 0, Kind.EXPIRE, 0, False)

    @rule(road=roads, which=st.integers(0, 30), ending=endings)
    def end_hold(self, road: str, which: int, ending: tuple[Kind, int, bool]) -> None:
        holds = [row for row in self.plain_rows() if row.kind is Kind.HOLD]
        self.follow(road, holds[-6:], which, *ending)

    @rule(
        road=roads,
        to=st.integers(1, 5),
        amount=st.integers(5, 30),
        undos=st.lists(undoings, min_size=1, max_size=3),
    )
    def pay_and_undo(
        self, road: str, to: int, amount: int, undos: list[tuple[Kind, int, bool]]
    ) -> None:
        """A payment; each wrong way to undo it, what was drawn, and what may then be undone."""
        paid = self.row(0, to, amount)
        self.post(road, [self.row(0, to, 35), paid])
        self.post("function", [replace(paid, purpose="another")])
        self.post("function", [paid])
        for undo in ((Kind.REVERSAL, 0, False), (Kind.REVERSAL, -1, True), (Kind.REFUND, 1, True)):
            self.follow(road, [paid], 0, *undo)
        for undo in undos:
            self.follow(road, [paid], 0, *undo)
        self.follow(road, [paid], 0, Kind.REVERSAL, 0, True)
        self.follow(road, [paid], 0, Kind.REFUND, 1 - amount, True)
        self.follow(road, [paid], 0, Kind.REVERSAL, 0, True)

    @rule(road=roads, which=st.integers(0, 30), undoing=undoings)
    def undo(self, road: str, which: int, undoing: tuple[Kind, int, bool]) -> None:
        self.follow(road, self.plain_rows()[-8:], which, *undoing)

    @rule(road=roads, to=st.integers(1, 5), back=st.sampled_from([3, 20]))
    def pay_at_the_borders(self, road: str, to: int, back: int) -> None:
        """Around the day through which the book is closed, and around today."""
        first = self.books[0]
        if first not in self.ledger.closed_through:
            self.close_period(back)
        closed = self.ledger.closed_through[first]
        for day in (closed, closed + timedelta(days=1), self.ledger.today + timedelta(days=1)):
            self.post(road, [self.row(0, to, 1, event_date=day)])

    @rule(road=roads, payer=st.integers(1, 5), amount=small, more=st.integers(-1, 1))
    def hold_and_spend(self, road: str, payer: int, amount: int, more: int) -> None:
        """What is held cannot be spent; what is to come counts against the ceiling."""
        end = self.ledger.now + timedelta(days=1)
        one = self.ledger.accounts[self.accounts[payer]]
        if one.spendable is not None:
            self.post(road, [self.row(0, payer, amount)])
        if one.spendable:
            self.post(road, [self.row(payer, 0, one.spendable, kind=Kind.HOLD, expires_at=end)])
            self.post(road, [self.row(payer, 0, 1 + abs(more))])
        if one.hi is not None and one.hi - one.balance - one.held_in > 0:
            room = one.hi - one.balance - one.held_in
            self.post(road, [self.row(0, payer, room, kind=Kind.HOLD, expires_at=end)])
            self.post(road, [self.row(0, payer, 1)])

    @rule(road=roads, which=st.integers(0, 30), parts=st.lists(st.integers(1, 9), min_size=2))
    def refund_in_parts(self, road: str, which: int, parts: list[int]) -> None:
        done = [row for row in self.plain_rows() if row.kind in (Kind.POST, Kind.SETTLE)]
        if not done:
            return
        of = done[which % len(done)]
        rows = [
            Row(uuid4(), of.credit, of.debit, part, self.ledger.today, Kind.REFUND, of.key)
            for part in parts[:3]
        ]
        self.post(road, rows)

    @precondition(lambda self: bool(self.plain_rows()))
    @rule(which=st.integers(0, 30), other=st.booleans(), beside=st.booleans(), road=roads)
    def repeat(self, which: int, other: bool, beside: bool, road: str) -> None:
        """A used key again: with its body, with another, or beside a new row."""
        old = self.plain_rows()
        again = old[which % len(old)]
        if other:
            again = replace(again, amount=again.amount + 1)
        self.post(road, [again, self.row(0, 1, 1)] if beside else [again])

    @rule(account=st.integers(0, 5))
    def twice_in_one(self, account: int) -> None:
        row = self.row(0, account or 1, 3)
        self.post("function", [row, row])

    # -- what is not a transfer ------------------------------------------------------------------

    @rule(account=st.integers(1, 5), pair=limits)
    def set_limits(self, account: int, pair: tuple[int | None, int | None]) -> None:
        number = self.accounts[account]
        self.both(
            lambda: self.ledger.limit(number, *pair),
            "SELECT ledger_set_limits(%s, %s, %s, 'test')",
            (number, *pair),
        )

    @rule(
        account=st.integers(1, 5),
        status=st.sampled_from(["open", "open", "frozen", "closed"]),
    )
    def set_status(self, account: int, status: str) -> None:
        assume(self.ledger.accounts[self.accounts[account]].status != "closed")
        self.set_status_of(account, status)

    def set_status_of(self, account: int, status: str) -> None:
        number = self.accounts[account]
        self.both(
            lambda: self.ledger.set_status(number, status),
            "UPDATE ledger_account SET status = %s WHERE id = %s",
            (status, number),
        )

    @rule(road=roads, account=st.integers(1, 5), out=st.booleans())
    def pay_while_frozen(self, road: str, account: int, out: bool) -> None:
        if self.ledger.accounts[self.accounts[account]].status == "closed":
            return
        self.set_status_of(account, "frozen")
        self.post(road, [self.row(*((account, 0) if out else (0, account)), 1)])
        self.set_status_of(account, "open")

    @rule(back=st.sampled_from([0, 1, 5, 25, 30]))
    def close_a_period(self, back: int) -> None:
        self.close_period(back)

    @rule(minutes=st.sampled_from([1, 5, 60, 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        self.set_clock(self.ledger.now + timedelta(minutes=minutes))
