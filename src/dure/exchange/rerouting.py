"""New stops on a trip's way, and what each of its riders pays: rows and the carpool engine.

Law: a promised stop keeps its place in the order; a leg that a new stop parts keeps its seats
taken on both of its halves. The engine is loaded where it is asked: it may compile.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from uuid import UUID, uuid4

from dure.core import clock
from dure.core.actions import line
from dure.core.text import T
from dure.engines.sphere import Point, distance_m
from dure.exchange.models import Agreement, Asset, Commitment
from dure.exchange.models.commitments import OPEN
from dure.exchange.riding import Stop, Trip, stop_at, stored, timed

STOPS_BETWEEN_MAX = 7
RODE = ("out", "done")


def way_with(trip: Trip, board: Stop, alight: Stop) -> Trip | None:
    """The trip with both stops on its way where they lengthen it least; None where it would grow
    beyond its limit. Legs are not parted yet: `legs` is that of the old trip."""
    from dure.engines.carpool import Limits
    from dure.engines.carpool import Trip as Way
    from dure.engines.carpool_routes import Stop as Halt
    from dure.engines.carpool_routes import insert_cheapest

    between = trip.stops[1:-1]
    if len(between) > STOPS_BETWEEN_MAX - 1:
        return None
    first, last = trip.stops[0], trip.stops[-1]
    ways = [Way(one.point, one.point, 0) for one in between]
    ways.append(Way(board.point, alight.point, 0))
    promised = [Halt(n, gets_in) for n in range(len(between)) for gets_in in (True, False)]
    limits = Limits(trip.detour_ppm, trip.portion_ppm, trip.window_s, trip.speed_kmh)
    route = insert_cheapest(Way(first.point, last.point, 0), ways, promised, 8, limits)
    if route is None:
        return None
    halts = [first]
    for halt in route.stops:
        new = halt.rider == len(between)
        halts.append((board if halt.gets_in else alight) if new else between[halt.rider])
    halts.append(last)
    once = [halts[0]] + [b for a, b in pairwise(halts) if a.key != b.key]
    if len({one.key for one in once}) != len(once):
        return None
    return replace(trip, stops=timed(once, trip.speed_kmh))


def take_on(row: Asset, trip: Trip, planned: Trip) -> Trip:
    """Write a locked trip's new stops: part its legs, with the seats that are taken on them."""
    old = {one.key: n for n, one in enumerate(trip.stops)}
    legs: list[UUID] = []
    for begin, _end in pairwise(planned.stops):
        if begin.key in old:
            kept = trip.legs[old[begin.key]]
            legs.append(kept)
        else:
            legs.append(_parted(row, kept, len(trip.legs) + len(legs)))
    made = replace(planned, legs=tuple(legs))
    row.terms = stored(made)
    row.audit = line().id
    row.save(update_fields=["terms", "audit"])
    line().changed("stops", [one.key for one in trip.stops], [one.key for one in made.stops])
    return made


def new_leg(trip: Asset, leg_id: UUID, number: int) -> Asset:
    """A leg of a trip: an asset below it, whose lanes are the seats."""
    return Asset(
        id=leg_id,
        kind=Asset.Kind.TRIP,
        title=f"{trip.title} {number + 1}"[-200:],
        search_key="",
        district_id=trip.district_id,
        owner=trip.owner,
        spec_id=trip.spec_id,
        lanes=trip.lanes,
        audience=trip.audience,
        terms={},
        parent=trip,
        created_at=clock.now(),
        audit=line().id,
    )


def _parted(row: Asset, leg: UUID, number: int) -> UUID:
    made = new_leg(row, uuid4(), number)
    made.save(force_insert=True)
    for one in Commitment.rows.filter(asset_id=leg, state__in=OPEN):
        one.pk = uuid4()
        one.asset_id = made.id
        one.audit = line().id
        one.save(force_insert=True)
    return made.id


def kept_waiting(row: Asset, planned: Trip) -> T | None:
    """Whether somebody who was promised a seat would wait longer than the limit."""
    held = Commitment.rows.filter(asset__parent=row, state="held").values("agreement_id")
    for case in Agreement.rows.filter(id__in=held):
        place = planned.place(case.terms["board"])
        if place is None or case.starts is None:
            continue
        late = planned.at(planned.stops[place]) - case.starts
        if abs(late) > timedelta(seconds=planned.window_s):
            minutes = int(abs(late).total_seconds()) // 60
            return T(
                f"먼저 약속한 사람이 {minutes}분을 더 기다리게 됩니다",
                f"somebody who was promised a seat would wait {minutes} minutes more",
            )
    return None


def shares(trip: Trip, cases: Iterable[Agreement]) -> dict[UUID, int]:
    """What each rider pays when the cost of every leg is shared among all who sat in the car."""
    from dure.engines.carpool_routes import Stop as Halt
    from dure.engines.carpool_routes import cost_shares

    riders = [
        (case.id, span.start, span.stop)
        for case in sorted(cases, key=lambda one: str(one.id))
        if (span := trip.span(case.terms["board"], case.terms["alight"])) is not None
    ]
    halts: list[Halt] = []
    places: list[Point] = [trip.stops[0].point]
    for number, stop in enumerate(trip.stops):
        out = [Halt(n, False) for n, (_, _, end) in enumerate(riders) if end == number]
        into = [Halt(n, True) for n, (_, begin, _) in enumerate(riders) if begin == number]
        halts += out + into
        places += [stop.point] * len(out + into)
    places.append(trip.stops[-1].point)
    legs = [_metres(trip, a, b) for a, b in pairwise(places)]
    paid = cost_shares(legs, halts, trip.won_per_km, cap_won=trip.share_won_max)
    return {case_id: paid.get(n, 0) for n, (case_id, _, _) in enumerate(riders)}


def _metres(trip: Trip, here: Point, there: Point) -> int:
    """The way between two stops through those between them."""
    points = [stop.point for stop in trip.stops]
    begin, end = points.index(here), points.index(there)
    return sum(distance_m(a, b) for a, b in pairwise(points[begin : end + 1]))


def riders_of(row: Asset) -> Sequence[Agreement]:
    """Those who sat or sit in the car of a trip."""
    rode = Commitment.rows.filter(asset__parent=row, state__in=RODE).values("agreement_id")
    return list(Agreement.rows.filter(id__in=rode, asset=row))


def halts_of(board: str, alight: str) -> tuple[Stop, Stop] | None:
    """Both stops of a ride; None where a key is none."""
    begin, end = stop_at(board), stop_at(alight)
    return (begin, end) if begin is not None and end is not None else None
