"""Classes of money (돈이 같은 표): ballots that paid for the same winners hold the same money.

Nouns
    support : who supports which project, under one satisfaction; the same for every run
    class   : ballots with one history of payments, so with one budget; a run holds money by class
    node    : a history: what was paid in one round, and the node before it
    units   : what a payer takes of a winner: 1, or points; a round's price is money per unit
Law
    A class never merges two histories, except that all classes without money are class 0. So the
    exact budget of a class is start - sum(price of round * units paid), and a sum of budgets is one
    small sum over rounds, however many classes there are.
    Floats (`money`, in starts) only sort: each is off by at most `Classes.error`; whoever decides
    by them must stay clear of that bound, or ask the integers.
Source
    Budgeting design, *The algorithm by budget classes*.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from dure.engines.pb.election import Election, profile
from dure.engines.pb.rules import RuleError, Satisfaction

Floats = NDArray[np.float64]
Places = NDArray[np.intp]
Scalar = TypeVar("Scalar", bound=np.generic)

ROUNDING: Final = 2.0**-53
EXACT_MAX: Final = 2**53  # sums of counts and units stay whole numbers in a float


@dataclass(frozen=True, slots=True, eq=False)
class Support:
    """Supporters of each of k projects, as the rules of shares and loads need them.

    n       : all ballots, the empty ones too
    costs   : whole numbers; money times `scale`, as `budget`
    types   : per project the ballot types that support it
    sizes   : per project the ballots of each of these types
    units   : per project the utility of each of these types; None = 1 each
    loads   : per project the sum of sizes * units
    voices  : per project the number of supporters
    by_cost : True when the utility is the project's cost for each supporter
    """

    n: int
    costs: tuple[int, ...]
    budget: int
    scale: int
    type_count: int
    types: tuple[Places, ...]
    sizes: tuple[Floats, ...]
    units: tuple[Floats, ...] | None
    loads: tuple[int, ...]
    voices: tuple[int, ...]
    by_cost: bool
    unit_scale: int

    def rate(self, project: int, price: Fraction) -> Fraction:
        """Rho of a price per unit: money per utility, in the currency of the election.

        price : money (times `scale`) per unit
        """
        if self.by_cost:
            return price / self.costs[project]
        return price * self.unit_scale / self.scale


def support(election: Election, satisfaction: Satisfaction) -> Support:
    """Gather the supporters of every project under a satisfaction.

    Raises RuleError when the ballots have no such utility, or points sum to over 2**53.

    >>> from dure.engines.pb.election import approvals
    >>> e = approvals([("a", 5, (0, 1)), ("b", 3, (1,))], 10, n=3)
    >>> support(e, Satisfaction.COST).voices
    (2, 1)
    """
    ballots = profile(election, satisfaction)
    costs, budget, scale = election.costs()
    edges = ballots.p_starts
    types = ballots.p_types.astype(np.intp)
    sizes = ballots.sizes.astype(np.float64)[types]
    cuts = edges[1:-1]
    voices = _totals(sizes, edges)
    units, loads = None, voices
    if ballots.p_utilities is not None:
        taken = ballots.p_utilities.astype(np.float64)
        units = tuple(np.split(taken, cuts)) if len(costs) else ()
        loads = _totals(sizes * taken, edges)
        if any(load >= EXACT_MAX for load in loads):
            raise RuleError("pb.points_too_large")
    return Support(
        n=ballots.n,
        costs=costs,
        budget=budget,
        scale=scale,
        type_count=len(ballots.sizes),
        types=tuple(np.split(types, cuts)) if len(costs) else (),
        sizes=tuple(np.split(sizes, cuts)) if len(costs) else (),
        units=units,
        loads=loads,
        voices=voices,
        by_cost=satisfaction is Satisfaction.COST,
        unit_scale=ballots.utility_scale,
    )


def _totals(values: Floats, edges: NDArray[np.int64]) -> tuple[int, ...]:
    """Sum the values between edges; whole numbers below 2**53 (larger ones come out as 2**53)."""
    return tuple(
        min(int(values[begin:end].sum()), EXACT_MAX)
        for begin, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    )


class Classes:
    """The money of all ballots during one run.

    slot   : (types,) place of each ballot type's class; slot 0 has no money
    money  : (slots,) float budget, in starts (1.0 = the start)
    weight : (slots,) ballots in the class
    node   : (slots,) its history
    lift   : (slots,) what its money surely grows by per unit of start, see `Market.slope`
    """

    def __init__(self, held: Support) -> None:
        room = 1024
        self.held = held
        self.slot: Places = np.ones(held.type_count, dtype=np.intp)
        self.money: Floats = np.zeros(room)
        self.weight: Floats = np.zeros(room)
        self.node: Places = np.zeros(room, dtype=np.intp)
        self.lift: Floats = np.ones(room)
        self.money[1] = 1.0
        self.weight[1] = np.inf  # never emptied as a whole: nobody counts the types left in it
        self.slots = 2
        self.free: list[int] = []
        self.parent: Places = np.zeros(room, dtype=np.intp)
        self.when: Places = np.zeros(room, dtype=np.intp)
        self.taken: Floats = np.zeros(room)
        self.nodes = 1
        self.rounds = 0

    @property
    def error(self) -> float:
        """Largest distance of a float budget from the exact one, in starts.

        Each round subtracts a product of a rounded price (rounding 2**-53 each, payments of a
        class sum to at most 1) and rounds the difference, at most 1: in all (rounds + 2) * 2**-53.
        """
        return (2 * self.rounds + 8) * ROUNDING

    def paid(self, nodes: Places, counts: Floats) -> Floats:
        """Units paid in each round by ballots with these histories: (rounds,), whole numbers."""
        total = np.zeros(self.rounds)
        while len(nodes):
            alive = nodes > 0
            nodes, counts = nodes[alive], counts[alive]
            if not len(nodes):
                break
            rounds = self.when[nodes]
            total += np.bincount(rounds, weights=counts * self.taken[nodes], minlength=self.rounds)
            nodes = self.parent[nodes]
        return total

    def pay(
        self, slots: Places, units: Floats, counts: Floats, price: float, slope: float
    ) -> Places:
        """Let groups of one class each pay for the winner of this round; give their new slots.

        slots, units, counts : (groups,) class before, units each ballot pays, ballots
        price                : money per unit, in starts
        slope                : what the price surely falls by per unit of start
        """
        first = self.nodes
        self.nodes += len(slots)
        self.parent = grown(self.parent, self.nodes)
        self.when = grown(self.when, self.nodes)
        self.taken = grown(self.taken, self.nodes)
        fresh = np.arange(first, self.nodes)
        self.parent[fresh] = self.node[slots]
        self.when[fresh] = self.rounds
        self.taken[fresh] = units
        left = self.money[slots] - price * units
        gain = self.lift[slots] + slope * units
        whole = counts == self.weight[slots]
        into = slots.copy()
        into[~whole] = self._take(int(len(slots) - np.count_nonzero(whole)))
        np.subtract.at(self.weight, slots, counts)
        self.money[into] = left
        self.lift[into] = gain
        self.weight[into] = counts
        self.node[into] = fresh
        return into

    def leave(self, slots: Places, counts: Floats) -> None:
        """Take ballots without money left out of their classes."""
        np.subtract.at(self.weight, slots, counts)

    def sweep(self, slots: Places) -> None:
        """Give back the slots among these that hold nobody any more."""
        empty = slots[(self.weight[slots] == 0) & (slots > 0)]
        self.money[empty] = 0.0
        self.free.extend(empty.tolist())

    def _take(self, count: int) -> Places:
        reused = min(count, len(self.free))
        old = self.free[len(self.free) - reused :]
        del self.free[len(self.free) - reused :]
        begin = self.slots
        self.slots += count - reused
        self.money = grown(self.money, self.slots)
        self.weight = grown(self.weight, self.slots)
        self.node = grown(self.node, self.slots)
        self.lift = grown(self.lift, self.slots)
        return np.array([*old, *range(begin, self.slots)], dtype=np.intp)


def grown(array: NDArray[Scalar], size: int) -> NDArray[Scalar]:
    """Give the array room for `size` entries, at least doubled when it must grow."""
    if size <= len(array):
        return array
    wider = np.zeros(max(size, 2 * len(array)), dtype=array.dtype)
    wider[: len(array)] = array
    return wider
