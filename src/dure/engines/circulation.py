"""How a local currency moves: velocity, idle balances, concentration, cycles, all as fractions.

Nouns
    circulating   : what members' and shops' accounts of a programme hold at the end of a day, in
                    minor units; accounts of issuer, fund and fees are left out by the caller
    holding       : what an owner holds; an owner in debt holds nothing
    flow          : what one owner sent another in the window, less what was reversed or refunded
    cycle         : owners each of whom paid the next, the last one the first; none twice
Law
    Fractions, never floats; a quotient with nothing below the line is None, not zero. A count that
    was stopped says so.
Source
    Ledger design, *Local currency analytics*; Gini (1912) for the coefficient.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Final

DAYS_A_YEAR: Final = 365
INACTIVE_DAYS: Final = 90
CYCLE_LENGTHS: Final = (2, 3, 4, 5)
CYCLES_MAX: Final = 10**6
STEPS_MAX: Final = 2 * 10**7


@dataclass(frozen=True, slots=True)
class Velocity:
    """How often the currency changed hands: in the window, and at that pace in a year."""

    window: Fraction | None
    year: Fraction | None


def velocity(sent: int, undone: int, circulating: Sequence[int]) -> Velocity:
    """Divide what was paid by what circulated.

    sent        : sum of kinds 0 and 2 between members and shops in the window, minor units
    undone      : sum of their reversals and refunds, 0 <= undone <= sent
    circulating : circulating at the end of each day of the window, 1 … 3,660 days
    Returns     (sent - undone) ÷ mean circulating, and × 365 ÷ days; None when the mean is not
                above 0.
    Raises      AssertionError outside these ranges.
    Source      ledger design, *velocity*.

    >>> velocity(1_200_000, 100_000, [550_000] * 30)
    Velocity(window=Fraction(2, 1), year=Fraction(73, 3))
    """
    days = len(circulating)
    assert 0 <= undone <= sent and 1 <= days <= 3_660, (sent, undone, days)
    total = sum(circulating)
    if total <= 0:
        return Velocity(None, None)
    window = Fraction((sent - undone) * days, total)
    return Velocity(window, window * DAYS_A_YEAR / days)


def inactive(
    balances: Mapping[int, int],
    last_sent: Mapping[int, date],
    on: date,
    *,
    days: int = INACTIVE_DAYS,
) -> Fraction | None:
    """Give the part of the holdings whose owners sent nothing for a while.

    balances  : balance of each owner at the end of `on`, minor units, any sign
    last_sent : last day on which an owner paid; an owner that is missing never did
    days      : rulebook value, >= 1; who paid on `on` - days + 1 or later is active
    Returns   0 … 1; None when nobody holds anything.
    Source    ledger design, *inactive*.

    >>> inactive({1: 300, 2: 100}, {1: date(2026, 6, 30)}, date(2026, 6, 30))
    Fraction(1, 4)
    """
    assert days >= 1, days
    first = on - timedelta(days - 1)
    held = sum(max(0, balance) for balance in balances.values())
    idle = sum(
        max(0, balance)
        for owner, balance in balances.items()
        if last_sent.get(owner, date.min) < first
    )
    return Fraction(idle, held) if held else None


def concentration(balances: Iterable[int]) -> Fraction | None:
    """Give the part that the top ⌈n/100⌉ of n owners hold.

    balances : one an owner, minor units, any sign; those who hold nothing count as owners
    Returns  0 … 1; None when nobody holds anything.
    Source   ledger design, *concentration*.

    >>> concentration([50] + [1] * 100)
    Fraction(17, 50)
    """
    held = sorted((max(0, balance) for balance in balances), reverse=True)
    total = sum(held)
    return Fraction(sum(held[: -(-len(held) // 100)]), total) if total else None


def gini(balances: Iterable[int]) -> Fraction | None:
    """Give the Gini coefficient of the holdings: 0 all equal, towards 1 one owner has all.

    balances : one an owner, minor units, any sign
    Returns  Σ (2i - n - 1) x_i ÷ (n Σ x) over holdings in ascending order, i from 1; None when
             nobody holds anything.
    Source   Gini (1912), in the form for sorted values.

    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 8])
    (Fraction(0, 1), Fraction(3, 4))
    """
    held = sorted(max(0, balance) for balance in balances)
    total = sum(held)
    if not total:
        return None
    count = len(held)
    weighted = sum((2 * place - count - 1) * units for place, units in enumerate(held, start=1))
    return Fraction(weighted, count * total)


@dataclass(frozen=True, slots=True)
class Cycles:
    """Cycles of each length, owners on one, and whether all were counted."""

    counts: tuple[tuple[int, int], ...]
    owners: int
    active: int
    is_complete: bool

    @property
    def total(self) -> int:
        """Cycles of all lengths."""
        return sum(count for _length, count in self.counts)

    @property
    def portion(self) -> Fraction | None:
        """Owners on a cycle ÷ active owners; None when nobody was active."""
        return Fraction(self.owners, self.active) if self.active else None


def cycles(
    flows: Iterable[tuple[int, int, int]],
    *,
    least: int = 1,
    cycles_max: int = CYCLES_MAX,
    steps_max: int = STEPS_MAX,
) -> Cycles:
    """Count simple directed cycles of length 2 to 5 in the flows between owners.

    flows      : (payer, payee, minor units) in the window; the same pair is added up; own
                 accounts and amounts of 0 or less are left out
    least      : rulebook value, >= 1: an edge whose sum is below it is dropped
    cycles_max : the count stops here, by default at 10^6, and says so
    steps_max  : the search stops here too, so that no graph can hold it up
    Returns    cycles by length, each counted once whatever owner it begins with; active owners are
               those of any flow, dropped ones included.
    Source     ledger design, *k-cycles*; search from the smallest owner of a cycle.

    >>> found = cycles([(1, 2, 5), (2, 1, 5), (2, 3, 5), (3, 1, 5), (4, 1, 5)])
    >>> found.counts, found.owners, found.portion, found.is_complete
    (((2, 1), (3, 1), (4, 0), (5, 0)), 3, Fraction(3, 4), True)
    """
    assert least >= 1 and cycles_max >= 1 and steps_max >= 1, (least, cycles_max, steps_max)
    sums: dict[tuple[int, int], int] = {}
    for payer, payee, amount in flows:
        if payer != payee and amount > 0:
            sums[payer, payee] = sums.get((payer, payee), 0) + amount
    active = {owner for pair in sums for owner in pair}
    ahead: dict[int, list[int]] = {owner: [] for owner in sorted(active)}
    behind: dict[int, list[int]] = {owner: [] for owner in ahead}
    for (payer, payee), amount in sorted(sums.items()):
        if amount >= least:
            ahead[payer].append(payee)
            behind[payee].append(payer)
    search = _Search(ahead, behind, cycles_max, steps_max)
    for root in ahead:
        if search.is_stopped:
            break
        search.from_root(root)
    counts = tuple((length, search.counts[length]) for length in CYCLE_LENGTHS)
    return Cycles(counts, len(search.found), len(active), not search.is_stopped)


class _Search:
    """Walks from each root over larger owners, only where a way back is short enough."""

    def __init__(
        self,
        ahead: dict[int, list[int]],
        behind: dict[int, list[int]],
        cycles_max: int,
        steps_max: int,
    ) -> None:
        self.ahead, self.behind = ahead, behind
        self.counts = dict.fromkeys(CYCLE_LENGTHS, 0)
        self.found: set[int] = set()
        self.cycles_left, self.steps_left = cycles_max, steps_max
        self.is_stopped = False

    def ways_back(self, root: int) -> dict[int, int]:
        """Steps from each larger owner back to the root, one less than the longest cycle."""
        steps = {root: 0}
        queue = deque([root])
        while queue:
            owner = queue.popleft()
            if steps[owner] == CYCLE_LENGTHS[-1] - 1:
                continue
            for payer in self.behind[owner]:
                if payer > root and payer not in steps:
                    steps[payer] = steps[owner] + 1
                    queue.append(payer)
        return steps

    def from_root(self, root: int) -> None:
        """Count the cycles whose smallest owner is the root."""
        back, far = self.ways_back(root), CYCLE_LENGTHS[-1]
        path = [root]
        rest = [iter(self.ahead[root])]
        while rest:
            owner = next(rest[-1], None)
            if owner is None:
                rest.pop()
                path.pop()
                continue
            self.steps_left -= 1
            if self.steps_left < 0:
                self.is_stopped = True
                return
            if owner == root:
                if self.cycles_left == 0:
                    self.is_stopped = True
                    return
                self.cycles_left -= 1
                self.counts[len(path)] += 1
                self.found.update(path)
            elif owner not in path and len(path) + back.get(owner, far) <= CYCLE_LENGTHS[-1]:
                path.append(owner)
                rest.append(iter(self.ahead[owner]))
