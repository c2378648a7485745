"""Loops of a flow of least cost over arrays, compiled where numba is installed.

Nouns
    arc    : 2k is arc k with what it can still carry, 2k + 1 what could flow back
    ahead  : the arcs that leave node v are `ahead[first[v]:first[v + 1]]`
    height : potentials; an arc with room has cost + height(start) - height(end) >= 0
Law
    Whole numbers only; the same arrays give the same flow.
Source
    Primal-dual method: Ford and Fulkerson (1962); blocking flows: Dinic (1970); as
    `dure.engines.flows`, which has one cost for all arcs.
"""

from __future__ import annotations

import heapq

import numpy as np
import numpy.typing as npt

from dure.engines.compiled import compiled

Places = npt.NDArray[np.int64]


@compiled
def least_cost_flow(
    first: Places, ahead: Places, ends: Places, costs: Places, room: Places, wanted: int
) -> Places:
    """Send `wanted` units from the last node but one to the last at least cost; gives potentials.

    first, ahead : arcs by node; ends, costs : of each arc, costs of even arcs >= 0
    room         : what each arc can carry; changed in place to what is left
    wanted       : it must be possible to send so much
    """
    nodes = len(first) - 1
    source, sink = nodes - 2, nodes - 1
    height = np.zeros(nodes, np.int64)
    level = np.empty(nodes, np.int64)
    for _phase in range(nodes + 1):
        if wanted == 0:
            break
        _reprice(first, ahead, ends, costs, room, height, source)
        while wanted > 0 and _levels(first, ahead, ends, costs, room, height, level, source, sink):
            wanted -= _block(first, ahead, ends, costs, room, height, level, source, sink)
    return height


@compiled
def _reprice(
    first: Places,
    ahead: Places,
    ends: Places,
    costs: Places,
    room: Places,
    height: Places,
    source: int,
) -> None:
    """Add to each potential the least reduced distance from the source, at most the farthest."""
    nodes = len(height)
    far = np.iinfo(np.int64).max
    distance = np.full(nodes, far, np.int64)
    distance[source] = 0
    heap = [(np.int64(0), np.int64(source))]
    reached = np.int64(0)
    while heap:
        base, node = heapq.heappop(heap)
        if base > distance[node]:
            continue
        reached = base
        for place in range(first[node], first[node + 1]):
            arc = ahead[place]
            if room[arc] == 0:
                continue
            end = ends[arc]
            length = base + costs[arc] + height[node] - height[end]
            if length < distance[end]:
                distance[end] = length
                heapq.heappush(heap, (length, end))
    for here in range(nodes):
        height[here] += min(distance[here], reached)


@compiled
def _levels(
    first: Places,
    ahead: Places,
    ends: Places,
    costs: Places,
    room: Places,
    height: Places,
    level: Places,
    source: int,
    sink: int,
) -> bool:
    """Count steps from the source over arcs of reduced cost 0; false when the sink is cut off."""
    nodes = len(height)
    queue = np.empty(nodes, np.int64)
    level[:] = -1
    level[source] = 0
    queue[0] = source
    begin, end = 0, 1
    while begin < end:
        node = queue[begin]
        begin += 1
        for place in range(first[node], first[node + 1]):
            arc = ahead[place]
            there = ends[arc]
            if room[arc] == 0 or level[there] >= 0:
                continue
            if costs[arc] + height[node] == height[there]:
                level[there] = level[node] + 1
                queue[end] = there
                end += 1
    return bool(level[sink] >= 0)


@compiled
def _block(
    first: Places,
    ahead: Places,
    ends: Places,
    costs: Places,
    room: Places,
    height: Places,
    level: Places,
    source: int,
    sink: int,
) -> int:
    """Send flow along every shortest way of reduced cost 0 until each has a full arc."""
    nodes = len(height)
    place = first[:nodes].copy()
    way = np.empty(nodes, np.int64)
    steps, sent, node = 0, 0, source
    while True:
        if node == sink:
            units = room[way[0]]
            for step in range(1, steps):
                units = min(units, room[way[step]])
            for step in range(steps):
                room[way[step]] -= units
                room[way[step] ^ 1] += units
            sent += units
            node, steps = source, 0
        while place[node] < first[node + 1]:
            arc = ahead[place[node]]
            there = ends[arc]
            if (
                room[arc] > 0
                and level[there] == level[node] + 1
                and costs[arc] + height[node] == height[there]
            ):
                break
            place[node] += 1
        if place[node] < first[node + 1]:
            way[steps] = ahead[place[node]]
            steps += 1
            node = ends[way[steps - 1]]
        elif node == source:
            return sent
        else:
            steps -= 1
            node = ends[way[steps] ^ 1]
            place[node] += 1
