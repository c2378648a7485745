"""Loops of the market over supporters and classes, compiled where numba is installed.

Nouns: as in `classes` and `market`; every ballot pays one unit here (no points, no ranks).
Law: these loops hold no decision of their own. They sum, gather and relabel as the array
expressions of `market` do; sums of counts are whole numbers below 2**53 and so exact in any order,
and float sums stay within the bound stated there.
"""

from __future__ import annotations

from dure.engines.compiled import compiled
from dure.engines.pb.classes import Floats, Places
from dure.engines.pb.market import Mask


@compiled
def raised(
    slot: Places, types: Places, sizes: Floats, money: Floats, price: float, margin: float
) -> tuple[float, float]:
    """Sum min(held, price) over supporters, and the ballots that may hold more than the price."""
    total, growth = 0.0, 0.0
    for at in range(len(types)):
        held = money[slot[types[at]]]
        part = min(held, price)
        total += part * sizes[at]
        if part >= price - margin:
            growth += sizes[at]
    return total, growth


@compiled
def gathered(
    slot: Places, types: Places, sizes: Floats, tally: Floats, slots: Places, counts: Floats
) -> int:
    """Group supporters with money by class; `tally` is zero before and after. Gives the groups."""
    groups = 0
    for at in range(len(types)):
        place = slot[types[at]]
        if place == 0:
            continue
        if tally[place] == 0.0:
            slots[groups] = place
            groups += 1
        tally[place] += sizes[at]
    for group in range(groups):
        counts[group] = tally[slots[group]]
        tally[slots[group]] = 0.0
    return groups


@compiled
def peeled(
    money: Floats, slots: Places, counts: Floats, cost: float, price: float, rich: Mask
) -> float:
    """Guess who keeps money after paying, in floats; gives all that is held."""
    total, kept, before = 0.0, 0, -1
    for group in range(len(slots)):
        total += money[slots[group]] * counts[group]
        rich[group] = money[slots[group]] >= price
        kept += rich[group]
    while kept not in (0, before):
        before = kept
        poor_money, ballots = 0.0, 0.0
        for group in range(len(slots)):
            if rich[group]:
                ballots += counts[group]
            else:
                poor_money += money[slots[group]] * counts[group]
        price = max(price, (cost - poor_money) / ballots)
        kept = 0
        for group in range(len(slots)):
            rich[group] = money[slots[group]] >= price
            kept += rich[group]
    return total


@compiled
def paid(
    node: Places,
    slots: Places,
    counts: Floats,
    rich: Mask,
    parent: Places,
    when: Places,
    total: Floats,
) -> tuple[float, float]:
    """Add up what the poor paid in each round; give the ballots of the poor and of the rich."""
    poor, rest = 0.0, 0.0
    for group in range(len(slots)):
        if rich[group]:
            rest += counts[group]
            continue
        poor += counts[group]
        at = node[slots[group]]
        while at > 0:
            total[when[at]] += counts[group]
            at = parent[at]
    return poor, rest


@compiled
def is_settled(money: Floats, slots: Places, price: float, margin: float, rich: Mask) -> bool:
    """True when every class is clear of the price by the margin, on the side that was guessed."""
    for group in range(len(slots)):
        gap = money[slots[group]] - price
        if rich[group]:
            if gap <= margin:
                return False
        elif gap >= -margin:
            return False
    return True


@compiled
def pulled(
    slot: Places,
    types: Places,
    sizes: Floats,
    money: Floats,
    lift: Floats,
    ended: Places,
    place: int,
    price: float,
    margin: float,
) -> tuple[float, float]:
    """Sum what the surely poor gain per unit of start, and the ballots of the others.

    ended : by type, the round that took its last money at a lesser start; only who still held
            money there before round `place` counts among the poor
    """
    pull, load = 0.0, 0.0
    for at in range(len(types)):
        here = slot[types[at]]
        if money[here] >= price - margin:
            load += sizes[at]
        elif here != 0 and ended[types[at]] >= place:
            pull += sizes[at] * lift[here]
    return pull, load


@compiled
def moved(
    slot: Places,
    types: Places,
    slots: Places,
    counts: Floats,
    rich: Mask,
    money: Floats,
    weight: Floats,
    node: Places,
    parent: Places,
    when: Places,
    target: Places,
    free: Places,
    state: Places,
    lift: Floats,
    ended: Places,
    price: float,
    slope: float,
) -> None:
    """Let the classes pay and move their ballots.

    target : scratch by slot; free : stack of slots that hold nobody
    state  : (slots in use, nodes in use, height of `free`, round), the first three updated
    lift   : by slot, see `FastMarket`; those who pay in full gain `slope`
    ended  : by type, the round that took its last money
    """
    for group in range(len(slots)):
        place = slots[group]
        if not rich[group]:
            weight[place] -= counts[group]
            target[place] = 0
            continue
        into = place
        if counts[group] != weight[place]:
            weight[place] -= counts[group]
            if state[2] > 0:
                state[2] -= 1
                into = free[state[2]]
            else:
                into = state[0]
                state[0] += 1
        left, gain = money[place] - price, lift[place] + slope
        fresh = state[1]
        state[1] += 1
        parent[fresh] = node[place]
        when[fresh] = state[3]
        money[into], weight[into], node[into], lift[into] = left, counts[group], fresh, gain
        target[place] = into
    target[0] = 0
    for at in range(len(types)):
        before = slot[types[at]]
        slot[types[at]] = target[before]
        if before != 0 and target[before] == 0:
            ended[types[at]] = state[3]
    for group in range(len(slots)):
        place = slots[group]
        if weight[place] == 0.0:
            money[place] = 0.0
            free[state[2]] = place
            state[2] += 1
