"""Carpool: worked trips, pairs against brute force, optimal assignment, all stop orders."""

from __future__ import annotations

import itertools
import math
import os
import subprocess
import sys
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benches.bench_carpool import brute_force, trips
from dure.engines.carpool import (
    Check,
    Durations,
    Limits,
    Trip,
    assess,
    feasible_pairs,
    trips_table,
)
from dure.engines.carpool_kernels import arc, cheapest_matching
from dure.engines.carpool_routes import (
    Route,
    Stop,
    aboard_by_leg,
    best_route,
    cost_shares,
    insert_cheapest,
    one_rider_a_car,
    stop_orders,
)
from dure.engines.sphere import RADIUS_KM, Point, distance_km

DRIVE = Trip(Point(37.60, 126.92), Point(37.50, 127.03), 0)
RIDE = Trip(Point(37.58, 126.94), Point(37.52, 127.02), 300)
ASTRAY = Trip(Point(37.58, 126.94), Point(37.49, 126.93), 300)


def test_worked_trip() -> None:
    found = assess(DRIVE, RIDE)
    assert (round(found.base_km, 3), round(found.via_km, 3)) == (14.754, 14.938)
    assert round(found.via_km / found.base_km, 4) == 1.0125
    assert round(found.shared_km / found.base_km, 3) == 0.658
    assert found.is_feasible


def test_worked_trip_astray_passes_the_midpoint_only() -> None:
    found = assess(DRIVE, ASTRAY)
    assert (round(found.via_km, 3), round(found.via_km / found.base_km, 4)) == (21.776, 1.4759)
    assert found.failure is not None
    assert (found.failure.check, found.failure.limit) == (Check.DETOUR, 250_000)
    assert round(found.failure.found / 10_000, 1) == 47.6
    middle = Point(37.55, 126.975)
    farthest = max(distance_km(middle, point) for point in (ASTRAY.start, ASTRAY.end))
    assert (round(farthest, 3), round(found.base_km * 1.25 / 2, 3)) == (7.763, 9.221)
    assert feasible_pairs(trips_table([DRIVE]), trips_table([ASTRAY, RIDE])).tolist() == [[0, 1]]


def test_loops_and_single_pairs_measure_alike() -> None:
    chance = np.random.default_rng(17)
    for lat_a, lon_a, lat_b, lon_b in chance.uniform(-60, 60, (200, 4)).tolist():
        one = distance_km(Point(lat_a, lon_a), Point(lat_b, lon_b))
        turned = (math.radians(degrees) for degrees in (lat_a, lon_a, lat_b, lon_b))
        assert one == pytest.approx(RADIUS_KM * arc(*turned), rel=1e-14)


def test_each_test_has_its_refusal() -> None:
    short = Trip(Point(37.56, 126.96), Point(37.54, 126.99), 300)
    found = assess(DRIVE, short).failure
    assert found is not None and (found.check, found.limit) == (Check.PORTION, 350_000)
    late = assess(DRIVE, Trip(RIDE.start, RIDE.end, 9_000)).failure
    assert late is not None and (late.check, late.limit) == (Check.WINDOW, 900)
    slow = assess(DRIVE, RIDE, durations=Durations(1_800, 400, 1_500, 500)).failure
    assert slow is not None and (slow.check, slow.found) == (Check.TIME, 333_334)
    assert assess(DRIVE, RIDE, durations=Durations(1_800, 400, 1_300, 500)).is_feasible


def test_pairs_are_those_of_the_brute_force() -> None:
    for seed, limits in (
        (3, Limits()),
        (5, Limits(detour_ppm=100_000, portion_ppm=600_000, window_s=300, speed_kmh=20)),
        (7, Limits(detour_ppm=0)),
        (9, Limits(detour_ppm=3_000_000, portion_ppm=0, window_s=86_400)),
    ):
        drives, rides = trips(seed, 300), trips(seed + 1, 280)
        if seed == 7:
            rides[:50, :4] = drives[:50, :4]
        found = feasible_pairs(drives, rides, limits)
        assert np.array_equal(found, brute_force(drives, rides, limits))
        assert len(found) >= 10


