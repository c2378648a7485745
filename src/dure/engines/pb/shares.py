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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import inf
from typing import Final

from dure.engines.pb.classes import Places, Support, support
from dure.engines.pb.election import Election
from dure.engines.pb.links import Links
from dure.engines.pb.market import ABOVE, BELOW, Market, Offer
from dure.engines.pb.outcome import Ended, Round, Run
from dure.engines.pb.rules import Rule, RuleError, Start
from dure.engines.pb.ties import first

ZERO: Final = Fraction(0)


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
    return trace(prepared, start).run(prepared)


@dataclass(frozen=True, slots=True)
class Bought:
    """One round of a trace.

    above, below : the exact price per unit as above / below; 0 / 1 for a project without cost
    rate         : rho, rounded
    second       : a sure lower bound of the rho of every other project then
    runner       : the project whose rho `second` is, where it was looked for
    is_apart     : nothing else comes first between the lesser run and this one, by the slopes
    """

    winner: int
    above: int
    below: int
    tied: tuple[int, ...]
    by: str | None
    rate: float
    second: float
    runner: int | None
    is_apart: bool


@dataclass(frozen=True, slots=True)
class Trace:
    """A run as its rounds were decided; rates become fractions only where they are asked for.

    winners : projects in the order chosen
    """

    start: Fraction
    bought: tuple[Bought, ...]
    winners: tuple[int, ...]
    cost: int
    ended: Ended
    ended_at: Places = field(compare=False)

    def winner(self, at: int) -> int | None:
        """Winner of a round; None where there was none."""
        return self.winners[at] if at < len(self.winners) else None

    def run(self, prepared: Case) -> Run:
        """Write the trace as a run."""
        held = prepared.held
        rounds = tuple(
            Round(
                step.winner,
                held.rate(step.winner, Fraction(step.above, step.below)) if step.above else ZERO,
                step.tied,
                step.by,
            )
            for step in self.bought
        )
        return Run(self.start, rounds, Fraction(self.cost, held.scale), self.ended)


def trace(
    prepared: Case,
    start: Fraction,
    targets: Sequence[float] = (),
    lesser: Trace | None = None,
    likely: Sequence[int] = (),
) -> Trace:
    """Run equal shares once from a start, in the currency of the file.

    lesser  : a run from a lesser start, for `is_apart`
    targets : per round a rate above which the other projects should be shown to lie, if they do;
              it only sharpens `second`
    likely  : per round a project to be looked at first; it only saves looks
    """
    held = prepared.held
    links = Links(prepared.election)
    bought: list[Bought] = []
    waiting = [at for at, cost in enumerate(held.costs) if cost == 0 and held.loads[at]]
    line = Line(prepared.market(held, start * held.scale), links)
    follows = lesser is not None
    if lesser is not None:
        line.market.lesser_ended = lesser.ended_at
    for at in range(len(held.costs)):
        gifts = [one for one in waiting if links.may_win(one)]
        if gifts:
            winner, by = prepared.first(gifts)
            bought.append(Bought(winner, 0, 1, tuple(gifts), by, 0.0, inf, None, False))
            waiting.remove(winner)
        else:
            best = line.cheapest(likely[at] if at < len(likely) else None)
            if not best:
                break
            tied = sorted(offer.project for offer in best)
            winner, by = prepared.first(tied)
            offer = line.take(best, winner)
            second, runner = line.second(targets[at] if at < len(targets) else 0.0)
            below = offer.below * line.market.scale
            rate = line.market.rho_of(offer) * line.market.unit
            is_apart = False
            if lesser is not None and follows and lesser.winner(at) == winner:
                won = lesser.bought[at]
                is_apart = second <= won.rate * ABOVE and line.is_apart(
                    offer, lesser.start * held.scale, won
                )
            bought.append(
                Bought(winner, offer.above, below, tuple(tied), by, rate, second, runner, is_apart)
            )
            line.market.buy(offer)
        follows = follows and lesser is not None and lesser.winner(at) == winner
        links.win(winner)
    winners = tuple(step.winner for step in bought)
    settled = set(winners)
    open_still = any(
        load and at not in settled and links.may_win(at) for at, load in enumerate(held.loads)
    )
    ended = Ended.UNAFFORDABLE if open_still else Ended.ALL_WON
    cost = sum(held.costs[winner] for winner in winners)
    return Trace(start, tuple(bought), winners, cost, ended, line.market.ended)


