"""Integral flows of least length: how net amounts move along arcs of bounded capacity.

Nouns
    arc       : from one node to another, with a capacity; moving one unit over it costs one
    supply    : what a node has too much of; supplies sum to zero
    potential : a price of each node that proves a flow to be the shortest
Law
    Whole numbers only, so nothing is rounded. What flows in and what flows out differ by the
    supply at every node; every arc that could still carry more has reduced cost >= 0.
Source
    Primal-dual method for flows of least cost: Ford and Fulkerson (1962); blocking flows: Dinic
    (1970); reduced costs: Edmonds and Karp (1972).
"""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

CAPACITY_MAX: Final = 10**12
ARCS_MAX: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class ShortFlow:
    """A flow of least total: one amount an arc, one potential a node."""

    amounts: tuple[int, ...]
    potentials: tuple[int, ...]


class _Network:
    """Arcs in pairs: arc 2k carries what is left of arc k, 2k + 1 what could flow back."""

    def __init__(self, nodes: int) -> None:
        self.arcs_of: list[list[int]] = [[] for _ in range(nodes)]
        self.ends: list[int] = []
        self.left: list[int] = []
        self.costs: list[int] = []
        self.potentials = [0] * nodes

    def add(self, start: int, end: int, capacity: int, cost: int) -> None:
        for here, there, units, price in ((start, end, capacity, cost), (end, start, 0, -cost)):
            self.arcs_of[here].append(len(self.ends))
            self.ends.append(there)
            self.left.append(units)
            self.costs.append(price)

    def reprice(self, source: int) -> None:
        """Add to each potential the least reduced distance from the source."""
        far = len(self.ends) + 1
        distances = [far] * len(self.arcs_of)
        distances[source] = 0
        heap = [(0, source)]
        ends, left, costs, potentials = self.ends, self.left, self.costs, self.potentials
        while heap:
            distance, node = heapq.heappop(heap)
            if distance > distances[node]:
                continue
            base = distance + potentials[node]
            for arc in self.arcs_of[node]:
                if left[arc]:
                    end = ends[arc]
                    found = base + costs[arc] - potentials[end]
                    if found < distances[end]:
                        distances[end] = found
                        heapq.heappush(heap, (found, end))
        reached = max(distance for distance in distances if distance < far)
        for node, distance in enumerate(distances):
            potentials[node] += min(distance, reached)

    def levels(self, source: int, sink: int) -> list[int] | None:
        """Count steps from the source over arcs of reduced cost 0; None when the sink is cut."""
        ends, left, costs, potentials = self.ends, self.left, self.costs, self.potentials
        found = [-1] * len(self.arcs_of)
        found[source] = 0
        queue = deque([source])
        while queue:
            node = queue.popleft()
            for arc in self.arcs_of[node]:
                end = ends[arc]
                if (
                    left[arc]
                    and found[end] < 0
                    and costs[arc] + potentials[node] == potentials[end]
                ):
                    found[end] = found[node] + 1
                    queue.append(end)
        return found if found[sink] >= 0 else None

    def block(self, source: int, sink: int, levels: list[int]) -> int:
        """Send flow along every shortest way of reduced cost 0 until each has a full arc."""
        ends, left, costs, potentials = self.ends, self.left, self.costs, self.potentials
        place = [0] * len(self.arcs_of)
        sent = 0
        way: list[int] = []
        node = source
        while True:
            if node == sink:
                units = min(left[arc] for arc in way)
                sent += units
                for arc in way:
                    left[arc] -= units
                    left[arc ^ 1] += units
                way, node = [], source
                continue
            arcs = self.arcs_of[node]
            while place[node] < len(arcs):
                arc = arcs[place[node]]
                end = ends[arc]
                if (
                    left[arc]
                    and levels[end] == levels[node] + 1
                    and costs[arc] + potentials[node] == potentials[end]
                ):
                    break
                place[node] += 1
            if place[node] < len(arcs):
                way.append(arcs[place[node]])
                node = ends[way[-1]]
            elif node == source:
                return sent
            else:
                node = ends[way.pop() ^ 1]
                place[node] += 1


def shortest_flow(
    nodes: int, arcs: Sequence[tuple[int, int, int]], supplies: Sequence[int]
) -> ShortFlow:
    """Move every supply to where it is wanted, over as few unit steps as possible.

    nodes    : number of nodes, numbered from 0
    arcs     : (start, end, capacity) each, start != end, 0 <= capacity <= 10**12, at most 10**6
    supplies : one a node: what flows out less what flows in; they sum to 0
    Returns    one amount an arc, 0 <= amount <= capacity, and potentials that prove it least: a
               not-full arc has 1 + p(start) - p(end) >= 0, a not-empty one <= 0.
    Raises     AssertionError outside these ranges or when the capacities do not suffice.

    >>> shortest_flow(3, [(0, 1, 5), (1, 2, 5), (0, 2, 2)], (4, 0, -4)).amounts
    (2, 2, 2)
    """
    assert len(supplies) == nodes and sum(supplies) == 0, sum(supplies)
    assert len(arcs) <= ARCS_MAX, len(arcs)
    network = _Network(nodes + 2)
    for start, end, capacity in arcs:
        assert start != end and 0 <= capacity <= CAPACITY_MAX, (start, end, capacity)
        network.add(start, end, capacity, 1)
    source, sink = nodes, nodes + 1
    for node, supply in enumerate(supplies):
        if supply > 0:
            network.add(source, node, supply, 0)
        elif supply < 0:
            network.add(node, sink, -supply, 0)
    wanted = sum(supply for supply in supplies if supply > 0)
    for _phase in range(nodes + 2):
        if wanted == 0:
            break
        network.reprice(source)
        levels = network.levels(source, sink)
        assert levels is not None, "the capacities do not suffice"
        while levels is not None and wanted:
            wanted -= network.block(source, sink, levels)
            levels = network.levels(source, sink)
    assert wanted == 0, wanted
    amounts = tuple(network.left[2 * place + 1] for place in range(len(arcs)))
    found = ShortFlow(amounts, tuple(network.potentials[:nodes]))
    _prove(arcs, supplies, found)
    return found


def _prove(arcs: Sequence[tuple[int, int, int]], supplies: Sequence[int], found: ShortFlow) -> None:
    """Assert balance at every node and, by the potentials, that no flow is shorter."""
    rest = list(supplies)
    for (start, end, capacity), amount in zip(arcs, found.amounts, strict=True):
        assert 0 <= amount <= capacity, amount
        rest[start] -= amount
        rest[end] += amount
        reduced = 1 + found.potentials[start] - found.potentials[end]
        assert (amount == capacity or reduced >= 0) and (amount == 0 or reduced <= 0), reduced
    assert not any(rest), rest
