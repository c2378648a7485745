"""Carpool routes (카풀 경로): who rides with whom, and in which order a car stops.

Nouns
    stop  : a ride's pick-up or set-down; route: stops in order between origin and destination
    extra : what a set of pairs or stops adds to the drivers' own ways
Law
    One rider a car: as many pairs as can be at all, and among those the least extra way, in whole
    metres. Several: a set-down follows its pick-up, no leg carries more than the seats, and the
    route is no longer than the limit; insertion never changes the order of stops already promised.
Source
    Exchange design, *carpool*: optimal assignment; cheapest insertion; all 90 orders of three
    riders' six stops. Hungarian method: Kuhn (1955); insertion: Rosenkrantz, Stearns, Lewis (1977).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from dure.engines.carpool import Limits, Trip
from dure.engines.carpool_kernels import Floats, Places, cheapest_matching
from dure.engines.sphere import Point, distance_km

RIDERS_ALL_ORDERS_MAX: Final = 3
STOPS_MAX: Final = 16
SEATS_MAX: Final = 8


@dataclass(frozen=True, slots=True)
class Stop:
    """A rider, by its place in the list of rides, gets in or out."""

    rider: int
    gets_in: bool


@dataclass(frozen=True, slots=True)
class Route:
    """Stops in order, the length of the whole way and of each leg in km."""

    stops: tuple[Stop, ...]
    length_km: float
    legs_km: tuple[float, ...]


def one_rider_a_car(
    drives: Floats, rides: Floats, pairs: Places
) -> tuple[tuple[int, int, int], ...]:
    """Choose pairs so that most people ride, over the least extra way.

    drives, rides : as in `carpool.feasible_pairs`
    pairs         : (k, 2) int64, feasible pairs, ascending, each once
    Returns         (drive, ride, extra metres), by drive; each drive and ride at most once.
    Raises          AssertionError when a pair stands twice or names a row that is not there.
    Ties            by the lowest rows, given the same arrays.
    Source          Hungarian method; optimal in whole metres.

    >>> drives = np.array([[37.5, 127.0, 37.6, 127.0, 0.0], [37.5, 127.01, 37.6, 127.01, 0.0]])
    >>> rides = drives[::-1].copy()
    >>> every = np.array([[0, 0], [0, 1], [1, 0], [1, 1]])
    >>> one_rider_a_car(drives, rides, every)
    ((0, 1, 0), (1, 0, 0))
    """
    if not len(pairs):
        return ()
    order = np.lexsort((pairs[:, 1], pairs[:, 0]))
    chosen = np.ascontiguousarray(pairs[order])
    assert (np.diff(chosen[:, 0] * len(rides) + chosen[:, 1]) > 0).all(), "a pair stands twice"
    assert chosen.min() >= 0 and (chosen.max(axis=0) < (len(drives), len(rides))).all(), (
        "no such row"
    )
    metres = np.array([_extra_m(drives[row], rides[column]) for row, column in chosen.tolist()])
    starts = np.searchsorted(chosen[:, 0], np.arange(len(drives) + 1))
    unmatched = (int(metres.max()) + 1) * (min(len(drives), len(rides)) + 1)
    ends = np.ascontiguousarray(chosen[:, 1])
    partner = cheapest_matching(starts, ends, metres, len(rides), unmatched)
    costs = dict(zip(map(tuple, chosen.tolist()), metres.tolist(), strict=True))
    return tuple(
        (drive, int(ride), costs[drive, int(ride)])
        for drive, ride in enumerate(partner)
        if ride >= 0
    )


def _extra_m(drive: Floats, ride: Floats) -> int:
    start, end = Point(float(drive[0]), float(drive[1])), Point(float(drive[2]), float(drive[3]))
    get_in, get_out = Point(float(ride[0]), float(ride[1])), Point(float(ride[2]), float(ride[3]))
    via = distance_km(start, get_in) + distance_km(get_in, get_out) + distance_km(get_out, end)
    return max(0, round((via - distance_km(start, end)) * 1_000))


def insert_cheapest(
    drive: Trip,
    rides: Sequence[Trip],
    stops: Sequence[Stop],
    seats: int,
    limits: Limits | None = None,
) -> Route | None:
    """Take one more rider, the last of `rides`, where it lengthens the way least.

    drive  : the driver's trip; rides: the riders, the new one last
    stops  : promised stops of the others, in order; their order stays
    seats  : for riders, 1 … 8
    limits : None = the defaults; only the detour is asked here
    Returns  the route with both new stops; None when no place fits seats and detour.
    Raises   AssertionError when the promised stops are not those of the other riders.
    Ties     the earlier pick-up, then the earlier set-down.

    >>> way = Trip(Point(37.5, 127.0), Point(37.6, 127.0), 0)
    >>> first = Trip(Point(37.52, 127.0), Point(37.58, 127.0), 0)
    >>> second = Trip(Point(37.54, 127.0), Point(37.59, 127.0), 0)
    >>> one = insert_cheapest(way, (first,), (), 2)
    >>> two = insert_cheapest(way, (first, second), one.stops, 2)
    >>> [(stop.rider, stop.gets_in) for stop in two.stops]
    [(0, True), (1, True), (0, False), (1, False)]
    """
    assert len(stops) + 2 <= STOPS_MAX and len(stops) == 2 * len(rides) - 2, "stops of the others"
    _check(stops, range(len(rides) - 1), seats)
    new = len(rides) - 1
    orders = (
        (*stops[:begin], Stop(new, True), *stops[begin:end], Stop(new, False), *stops[end:])
        for begin in range(len(stops) + 1)
        for end in range(begin, len(stops) + 1)
    )
    return _shortest(drive, rides, orders, seats, limits)


def best_route(
    drive: Trip, rides: Sequence[Trip], seats: int, limits: Limits | None = None
) -> Route | None:
    """Try every order of the stops of up to three riders and take the shortest that fits.

    drive  : the driver's trip; rides: 1 … 3 riders; seats: for riders, 1 … 8
    limits : None = the defaults; only the detour is asked here
    Returns  the shortest route; None when none fits seats and detour.
    Source   (2n)! / 2**n orders: 1, 6, 90.

    >>> way = Trip(Point(37.5, 127.0), Point(37.6, 127.0), 0)
    >>> best_route(way, (way,), 1).stops
    (Stop(rider=0, gets_in=True), Stop(rider=0, gets_in=False))
    """
    assert 1 <= len(rides) <= RIDERS_ALL_ORDERS_MAX, len(rides)
    return _shortest(drive, rides, stop_orders(len(rides)), seats, limits)


def stop_orders(riders: int) -> Iterator[tuple[Stop, ...]]:
    """List every order of stops in which nobody gets out before getting in.

    riders : 0 … 3

    >>> [sum(1 for _ in stop_orders(riders)) for riders in (1, 2, 3)]
    [1, 6, 90]
    """
    assert 0 <= riders <= RIDERS_ALL_ORDERS_MAX, riders
    orders: list[tuple[Stop, ...]] = [()]
    for rider in range(riders):
        orders = [
            (*order[:begin], Stop(rider, True), *order[begin:end], Stop(rider, False), *order[end:])
            for order in orders
            for begin in range(len(order) + 1)
            for end in range(begin, len(order) + 1)
        ]
    return iter(orders)


def _shortest(
    drive: Trip,
    rides: Sequence[Trip],
    orders: Iterator[tuple[Stop, ...]],
    seats: int,
    limits: Limits | None,
) -> Route | None:
    """Give the shortest order that keeps to the seats and the detour; the earlier on a tie."""
    assert 1 <= seats <= SEATS_MAX, seats
    detour = (limits or Limits()).detour_ppm
    most = (1 + detour / 1_000_000) * distance_km(drive.start, drive.end)
    points = [drive.start, drive.end]
    for ride in rides:
        points += [ride.start, ride.end]
    table = [[distance_km(here, there) for there in points] for here in points]
    best: Route | None = None
    for order in orders:
        if not _fits(order, seats):
            continue
        way = [0, *(2 * stop.rider + (2 if stop.gets_in else 3) for stop in order), 1]
        legs = tuple(table[here][there] for here, there in pairwise(way))
        length = sum(legs)
        if length <= most and (best is None or length < best.length_km):
            best = Route(order, length, legs)
    return best


def _fits(stops: Sequence[Stop], seats: int) -> bool:
    aboard = 0
    for stop in stops:
        aboard += 1 if stop.gets_in else -1
        if aboard > seats:
            return False
    return True


def _check(stops: Sequence[Stop], riders: range, seats: int) -> None:
    """Assert that each rider gets in once and then out once, and that the seats suffice."""
    for rider in riders:
        own = [stop.gets_in for stop in stops if stop.rider == rider]
        assert own == [True, False], f"rider {rider} does not get in and then out"
    assert _fits(stops, seats), "more riders than seats"


def aboard_by_leg(stops: Sequence[Stop]) -> tuple[tuple[int, ...], ...]:
    """Say who sits in the car on each leg, the driver left out.

    stops   : a route's stops
    Returns riders on each of the len(stops) + 1 legs, ascending.

    >>> aboard_by_leg((Stop(0, True), Stop(1, True), Stop(0, False), Stop(1, False)))
    ((), (0,), (0, 1), (1,), ())
    """
    legs: list[tuple[int, ...]] = [()]
    for stop in stops:
        inside = set(legs[-1]) | {stop.rider} if stop.gets_in else set(legs[-1]) - {stop.rider}
        legs.append(tuple(sorted(inside)))
    return tuple(legs)


def cost_shares(
    legs_m: Sequence[int], stops: Sequence[Stop], won_per_km: int, *, cap_won: int | None = None
) -> dict[int, int]:
    """Share the cost of each leg among all who sit in the car, the driver among them.

    legs_m     : metres of each leg, len(stops) + 1 of them
    won_per_km : rulebook value, won, >= 0: running cost, never a fare
    cap_won    : most that one rider pays for the trip; None = no cap
    Returns      won by rider, rounded down, so that riders never pay more than the cost.
    Raises       AssertionError when legs and stops do not belong together.
    Source       exchange design: cost share cap by rule; 여객자동차 운수사업법 제81조 (no hire).

    >>> cost_shares((0, 4_000, 6_000, 0, 0), (Stop(0, True), Stop(1, True), Stop(0, False),
    ...     Stop(1, False)), 150)
    {0: 600, 1: 300}
    """
    assert len(legs_m) == len(stops) + 1 and won_per_km >= 0, (len(legs_m), len(stops))
    assert all(metres >= 0 for metres in legs_m) and (cap_won is None or cap_won >= 0), legs_m
    sums: dict[int, int] = {}
    shared = 5_040  # divisible by every number of people a car may hold
    for metres, riders in zip(legs_m, aboard_by_leg(stops), strict=True):
        for rider in riders:
            part = metres * won_per_km * (shared // (len(riders) + 1))
            sums[rider] = sums.get(rider, 0) + part
    paid = {rider: total // (1_000 * shared) for rider, total in sorted(sums.items())}
    return paid if cap_won is None else {rider: min(won, cap_won) for rider, won in paid.items()}
