"""Method of Equal Shares (균등지분법): every ballot gets the same money; supporters buy together.

Nouns
    start : money each ballot begins with; budget / n, or its whole part, or what a completion tries
    rho   : what a payer gives per unit of utility
Law
    Projects without cost and with a supporter win first. Then the project with the least rho is
    bought, ties by the chain; its supporters pay min(held, rho * utility) and together exactly its
    cost, until nothing is affordable. A start of budget / n can never cost more than the budget.
Source
    Peters, Pierczyński, Skowron (2021); budgeting design, *Method of Equal Shares, fixed start b*.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf

from dure.engines.pb.classes import Support, support
from dure.engines.pb.election import Election
from dure.engines.pb.links import Links
from dure.engines.pb.market import ABOVE, BELOW, Market, Offer
from dure.engines.pb.outcome import Ended, Round, Run
from dure.engines.pb.rules import Rule, RuleError, Start
from dure.engines.pb.ties import first


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """An election prepared for many runs of one rule."""

    election: Election
    rule: Rule
    held: Support
    votes: tuple[int, ...]
    market: Callable[[Support, Fraction], Market] = field(default=Market)

    @property
    def start(self) -> Fraction:
        """Money of a ballot in the first run."""
        even = self.election.budget / self.held.n
        return Fraction(int(even)) if self.rule.start is Start.FLOOR else even

    def first(self, tied: list[int]) -> tuple[int, str | None]:
        """Choose among tied projects, and name the step that decided."""
        winner, step = first(tied, self.election, self.votes, self.rule)
        return winner, step or None


def case(election: Election, rule: Rule) -> Case:
    """Prepare an election for runs of equal shares.

    Raises RuleError when there is no ballot, or the ballots lack the utility the rule names.
    """
    assert rule.satisfaction is not None
    if not election.ballots.count:
        raise RuleError("pb.no_ballots")
    return Case(election, rule, support(election, rule.satisfaction), election.votes())


def equal_shares(election: Election, rule: Rule) -> Run:
    """Run equal shares once, from the start the rule names (budget / n when it names none).

    election : ballots with at least one ballot; money in the currency of the file
    rule     : a MES rule; its completion is not applied here
    Returns    the run; `payers` and `dropped` stand empty, `record.recorded` fills them
    Raises     RuleError for no ballot, or ballots without the utility the rule names
    Source     budgeting design, worked numbers W1.

    >>> from dure.engines.pb.election import approvals
    >>> from dure.engines.pb.rules import Name, Satisfaction
    >>> e = approvals([("a", 6, (0, 1, 2)), ("b", 4, (2, 3)), ("c", 5, (3,))], 12, n=4)
    >>> run = equal_shares(e, Rule(Name.MES, Satisfaction.COST))
    >>> run.winners, [str(one.rate) for one in run.rounds]
    ((0, 1), ['1/3', '3/4'])
    """
    prepared = case(election, rule)
    return run_from(prepared, prepared.start)


def run_from(prepared: Case, start: Fraction) -> Run:
    """Run equal shares once from a start, in the currency of the file."""
    held = prepared.held
    links = Links(prepared.election)
    rounds: list[Round] = []
    waiting = [at for at, cost in enumerate(held.costs) if cost == 0 and held.loads[at]]
    line = Line(prepared.market(held, start * held.scale), links)
    for _ in held.costs:
        gifts = [at for at in waiting if links.may_win(at)]
        if gifts:
            winner, by = prepared.first(gifts)
            rounds.append(Round(winner, Fraction(0), tuple(gifts), by))
            waiting.remove(winner)
        else:
            best = line.cheapest()
            if not best:
                break
            tied = sorted(offer.project for offer in best)
            winner, by = prepared.first(tied)
            offer = next(one for one in best if one.project == winner)
            line.buy(offer)
            rate = held.rate(winner, Fraction(line.market.prices[-1], line.market.scale))
            rounds.append(Round(winner, rate, tuple(tied), by))
        links.win(winner)
    won = {step.winner for step in rounds}
    cost = sum(held.costs[winner] for winner in won)
    open_still = [at for at, load in enumerate(held.loads) if load and at not in won]
    ended = Ended.UNAFFORDABLE if open_still else Ended.ALL_WON
    return Run(start, tuple(rounds), Fraction(cost, held.scale), ended)


class Line:
    """Projects in the order of a sure lower bound of their rho."""

    def __init__(self, market: Market, links: Links) -> None:
        self.market = market
        self.links = links
        self.heap = [(market.floor(project), project) for project in market.spending]
        heapq.heapify(self.heap)

    def cheapest(self) -> list[Offer]:
        """Find all projects with the least rho; none when nothing is affordable.

        A project whose bound lies above the best rate is not looked at; one that is looked at is
        ruled out by a float sum clear of its error, or compared as whole numbers.
        """
        market, heap = self.market, self.heap
        best: list[Offer] = []
        again: list[tuple[float, int]] = []
        rho = inf
        while heap and heap[0][0] <= rho * ABOVE:
            low, project = heapq.heappop(heap)
            if self.links.is_out(project):
                continue
            if not self.links.may_win(project):
                again.append((low, project))
                continue
            bound = market.rule_out(project, rho) if best else None
            if bound is not None:
                if bound < inf:
                    again.append((max(low, bound), project))
                continue
            offer = market.offer(project, low)
            if offer is None:
                continue
            order = market.compared(offer, best[0]) if best else -1
            if order < 0:
                again += [(rho * BELOW, one.project) for one in best]
                best, rho = [offer], market.rho_of(offer)
            elif order == 0:
                best.append(offer)
            else:
                again.append((market.rho_of(offer) * BELOW, project))
        for entry in again:
            heapq.heappush(heap, entry)
        for offer in best:
            heapq.heappush(heap, (rho * BELOW, offer.project))
        return best

    def buy(self, offer: Offer) -> None:
        """Take the project out of the line and let its supporters pay."""
        self.heap = [entry for entry in self.heap if entry[1] != offer.project]
        heapq.heapify(self.heap)
        self.market.buy(offer)
