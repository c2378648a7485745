"""Greedy rules (다득표): the highest score first while the money lasts.

Nouns
    score     : votes, points, Borda points, or one of them by cost (density)
    threshold : least score that stays in
Law
    A project with score 0 is never funded; one that costs nothing is, when its score is above 0.
    The budget is never passed. `skip` passes over what does not fit, `no-skip` stops there.
Source
    Budgeting design, *Greedy*. pabutools' greedy welfare orders by satisfaction by cost: with cost
    satisfaction that is most votes, with cardinality it is density.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from types import MappingProxyType

import numpy as np

from dure.engines.pb.election import BallotKind, Election
from dure.engines.pb.outcome import Ended, Outcome, Round, Run
from dure.engines.pb.rules import GREEDY_NAMES, Name, Rule, RuleError, Satisfaction
from dure.engines.pb.ties import parted, ranked


def greedy(election: Election, rule: Rule) -> Outcome:
    """Count an election by a greedy rule.

    rule    : greedy, greedy-no-skip, greedy-threshold or density
    Returns the outcome; `rate` of a round is the score (0 for a free project under density)
    Raises  RuleError when the ballots have no such score, or more than one and none was named.
    Source  budgeting design W1.

    >>> from dure.engines.pb.election import approvals
    >>> e = approvals([("a", 6, (0, 1, 2)), ("b", 5, (0, 1)), ("c", 4, (2,))], 10, n=3)
    >>> greedy(e, Rule(Name.GREEDY)).winners, greedy(e, Rule(Name.GREEDY_NO_SKIP)).winners
    ((0, 2), (0,))
    """
    assert rule.name in GREEDY_NAMES, rule.name
    points = scored(election, rule.satisfaction)
    stays = {at: one for at, one in enumerate(points) if one > 0}
    if rule.name is Name.GREEDY_THRESHOLD:
        least = rule.threshold or Fraction(0)
        least = least * election.ballots.count if rule.share else least
        stays = {at: one for at, one in stays.items() if one >= least}
    if rule.name is Name.DENSITY:
        costs = [one.cost for one in election.projects]
        free = [at for at in stays if not costs[at]]
        run = fund(
            election,
            rule,
            {at: one / costs[at] for at, one in stays.items() if costs[at]},
            free={at: stays[at] for at in free},
        )
    else:
        run = fund(election, rule, stays)
    return Outcome(rule, run.winners, run.cost, election.budget - run.cost, run)


def scored(election: Election, satisfaction: Satisfaction | None) -> tuple[Fraction, ...]:
    """Give every project's score: the sum of what the ballots give it.

    satisfaction : None, COST and CARDINALITY count ballots; POINTS sums points, those below zero
                   too; BORDA sums length of the ballot less position less one
    Raises         RuleError `pb.satisfaction_missing` for None where ballots carry points or ranks.
    """
    ballots = election.ballots
    if satisfaction is None and election.kind not in (BallotKind.APPROVAL, BallotKind.CHOOSE_1):
        ranks = election.kind is BallotKind.ORDINAL
        raise RuleError(
            "pb.satisfaction_missing", choices="cost, borda" if ranks else "cost, points"
        )
    if satisfaction is Satisfaction.POINTS:
        if ballots.points is None:
            raise RuleError("pb.no_points")
        given, scale = ballots.points, ballots.points_scale
    elif satisfaction is Satisfaction.BORDA:
        if election.kind is not BallotKind.ORDINAL:
            raise RuleError("pb.no_ranks")
        ends = np.repeat(ballots.starts[1:], np.diff(ballots.starts))
        given, scale = ends - np.arange(len(ballots.items)) - 1, 1
    else:
        return tuple(Fraction(one) for one in election.votes())
    # At most 5,000,000 ballots times 10**12: the sums stay within 64 bits.
    sums = np.zeros(len(election.projects), dtype=np.int64)
    np.add.at(sums, ballots.items, given)
    return tuple(Fraction(one, scale) for one in sums.tolist())


def fund(
    election: Election,
    rule: Rule,
    scores: Mapping[int, Fraction],
    *,
    won: Sequence[int] = (),
    free: Mapping[int, Fraction] = MappingProxyType({}),
) -> Run:
    """Fund projects by score, ties by the chain, links and caps kept.

    scores  : score of each project that may win, the highest first; projects already won are left
              out
    won     : projects bought before; their cost is off the budget
    free    : projects without cost that come before all others, by score
    Returns a run with the rounds added after `won` and their cost.
    """
    projects, votes = election.projects, election.votes()
    left = election.budget - sum((projects[at].cost for at in won), Fraction(0))
    assert left >= 0
    winners = set(won)
    caps = dict(rule.caps)
    for bought in won:
        _take_caps(election, caps, bought)
    queue = [
        *_ordered(election, rule, votes, {k: free[k] for k in free if k not in winners}),
        *_ordered(election, rule, votes, {k: scores[k] for k in scores if k not in winners}),
    ]
    rates = {**scores, **dict.fromkeys(free, Fraction(0))}
    rounds: list[Round] = []
    cost = Fraction(0)
    ended = Ended.CONSIDERED
    while (at := _next(election, queue, winners)) is not None:
        group, row = queue[at]
        index = row[0]
        fits = projects[index].cost <= left and all(
            projects[index].cost <= caps[one] for one in projects[index].categories if one in caps
        )
        if not fits and rule.name is Name.GREEDY_NO_SKIP:
            ended = Ended.DOES_NOT_FIT
            break
        if fits:
            tied = [one for mark, one in queue if mark == group and _may(election, one[0], winners)]
            rounds.append(
                Round(
                    winner=index,
                    rate=rates[index],
                    tied=tuple(sorted(one[0] for one in tied)),
                    by=parted(row, tied[1], rule) if len(tied) > 1 else None,
                )
            )
            winners.add(index)
            left -= projects[index].cost
            cost += projects[index].cost
            _take_caps(election, caps, index)
        del queue[at]
    return Run(None, tuple(rounds), cost, ended)


Queue = list[tuple[int, tuple[int, ...]]]  # group of equal scores, row of `ranked`


def _ordered(
    election: Election, rule: Rule, votes: Sequence[int], scores: Mapping[int, Fraction]
) -> Queue:
    """Projects by score, each marked with its group of equal ones, ties by the chain."""
    queue: Queue = []
    by_score = sorted(scores, key=lambda at: -scores[at])
    for _, equal in groupby(by_score, key=lambda at: scores[at]):
        rows = ranked(list(equal), election, votes, rule)
        queue.extend((rows[0][0], row) for row in rows)  # a group is named by its first project
    return queue


def _next(election: Election, queue: Queue, winners: set[int]) -> int | None:
    """Place in the queue of the first project that may win now."""
    return next((at for at, (_, row) in enumerate(queue) if _may(election, row[0], winners)), None)


def _may(election: Election, index: int, winners: set[int]) -> bool:
    """True when all it requires has won and nothing that excludes it has."""
    return all(other in winners for one, other in election.requires if one == index) and not any(
        (one == index and other in winners) or (other == index and one in winners)
        for one, other in election.excludes
    )


def _take_caps(election: Election, caps: dict[str, Fraction], index: int) -> None:
    for one in election.projects[index].categories:
        if one in caps:
            caps[one] -= election.projects[index].cost
