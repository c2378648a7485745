"""Loops of carpool matching over drivers, grid cells and riders, compiled where numba is installed.

Nouns: as in `carpool`; every angle is in radians, every length in units of the earth's radius.
Law: what is skipped is proved to be infeasible (see `near_pairs`); what is kept passed the same
test on the sphere as a pair looked at alone.
"""

from __future__ import annotations

import heapq
import math

import numpy as np
import numpy.typing as npt

from dure.engines.compiled import compiled

Floats = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@compiled
def arc(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> float:
    """Angle between two points of the sphere, by the haversine formula."""
    up = math.sin((lat_b - lat_a) / 2.0)
    side = math.sin((lon_b - lon_a) / 2.0)
    half = up * up + math.cos(lat_a) * math.cos(lat_b) * side * side
    return 2.0 * math.asin(min(1.0, math.sqrt(half)))


@compiled
def near_pairs(
    drives: Floats,
    rides: Floats,
    shares: Floats,
    rows: Places,
    starts: Places,
    box: Floats,
    shape: Places,
    limits: Floats,
) -> Places:
    """List all feasible pairs (driver, rider), by driver, in the order of the grid.

    drives : (n, 5) origin lat, lon, destination lat, lon, departure in seconds
    rides  : (5, m) pick-up lat, lon, set-down lat, lon, wanted pick-up; sorted by grid cell
    shares : (m,) arc from pick-up to set-down
    rows   : (m,) where each ride stood before it was sorted
    starts : first ride of each cell, row by row, and one more; box: south, west and the height and
             width of a cell; shape: cells up and across
    limits : 1 + detour, least shared portion, window in seconds, radius over speed in seconds
    Proof  : d(O,p) + d(p,D) <= via <= s gives d(M,p) <= s/2 for the midpoint M on the sphere, since
             cos m = cos(s/2)·cos((a-b)/2) / cos(c/2) or more; the same for q. Within that cap
             parallels are no shorter than at its far edge and a chord is at most its arc, so the
             plane's lengths below are too short, never too long.
    """
    detour, portion, window, seconds = limits[0], limits[1], limits[2], limits[3]
    found = np.empty((1024, 2), np.int64)
    count = 0
    for driver in range(len(drives)):
        lat_o, lon_o, lat_d, lon_d, leaves = drives[driver]
        base = arc(lat_o, lon_o, lat_d, lon_d)
        most = detour * base
        lat_m, lon_m = _midpoint(lat_o, lon_o, lat_d, lon_d)
        cap = most / 2.0 * (1.0 + 1e-12) + 1e-12
        narrow = math.cos(abs(lat_m) + cap)
        wide = math.asin(min(1.0, math.sin(cap) / math.cos(lat_m))) + 1e-12
        short = 1.0 - wide * wide / 6.0 - 1e-9
        far = cap / short
        far *= far
        low = max(0, math.floor((lat_m - cap - box[0]) / box[2]))
        high = min(shape[0] - 1, math.floor((lat_m + cap - box[0]) / box[2]))
        left = max(0, math.floor((lon_m - wide - box[1]) / box[3]))
        right = min(shape[1] - 1, math.floor((lon_m + wide - box[1]) / box[3]))
        soonest, latest = leaves - window, leaves + most * seconds + window
        least = portion * base
        x_o, y_o = (lon_o - lon_m) * narrow, lat_o - lat_m
        x_d, y_d = (lon_d - lon_m) * narrow, lat_d - lat_m
        for row in range(low, high + 1):
            if left > right:
                break
            first = starts[row * shape[1] + left]
            last = starts[row * shape[1] + right + 1]
            for at in range(first, last):
                wanted = rides[4, at]
                if wanted < soonest or wanted > latest or shares[at] < least:
                    continue
                x_p, y_p = (rides[1, at] - lon_m) * narrow, rides[0, at] - lat_m
                if x_p * x_p + y_p * y_p > far:
                    continue
                x_q, y_q = (rides[3, at] - lon_m) * narrow, rides[2, at] - lat_m
                if x_q * x_q + y_q * y_q > far:
                    continue
                begin = math.sqrt((x_p - x_o) * (x_p - x_o) + (y_p - y_o) * (y_p - y_o))
                end = math.sqrt((x_d - x_q) * (x_d - x_q) + (y_d - y_q) * (y_d - y_q))
                if (begin + end) * short + shares[at] > most:
                    continue
                begin = arc(lat_o, lon_o, rides[0, at], rides[1, at])
                end = arc(rides[2, at], rides[3, at], lat_d, lon_d)
                if begin + shares[at] + end > most:
                    continue
                if abs(leaves + begin * seconds - wanted) > window:
                    continue
                if count == len(found):
                    larger = np.empty((2 * count, 2), np.int64)
                    larger[:count] = found
                    found = larger
                found[count, 0] = driver
                found[count, 1] = rows[at]
                count += 1
    return found[:count]


@compiled
def _midpoint(lat_a: float, lon_a: float, lat_b: float, lon_b: float) -> tuple[float, float]:
    """Middle of the great circle between two points."""
    east = math.cos(lat_b) * math.cos(lon_b - lon_a)
    north = math.cos(lat_b) * math.sin(lon_b - lon_a)
    ahead = math.cos(lat_a) + east
    lat = math.atan2(math.sin(lat_a) + math.sin(lat_b), math.sqrt(ahead * ahead + north * north))
    return lat, lon_a + math.atan2(north, ahead)


@compiled
def _search(
    root: int,
    starts: Places,
    ends: Places,
    costs: Places,
    unmatched: int,
    height: Places,
    price: Places,
    owner: Places,
    distance: Places,
    before: Places,
    closed: Places,
    reach: Places,
    touched: Places,
) -> tuple[int, int, int, int, int]:
    """Find the least way from a driver to a free rider, or to a driver who better rides alone.

    height, price : potentials; every reduced cost is >= 0, and 0 for matched pairs
    distance      : far everywhere; before: the driver each rider was reached from
    Gives how many drivers were closed (`closed`, at distance `reach`), how many riders touched, the
    length of the way, its last rider or -1, and the driver who is left alone when there is none.
    """
    far = np.iinfo(np.int64).max
    heap = [(np.int64(0), np.int64(0))]
    heap.pop()
    driver, base, last = root, np.int64(0), np.int64(-1)
    stop, leaver = unmatched - height[root], root
    closed[0], reach[0] = root, 0
    closings, touches = 1, 0
    while True:
        for pair in range(starts[driver], starts[driver + 1]):
            rider = ends[pair]
            length = base + costs[pair] - height[driver] - price[rider]
            if length < distance[rider]:
                if distance[rider] == far:
                    touched[touches] = rider
                    touches += 1
                distance[rider] = length
                before[rider] = driver
                heapq.heappush(heap, (length, rider))
        while heap and heap[0][0] > distance[heap[0][1]]:
            heapq.heappop(heap)
        if not heap or heap[0][0] >= stop:
            break
        base, nearest = heapq.heappop(heap)
        if owner[nearest] < 0:
            last, stop = nearest, base
            break
        driver = owner[nearest]
        closed[closings], reach[closings] = driver, base
        closings += 1
        if base + unmatched - height[driver] < stop:
            stop, leaver = base + unmatched - height[driver], driver
    return closings, touches, int(stop), int(last), leaver


@compiled
def cheapest_matching(
    starts: Places, ends: Places, costs: Places, riders: int, unmatched: int
) -> Places:
    """Give each driver a rider or -1 so that the total cost is least; each rider at most once.

    starts    : (n + 1,) first pair of each driver; ends: rider of each pair; costs: each >= 0
    unmatched : cost of a driver without a rider
    Source    : Hungarian method as shortest augmenting paths with potentials.
    """
    drivers = len(starts) - 1
    partner = np.full(drivers, -1, np.int64)
    owner = np.full(riders, -1, np.int64)
    price = np.zeros(riders, np.int64)
    height = np.zeros(drivers, np.int64)
    far = np.iinfo(np.int64).max
    distance = np.full(riders, far, np.int64)
    before = np.full(riders, -1, np.int64)
    closed, reach = np.empty(drivers, np.int64), np.empty(drivers, np.int64)
    touched = np.empty(riders, np.int64)
    for root in range(drivers):
        closings, touches, stop, last, leaver = _search(
            root,
            starts,
            ends,
            costs,
            unmatched,
            height,
            price,
            owner,
            distance,
            before,
            closed,
            reach,
            touched,
        )
        for place in range(closings):
            height[closed[place]] += stop - reach[place]
        for place in range(touches):
            rider = touched[place]
            if distance[rider] < stop:
                price[rider] += distance[rider] - stop
            distance[rider] = far
        if last < 0:
            last = partner[leaver]
            partner[leaver] = -1
        while last >= 0:
            driver = before[last]
            following = partner[driver]
            owner[last], partner[driver] = driver, last
            last = following if driver != root else -1
    return partner


def warmed() -> Places:
    """Compile the loops on a tiny case, so that a clock started afterwards sees none of it."""
    drives = np.array([[0.65, 2.21, 0.66, 2.22, 0.0]])
    near_pairs(
        drives,
        drives.reshape(5, 1).copy(),
        np.array([0.1]),
        np.zeros(1, np.int64),
        np.array([0, 1]),
        np.array([0.6, 2.0, 1.0, 1.0]),
        np.array([1, 1]),
        np.array([1.25, 0.3, 9.0, 9.0]),
    )
    return cheapest_matching(np.array([0, 1]), np.array([0]), np.array([1]), 1, 5)