class Line:
    """Projects in the order of a sure lower bound of their rho."""

    def __init__(self, market: Market, links: Links) -> None:
        self.market = market
        self.links = links
        self.heap = [(market.floor(project), project) for project in market.spending]
        heapq.heapify(self.heap)

    def cheapest(self, likely: int | None = None) -> list[Offer]:
        """Find all projects with the least rho; none when nothing is affordable.

        likely : a project to look at first, if it is in line: others are then ruled out sooner

        A project whose bound lies above the best rate is not looked at; one that is looked at is
        ruled out by a float sum clear of its error, or compared as whole numbers.
        """
        market, heap = self.market, self.heap
        best: list[Offer] = []
        again: list[tuple[float, int]] = []
        rho = inf
        if likely is not None and self.links.may_win(likely) and self._leave(likely):
            offer = market.offer(likely, market.floor(likely))
            if offer is not None:
                best, rho = [offer], market.rho_of(offer)
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
        return best

    def _leave(self, project: int) -> bool:
        """Take a project out of the line, if it stands in it."""
        heap = self.heap
        for place, entry in enumerate(heap):
            if entry[1] == project:
                heap[place] = heap[-1]
                heap.pop()
                heapq.heapify(heap)
                return True
        return False

    def take(self, best: list[Offer], winner: int) -> Offer:
        """Choose the winner's offer and put the others back in line."""
        chosen = next(offer for offer in best if offer.project == winner)
        for offer in best:
            if offer.project != winner:
                heapq.heappush(self.heap, (self.market.rho_of(offer) * BELOW, offer.project))
        return chosen

    def is_apart(self, offer: Offer, start: Fraction, won: Bought) -> bool:
        """Say whether nothing else comes first in this round between the lesser start and this.

        Rates fall at least by their slopes: the winner's lies below a line from its rate at the
        lesser start, another's above a line to its rate here. Lines cross nowhere between when
        they do not at the ends.
        """
        market = self.market
        if market.lesser_ended is None:
            return False
        ceiling = won.rate * ABOVE / market.unit * ABOVE
        ahead = (1.0 - float(start / market.begun)) * BELOW
        fall = self._fall(offer.project, market.rho_of(offer) * BELOW, ahead)
        lowered = ceiling - fall + ceiling * (ABOVE - 1.0)
        for low, project in self.heap:
            if low > ceiling or not self.links.may_win(project):
                continue
            if market.rule_out(project, ceiling) is not None:
                continue
            other = market.offer(project, low)
            if other is None:
                continue
            rho = market.rho_of(other) * BELOW
            if lowered >= rho or ceiling >= rho + self._fall(project, rho, ahead) * BELOW:
                return False
        return True

    def _fall(self, project: int, rho: float, ahead: float) -> float:
        """What rho surely falls by over a part of the start; `rho` is a lower bound of it."""
        market = self.market
        slope = market.slope(project, market.price(project, rho) * BELOW)
        return market.rho(project, ahead * slope) * BELOW

    def second(self, target: float) -> tuple[float, int | None]:
        """Bound the rates of all projects in line from below, sharply up to the target.

        Returns the bound, and the project that has just this rate where one was found below the
        target.
        """
        market, heap = self.market, self.heap
        aim = target / market.unit
        again: list[tuple[float, int]] = []
        exact: dict[int, float] = {}
        while heap and heap[0][0] <= aim:
            low, project = heapq.heappop(heap)
            if self.links.is_out(project):
                continue
            if not self.links.may_win(project):
                again.append((low, project))
                continue
            bound = market.rule_out(project, aim)
            if bound is None:
                offer = market.offer(project, low)
                if offer is None:
                    continue
                aim = market.rho_of(offer)
                bound = exact[project] = aim * BELOW
            if bound < inf:
                again.append((bound, project))
        for entry in again:
            heapq.heappush(heap, entry)
        if self.links.is_linked:
            others = [entry for entry in heap if self.links.may_win(entry[1])]
        else:
            others = heap[:1]
        bound, runner = min(others, default=(inf, -1))
        return bound * market.unit * BELOW, runner if exact.get(runner) == bound else None
