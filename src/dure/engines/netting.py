"""Multilateral clearing (다자간 상계): debts that run in circles are struck out, no value moves.

Nouns
    debt    : an accepted, unpaid payment request: its debtor owes its creditor an amount
    round   : what each debt is cleared by; what is left of it stays a debt
    net     : what a member is owed less what it owes; a round leaves it as it was
Law
    A round is a circulation: what is cleared of a member's debts equals what is cleared of its
    claims. No other round clears more in all. Among those that clear as much, the oldest debt is
    cleared as far as any of them allows, then the next oldest, and so on: so the round is unique
    and depends on nothing else.
Source
    Ledger design, *clearing round*; Ford and Fulkerson, Flows in Networks (1962). What stays
    uncleared is a flow of least length from net debtors to net creditors (`dure.engines.flows`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dure.engines.flows import shortest_flow

AMOUNT_MAX: Final = 10**12
DEBTS_MAX: Final = 100_000
FORGET_EVERY: Final = 256


@dataclass(frozen=True, slots=True)
class Debt:
    """An accepted, unpaid request: `debtor` owes `creditor` an amount in minor units."""

    request: int
    debtor: int
    creditor: int
    amount: int


@dataclass(frozen=True, slots=True)
class MemberRound:
    """What a member sees before it agrees; all in minor units of the one unit."""

    member: int
    owes: int
    is_owed: int
    cleared: int

    @property
    def net(self) -> int:
        """What it is owed less what it owes; the same before and after."""
        return self.is_owed - self.owes


@dataclass(frozen=True, slots=True)
class Round:
    """A round: what each debt is cleared by, in the order of the debts, and each member's view."""

    cleared: tuple[int, ...]
    total: int
    members: tuple[MemberRound, ...]


def clearing_round(debts: Sequence[Debt]) -> Round:
    """Compute the round that clears most.

    debts   : accepted, unpaid requests of one unit, the oldest first; debtor != creditor, each
              request once, 1 <= amount <= 10**12, at most 100,000
    Returns what each debt is cleared by, 0 <= cleared <= amount, whole minor units; members
            ascending by id.
    Raises  AssertionError outside these ranges.
    Ties    by the oldest request, see the module's law.

    >>> a, b, c = 1, 2, 3
    >>> found = clearing_round([Debt(1, a, b, 50), Debt(2, b, c, 30), Debt(3, c, a, 40),
    ...     Debt(4, b, a, 10)])
    >>> found.cleared, found.total, [member.net for member in found.members]
    ((40, 30, 30, 10), 110, [0, 10, -10])
    """
    assert len(debts) <= DEBTS_MAX, len(debts)
    assert len({debt.request for debt in debts}) == len(debts), "a request is named twice"
    for debt in debts:
        assert debt.debtor != debt.creditor and 1 <= debt.amount <= AMOUNT_MAX, debt
    names = sorted({name for debt in debts for name in (debt.debtor, debt.creditor)})
    places = {name: place for place, name in enumerate(names)}
    arcs = [(places[debt.debtor], places[debt.creditor], debt.amount) for debt in debts]
    supplies = [0] * len(names)
    for start, end, amount in arcs:
        supplies[start] += amount
        supplies[end] -= amount
    left = shortest_flow(len(names), arcs, supplies)
    kept = _oldest_first(len(names), arcs, left.amounts, left.potentials)
    assert sum(kept) == sum(left.amounts), "a tie changed the total"
    cleared = tuple(debt.amount - rest for debt, rest in zip(debts, kept, strict=True))
    verify(debts, cleared)
    return Round(cleared, sum(cleared), _views(names, places, arcs, cleared))


def verify(debts: Sequence[Debt], cleared: Sequence[int]) -> None:
    """Assert the law of conservation twice: as a circulation, and by every member's net.

    Raises AssertionError, with the member, when a round makes or loses value or clears more than
           is owed.
    """
    assert len(debts) == len(cleared), (len(debts), len(cleared))
    out: dict[int, int] = {}
    into: dict[int, int] = {}
    before: dict[int, int] = {}
    after: dict[int, int] = {}
    for debt, units in zip(debts, cleared, strict=True):
        assert 0 <= units <= debt.amount, debt
        out[debt.debtor] = out.get(debt.debtor, 0) + units
        into[debt.creditor] = into.get(debt.creditor, 0) + units
        for net, amount in ((before, debt.amount), (after, debt.amount - units)):
            net[debt.creditor] = net.get(debt.creditor, 0) + amount
            net[debt.debtor] = net.get(debt.debtor, 0) - amount
    for member, net_before in before.items():
        assert out.get(member, 0) == into.get(member, 0), member
        assert net_before == after[member], member


