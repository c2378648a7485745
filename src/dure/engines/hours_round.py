"""Clearing round of hours (시간 정산 회차): as many wished exchanges as members can give and take.

Nouns
    wish      : up to so many minutes that a giver could do for a taker
    supply    : what a member can give in the round; need: what it would take
    imbalance : by how much what it gives and what it takes may differ
Law
    maximise the sum of x, 0 <= x <= wish; given <= supply; received <= need;
    |given - received| <= imbalance. Whole units; no other round exchanges more in all; the answer
    depends on the rows alone, not on their order.
Source
    Andersson, Cseh, Ehlers, Erlanson, Organizing Time Exchanges, American Economic Journal:
    Microeconomics 13(1) (2021): a circulation, so the linear programme has an integral answer.
    Here its complement: what is not exchanged is a flow of least cost.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from dure.engines.hours_kernels import Places

UNITS_MAX: Final = 10**9
WISHES_MAX: Final = 200_000


@dataclass(frozen=True, slots=True)
class Wish:
    """Up to `units` (minutes, or quarter hours) from giver to taker."""

    giver: str
    taker: str
    units: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What a member can give, would take, and how far the two may differ, in one unit."""

    member: str
    supply: int
    need: int
    imbalance: int


@dataclass(frozen=True, slots=True)
class MemberHours:
    """What a round gives a member to do and to receive."""

    member: str
    given: int
    received: int


@dataclass(frozen=True, slots=True)
class HoursRound:
    """Exchanged units in the order of the wishes, their sum, and each member's, by member."""

    exchanged: tuple[int, ...]
    total: int
    members: tuple[MemberHours, ...]


def hours_round(wishes: Sequence[Wish], limits: Sequence[Limits]) -> HoursRound:
    """Compute a round that exchanges most.

    wishes  : giver != taker, each pair once, 0 <= units <= 10**9, at most 200,000
    limits  : one for every member that is named, 0 <= supply, need, imbalance <= 10**9
    Returns   0 <= exchanged <= units, whole units, optimal; members ascending by name.
    Raises    AssertionError outside these ranges.
    Ties      decided by the names, never by the order of rows.
    Source    see the module.

    >>> wishes = [Wish("A", "B", 2), Wish("B", "C", 3), Wish("C", "A", 2), Wish("A", "C", 2),
    ...     Wish("D", "A", 2), Wish("C", "D", 1)]
    >>> limits = [Limits("A", 3, 3, 0), Limits("B", 3, 2, 0), Limits("C", 3, 3, 0),
    ...     Limits("D", 2, 2, 0)]
    >>> found = hours_round(wishes, limits)
    >>> found.total, found.exchanged
    (9, (2, 2, 2, 1, 1, 1))
    """
    _check(wishes, limits)
    names = sorted(one.member for one in limits)
    places = {name: place for place, name in enumerate(names)}
    by_name = sorted(limits, key=lambda one: one.member)
    order = sorted(range(len(wishes)), key=lambda row: (wishes[row].giver, wishes[row].taker))
    givers = np.array([places[wishes[row].giver] for row in order], np.int64)
    takers = np.array([places[wishes[row].taker] for row in order], np.int64)
    units = np.array([wishes[row].units for row in order], np.int64)
    table = np.array([(one.supply, one.need, one.imbalance) for one in by_name], np.int64).reshape(
        len(names), 3
    )
    left = _uncleared(givers, takers, units, table)
    moved = units - left
    given = np.bincount(givers, moved, len(names)).astype(np.int64)
    received = np.bincount(takers, moved, len(names)).astype(np.int64)
    assert (given <= table[:, 0]).all() and (received <= table[:, 1]).all(), "above a limit"
    assert (np.abs(given - received) <= table[:, 2]).all(), "out of balance"
    exchanged = [0] * len(wishes)
    for row, amount in zip(order, moved.tolist(), strict=True):
        exchanged[row] = amount
    members = tuple(map(MemberHours, names, given.tolist(), received.tolist()))
    total = sum(exchanged)
    assert total == sum(one.given for one in members) == sum(one.received for one in members)
    return HoursRound(tuple(exchanged), total, members)


def _check(wishes: Sequence[Wish], limits: Sequence[Limits]) -> None:
    members = {one.member for one in limits}
    assert len(members) == len(limits), "a member stands twice"
    assert len(wishes) <= WISHES_MAX, len(wishes)
    assert len({(wish.giver, wish.taker) for wish in wishes}) == len(wishes), "a pair stands twice"
    for wish in wishes:
        assert wish.giver != wish.taker and 0 <= wish.units <= UNITS_MAX, wish
        assert wish.giver in members and wish.taker in members, wish
    for one in limits:
        assert min(one.supply, one.need, one.imbalance) >= 0, one
        assert max(one.supply, one.need, one.imbalance) <= UNITS_MAX, one


def _uncleared(givers: Places, takers: Places, units: Places, table: Places) -> Places:
    """Give what stays of each wish: the dear arcs of a flow from all that is taken to all given.

    Nodes: member m takes at m, passes on at count + m and gives at 2·count + m; one pool between
    all lets a member give more or less than it takes, as far as its imbalance goes.
    """
    count = len(table)
    own = np.arange(count)
    pool, source, sink = 3 * count, 3 * count + 1, 3 * count + 2
    taken = np.bincount(takers, units, count).astype(np.int64)
    wished = np.bincount(givers, units, count).astype(np.int64)
    same = np.full(count, pool)
    starts = np.concatenate(
        (takers, own, own + count, own + count, same, np.full(count, source), own + 2 * count)
    )
    ends = np.concatenate(
        (givers + 2 * count, own + count, own + 2 * count, same, own + count, own, same + 2)
    )
    room = np.concatenate(
        (units, table[:, 1], table[:, 0], table[:, 2], table[:, 2], taken, wished)
    )
    assert sink == pool + 2
    costs = np.zeros(len(starts), np.int64)
    costs[: len(units)] = 1
    both = np.empty(2 * len(starts), np.int64)
    tails, price, free = both.copy(), both.copy(), np.zeros_like(both)
    both[0::2], both[1::2] = ends, starts
    tails[0::2], tails[1::2] = starts, ends
    price[0::2], price[1::2] = costs, -costs
    free[0::2] = room
    ahead = np.argsort(tails, kind="stable")
    first = np.searchsorted(tails[ahead], np.arange(sink + 2))
    wanted = int(units.sum())
    from dure.engines.hours_kernels import least_cost_flow  # loads numba: never at a web start

    height = least_cost_flow(first, ahead, both, price, free, wanted)
    _prove(tails, both, price, free, height, wanted, sink)
    left: Places = free[1 : 2 * len(units) : 2].copy()
    return left


def _prove(
    tails: Places,
    ends: Places,
    price: Places,
    free: Places,
    height: Places,
    wanted: int,
    sink: int,
) -> None:
    """Assert balance at every node and, by the potentials, that no flow costs less."""
    flow = free[1::2]
    assert (flow >= 0).all() and (free[0::2] >= 0).all(), "beyond a capacity"
    net = np.bincount(tails[0::2], flow, sink + 1) - np.bincount(ends[0::2], flow, sink + 1)
    net = net.astype(np.int64)
    assert net[sink] == -wanted and net[sink - 1] == wanted, "not everything was sent"
    assert not net[: sink - 1].any(), "something was lost on the way"
    open_arcs = free > 0
    reduced = price + height[tails] - height[ends]
    assert (reduced[open_arcs] >= 0).all(), "a cheaper flow is left"
