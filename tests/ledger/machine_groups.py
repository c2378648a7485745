"""Rules of groups: payments with a fee, payments between two books, a group reversed at once."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import rule

from tests.ledger.machine_sides import FEES, HERE, OTHER_BOOK, SOURCE, THERE, Sides, roads, small
from tests.ledger.model import Kind, Row

CREDIT = 45  # what one book may owe the other
ways = st.sampled_from(["out", "in"])


class GroupRules(Sides):
    """Rows of one group are taken together and undone together."""

    def open_groups(self) -> None:
        """An account for fees, and the two that clear between the books."""
        first, second = self.books
        self.accounts.append(self.open_account(first, 2, 0, None))
        self.accounts.append(self.open_account(first, 2, -CREDIT, CREDIT, other_book=second))
        self.accounts.append(self.open_account(second, 2, -CREDIT, CREDIT, other_book=first))

    def between_books(self, member: int, amount: int, way: str, back: int = 0) -> list[Row]:
        """The two rows of a payment from a member into the other book, or back."""
        more = {"group": uuid4(), "event_date": self.ledger.today - timedelta(days=back)}
        legs = [(member, HERE), (THERE, OTHER_BOOK)]
        if way == "in":
            legs = [(OTHER_BOOK, THERE), (HERE, member)]
        return [self.row(debit, credit, amount, **more) for debit, credit in legs]

    @rule(
        road=roads,
        payer=st.integers(0, 5),
        payee=st.integers(0, 5),
        amount=small,
        fee=st.integers(1, 5),
        which=st.integers(0, 1),
        twice=st.booleans(),
    )
    def pay_with_a_fee(
        self, road: str, payer: int, payee: int, amount: int, fee: int, which: int, twice: bool
    ) -> None:
        """Both rows or none; then a part is given back, or all is reversed, once."""
        if payer == payee:
            return
        group = uuid4()
        rows = [self.row(payer, payee, amount, group=group)]
        rows.append(self.row(payer, FEES, fee, group=group))
        self.post(road, rows)
        if twice:
            self.follow(road, rows, 0, Kind.REFUND, 1 - amount, True)
        key = uuid4()
        self.reverse(rows[which], key)
        self.reverse(rows[which], key)
        self.reverse(rows[1 - which], uuid4())

    @rule(
        road=roads,
        member=st.integers(0, 5),
        amount=st.integers(1, CREDIT),
        way=ways,
        which=st.integers(0, 1),
        undone=st.booleans(),
    )
    def pay_between_books(
        self, road: str, member: int, amount: int, way: str, which: int, undone: bool
    ) -> None:
        """The books owe each other the same, whether the payment stands, is refused or undone."""
        rows = self.between_books(member, amount, way)
        self.post(road, rows)
        if undone:
            self.reverse(rows[which], uuid4())

    @rule(road=roads, amount=small, way=ways, back=st.sampled_from([3, 20]), later=st.booleans())
    def pay_where_one_book_is_closed(
        self, road: str, amount: int, way: str, back: int, later: bool
    ) -> None:
        """A closed day of either book refuses both rows."""
        if self.books[1] not in self.ledger.closed_through:
            self.close_period(back, 1)
        closed = self.ledger.closed_through[self.books[1]]
        days = (self.ledger.today - closed).days - later
        self.post(road, self.between_books(SOURCE, amount, way, days))

    def reverse(self, of: Row, key: UUID) -> None:
        """Reverse a row, and with it all rows of its group, by the ledger's own function."""
        if of.key not in self.ledger.rows:
            return
        number = self.roads.ids[of.key]
        group = [
            row
            for row in self.ledger.rows.values()
            if row.key == of.key
            or (of.group and row.group == of.group and row.kind in (Kind.POST, Kind.SETTLE))
        ]
        rows = [
            Row(
                key if row.key == of.key else derived(key, self.roads.ids[row.key]),
                row.credit,
                row.debit,
                row.amount,
                self.ledger.today,
                Kind.REVERSAL,
                row.key,
                purpose=row.purpose,
                group=key if row.group else None,
                lot=row.lot,
            )
            for row in sorted(group, key=lambda row: -self.roads.ids[row.key])
        ]
        told = self.both(
            lambda: self.ledger.post(rows), "SELECT ledger_reverse(%s, %s)", (key, number)
        )
        for ids in told:
            made = ids[0]
            assert isinstance(made, list)
            assert len(made) == len(rows)
            self.roads.ids |= {row.key: one for row, one in zip(rows, made, strict=True)}


def derived(key: UUID, number: int) -> UUID:
    """The key of another row of the group: of the key and that row's number."""
    return UUID(bytes=hashlib.sha256(key.bytes + number.to_bytes(8, "big")).digest()[:16])
