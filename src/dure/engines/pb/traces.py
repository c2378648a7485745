"""Trace (자취): who held what before each round of a run, from the run as it was recorded.

Nouns
    type   : ballots that are equal under the satisfaction of the rule
    class  : types that hold the same money now (Phragmén: carry the same load)
    step   : one round with the classes before it and what its supporters paid
Law
    Nothing is decided anew: winners and rates are those of the run. All money is whole numbers
    over one scale, the least common denominator of the start and of every price. The payments of a
    round sum to the cost of its winner, and that is asserted.
Source
    Budgeting design, *The algorithm by budget classes*: ballots that paid for the same winners hold
    the same money.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import lcm

import numpy as np

from dure.engines.pb.election import Election, Int32s, Int64s, profile
from dure.engines.pb.outcome import Run
from dure.engines.pb.rules import Name, Rule, Satisfaction


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One round, or the state after the last one (`winner` -1).

    slots   : (t,) int64, class of each type before the round
    held    : money of each class over the scale, exact (Phragmén: its load)
    rough   : (t,) float64, money of each type in the currency of the file, rounded once
    groups  : (t,) int64, group of payers of each type, -1 = does not support the winner
    paid    : money of each group of payers over the scale
    price   : what one unit of utility costs over the scale: rho, or the time t of Phragmén
    """

    winner: int
    slots: Int64s
    held: tuple[int, ...]
    rough: np.ndarray[tuple[int], np.dtype[np.float64]]
    groups: Int64s
    paid: tuple[int, ...]
    price: int


class Trace:
    """The steps of one run, and what follows from them.

    >>> from dure.engines.pb.election import approvals
    >>> from dure.engines.pb.shares import equal_shares
    >>> e = approvals([("a", 6, (0, 1, 2)), ("b", 4, (2, 3)), ("c", 5, (3,))], 12, n=4)
    >>> rule = Rule(Name.MES, Satisfaction.COST)
    >>> trace = Trace(e, rule, equal_shares(e, rule))
    >>> [str(one) for one in trace.behind(2)]
    ['3', '3', '0']
    """

    def __init__(self, election: Election, rule: Rule, run: Run) -> None:
        self.election, self.rule, self.run = election, rule, run
        self.held = profile(election, rule.satisfaction or Satisfaction.CARDINALITY)
        self.by_cost = rule.satisfaction is Satisfaction.COST and rule.name is Name.MES
        self.is_phragmen = rule.name is Name.PHRAGMEN
        prices = [self._price(step.winner, step.rate) for step in run.rounds]
        self.start = run.start or Fraction(0)
        self.scale = lcm(self.start.denominator, *(one.denominator for one in prices))
        self.steps: list[Step] = []
        self._walk([int(one * self.scale) for one in prices])

    def _price(self, winner: int, rate: Fraction) -> Fraction:
        """Money of one unit of utility: the unit of the profile, or the cost factor taken in."""
        if self.by_cost:
            return rate * self.election.projects[winner].cost
        return rate if self.is_phragmen else rate / self.held.utility_scale

    def units(self, project: int) -> Int64s:
        """Utility of each supporting type, (s,) int64."""
        held = self.held
        begin, end = int(held.p_starts[project]), int(held.p_starts[project + 1])
        if held.p_utilities is None:
            return np.ones(end - begin, dtype=np.int64)
        return held.p_utilities[begin:end]

    def types(self, project: int) -> Int32s:
        """The types that support a project, (s,) int32."""
        return self.held.p_types[self.held.p_starts[project] : self.held.p_starts[project + 1]]

    def _walk(self, prices: list[int]) -> None:
        count = len(self.held.sizes)
        slots = np.zeros(count, dtype=np.int64)
        held = [int(self.start * self.scale)]
        rough: list[float] = []
        for step, price in zip(self.run.rounds, prices, strict=True):
            types = self.types(step.winner)
            groups = np.full(count, -1, dtype=np.int64)
            paid: tuple[int, ...] = ()
            now, after = tuple(held), slots
            if self.election.projects[step.winner].cost:
                paid, after = self._pay(step.winner, types, slots, held, price, groups)
            rough += [one / self.scale for one in now[len(rough) :]]
            self.steps.append(
                Step(step.winner, slots, now, np.array(rough)[slots], groups, paid, price)
            )
            slots = after
        rough += [one / self.scale for one in held[len(rough) :]]
        nobody = np.full(count, -1, dtype=np.int64)
        self.steps.append(Step(-1, slots, tuple(held), np.array(rough)[slots], nobody, (), 0))

    def _pay(
        self,
        winner: int,
        types: Int32s,
        slots: Int64s,
        held: list[int],
        price: int,
        groups: Int64s,
    ) -> tuple[tuple[int, ...], Int64s]:
        """Let the supporters pay; gives the payments by group and the classes after."""
        units = self.units(winner)
        span = int(units.max()) + 1
        keys, places = np.unique(slots[types] * span + units, return_inverse=True)
        known = {money: at for at, money in enumerate(held)}
        amounts: dict[int, int] = {}
        of_key, into = [], []
        for key in keys.tolist():
            slot, unit = divmod(key, span)
            before = held[slot]
            payment = max(price - before, 0) if self.is_phragmen else min(before, price * unit)
            rest = before + payment if self.is_phragmen else before - payment
            if rest not in known:
                known[rest] = len(held)
                held.append(rest)
            into.append(known[rest])
            of_key.append(amounts.setdefault(payment, len(amounts)))
        groups[types] = np.array(of_key, dtype=np.int64)[places]
        after = slots.copy()
        after[types] = np.array(into, dtype=np.int64)[places]
        counts = self._counts(groups[types], types, len(amounts))
        total = sum(amount * count for amount, count in zip(amounts, counts, strict=True))
        assert total == self.election.projects[winner].cost * self.scale, winner
        return tuple(amounts), after

    def _counts(self, places: Int64s, types: Int32s, size: int) -> list[int]:
        """Ballots in each place; whole numbers below 2**53 in floats are exact."""
        weights = self.held.sizes[types].astype(np.float64)
        return [int(one) for one in np.bincount(places, weights=weights, minlength=size).tolist()]

    def supporters(self, project: int) -> int:
        """Ballots that support a project."""
        return int(self.held.sizes[self.types(project)].sum())

    def sum_held(self, step: Step, project: int) -> Fraction:
        """Money behind a project before a step (Phragmén: load of its supporters), exact."""
        types = self.types(project)
        counts = self._counts(step.slots[types], types, len(step.held))
        total = sum(count * step.held[at] for at, count in enumerate(counts) if count)
        return Fraction(total, self.scale)

    def behind(self, project: int) -> tuple[Fraction, ...]:
        """Money behind a project before every round and after the last."""
        return tuple(self.sum_held(step, project) for step in self.steps)

    def paid_by(self, step: Step, types: Int32s) -> Fraction:
        """What the ballots of some types paid in a round, exact."""
        groups = step.groups[types]
        payers = groups >= 0
        counts = self._counts(groups[payers], types[payers], len(step.paid))
        total = sum(count * paid for count, paid in zip(counts, step.paid, strict=True) if count)
        return Fraction(total, self.scale)

    @cached_property
    def rough_sizes(self) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        """Ballots of each type in floats."""
        return self.held.sizes.astype(np.float64)