def test_pairs_agree_far_north_far_apart_and_one_by_one() -> None:
    chance = np.random.default_rng(11)
    ends = chance.uniform((66, 10, 66, 10), (69.9, 16, 69.9, 16), (300, 4))
    table = np.column_stack((ends, chance.uniform(0, 9_000, 300)))
    limits = Limits(detour_ppm=400_000, portion_ppm=100_000, window_s=20_000, speed_kmh=90)
    found = feasible_pairs(table[:150], table[150:], limits)
    assert np.array_equal(found, brute_force(table[:150], table[150:], limits))
    pairs = {tuple(pair) for pair in found.tolist()}
    assert len(pairs) > 100
    listed = [Trip(Point(row[0], row[1]), Point(row[2], row[3]), row[4]) for row in table.tolist()]
    for drive, ride in itertools.product(range(0, 150, 10), range(150)):
        fit = assess(listed[drive], listed[150 + ride], limits)
        assert fit.is_feasible == ((drive, ride) in pairs)


def test_a_plane_that_is_too_long_loses_pairs() -> None:
    """Negative control: the plane at the midpoint's own parallel refuses pairs the sphere takes."""
    drives, rides = trips(21, 400), trips(22, 400)
    limits = Limits(detour_ppm=50_000, portion_ppm=0, window_s=86_400)
    exact = {tuple(pair) for pair in feasible_pairs(drives, rides, limits).tolist()}

    def flat(one: np.ndarray, two: np.ndarray) -> np.ndarray:
        scale = np.cos(np.radians(37.2))
        return np.hypot(one[..., 0] - two[..., 0], (one[..., 1] - two[..., 1]) * scale)

    base = flat(drives[:, :2], drives[:, 2:4])
    via = flat(drives[:, None, :2], rides[None, :, :2])
    via = via + flat(rides[:, :2], rides[:, 2:4])
    via = via + flat(rides[None, :, 2:4], drives[:, None, 2:4])
    plane = {tuple(pair) for pair in np.argwhere(via <= 1.05 * base[:, None]).tolist()}
    assert exact != plane


def test_plain_and_compiled_give_the_same_pairs() -> None:
    code = (
        "from benches.bench_carpool import trips\n"
        "from dure.engines.carpool import feasible_pairs\n"
        "from dure.engines.carpool_routes import one_rider_a_car\n"
        "d, r = trips(31, 120), trips(32, 120)\n"
        "pairs = feasible_pairs(d, r)\n"
        "print(pairs.tolist(), one_rider_a_car(d, r, pairs))\n"
    )
    root = Path(__file__).resolve().parent.parent.parent
    told = [
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "DURE_COMPILED": turned, "PYTHONPATH": f"{root / 'src'}:{root}"},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for turned in ("0", "1")
    ]
    assert told[0] == told[1] and len(told[0]) > 200


costs = st.dictionaries(
    st.tuples(st.integers(0, 4), st.integers(0, 4)), st.integers(0, 50), max_size=18
)


@settings(max_examples=300, deadline=None)
@given(costs)
def test_matching_is_largest_and_then_cheapest(table: dict[tuple[int, int], int]) -> None:
    pairs = sorted(table)
    starts = np.searchsorted([pair[0] for pair in pairs], np.arange(6))
    ends = np.array([pair[1] for pair in pairs], np.int64)
    prices = np.array([table[pair] for pair in pairs], np.int64)
    partner = cheapest_matching(starts, ends, prices, 5, 10_000)
    chosen = [(drive, int(ride)) for drive, ride in enumerate(partner) if ride >= 0]
    assert len({ride for _drive, ride in chosen}) == len(chosen)
    options: list[tuple[int, int]] = []
    for order in itertools.permutations(range(5)):
        kept = [pair for pair in enumerate(order) if pair in table]
        options.append((len(kept), -sum(table[pair] for pair in kept)))
    most = max(count for count, _cost in options)
    graph = nx.Graph()
    graph.add_edges_from(((0, a), (1, b)) for a, b in pairs)
    assert len(chosen) == most == len(nx.max_weight_matching(graph, maxcardinality=True))
    assert -sum(table[pair] for pair in chosen) == max(options)[1]


def test_matching_agrees_with_a_library_on_a_city() -> None:
    drives, rides = trips(41, 150), trips(42, 150)
    pairs = feasible_pairs(drives, rides, Limits(window_s=1_800))
    found = one_rider_a_car(drives, rides, pairs)
    graph = nx.Graph()
    for drive, ride in pairs.tolist():
        alone = one_rider_a_car(drives, rides, np.array([[drive, ride]]))
        graph.add_edge(("d", drive), ("r", ride), weight=-alone[0][2])
    best = nx.max_weight_matching(graph, maxcardinality=True)
    assert len(found) == len(best)
    assert sum(extra for _d, _r, extra in found) == -sum(graph.edges[e]["weight"] for e in best)
    assert len({ride for _drive, ride, _extra in found}) == len(found) > 20