def _views(
    names: Sequence[int],
    places: dict[int, int],
    arcs: Sequence[tuple[int, int, int]],
    cleared: Sequence[int],
) -> tuple[MemberRound, ...]:
    owes, owed, struck = [0] * len(names), [0] * len(names), [0] * len(names)
    for (start, end, amount), units in zip(arcs, cleared, strict=True):
        owes[start] += amount
        owed[end] += amount
        struck[start] += units
    return tuple(
        MemberRound(name, owes[place], owed[place], struck[place]) for name, place in places.items()
    )


class _Ties:
    """The rounds that clear most: steps between them, over arcs of reduced cost 0 alone.

    Step k over debt k, from its debtor to its creditor, keeps more of it; step ~k, back, keeps
    less. `rooms[step]` is how far a step goes; a debt that is settled has no room either way.
    Nodes bear the label of a part that no round of steps leaves.
    """

    def __init__(
        self,
        nodes: int,
        arcs: Sequence[tuple[int, int, int]],
        kept: Sequence[int],
        potentials: Sequence[int],
    ) -> None:
        self.arcs, self.kept = arcs, list(kept)
        self.labels = [0] * nodes
        self.label_count = 1
        self.rooms = [0] * (2 * len(arcs))  # ~k is -1 - k, so it counts from the end
        self.steps: list[list[tuple[int, int]]] = [[] for _ in range(nodes)]
        for place, (start, end, amount) in enumerate(arcs):
            if potentials[start] + 1 == potentials[end]:
                self.rooms[place], self.rooms[~place] = amount - kept[place], kept[place]
                self.steps[start].append((place, end))
                self.steps[end].append((~place, start))

    def settle(self, place: int) -> None:
        """Clear one debt as far as the others allow, then leave it as it is."""
        start, end, _amount = self.arcs[place]
        rest = self.rooms[~place]
        self.rooms[place] = self.rooms[~place] = 0
        while rest and self.labels[start] == self.labels[end]:
            way = self.way(start, end)
            if way is None:
                break
            units = min(rest, *(self.rooms[step] for step in way))
            assert units > 0
            rest -= units
            self.kept[place] -= units
            for step in way:
                self.rooms[step] -= units
                self.rooms[~step] += units
                self.kept[step if step >= 0 else ~step] += units if step >= 0 else -units

    def way(self, source: int, target: int) -> list[int] | None:
        """Find steps from source to target, from both ends; else part what one end can reach."""
        forth: dict[int, tuple[int, int]] = {source: (0, -1)}
        back: dict[int, tuple[int, int]] = {target: (0, -1)}
        edge_forth, edge_back = [source], [target]
        while edge_forth and edge_back:
            if len(edge_forth) <= len(edge_back):
                edge_forth, met = self.widen(edge_forth, forth, back, is_back=False)
            else:
                edge_back, met = self.widen(edge_back, back, forth, is_back=True)
            if met >= 0:
                return _joined(met, forth, back)
        for node in back if edge_forth else forth:
            self.labels[node] = self.label_count
        self.label_count += 1
        return None

    def widen(
        self,
        edge: list[int],
        seen: dict[int, tuple[int, int]],
        other: dict[int, tuple[int, int]],
        *,
        is_back: bool,
    ) -> tuple[list[int], int]:
        """Go one step further from an edge; gives the new edge and where both ends meet, or -1."""
        rooms, labels = self.rooms, self.labels
        label = labels[edge[0]]
        found: list[int] = []
        for node in edge:
            for step, end in self.steps[node]:
                taken = ~step if is_back else step
                if rooms[taken] and labels[end] == label and end not in seen:
                    seen[end] = (taken, node)
                    if end in other:
                        return found, end
                    found.append(end)
        return found, -1

    def forget(self) -> None:
        """Drop steps that can never be taken again."""
        rooms, labels = self.rooms, self.labels
        for node, steps in enumerate(self.steps):
            self.steps[node] = [
                (step, end)
                for step, end in steps
                if (rooms[step] or rooms[~step]) and labels[end] == labels[node]
            ]


def _joined(
    met: int, forth: dict[int, tuple[int, int]], back: dict[int, tuple[int, int]]
) -> list[int]:
    """List the steps from the source to the meeting node and on to the target."""
    way: list[int] = []
    for seen in (forth, back):
        step, node = seen[met]
        while node >= 0:
            way.append(step)
            step, node = seen[node]
    return way


def _oldest_first(
    nodes: int, arcs: Sequence[tuple[int, int, int]], kept: Sequence[int], potentials: Sequence[int]
) -> list[int]:
    """Among rounds that clear as much, clear each debt in turn as far as it goes."""
    ties = _Ties(nodes, arcs, kept, potentials)
    for place in range(len(arcs)):
        ties.settle(place)
        if place % FORGET_EVERY == 0:
            ties.forget()
    return ties.kept
