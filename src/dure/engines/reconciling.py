"""Reconciliation (대사): which lines of a statement are which rows of the ledger.

Nouns
    item     : a statement line or a ledger row: day, amount as the outside account sees it (above
               0 = in), perhaps a reference
    proposal : lines and rows that sum to the same amount; a person confirms
    choices  : 1 when nothing else would fit as well, 2 when something would
Law
    A proposal never joins different sums; a line or a row stands in one proposal at most. The
    search is bounded and says when it was stopped. The answer does not hang on the order of input.
Source
    Ledger design, *reconciliation*: exact reference, then equal amount within 3 days, then sums of
    at most 5 lines.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Final

DAYS: Final = 3
PARTS_MAX: Final = 5
STEPS_MAX: Final = 500_000
CANDIDATES_MAX: Final = 60


class Why(StrEnum):
    """Why a proposal is made, the surest first."""

    REFERENCE = "reference"
    AMOUNT = "amount"
    SUM = "sum"


@dataclass(frozen=True, slots=True)
class Item:
    """A statement line or a ledger row; `amount` is not 0; `reference` "" when there is none."""

    id: int
    on: date
    amount: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Proposal:
    """Lines and rows of one sum, ids ascending."""

    lines: tuple[int, ...]
    rows: tuple[int, ...]
    amount: int
    why: Why
    days: int
    choices: int


@dataclass(frozen=True, slots=True)
class Proposals:
    """What is proposed, what is left on either side, and whether the search ended by itself."""

    proposals: tuple[Proposal, ...]
    lines_left: tuple[int, ...]
    rows_left: tuple[int, ...]
    is_complete: bool


def propose(
    lines: Sequence[Item],
    rows: Sequence[Item],
    *,
    days: int = DAYS,
    parts_max: int = PARTS_MAX,
    steps_max: int = STEPS_MAX,
) -> Proposals:
    """Propose which statement lines are which ledger rows.

    lines, rows : open items, each id once on its side, amounts of one unit seen from the outside
                  account, abs <= 10**12, not 0
    days        : most days between a line and a row, >= 0; a reference needs no nearness
    parts_max   : most items of a sum, 2 … 5
    steps_max   : combinations tried in all
    Returns     proposals in the order they were found: references, equal amounts (nearest days
                first, then the earlier line, then the earlier row), sums (one line of several
                rows, then one row of several lines; fewest parts first).
    Raises      AssertionError outside these ranges.

    >>> day = date(2026, 6, 1)
    >>> found = propose([Item(1, day, 500), Item(2, day, 700)],
    ...     [Item(8, day, 300), Item(9, day, 400), Item(7, day, 500)])
    >>> [(one.lines, one.rows, one.why.value) for one in found.proposals]
    [((1,), (7,), 'amount'), ((2,), (8, 9), 'sum')]
    """
    assert days >= 0 and 2 <= parts_max <= PARTS_MAX and steps_max >= 0
    for side in (lines, rows):
        assert len({item.id for item in side}) == len(side), "an id is named twice"
        assert all(0 < abs(item.amount) <= 10**12 for item in side), "an amount is out of range"
    work = _Work(lines, rows, days, steps_max)
    work.by_reference()
    work.by_amount()
    work.by_sum(parts_max)
    assert all(
        sum(work.amounts[0][one] for one in made.lines)
        == sum(work.amounts[1][one] for one in made.rows)
        == made.amount
        for made in work.made
    )
    return Proposals(
        tuple(work.made), tuple(sorted(work.open[0])), tuple(sorted(work.open[1])), work.steps >= 0
    )


def difference(
    ledger_balance: int,
    statement_balance: int,
    rows_left: Sequence[int],
    lines_left: Sequence[int],
) -> int:
    """Say by how much the two balances differ beyond what is unmatched; 0 when they agree.

    ledger_balance, statement_balance : as the outside account sees it, minor units
    rows_left, lines_left : amounts of unmatched ledger rows and statement lines
    Source                  ledger balance = statement balance + unmatched rows - unmatched lines.

    >>> difference(900, 1_000, [-200], [-100])
    0
    """
    return ledger_balance - (statement_balance + sum(rows_left) - sum(lines_left))


class _Work:
    """Open items of both sides (0 lines, 1 rows) and what was proposed so far."""

    def __init__(
        self, lines: Sequence[Item], rows: Sequence[Item], days: int, steps_max: int
    ) -> None:
        self.open: tuple[dict[int, Item], dict[int, Item]] = ({}, {})
        for side, items in enumerate((lines, rows)):
            for item in sorted(items, key=lambda one: (one.on, one.id)):
                self.open[side][item.id] = item
        self.amounts = tuple({item.id: item.amount for item in side} for side in (lines, rows))
        self.days, self.steps = days, steps_max
        self.made: list[Proposal] = []

    def take(self, lines: Sequence[Item], rows: Sequence[Item], why: Why, choices: int) -> None:
        for side, items in enumerate((lines, rows)):
            for item in items:
                del self.open[side][item.id]
        apart = max(abs((line.on - row.on).days) for line in lines for row in rows)
        ids = [tuple(sorted(item.id for item in items)) for items in (lines, rows)]
        amount = sum(line.amount for line in lines)
        self.made.append(Proposal(ids[0], ids[1], amount, why, apart, choices))

    def by_reference(self) -> None:
        """Join all lines and rows that bear one reference, when their sums agree."""
        named: dict[str, tuple[list[Item], list[Item]]] = {}
        for side, items in enumerate(self.open):
            for item in items.values():
                if item.reference:
                    named.setdefault(item.reference, ([], []))[side].append(item)
        for lines, rows in named.values():
            few = 0 < len(lines) <= PARTS_MAX and 0 < len(rows) <= PARTS_MAX
            if few and sum(one.amount for one in lines) == sum(one.amount for one in rows):
                self.take(lines, rows, Why.REFERENCE, 1)

    def by_amount(self) -> None:
        """Join one line and one row of equal amount, the nearest days first."""
        alike: dict[int, tuple[list[Item], list[Item]]] = {}
        for side, items in enumerate(self.open):
            for item in items.values():
                alike.setdefault(item.amount, ([], []))[side].append(item)
        for lines, rows in alike.values():
            choices = self.near_each(lines, rows) | self.near_each(rows, lines)
            rows_on: dict[date, deque[Item]] = {}
            for row in rows:
                rows_on.setdefault(row.on, deque()).append(row)
            for gap in range(self.days + 1):
                for line in lines:
                    if line.id not in self.open[0]:
                        continue
                    for day in (line.on - timedelta(gap), line.on + timedelta(gap)):
                        if rows_on.get(day):
                            row = rows_on[day].popleft()
                            sure = choices[id(line)] == choices[id(row)] == 1
                            self.take([line], [row], Why.AMOUNT, 1 if sure else 2)
                            break

    def near_each(self, items: Sequence[Item], others: Sequence[Item]) -> dict[int, int]:
        """Count for each item how many of the others lie within the days; both sides by day."""
        days = [one.on for one in others]
        reach = timedelta(self.days)
        return {
            id(item): bisect_right(days, item.on + reach) - bisect_left(days, item.on - reach)
            for item in items
        }

    def by_sum(self, parts_max: int) -> None:
        """Join one item with two to five of the other side that sum to it."""
        for side in (0, 1):
            for item in list(self.open[side].values()):
                found, choices = self.parts_of(item, 1 - side, parts_max)
                if found:
                    pair = ([item], found) if side == 0 else (found, [item])
                    self.take(*pair, Why.SUM, choices)
                if self.steps < 0:
                    return

    def parts_of(self, whole: Item, side: int, parts_max: int) -> tuple[list[Item], int]:
        """Find the fewest parts; look on for a second way among as many parts."""
        near = [
            item
            for item in self.open[side].values()
            if (item.amount > 0) == (whole.amount > 0)
            and abs(item.amount) < abs(whole.amount)
            and abs((item.on - whole.on).days) <= self.days
        ]
        near.sort(key=lambda item: (abs((item.on - whole.on).days), item.on, item.id))
        near = near[:CANDIDATES_MAX]
        last: dict[int, list[int]] = {}
        for place, item in enumerate(near):
            last.setdefault(item.amount, []).append(place)
        for count in range(2, parts_max + 1):
            found: list[Item] = []
            for places in combinations(range(len(near)), count - 1):
                self.steps -= 1
                if self.steps < 0:
                    return found, 2
                rest = whole.amount - sum(near[place].amount for place in places)
                for place in last.get(rest, ()):
                    if place > places[-1]:
                        if found:
                            return found, 2
                        found = [near[one] for one in (*places, place)]
            if found:
                return found, 1
        return [], 0
