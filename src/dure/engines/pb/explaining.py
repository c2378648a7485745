"""Explanation (설명): why each project won or lost, in exact numbers; sentences are the face's.

Nouns
    loser   : a project that did not win
    taken   : money that a loser's supporters paid for a winner
    missing : what a loser's cost exceeds the money left behind it by
    portion : what the money of one group of voters bought
Law
    Money behind a loser at the start = taken by every winner + money left; asserted, exactly, by
    two ways. What each group paid for a winner sums over the groups to the winner's cost.
Source
    Budgeting design, *Explanation*, and W2. Prices and further support by counting again: `reruns`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from dure.engines.pb.election import Election, Int64s
from dure.engines.pb.outcome import Outcome
from dure.engines.pb.prices import groups_of, rate_at, winning_price
from dure.engines.pb.rules import Completion, Name
from dure.engines.pb.traces import Step, Trace


@dataclass(frozen=True, slots=True)
class Taken:
    """Money that supporters of a loser paid for a winner."""

    winner: int
    money: Fraction


@dataclass(frozen=True, slots=True)
class Standing:
    """A loser before a round: money behind it, and its effective votes: cost by the largest payment
    of a supporter (None when its supporters could not pay for it).
    """

    behind: Fraction
    effective: Fraction | None


@dataclass(frozen=True, slots=True)
class Loss:
    """Why a project did not win under equal shares.

    supporters : ballots that support it
    given      : their money at the start: given = sum of taken + left, exactly
    taken      : by winner, in the order bought; winners that took nothing are left out
    missing    : cost less money left; 0 when it was not money that was missing
    price      : greatest whole cost at which the final run would have bought it, others unchanged;
                 with a completion the outcome may differ: see `reruns.verified_price`
    """

    project: int
    supporters: int
    given: Fraction
    taken: tuple[Taken, ...]
    left: Fraction
    missing: Fraction
    price: int | None


@dataclass(frozen=True, slots=True)
class Bought:
    """What a group paid for one winner, and how many of its ballots support it."""

    winner: int
    money: Fraction
    supporters: int


@dataclass(frozen=True, slots=True)
class Portion:
    """What the money of one group of voters bought: given = sum of bought + left, exactly."""

    group: str
    ballots: int
    given: Fraction
    bought: tuple[Bought, ...]
    left: Fraction


def losses(election: Election, outcome: Outcome) -> tuple[Loss, ...]:
    """Explain every project that equal shares did not buy, by the final run.

    outcome : of equal shares, any completion; projects a completion added are not losers
    Returns   in the order of the projects
    Source    budgeting design W2.

    >>> from dure.engines.pb.election import approvals
    >>> from dure.engines.pb.rules import Rule, Satisfaction
    >>> from dure.engines.pb.tally import tally
    >>> e = approvals([("a", 6, (0, 1, 2)), ("b", 4, (2, 3)), ("c", 5, (3,))], 12, n=4)
    >>> (loss,) = losses(e, tally(e, Rule(Name.MES, Satisfaction.COST)))
    >>> loss.project, str(loss.given), [(one.winner, str(one.money)) for one in loss.taken]
    (2, '3', [(1, '3')])
    >>> str(loss.left), str(loss.missing), loss.price
    ('0', '5', 0)
    """
    assert outcome.rule.name is Name.MES, outcome.rule.name
    trace = Trace(election, outcome.rule, outcome.final)
    won = {*outcome.winners, *trace.run.winners}
    return tuple(_loss(trace, at) for at in range(len(election.projects)) if at not in won)


def is_exact(outcome: Outcome) -> bool:
    """True when the prices of `losses` are those of the outcome: one run, no completion."""
    return outcome.rule.completion is Completion.NONE


def _loss(trace: Trace, project: int) -> Loss:
    """Follow the money of a loser's supporters through the recorded run."""
    supporters = trace.supporters(project)
    given = trace.start * supporters
    types = trace.types(project)
    paid = [(step.winner, trace.paid_by(step, types)) for step in trace.steps[:-1]]
    taken = tuple(Taken(winner, money) for winner, money in paid if money)
    left = trace.sum_held(trace.steps[-1], project)
    assert given == sum((one.money for one in taken), left), project
    cost = trace.election.projects[project].cost
    price = winning_price(trace, project)
    return Loss(
        project,
        supporters,
        given,
        taken,
        left,
        max(cost - left, Fraction(0)),
        None if price is None else price.cost,
    )