def test_three_riders_have_ninety_orders() -> None:
    orders = list(stop_orders(3))
    assert len(orders) == len(set(orders)) == 90
    stops = [Stop(rider, way) for rider in range(3) for way in (True, False)]
    slow = {
        order
        for order in itertools.permutations(stops)
        if all(order.index(Stop(r, True)) < order.index(Stop(r, False)) for r in range(3))
    }
    assert set(orders) == slow


def riders(seed: int, count: int) -> list[Trip]:
    chance = np.random.default_rng(seed)
    portions = np.sort(chance.uniform(0, 1, (count, 2)))
    return [
        Trip(*(Point(37.60 - 0.10 * at, 126.92 + 0.11 * at + aside) for at in row), 0)
        for row, aside in zip(portions, chance.uniform(-0.004, 0.004, count), strict=True)
    ]


def length(drive: Trip, rides: list[Trip], stops: tuple[Stop, ...]) -> float:
    points = [
        drive.start,
        *(rides[s.rider].start if s.gets_in else rides[s.rider].end for s in stops),
        drive.end,
    ]
    return sum(distance_km(a, b) for a, b in itertools.pairwise(points))


@pytest.mark.parametrize("seed", range(12))
def test_best_route_is_the_shortest_that_fits(seed: int) -> None:
    rides, seats = riders(seed, 3), 1 + seed % 3
    fitting = [
        (length(DRIVE, rides, order), order)
        for order in stop_orders(3)
        if max(len(aboard) for aboard in aboard_by_leg(order)) <= seats
    ]
    shortest = min(fitting)[0]
    found = best_route(DRIVE, rides, seats)
    if found is None:
        assert shortest > 1.25 * distance_km(DRIVE.start, DRIVE.end)
    else:
        assert found.length_km == pytest.approx(shortest, abs=1e-9)
        assert sum(found.legs_km) == pytest.approx(found.length_km)


@pytest.mark.parametrize("seed", range(12))
def test_insertion_keeps_promises_and_is_cheapest_of_its_places(seed: int) -> None:
    rides = riders(seed + 50, 3)
    route: Route | None = Route((), 0.0, ())
    for count in (1, 2, 3):
        assert route is not None
        before = route.stops
        route = insert_cheapest(DRIVE, rides[:count], before, 3)
        assert route is not None
        assert tuple(stop for stop in route.stops if stop.rider < count - 1) == before
    best = best_route(DRIVE, rides, 3)
    assert best is not None
    assert best.length_km <= route.length_km + 1e-9 <= 1.25 * 14.755


def test_no_seat_and_no_way_refuse() -> None:
    along = [Trip(DRIVE.start, DRIVE.end, 0)] * 2
    first = insert_cheapest(DRIVE, along[:1], (), 1)
    assert first is not None
    assert insert_cheapest(DRIVE, along, first.stops, 1) is None
    assert insert_cheapest(DRIVE, along, first.stops, 2) is not None
    assert insert_cheapest(DRIVE, [ASTRAY], (), 4) is None
    assert best_route(DRIVE, [ASTRAY], 4) is None
    with pytest.raises(AssertionError, match="get in and then out"):
        insert_cheapest(DRIVE, along, (Stop(0, False), Stop(0, True)), 2)


def test_cost_is_shared_by_leg_and_capped() -> None:
    stops = (Stop(0, True), Stop(1, True), Stop(0, False), Stop(1, False))
    legs = (1_000, 4_000, 6_000, 3_000, 500)
    assert cost_shares(legs, stops, 150) == {0: 600, 1: 525}
    assert cost_shares(legs, stops, 150, cap_won=550) == {0: 550, 1: 525}
    assert sum(cost_shares(legs, stops, 151).values()) <= sum(legs) * 151 // 1_000


@pytest.mark.parametrize(
    "bad",
    [
        [[75.0, 127.0, 37.5, 127.0, 0.0]],
        [[37.5, 175.0, 37.5, 127.0, 0.0]],
        [[37.5, float("nan"), 37.5, 127.0, 0.0]],
        [[30.0, 127.0, 40.0, 127.0, 0.0]],
    ],
)
def test_bad_trips_are_refused(bad: list[list[float]]) -> None:
    with pytest.raises(AssertionError):
        feasible_pairs(np.array(bad), trips_table([RIDE]))


def test_nobody_gives_no_pairs() -> None:
    assert feasible_pairs(trips_table([]), trips_table([RIDE])).tolist() == []
    assert feasible_pairs(trips_table([DRIVE]), trips_table([])).tolist() == []
    assert one_rider_a_car(trips_table([DRIVE]), trips_table([RIDE]), np.zeros((0, 2), int)) == ()
