"""The market of `market`, its loops compiled. Same prices, same winners: the integers decide.

Worth its start only for many runs of one election: completions take it after their first runs.
"""

from __future__ import annotations

from fractions import Fraction
from math import inf
from typing import Final

import numpy as np

from dure.engines.pb import kernels
from dure.engines.pb.classes import ROUNDING, Floats, Places, Support, grown
from dure.engines.pb.market import BELOW, Market, Mask, Offer

NOBODY: Final[Places] = np.zeros(0, dtype=np.intp)  # `places` of an offer: the loops need none


class FastMarket(Market):
    """A run of equal shares where every supporter pays one unit; with points use `Market`."""

    def __init__(self, held: Support, start: Fraction) -> None:
        assert held.units is None, "points and ranks run on arrays"
        super().__init__(held, start)
        self.free: Places = np.zeros(0, dtype=np.intp)
        self.free_count = 0
        self._make_room(0)

    def _pulled(self, project: int, price: float, ended: Places) -> tuple[float, float]:
        classes = self.classes
        return kernels.pulled(
            classes.slot,
            self.held.types[project],
            self.held.sizes[project],
            classes.money,
            classes.lift,
            ended,
            classes.rounds,
            price,
            classes.error + 4 * ROUNDING * price,
        )

    def rule_out(self, project: int, rho: float) -> float | None:
        """As in `Market`; the same bound of the error, for any order of the sum."""
        held, classes = self.held, self.classes
        types, sizes = held.types[project], held.sizes[project]
        cost, price = self.spending[project], self.price(project, rho)
        margin = classes.error + 4 * ROUNDING
        raised, growth = kernels.raised(classes.slot, types, sizes, classes.money, price, margin)
        slack = held.voices[project] * margin
        slack += (len(sizes) + 8) * ROUNDING * (raised + cost)
        missing = cost - raised - slack
        if missing <= 0:
            return None
        if growth == 0:
            return inf
        return self.rho(project, (price * BELOW + missing / growth * BELOW)) * BELOW

    def offer(self, project: int, rho: float) -> Offer | None:
        """As in `Market`: a guess in floats, settled by whole numbers."""
        held, classes = self.held, self.classes
        types, sizes = held.types[project], held.sizes[project]
        slots: Places = np.empty(len(types), dtype=np.intp)
        counts: Floats = np.empty(len(types))
        groups = kernels.gathered(classes.slot, types, sizes, self.tally, slots, counts)
        slots, counts = slots[:groups], counts[:groups]
        rich = np.empty(groups, dtype=np.bool_)
        cost = self.spending[project]
        total = kernels.peeled(classes.money, slots, counts, cost, self.price(project, rho), rich)
        slack = held.voices[project] * classes.error + (groups + 8) * ROUNDING * (total + cost)
        if total < cost - slack:
            return None
        units = np.ones(groups)
        if rich.any():
            above, below = self._exact(project, slots, units, counts, rich)
            if above > 0:
                price = above / (below * self.start)
                margin = classes.error + 4 * ROUNDING * price
                if kernels.is_settled(classes.money, slots, price, margin, rich):
                    return Offer(project, above, below, NOBODY, slots, units, counts, rich)
        return super().offer(project, rho)

    def _exact(
        self, project: int, slots: Places, units: Floats, counts: Floats, rich: Mask
    ) -> tuple[int, int]:
        classes = self.classes
        total = np.zeros(classes.rounds)
        poor, below = kernels.paid(
            classes.node, slots, counts, rich, classes.parent, classes.when, total
        )
        above = self.held.costs[project] * self.scale - int(poor) * self.start
        for at in np.flatnonzero(total).tolist():
            above += int(total[at]) * self.prices[at]
        return above, int(below)

    def _pay(self, offer: Offer, price: float) -> None:
        classes = self.classes
        self._make_room(len(offer.slots))
        state = np.array([classes.slots, classes.nodes, self.free_count, classes.rounds])
        kernels.moved(
            classes.slot,
            self.held.types[offer.project],
            offer.slots,
            offer.counts,
            offer.rich,
            classes.money,
            classes.weight,
            classes.node,
            classes.parent,
            classes.when,
            self.target,
            self.free,
            state,
            classes.lift,
            self.ended,
            price,
            self.slope(offer.project, price),
        )
        classes.slots, classes.nodes, self.free_count = state[:3].tolist()

    def _make_room(self, groups: int) -> None:
        """Give every array room for as many new classes."""
        classes = self.classes
        slots, nodes = classes.slots + groups, classes.nodes + groups
        if slots > len(self.free):
            classes.money = grown(classes.money, slots)
            classes.weight = grown(classes.weight, slots)
            classes.node = grown(classes.node, slots)
            self.free = grown(self.free, len(classes.money))
            self.target = np.zeros(len(classes.money), dtype=np.intp)
            self.tally = np.zeros(len(classes.money))
            classes.lift = grown(classes.lift, slots)
        if nodes > len(classes.parent):
            classes.parent = grown(classes.parent, nodes)
            classes.when = grown(classes.when, nodes)
        if len(classes.taken) < len(classes.parent) or groups == 0:
            classes.taken = np.ones(len(classes.parent))
