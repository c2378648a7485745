"""Carpool: feasible pairs of 2,000 drives and 2,000 rides, beside a numpy brute force, in one run.

Run as `python benches/bench_carpool.py`. The brute force takes each drive against all rides by the
haversine formula in numpy, lengths of rides known beforehand; ours is measured after compilation.
Both by CPU time, best of some. Pairs must be the same. Exit 1 when a target is missed.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

from dure.engines.carpool import Limits, feasible_pairs  # noqa: E402
from dure.engines.carpool_kernels import Floats, Places, warmed  # noqa: E402
from dure.engines.carpool_routes import one_rider_a_car  # noqa: E402
from dure.engines.compiled import is_available  # noqa: E402
from dure.engines.sphere import RADIUS_KM  # noqa: E402

COUNT, MOST_S, LEAST_RATIO = 2_000, 1.0, 8.0


def trips(seed: int, count: int) -> Floats:
    """Ways across a city of about 37 by 34 km between 7 and 9 in the morning, longer than 3 km."""
    chance = np.random.default_rng(seed)
    south_west, north_east = (37.42, 126.78, 37.42, 126.78), (37.70, 127.18, 37.70, 127.18)
    ends = np.empty((0, 4))
    while len(ends) < count:
        drawn = chance.uniform(south_west, north_east, (count, 4))
        ends = np.concatenate((ends, drawn[np.abs(drawn[:, 0] - drawn[:, 2]) > 0.03]))
    return np.column_stack((ends[:count], chance.uniform(7 * 3_600, 9 * 3_600, count)))


def arcs(lat_a: Floats | float, lon_a: Floats | float, lat_b: Floats, lon_b: Floats) -> Floats:
    up, side = np.sin((lat_b - lat_a) / 2), np.sin((lon_b - lon_a) / 2)
    half = up * up + np.cos(lat_a) * np.cos(lat_b) * side * side
    found: Floats = 2 * np.arcsin(np.minimum(1.0, np.sqrt(half)))
    return found


def brute_force(drives: Floats, rides: Floats, limits: Limits) -> Places:
    """Every drive against all rides on the sphere."""
    here, there = drives.copy(), rides.copy()
    here[:, :4], there[:, :4] = np.radians(here[:, :4]), np.radians(there[:, :4])
    p_lat, p_lon, q_lat, q_lon, wanted = np.ascontiguousarray(there.T)
    shared = arcs(p_lat, p_lon, q_lat, q_lon)
    bases = arcs(here[:, 0], here[:, 1], here[:, 2], here[:, 3])
    seconds = RADIUS_KM * 3_600 / limits.speed_kmh
    detour, portion = 1 + limits.detour_ppm / 10**6, limits.portion_ppm / 10**6
    found = []
    for row, (lat_o, lon_o, lat_d, lon_d, leaves) in enumerate(here):
        begin = arcs(lat_o, lon_o, p_lat, p_lon)
        end = arcs(lat_d, lon_d, q_lat, q_lon)
        fits = begin + shared + end <= detour * bases[row]
        fits &= shared >= portion * bases[row]
        fits &= np.abs(leaves + begin * seconds - wanted) <= limits.window_s
        columns = np.flatnonzero(fits)
        found.append(np.column_stack((np.full(len(columns), row), columns)))
    return np.concatenate(found)


def main() -> int:
    limits = Limits()
    drives, rides = trips(1, COUNT), trips(2, COUNT)
    began = time.perf_counter()
    warmed()
    print(f"     compiled: {is_available()}, in {time.perf_counter() - began:.1f} s")
    best, slow = float("inf"), float("inf")
    for _ in range(5):
        began = time.process_time()
        found = feasible_pairs(drives, rides, limits)
        best = min(best, time.process_time() - began)
        began = time.process_time()
        expected = brute_force(drives, rides, limits)
        slow = min(slow, time.process_time() - began)
    same = np.array_equal(found, expected)
    good = best <= MOST_S and slow / best >= LEAST_RATIO and same
    print(
        f"{'ok  ' if good else 'MISS'} {COUNT} x {COUNT}: {best * 1000:.1f} ms "
        f"(at most {MOST_S} s); brute force {slow * 1000:.0f} ms, {slow / best:.1f}x "
        f"(at least {LEAST_RATIO}x); {len(found)} pairs, {'the same' if same else 'NOT THE SAME'}"
    )
    began = time.process_time()
    matched = one_rider_a_car(drives, rides, found)
    print(f"     one rider a car: {len(matched)} pairs in {time.process_time() - began:.2f} s")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
