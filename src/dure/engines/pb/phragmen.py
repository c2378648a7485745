"""Sequential Phragmén (프라그멘): each project's cost is a load on its supporters, kept even.

Nouns
    load  : cost a ballot carries so far; all supporters of a winner carry the same after it
    class : ballots whose last winner is the same, so with one load
Law
    The next project is the one that leaves its supporters the least load
    t = (cost + loads carried) / supporters; ties by the chain. Loads never fall, so an old t is a
    lower bound. If any project at the least t does not fit the budget, the rule stops: no skip.
    Everything here is exact; loads sum to the money spent.
Source
    Budgeting design, *Sequential Phragmén*; Los, Christoff, Grossi, Proportional Budget Allocations
    (2022); pabutools' stop.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from fractions import Fraction
from math import gcd, inf

import numpy as np

from dure.engines.pb.classes import Support, support
from dure.engines.pb.election import Election
from dure.engines.pb.links import Links
from dure.engines.pb.market import ABOVE, BELOW
from dure.engines.pb.outcome import Ended, Outcome, Payers, Round, Run
from dure.engines.pb.rules import Name, Rule, Satisfaction
from dure.engines.pb.ties import first


@dataclass(frozen=True, slots=True)
class Bid:
    """A project with the load it would leave its supporters: above / (below * scale of the run)."""

    project: int
    above: int
    below: int
    counts: tuple[int, ...]


class Loads:
    """The loads of all ballots: a class is the round that set its load; class 0 carries none.

    carried : whole numbers over `scale`, which grows
    exact   : the same as money in the currency of the election
    """

    def __init__(self, held: Support) -> None:
        self.held = held
        self.last = np.zeros(held.type_count, dtype=np.intp)
        self.carried, self.scale = [0], 1
        self.exact = [Fraction(0)]

    def bid(self, project: int) -> Bid:
        """Find the load of each supporter if the project won now."""
        held = self.held
        tally = np.bincount(
            self.last[held.types[project]], weights=held.sizes[project], minlength=len(self.carried)
        )
        counts = tuple(int(count) for count in tally.tolist())
        above = held.costs[project] * self.scale
        for load, count in zip(self.carried, counts, strict=True):
            if count:
                above += load * count
        return Bid(project, above, held.voices[project], counts)

    def rate(self, bid: Bid) -> float:
        """Load of a bid as a share of the budget, rounded."""
        return bid.above / (bid.below * self.scale * self.held.budget) if bid.above else 0.0

    def win(self, bid: Bid) -> tuple[Payers, ...]:
        """Let the supporters carry the project; say who took on how much."""
        factor = bid.below // gcd(bid.above, bid.below)
        self.scale *= factor
        self.carried = [load * factor for load in self.carried]
        self.carried.append(bid.above * factor // bid.below)
        self.last[self.held.types[bid.project]] = len(self.exact)
        load = Fraction(self.carried[-1], self.scale * self.held.scale)
        counts: dict[Fraction, int] = {}
        for before, count in zip(self.exact, bid.counts, strict=True):
            if count:
                counts[before] = counts.get(before, 0) + count
        self.exact.append(load)
        return tuple(Payers(before, counts[before], load - before) for before in sorted(counts))


def phragmen(election: Election, rule: Rule) -> Outcome:
    """Count an election by sequential Phragmén.

    election : a mark (with points, one above zero) is support
    rule     : the rule `phragmen`; its tie chain decides among equal t
    Returns    the outcome; `rate` of a round is t, `payers` the loads before and taken on
    Source     budgeting design W1.

    >>> from dure.engines.pb.election import approvals
    >>> e = approvals([("a", 6, (0, 1, 2)), ("b", 4, (2, 3)), ("c", 5, (3,))], 12, n=4)
    >>> outcome = phragmen(e, Rule(Name.PHRAGMEN))
    >>> outcome.winners, [str(one.rate) for one in outcome.final.rounds]
    ((0, 1), ['2', '3'])
    """
    assert rule.name is Name.PHRAGMEN, rule.name
    held, votes = support(election, Satisfaction.CARDINALITY), election.votes()
    links, loads = Links(election), Loads(held)
    line = [
        (cost / (held.voices[at] * held.budget) * BELOW if cost else 0.0, at)
        for at, cost in enumerate(held.costs)
        if held.voices[at] and cost <= held.budget
    ]
    heapq.heapify(line)
    left, ended = held.budget, Ended.ALL_WON
    rounds: list[Round] = []
    while tied := _least(line, loads, links):
        projects = sorted(bid.project for bid in tied)
        if any(held.costs[at] > left for at in projects):
            ended = Ended.DOES_NOT_FIT
            break
        winner, step = first(projects, election, votes, rule)
        for bid in tied:
            if bid.project != winner:
                heapq.heappush(line, (loads.rate(bid) * BELOW, bid.project))
        if election.requires:  # one that waited may lower loads: old bounds hold no more
            line = [(0.0, at) for _, at in line]
        left -= held.costs[winner]
        links.win(winner)
        payers = loads.win(next(bid for bid in tied if bid.project == winner))
        rounds.append(Round(winner, loads.exact[-1], tuple(projects), step or None, payers))
    cost = election.budget - Fraction(left, held.scale)
    run = Run(None, tuple(rounds), cost, ended)
    return Outcome(rule, run.winners, cost, election.budget - cost, run)


def _least(line: list[tuple[float, int]], loads: Loads, links: Links) -> list[Bid]:
    """Take all projects with the least load out of the line; none when nothing may win.

    A float only says which project surely comes later; loads are compared as whole numbers.
    """
    tied: list[Bid] = []
    again: list[tuple[float, int]] = []
    rate = inf
    while line and line[0][0] <= rate * ABOVE:
        low, project = heapq.heappop(line)
        if links.is_out(project):
            continue
        if not links.may_win(project):
            again.append((low, project))
            continue
        bid = loads.bid(project)
        order = bid.above * tied[0].below - tied[0].above * bid.below if tied else -1
        if order < 0:
            again += [(rate * BELOW, one.project) for one in tied]
            tied, rate = [bid], loads.rate(bid)
        elif order == 0:
            tied.append(bid)
        else:
            again.append((loads.rate(bid) * BELOW, project))
    for entry in again:
        heapq.heappush(line, entry)
    return tied
