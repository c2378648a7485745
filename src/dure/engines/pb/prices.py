"""Winning price (당선 비용): the greatest cost at which a project that lost would have won.

Nouns
    price : a cost in whole units of the currency, others unchanged
    round : place in the recorded run where the project would have come first at that cost
Law
    Without a losing project the run is the same until the project is taken. So one pass over the
    recorded run answers: at each round, the greatest cost at which the project comes before that
    round's winner. Floats only order the rounds; the rounds that can hold the answer are solved
    with whole numbers. One won more loses: no round is left at which it would come first.
Source
    Budgeting design, *Explanation*, and W2.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import Final

import numpy as np

from dure.engines.pb.election import Election
from dure.engines.pb.links import Links
from dure.engines.pb.ties import first
from dure.engines.pb.traces import Step, Trace

WIDER: Final = 1.0 + 1e-9  # more than what the roundings of a float sum can hide
STEPS_MAX: Final = 200


@dataclass(frozen=True, slots=True)
class Price:
    """At `cost` the project would have been bought in round `place` (0 = first; after the last
    round when it is the number of rounds).
    """

    cost: int
    place: int


def winning_price(trace: Trace, project: int) -> Price | None:
    """Find the greatest whole cost below its own at which a losing project would have won.

    trace   : of a run of equal shares
    project : index; supported, and not among the winners of the run
    Returns   None when no cost at all would do (nobody supports it, or its links bar it)
    Source    budgeting design W2.
    """
    assert project not in trace.run.winners
    if not len(trace.types(project)):
        return None
    open_steps = _open(trace, project)
    if not open_steps:
        return None
    guesses = [_ceiling(trace, trace.steps[place], project) for place in open_steps]
    best = next((Price(0, at) for at in open_steps if _is_given(trace, at, project)), None)
    for at in np.argsort([-one for one in guesses], kind="stable").tolist():
        if best and guesses[at] * WIDER + 1 < best.cost:
            break
        place = open_steps[at]
        cost = _solved(trace, trace.steps[place], project)
        if cost is not None and (best is None or (-cost, place) < (-best.cost, best.place)):
            best = Price(cost, place)
    return best


def _open(trace: Trace, project: int) -> list[int]:
    """Places at which the links let the project win."""
    links = Links(trace.election)
    places: list[int] = []
    for place, step in enumerate(trace.steps):
        if links.may_win(project):
            places.append(place)
        if step.winner >= 0:
            links.win(step.winner)
    return places


def _is_given(trace: Trace, place: int, project: int) -> bool:
    """True when the project would be bought in this round if it cost nothing."""
    winner = trace.steps[place].winner
    if winner < 0 or trace.election.projects[winner].cost:
        return True
    tied = (*trace.run.rounds[place].tied, project)
    changed = with_cost(trace.election, project, Fraction(0))
    return first(tied, changed, trace.election.votes(), trace.rule)[0] == project


def _ceiling(trace: Trace, step: Step, project: int) -> float:
    """A cost, by floats, that no cost winning at this step lies above."""
    types = trace.types(project)
    money = step.rough[types]
    sizes, units = trace.rough_sizes[types], trace.units(project)
    everything = float(np.dot(money, sizes))
    if step.winner < 0:
        return everything
    if not step.price:
        return 0.0
    price = step.price / trace.scale * WIDER
    if not trace.by_cost:
        return float(np.dot(np.minimum(money, price * units), sizes))
    rho = price / float(trace.election.projects[step.winner].cost)
    q = float(money.max(initial=0.0))
    if q <= rho * everything:
        return everything
    for _ in range(STEPS_MAX):
        raised = float(np.dot(np.minimum(money, q), sizes))
        slope = float(sizes[money > q].sum()) - 1 / rho
        if slope >= 0:
            return raised
        lower = q + (raised - q / rho) / -slope
        if not 0 < lower < q * (1 - 1e-12):
            return raised
        q = lower
    return float(np.dot(np.minimum(money, q), sizes))


def _solved(trace: Trace, step: Step, project: int) -> int | None:
    """The greatest whole cost that wins at this step, exact; None when none does."""
    own = trace.election.projects[project].cost
    top = -(-own.numerator // own.denominator) - 1
    groups = groups_of(trace, step, project)
    behind = Fraction(sum(money * count for money, _, count in groups), trace.scale)
    if step.winner < 0:
        return min(top, floor(behind))
    cost = trace.election.projects[step.winner].cost
    if not cost:
        return None
    rate = Fraction(step.price, trace.scale) / (cost if trace.by_cost else 1)
    most = min(top, floor(_raised(trace, groups, rate)))
    tried = {most, most - 1}
    if trace.by_cost:
        tried |= _near_tied(trace.election, trace.run.rounds[trace.steps.index(step)].tied, most)
    for one in sorted(tried, reverse=True):
        if one > 0 and _comes_first(trace, step, project, groups, one, rate):
            return one
    return None


def _near_tied(election: Election, tied: Sequence[int], most: int) -> set[int]:
    """Costs at or just below those of tied projects: there a chain may turn."""
    costs = {election.projects[one].cost for one in tied}
    near = {floor(one) for one in costs} | {-(-one // 1) - 1 for one in costs}
    return {int(one) for one in near if one <= most}


Groups = list[tuple[int, int, int]]  # money over the scale, units, ballots


def groups_of(trace: Trace, step: Step, project: int) -> Groups:
    """Supporters by money and units, those who hold something."""
    types, units = trace.types(project), trace.units(project)
    span = int(units.max()) + 1
    keys, places = np.unique(step.slots[types] * span + units, return_inverse=True)
    counts = np.bincount(places, weights=trace.rough_sizes[types]).tolist()
    pairs = ((divmod(key, span), int(n)) for key, n in zip(keys.tolist(), counts, strict=True))
    return [(step.held[slot], unit, n) for (slot, unit), n in pairs if step.held[slot]]


def _raised(trace: Trace, groups: Groups, rate: Fraction) -> Fraction:
    """The cost at which the project's rate meets `rate`, or all the money if it stays below."""
    if not trace.by_cost:
        price = rate * trace.scale
        assert price.denominator == 1
        whole = sum(min(money, price.numerator * unit) * n for money, unit, n in groups)
        return Fraction(whole, trace.scale)
    # The greatest q with sum(min(b, q)) = q / rate, found from the right: the richest first.
    above, below = rate.numerator, rate.denominator
    poorer = sum(money * count for money, _, count in groups)
    rich = 0
    for money, _, count in sorted(groups, reverse=True):
        # all with `money` or more pay q, all others pay what they hold: raised = poorer + rich * q
        if (poorer + rich * money) * above >= money * below:
            raised = _meet(poorer, rich, rate) if rich else Fraction(poorer)
            return raised / trace.scale
        poorer -= money * count
        rich += count
    return Fraction(0) if not poorer else _meet(poorer, rich, rate) / trace.scale


