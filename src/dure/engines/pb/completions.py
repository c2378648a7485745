"""Completions of equal shares (보충): what is done when one run leaves money unspent.

Nouns
    add1 : run again with more money per ballot, step by step, until a stop; see `ladder`
Law
    The outcome depends on the step and on the stop, so a rule names both. What a completion adds
    never passes the budget.
Source
    Budgeting design, *Completion*; equalshares.net on add1 and its two stops.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.greedy import fund, greedy, scored
from dure.engines.pb.ladder import Ladder
from dure.engines.pb.outcome import (
    Comparison,
    Outcome,
    Stopped,
)
from dure.engines.pb.rules import Completion, Name, Rule, Satisfaction, Stop
from dure.engines.pb.shares import Case, case, trace


def complete(election: Election, rule: Rule, traced_max: int | None = None) -> Outcome:
    """Count an election by equal shares with the completion of the rule.

    election : ballots with at least one ballot; money in the currency of the file
    rule     : a MES rule. none = one run; add1 = its runs up to the stop; utilitarian = greedy by
               score over what is left (after add1 when step, start and stop are given); exhaustive
               = add1 with the exhaustive stop, then utilitarian; comparison = utilitarian, then
               greedy instead when strictly more ballots approve more of its winners. Where all
               projects together fit the budget, add1 is one run and all supported projects win
    traced_max : runs of add1 that may be traced, for who waits at a page; None = as many as needed
    Returns    the outcome; `payers` and `dropped` of its runs stand empty, see `record.recorded`
    Raises     RuleError for no ballot, missing utilities, a step that asks for over 10**6 runs, or
               for more traced ones than `traced_max`
    Source     budgeting design, *Completion* and W1.

    >>> from dure.engines.pb.election import approvals
    >>> e = approvals([("a", 6, (0, 1, 2)), ("b", 4, (2, 3)), ("c", 5, (3,))], 15, n=4)
    >>> complete(e, Rule(Name.MES, Satisfaction.COST, Completion.UTILITARIAN)).winners
    (0, 1, 2)
    """
    assert rule.name is Name.MES, rule.name
    prepared = case(election, rule)
    outcome = _climbed(prepared, traced_max) if rule.step is not None else _once(prepared)
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


def _climbed(prepared: Case, traced_max: int | None) -> Outcome:
    if sum(prepared.held.costs) <= prepared.held.budget:
        return replace(_once(prepared), stopped=Stopped.ALL_FIT)
    ladder = Ladder(prepared, prepared.rule.stop or Stop.EXHAUSTIVE, traced_max)
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