def standings(election: Election, outcome: Outcome, project: int) -> tuple[Standing, ...]:
    """Tell where a loser stood before every round of the final run, and after the last one."""
    trace = Trace(election, outcome.rule, outcome.final)
    assert project not in trace.run.winners
    return tuple(_standing(trace, step, project) for step in trace.steps)


def _standing(trace: Trace, step: Step, project: int) -> Standing:
    behind = trace.sum_held(step, project)
    cost = trace.election.projects[project].cost
    if not len(trace.types(project)) or not cost:
        return Standing(behind, None)
    groups = groups_of(trace, step, project)
    rate = rate_at(trace, groups, cost)
    if rate is None:
        return Standing(behind, None)
    price = rate * cost if trace.by_cost else rate
    largest = max(min(Fraction(money, trace.scale), price * unit) for money, unit, _ in groups)
    return Standing(behind, cost / largest)


def portions(
    election: Election, outcome: Outcome, groups: Sequence[str] | None = None
) -> tuple[Portion, ...]:
    """Tell what the money of each group of voters bought in the final run.

    groups  : (n,) the group of every ballot (a field of the voter table), or None for the kinds of
              ballots (equal ballots are one group, named by the ids on them)
    Returns   groups in the order of their names; over all groups the money for a winner sums to
              its cost, exactly
    """
    trace = Trace(election, outcome.rule, outcome.final)
    of_ballot = trace.held.of_ballot
    if groups is None:
        names = [_kind(trace, kind) for kind in range(len(trace.held.sizes))] + [""]
        places = np.where(of_ballot < 0, len(names) - 1, of_ballot).astype(np.int64)
    else:
        assert len(groups) == election.ballots.count
        names = sorted(set(groups))
        index = {name: at for at, name in enumerate(names)}
        places = np.array([index[name] for name in groups], dtype=np.int64)
    found = _portions(trace, names, places)
    for at, step in enumerate(trace.run.rounds):
        cost = trace.election.projects[step.winner].cost
        assert sum((one.bought[at].money for one in found), Fraction(0)) == cost
    return tuple(sorted(found, key=lambda one: one.group))


def _kind(trace: Trace, kind: int) -> str:
    held = trace.held
    items = held.items[held.starts[kind] : held.starts[kind + 1]].tolist()
    return ",".join(trace.election.projects[at].id for at in items)


def _portions(trace: Trace, names: Sequence[str], places: Int64s) -> list[Portion]:
    """One portion a group; ballots that support nothing keep their money."""
    kinds = trace.held.of_ballot
    marked = kinds >= 0
    count = len(names)
    ballots = np.bincount(places, minlength=count).tolist()
    spent = [Fraction(0)] * count
    bought: list[list[Bought]] = [[] for _ in names]
    for step in trace.steps[:-1]:
        payers = np.flatnonzero(marked & (step.groups[kinds] >= 0))
        paid = step.groups[kinds[payers]]
        size = max(len(step.paid), 1)
        table = np.bincount(places[payers] * size + paid, minlength=count * size)
        rows = table.reshape(count, size).tolist()
        supporters = _supporters(trace, step.winner, places, count)
        for at, row in enumerate(rows):
            total = sum(n * one for n, one in zip(row, step.paid, strict=False) if n)
            money = Fraction(total, trace.scale)
            spent[at] += money
            bought[at].append(Bought(step.winner, money, supporters[at]))
    return [
        Portion(
            name,
            ballots[at],
            trace.start * ballots[at],
            tuple(bought[at]),
            trace.start * ballots[at] - spent[at],
        )
        for at, name in enumerate(names)
    ]


def _supporters(trace: Trace, winner: int, places: Int64s, count: int) -> list[int]:
    """Ballots of each group that support a winner."""
    is_fan = np.zeros(len(trace.held.sizes) + 1, dtype=bool)
    is_fan[trace.types(winner)] = True
    return [int(one) for one in np.bincount(places[is_fan[trace.held.of_ballot]], minlength=count)]
