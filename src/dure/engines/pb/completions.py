"""Completions of equal shares (보충): what is done when one run leaves money unspent.

Nouns
    add1    : run again with more money per ballot, step by step, until a stop
    stretch : runs between two starts that are proven to have the same winners in the same order
Law
    Winners are not monotone in the start, so no run is skipped without a proof; the outcome
    depends on the step. A stretch rests on this: while winners come in one order, more money at
    the start never lowers a later budget and never raises a rate. So between two starts with the
    same order every rate lies between the two, and no other project comes first if it would not
    even with its own rate taken from the greater start and the winner's from the lesser.
Source
    Budgeting design, *Completion*; equalshares.net on add1 and its two stops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dure.engines.compiled import is_available
from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.greedy import fund, greedy, scored
from dure.engines.pb.links import Links
from dure.engines.pb.market import ABOVE
from dure.engines.pb.outcome import (
    Comparison,
    CompletedRun,
    Outcome,
    Stopped,
    winners_hash,
)
from dure.engines.pb.rules import Completion, Name, Rule, RuleError, Satisfaction, Stop
from dure.engines.pb.shares import Case, Trace, case, trace

RUNS_MAX: Final = 1_000_000
STRIDE_MAX: Final = 1 << 16
PLAIN_RUNS: Final = 20  # before loops are compiled, or loaded: that costs as much as these


def is_stretch(low: Trace, high: Trace) -> bool:
    """Say whether every start between two runs surely has the winners of both, in the same order.

    low, high : `high` was traced beside `low`

    A round holds when its rate is the same in both runs (then only projects that the chain puts
    behind the winner can tie with it), or when all others at the greater start lie above the
    winner's rate at the lesser one, or keep apart by their slopes.
    """
    return low.winners == high.winners and all(
        one.above * other.below == other.above * one.below
        or one.rate * ABOVE < other.second
        or other.is_apart
        for one, other in zip(low.bought, high.bought, strict=True)
    )


class Ladder:
    """The runs of add1 from the lowest start up; `last` and `before` are the last two traced."""

    def __init__(self, prepared: Case, stop: Stop) -> None:
        assert prepared.rule.step is not None
        self.prepared, self.stop = prepared, stop
        self.base, self.step = prepared.start, prepared.rule.step
        self.runs: list[CompletedRun] = []
        self.before: Trace | None = None
        self.last = trace(prepared, self.base)
        self.traced = 1

    def climb(self) -> Stopped:
        """Run until the stop. A stopping run never ends a stretch: its twin below goes on."""
        at, stride = 0, 1
        targets: list[float] = []
        self._keep(self.last)
        while (reason := self._stopped(self.last)) is None:
            if len(self.runs) > RUNS_MAX:
                raise RuleError("pb.step_too_small")
            if self.traced == PLAIN_RUNS:
                self.prepared = _compiled(self.prepared)
            stride = min(stride, RUNS_MAX + 1 - len(self.runs))
            start = self.base + (at + stride) * self.step
            lesser = self.last if stride > 1 else None  # the next run needs no proof
            found = trace(self.prepared, start, targets, lesser)
            self.traced += 1
            if stride > 1 and not is_stretch(self.last, found):
                stride = max(1, stride // 2)
                continue
            for between in range(at + 1, at + stride):
                same = self.runs[-1]
                start = self.base + between * self.step
                self.runs.append(CompletedRun(start, same.hash, same.cost))
            self._keep(found)
            at += stride
            stride, targets = _reach(self.last, found, stride)
            self.before, self.last = self.last, found
        return reason

    def _keep(self, found: Trace) -> None:
        ids = [self.prepared.election.projects[winner].id for winner in found.winners]
        cost = Fraction(found.cost, self.prepared.held.scale)
        self.runs.append(CompletedRun(found.start, winners_hash(ids), cost))

    def _stopped(self, found: Trace) -> Stopped | None:
        if found.cost > self.prepared.held.budget:
            return Stopped.OVERSPENT
        if not may_still_win(self.prepared, found):
            return Stopped.ALL_WON
        if self.stop is Stop.OVERSPEND:
            return None
        fits = may_still_win(self.prepared, found, self.prepared.held.budget - found.cost)
        return None if fits else Stopped.EXHAUSTIVE


def _compiled(prepared: Case) -> Case:
    """Take compiled loops for the runs to come, where they are installed and know these ballots."""
    if not is_available() or prepared.held.units is not None:
        return prepared
    from dure.engines.pb.fast_market import FastMarket

    return replace(prepared, market=FastMarket)


def _reach(low: Trace, high: Trace, stride: int) -> tuple[int, list[float]]:
    """Guess how far the next stretch reaches, and how sharply it needs to see the other projects.

    A guess only: rates fall about as fast as they did, and the second comes as near as it came.
    """
    if low.winners != high.winners:
        return 1, []
    reach = float(STRIDE_MAX)
    falls = []
    for one, other in zip(low.bought, high.bought, strict=True):
        fall = (one.rate - other.rate) / stride
        gap = other.second - other.rate
        is_known = one.runner == other.runner is not None
        if is_known:
            fall = max(fall, (one.second - other.second) / stride)
        falls.append(fall)
        # Slopes hold two known rates apart until they meet; else one must not pass the other.
        nears = (one.second - one.rate - gap) / stride if is_known else fall
        if nears > 1e-12 * other.rate:
            reach = min(reach, 0.9 * gap / nears)
    ahead = max(1, min(int(reach), 8 * stride))
    return ahead, [
        step.rate * ABOVE * ABOVE + fall * 4 * ahead
        for step, fall in zip(high.bought, falls, strict=True)
    ]


def may_still_win(prepared: Case, found: Trace, left: int | None = None) -> list[int]:
    """List supported projects that did not win and may, where `left` is given for at most it."""
    links, held = Links(prepared.election), prepared.held
    for winner in found.winners:
        links.win(winner)
    won = set(found.winners)
    return [
        at
        for at, cost in enumerate(held.costs)
        if held.loads[at] and at not in won and links.may_win(at) and (left is None or cost <= left)
    ]


def complete(election: Election, rule: Rule) -> Outcome:
    """Count an election by equal shares with the completion of the rule.

    election : ballots with at least one ballot; money in the currency of the file
    rule     : a MES rule. none = one run; add1 = its runs up to the stop; utilitarian = greedy by
               score over what is left (after add1 when step, start and stop are given); exhaustive
               = add1 with the exhaustive stop, then utilitarian; comparison = utilitarian, then
               greedy instead when strictly more ballots approve more of its winners. Where all
               projects together fit the budget, add1 is one run and all supported projects win
    Returns    the outcome; `payers` and `dropped` of its runs stand empty, see `record.recorded`
    Raises     RuleError for no ballot, missing utilities, or a step that asks for over 10**6 runs
    Source     budgeting design, *Completion* and W1.

    >>> from dure.engines.pb.election import approvals
    >>> e = approvals([("a", 6, (0, 1, 2)), ("b", 4, (2, 3)), ("c", 5, (3,))], 15, n=4)
    >>> complete(e, Rule(Name.MES, Satisfaction.COST, Completion.UTILITARIAN)).winners
    (0, 1, 2)
    """
    assert rule.name is Name.MES, rule.name
    prepared = case(election, rule)
    outcome = _climbed(prepared) if rule.step is not None else _once(prepared)
    adds = rule.completion in (Completion.UTILITARIAN, Completion.COMPARISON, Completion.EXHAUSTIVE)
    if adds or outcome.stopped is Stopped.ALL_FIT:
        outcome = _added(election, outcome)
    if rule.completion is Completion.COMPARISON:
        outcome = _compared(election, outcome)
    assert outcome.left >= 0, "a completion passed the budget"
    return outcome


def _once(prepared: Case) -> Outcome:
    run = trace(prepared, prepared.start).run(prepared)
    left = prepared.election.budget - run.cost
    return Outcome(prepared.rule, run.winners, run.cost, left, run)


def _climbed(prepared: Case) -> Outcome:
    if sum(prepared.held.costs) <= prepared.held.budget:
        return replace(_once(prepared), stopped=Stopped.ALL_FIT)
    ladder = Ladder(prepared, prepared.rule.stop or Stop.EXHAUSTIVE)
    stopped = ladder.climb()
    final, after = ladder.last, None
    if stopped is Stopped.OVERSPENT:
        assert ladder.before is not None, "a run from the budget's share cannot pass the budget"
        final, after = ladder.before, ladder.last
    run = final.run(prepared)
    return Outcome(
        prepared.rule,
        run.winners,
        run.cost,
        prepared.election.budget - run.cost,
        run,
        None if after is None else after.run(prepared),
        tuple(ladder.runs),
        stopped,
    )


def _added(election: Election, outcome: Outcome) -> Outcome:
    """Add what fits, the highest score first."""
    scores = scored(election, outcome.rule.satisfaction)
    stays = {at: score for at, score in enumerate(scores) if score > 0}
    more = fund(election, outcome.rule, stays, won=outcome.winners)
    return replace(
        outcome,
        winners=outcome.winners + more.winners,
        spent=outcome.spent + more.cost,
        left=outcome.left - more.cost,
        added=more.rounds,
    )


def _compared(election: Election, outcome: Outcome) -> Outcome:
    """Take greedy instead where strictly more ballots prefer it."""
    rule = outcome.rule
    has_score = rule.satisfaction in (Satisfaction.POINTS, Satisfaction.BORDA)
    score = rule.satisfaction if has_score else Satisfaction.COST
    other = greedy(
        election,
        Rule(Name.GREEDY, score, ties=rule.ties, seed=rule.seed, call=rule.call, order=rule.order),
    )
    mine = approved_winners(election, outcome.winners)
    theirs = approved_winners(election, other.winners)
    comparison = Comparison(
        outcome.winners,
        other.winners,
        int(np.count_nonzero(mine > theirs)),
        int(np.count_nonzero(theirs > mine)),
    )
    outcome = replace(outcome, comparison=comparison)
    if comparison.is_replaced:
        return replace(outcome, winners=other.winners, spent=other.spent, left=other.left)
    return outcome


def approved_winners(election: Election, winners: Sequence[int]) -> NDArray[np.intp]:
    """Count for each ballot the winners it supports: (n,)."""
    ballots = election.ballots
    marks = np.isin(ballots.items, np.array(winners, dtype=np.int32))
    if election.kind is BallotKind.SCORING and ballots.points is not None:
        marks &= ballots.points > 0
    return np.bincount(ballots.owners()[marks], minlength=ballots.count)