def _meet(poorer: int, rich: int, rate: Fraction) -> Fraction:
    """Solve poorer + rich * q = q / rate; gives q / rate."""
    return poorer / (1 - rich * rate)


def rate_at(trace: Trace, groups: Groups, cost: Fraction) -> Fraction | None:
    """The project's rate at a cost, None when its supporters cannot pay it."""
    due = cost * trace.scale
    need = due.numerator if due.denominator == 1 else due
    if sum(money * count for money, _, count in groups) < need:
        return None
    units = sum(unit * count for _, unit, count in groups)
    for money, unit, count in _poorest_first(groups):
        if money * units >= need * unit:
            break
        need, units = need - money * count, units - unit * count
    price = Fraction(need) / units / trace.scale
    return price / cost if trace.by_cost else price


def _poorest_first(groups: Groups) -> Groups:
    """Groups by money per unit."""
    if len({unit for _, unit, _ in groups}) == 1:
        return sorted(groups)
    return sorted(groups, key=lambda one: Fraction(one[0], one[1]))


def _comes_first(
    trace: Trace, step: Step, project: int, groups: Groups, cost: int, rate: Fraction
) -> bool:
    """True when at this cost the project is bought in this round."""
    found = rate_at(trace, groups, Fraction(cost))
    if found is None or found > rate:
        return False
    if found < rate:
        return True
    tied = trace.run.rounds[trace.steps.index(step)].tied
    changed = with_cost(trace.election, project, Fraction(cost))
    return first((*tied, project), changed, trace.election.votes(), trace.rule)[0] == project


def with_cost(election: Election, project: int, cost: Fraction) -> Election:
    """The same election with another cost of one project."""
    projects = list(election.projects)
    projects[project] = replace(projects[project], cost=cost)
    return replace(election, projects=tuple(projects))
