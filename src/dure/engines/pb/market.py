"""Prices of a run of equal shares (균등지분법의 값): who can buy what now, and at which rate.

Nouns
    price : what a payer gives per unit of utility in one round; rho is the price per utility
    poor  : a supporter who holds less than its part, and gives all it holds
    offer : a project with its exact price now
Law
    The project with the least rho is bought, ties by the chain; supporters pay min(held, rho * u)
    and together exactly the cost. Every decision is made on integers: the price of the best offer
    is exact, and a float sum only rules a project out when it is clear of its stated error.
    Rho of a project never falls during a run, so an old bound may stand in for it.
Source
    Peters, Pierczyński, Skowron (2021); budgeting design, *Method of Equal Shares, fixed start b*.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dure.engines.pb.classes import ROUNDING, Classes, Floats, Places, Support

BELOW: Final = 1.0 - 2.0**-48  # turns a float quotient into a sure lower bound
ABOVE: Final = 1.0 + 2.0**-48
LEAST: Final = 1e-290  # a cost below it is looked at as whole numbers alone
NEVER: Final = np.iinfo(np.intp).max
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """A project with its price now: money per unit is `above / (below * scale of the run)`.

    places : slot of each supporting type
    slots, units, counts : groups of supporters: class, units of each, ballots
    rich   : of each group, whether it keeps money after paying
    """

    project: int
    above: int
    below: int
    places: Places
    slots: Places
    units: Floats
    counts: Floats
    rich: Mask


class Market:
    """One run of equal shares from one start.

    begun        : the start
    ended        : (types,) the round that took the last money of a type
    lesser_ended : the same of a run from a lesser start with the same winners so far; or None
    start, scale : the start as start / scale; prices are whole numbers over `scale`, which grows
    """

    def __init__(self, held: Support, start: Fraction) -> None:
        self.held = held
        self.begun = start
        self.start, self.scale = start.numerator, start.denominator
        self.prices: list[int] = []
        # Rates are dimensionless for cost satisfaction; else money per utility, here in starts.
        self.unit = 1.0 if held.by_cost else rounded(start * held.unit_scale / held.scale)
        self.classes = Classes(held)
        self.ended: Places = np.full(held.type_count, NEVER, dtype=np.intp)
        self.lesser_ended: Places | None = None
        self.spending: dict[int, float] = {}  # cost of each project in starts
        for project, cost in enumerate(held.costs):
            if 0 < cost * self.scale <= held.voices[project] * self.start:
                self.spending[project] = max(cost * self.scale / self.start, LEAST)

    def floor(self, project: int) -> float:
        """Least rho the project can have, before anybody paid; in starts."""
        cost = self.spending[project]
        if cost == LEAST:
            return 0.0
        price = cost / self.held.loads[project]
        return self.rho(project, price) * BELOW

    def rho(self, project: int, price: float) -> float:
        """Turn a price into what projects are compared by."""
        return price / self.spending[project] if self.held.by_cost else price

    def price(self, project: int, rho: float) -> float:
        """Turn what projects are compared by into a price."""
        return rho * self.spending[project] if self.held.by_cost else rho

    def rule_out(self, project: int, rho: float) -> float | None:
        """Say whether the project's rho is surely above `rho`: give a higher sure bound, or None.

        rho : exact rate of an offer, rounded once
        Money raised at that rate is a sum of min(held, price * units). Every term is off by at
        most error + 4 roundings of a start, a sum of k terms by k roundings of itself; beyond the
        rate the sum grows by at most the units of those who may still hold more.
        """
        held, classes = self.held, self.classes
        cost = self.spending[project]
        price = self.price(project, rho)
        places = classes.slot[held.types[project]]
        sizes = held.sizes[project]
        if held.units is None:
            part = np.minimum(classes.money, price)[places]
            room = part >= price - (classes.error + 4 * ROUNDING)
            raised = float(np.dot(part, sizes))
            growth = float(np.dot(room, sizes))
        else:
            units = held.units[project]
            money, due = classes.money[places], units * price
            part = np.minimum(money, due)
            room = money >= due * (1 - 4 * ROUNDING) - (classes.error + 4 * ROUNDING)
            raised = float(np.dot(part, sizes))
            growth = float(np.dot(room, sizes * units))
        slack = held.voices[project] * (classes.error + 4 * ROUNDING)
        slack += (len(sizes) + 8) * ROUNDING * (raised + cost)
        missing = cost - raised - slack
        if missing <= 0:
            return None
        if growth == 0:
            return inf
        return self.rho(project, (price * BELOW + missing / growth * BELOW)) * BELOW

    def slope(self, project: int, price: float) -> float:
        """Bound from below what the price falls by per unit of start, from the lesser start up.

        While winners are the same, who still held money at the lesser start keeps the payments of
        its class at every start between; its money grows by 1 and by every slope it paid in. Who
        is poor here is poor there. So the price, (cost - money of the poor) / units of the rich,
        falls at least by lifts of such poor / units of the rich here. Terms are positive, and
        2**-30 is more than their roundings.
        """
        if self.lesser_ended is None:
            return 0.0
        pull, load = self._pulled(project, price, self.lesser_ended)
        return pull / load * (1 - 2.0**-30) if load else 0.0

    def _pulled(self, project: int, price: float, ended: Places) -> tuple[float, float]:
        """Lifts of the surely poor who held money before this round at the lesser start, and units
        of all others.
        """
        held, classes = self.held, self.classes
        types, sizes = held.types[project], held.sizes[project]
        places = classes.slot[types]
        units = 1.0 if held.units is None else held.units[project]
        due = price * units
        poor = classes.money[places] < due - (classes.error + 4 * ROUNDING * due)
        counted = poor & (ended[types] >= classes.rounds) & (places > 0)
        load = float(np.dot(sizes * units, ~poor))
        return float(np.dot(classes.lift[places] * sizes, counted)), load

    def offer(self, project: int, rho: float) -> Offer | None:
        """Find the project's exact price, or None when its supporters cannot pay for it.

        rho : a lower bound, to begin with
        """
        held, classes = self.held, self.classes
        places = classes.slot[held.types[project]]
        sizes = held.sizes[project]
        if held.units is None:
            tally = np.asarray(np.bincount(places, weights=sizes, minlength=2), np.float64)
            tally[0] = 0.0
            slots = np.flatnonzero(tally)
            counts = tally[slots]
            units = np.ones(len(slots))
        else:
            slots, counts, units = places, sizes, held.units[project]
        money = classes.money[slots]
        whole, loads = money * counts, units * counts
        cost = self.spending[project]
        total = float(whole.sum())
        slack = held.voices[project] * classes.error + (len(slots) + 8) * ROUNDING * (total + cost)
        if total < cost - slack:
            return None
        rich = _peeled(money, units, whole, loads, cost, self.price(project, rho))
        found = self._settled(project, money, slots, units, counts, rich)
        if found is None:
            found = self._climbed(project, money, slots, units, counts)
        if found is None:
            return None
        above, below, rich = found
        return Offer(project, above, below, places, slots, units, counts, rich)

    def _exact(
        self, project: int, slots: Places, units: Floats, counts: Floats, rich: Mask
    ) -> tuple[int, int]:
        """Price when the others give all they hold, as (above, below)."""
        poor = ~rich
        nodes, ballots = self.classes.node[slots[poor]], counts[poor]
        held = slots[poor] > 0
        nodes, ballots = nodes[held], ballots[held]
        above = self.held.costs[project] * self.scale - int(ballots.sum()) * self.start
        for at, units_paid in enumerate(self.classes.paid(nodes, ballots).tolist()):
            if units_paid:
                above += int(units_paid) * self.prices[at]
        return above, int(np.dot(units[rich], counts[rich]))

    def _sides(
        self, money: Floats, slots: Places, units: Floats, above: int, below: int
    ) -> tuple[Mask, Mask]:
        """Who holds less than its part at this price, and who holds more; exactly.

        A float difference decides where it is clear of the error of a budget and of the price.
        """
        due = units * (above / (below * self.start))
        gap = money - due
        margin = self.classes.error + 4 * ROUNDING * due
        less, more = gap < -margin, gap > margin
        near = np.flatnonzero(~(less | more))
        known: dict[tuple[int, int], int] = {}
        for at in near.tolist():
            slot, taken = int(slots[at]), int(units[at])
            if slot == 0:
                less[at] = True
                continue
            key = (slot, taken)
            if key not in known:
                known[key] = self.exact_money(int(self.classes.node[slot])) * below - above * taken
            less[at], more[at] = known[key] < 0, known[key] > 0
        return less, more

    def exact_money(self, node: int) -> int:
        """Budget of a history, as a whole number over `scale`."""
        left = self.start
        while node:
            units = int(self.classes.taken[node])
            left -= units * self.prices[int(self.classes.when[node])]
            node = int(self.classes.parent[node])
        return left

    def _settled(
        self, project: int, money: Floats, slots: Places, units: Floats, counts: Floats, rich: Mask
    ) -> tuple[int, int, Mask] | None:
        """Solve for the guessed rich; None when the guess does not hold exactly."""
        if not rich.any():
            return None
        above, below = self._exact(project, slots, units, counts, rich)
        if above <= 0:
            return None
        less, more = self._sides(money, slots, units, above, below)
        if (less & rich).any() or (more & ~rich).any():
            return None
        return above, below, more

    def _climbed(
        self, project: int, money: Floats, slots: Places, units: Floats, counts: Floats
    ) -> tuple[int, int, Mask] | None:
        """Take off the poor until none is poor, every step exact; None when nobody is left."""
        rich = slots > 0
        for _ in range(len(slots) + 1):
            if not rich.any():
                return None
            above, below = self._exact(project, slots, units, counts, rich)
            less, more = self._sides(money, slots, units, above, below)
            if not (less & rich).any():
                return above, below, more
            rich &= ~less
        raise AssertionError("every step takes somebody off")

    def compared(self, one: Offer, other: Offer) -> int:
        """Compare two offers by rho, exactly: below 0 when `one` is less, 0 when equal."""
        left, right = one.above * other.below, other.above * one.below
        if self.held.by_cost:
            left *= self.held.costs[other.project]
            right *= self.held.costs[one.project]
        return (left > right) - (left < right)

    def rho_of(self, offer: Offer) -> float:
        """Rho of an offer in starts, rounded."""
        if self.held.by_cost:
            cost = self.held.costs[offer.project]
            return offer.above / (offer.below * cost * self.scale)
        return offer.above / (offer.below * self.start)

    def buy(self, offer: Offer) -> None:
        """Let the supporters pay their exact part."""
        factor = offer.below // gcd(offer.above, offer.below)
        if factor > 1:
            self.scale *= factor
            self.start *= factor
            self.prices = [price * factor for price in self.prices]
        self.prices.append(offer.above * factor // offer.below)
        self._pay(offer, self.prices[-1] / self.start)
        self.classes.rounds += 1

    def _pay(self, offer: Offer, price: float) -> None:
        """Move the supporters to the classes they belong to after paying."""
        classes, rich = self.classes, offer.rich
        types = self.held.types[offer.project]
        slope = self.slope(offer.project, price)
        classes.leave(offer.slots[~rich], offer.counts[~rich])
        if self.held.units is None:
            into = classes.pay(
                offer.slots[rich], offer.units[rich], offer.counts[rich], price, slope
            )
            target = np.zeros(classes.slots, dtype=np.intp)
            target[offer.slots[rich]] = into
            classes.slot[types] = target[offer.places]
            classes.sweep(offer.slots)
        else:
            groups, member = _grouped(offer)
            counts = np.asarray(np.bincount(member, weights=offer.counts[rich]), np.float64)
            payers = np.flatnonzero(rich)[groups]
            into = classes.pay(offer.slots[payers], offer.units[payers], counts, price, slope)
            classes.slot[types[~rich]] = 0
            classes.slot[types[rich]] = into[member]
            classes.sweep(np.unique(offer.slots))
        self.ended[types[(offer.places > 0) & (classes.slot[types] == 0)]] = classes.rounds


def rounded(number: Fraction) -> float:
    """Round to a float; infinity where none is large enough."""
    try:
        return float(number)
    except OverflowError:
        return inf


def _peeled(
    money: Floats, units: Floats, whole: Floats, loads: Floats, cost: float, price: float
) -> Mask:
    """Guess who keeps money after paying: take off the poor until none is poor, in floats."""
    rich = money >= price * units
    count = -1
    while True:
        left = int(np.count_nonzero(rich))
        if left in (0, count):
            return rich
        count = left
        poor_money = float(np.dot(whole, ~rich))
        price = max(price, (cost - poor_money) / float(np.dot(loads, rich)))
        rich = money >= price * units


def _grouped(offer: Offer) -> tuple[Places, Places]:
    """Group the rich supporters by class and units: one of each group, and the group of each."""
    slots, units = offer.slots[offer.rich], offer.units[offer.rich]
    kinds, kind = np.unique(units, return_inverse=True)
    _, groups, member = np.unique(slots * len(kinds) + kind, return_index=True, return_inverse=True)
    return groups, member
