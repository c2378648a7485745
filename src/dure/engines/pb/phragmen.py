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
from fractions import Fraction

import numpy as np

from dure.engines.pb.classes import Support, support
from dure.engines.pb.election import Election
from dure.engines.pb.links import Links
from dure.engines.pb.outcome import Ended, Outcome, Payers, Round, Run
from dure.engines.pb.rules import Name, Rule, Satisfaction
from dure.engines.pb.ties import first


class Loads:
    """The loads of all ballots: a class is the round that set its load; class 0 carries none."""

    def __init__(self, held: Support) -> None:
        self.held = held
        self.last = np.zeros(held.type_count, dtype=np.intp)
        self.loads = [Fraction(0)]

    def counts(self, project: int) -> list[int]:
        """Count the project's supporters in each class."""
        held = self.held
        tally = np.bincount(
            self.last[held.types[project]], weights=held.sizes[project], minlength=len(self.loads)
        )
        return [int(count) for count in tally.tolist()]

    def after(self, project: int) -> Fraction:
        """Load of each supporter if the project won now, in money times the scale."""
        held = self.held
        carried = sum(
            (
                load * count
                for load, count in zip(self.loads, self.counts(project), strict=True)
                if count
            ),
            Fraction(held.costs[project]),
        )
        return carried / held.voices[project]

    def win(self, project: int, load: Fraction) -> tuple[Payers, ...]:
        """Let the supporters carry the project; say who took on how much."""
        scale = self.held.scale
        payers: dict[Fraction, int] = {}
        for before, count in zip(self.loads, self.counts(project), strict=True):
            if count:
                payers[before] = payers.get(before, 0) + count
        self.last[self.held.types[project]] = len(self.loads)
        self.loads.append(load)
        return tuple(
            Payers(before / scale, payers[before], (load - before) / scale)
            for before in sorted(payers)
        )


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
        (Fraction(cost, held.voices[at]), at)
        for at, cost in enumerate(held.costs)
        if held.voices[at] and cost <= held.budget
    ]
    heapq.heapify(line)
    left, rounds, ended = held.budget, [], Ended.ALL_WON
    while tied := _least(line, loads, links):
        load = tied[0][0]
        projects = sorted(at for _, at in tied)
        if any(held.costs[at] > left for at in projects):
            ended = Ended.DOES_NOT_FIT
            break
        winner, step = first(projects, election, votes, rule)
        for entry in tied:
            if entry[1] != winner:
                heapq.heappush(line, entry)
        left -= held.costs[winner]
        links.win(winner)
        payers = loads.win(winner, load)
        rounds.append(Round(winner, load / held.scale, tuple(projects), step or None, payers))
    cost = election.budget - Fraction(left, held.scale)
    run = Run(None, tuple(rounds), cost, ended)
    return Outcome(rule, run.winners, cost, election.budget - cost, run)


def _least(
    line: list[tuple[Fraction, int]], loads: Loads, links: Links
) -> list[tuple[Fraction, int]]:
    """Take all projects with the least load out of the line; none when nothing may win."""
    tied: list[tuple[Fraction, int]] = []
    waiting: list[tuple[Fraction, int]] = []
    while line and (not tied or line[0][0] <= tied[0][0]):
        _, project = heapq.heappop(line)
        if links.is_out(project):
            continue
        if not links.may_win(project):
            waiting.append((Fraction(0), project))
            continue
        load = loads.after(project)
        if not tied or load < tied[0][0]:
            waiting += tied
            tied = [(load, project)]
        elif load == tied[0][0]:
            tied.append((load, project))
        else:
            waiting.append((load, project))
    for entry in waiting:
        heapq.heappush(line, entry)
    return tied
