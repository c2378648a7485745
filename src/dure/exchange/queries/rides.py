"""Rides as people look for them: which car goes my way and when, and of the others why not.

Law: a ride that does not suit (who asks what of whom) is in neither list and on no page, so that
nobody learns who asked for what.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from dure.core import clock
from dure.core.actors import Actor
from dure.core.text import T
from dure.engines.sphere import distance_m
from dure.exchange import ride_fits
from dure.exchange.models import Agreement, Asset, Commitment, Match, Party
from dure.exchange.models.commitments import OPEN
from dure.exchange.queries.agreements import RELATED
from dure.exchange.queries.neighbours import NEIGHBOUR, names_for
from dure.exchange.riding import Stop, Trip, share_won, stop_at, suits, trip_of

TRIPS_MAX = 500
SHOWN_MAX = 50
KEPT_DAYS = 40  # trips are made at most so long before they leave, single ones apart
BOARDED = ("accepted", "boarded", "alighted", "review", "settled")


@dataclass(frozen=True, slots=True)
class Safety:
    """What somebody asks of others and says of herself, and the stamp on it; kept nowhere."""

    wants: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """From where to where, and about when."""

    board: Stop
    alight: Stop
    at: datetime


@dataclass(frozen=True, slots=True)
class Found:
    """A trip and how it meets a way; `why_not` says why it does not."""

    id: UUID
    by: str
    first: T
    last: T
    departs: datetime
    board_at: datetime
    alight_at: datetime
    wait_min: int
    detour: str
    free: int
    back: str
    share_won: int
    why_not: T | None


@dataclass(frozen=True, slots=True)
class Leg:
    """One leg of a trip: from, to, when, and how many seats are left."""

    begin: T
    end: T
    begins: datetime
    ends: datetime
    free: int


@dataclass(frozen=True, slots=True)
class Halt:
    """A stop of a trip as its page shows it."""

    key: str
    text: T
    at: datetime


@dataclass(frozen=True, slots=True)
class TripView:
    """A trip as its page shows it. `meet`: where exactly, for those alone who were accepted."""

    id: UUID
    title: str
    by: str
    departs: datetime
    seats: int
    halts: tuple[Halt, ...]
    legs: tuple[Leg, ...]
    back: str
    won_per_km: int
    share_won_max: int
    detour: str
    meet: str
    has_meet: bool
    is_mine: bool
    is_over: bool
    is_retired: bool
    listing_id: UUID | None
    my_case: UUID | None
    is_proposed: bool

    @property
    def last(self) -> T:
        """Where the trip ends."""
        return self.halts[-1].text


def way(board: str, alight: str, at: datetime | None) -> Way | None:
    """The way between two stops; None while something is missing."""
    begin, end = stop_at(board), stop_at(alight)
    if begin is None or end is None or at is None or begin.key == end.key:
        return None
    return Way(begin, end, at)


def search(wanted: Way, safety: Safety, actor: Actor) -> tuple[list[Found], list[Found]]:
    """The trips of that day that go one's way, nearest in time first, and the others with the
    reason; own trips, full ones and those that do not suit are in neither."""
    rows = _trips_on(wanted.at.astimezone(clock.SEOUL).date(), actor)
    suited = [
        (row, trip)
        for row in rows
        if (trip := trip_of(row.terms)) is not None
        and trip.departs > clock.now() - timedelta(hours=1)
        and row.owner != actor.behalf
        and _suits(trip, safety, actor)
    ]
    taken = _taken(leg for _, trip in suited for leg in trip.legs)
    names = names_for((row.owner for row, _ in suited), actor)
    told = [_found(row, trip, wanted, taken, names) for row, trip in suited]
    fit = sorted((one for one in told if one.why_not is None), key=lambda one: abs(one.wait_min))
    others = [one for one in told if one.why_not is not None]
    others.sort(key=lambda one: abs(one.departs - wanted.at))
    return fit[:SHOWN_MAX], others[:SHOWN_MAX]


def _suits(trip: Trip, safety: Safety, actor: Actor) -> bool:
    return suits(trip.wants, safety.says) and suits(safety.wants, trip.says)


def _trips_on(day: date, actor: Actor) -> list[Asset]:
    rows = Asset.objects.within(actor).filter(kind=Asset.Kind.TRIP, parent=None, retired_at=None)
    rows = rows.filter(terms__departs__startswith=day.isoformat())
    return list(rows.order_by("-created_at", "id")[:TRIPS_MAX])


def _taken(legs: Iterable[UUID]) -> dict[UUID, int]:
    """How many seats of each leg are taken."""
    found: dict[UUID, int] = {}
    rows = Commitment.rows.filter(asset_id__in=list(legs), state__in=OPEN)
    for leg in rows.values_list("asset_id", flat=True):
        found[leg] = found.get(leg, 0) + 1
    return found


def _found(
    row: Asset, trip: Trip, wanted: Way, taken: Mapping[UUID, int], names: Mapping[UUID, str]
) -> Found:
    chance = ride_fits.chance(trip, wanted.board, wanted.alight, wanted.at)
    span = trip.span(wanted.board.key, wanted.alight.key)
    legs = [trip.legs[n] for n in span] if span is not None else list(trip.legs)
    free = row.lanes - max(taken.get(leg, 0) for leg in legs)
    why = chance.why_not
    if why is None and span is not None and free <= 0:
        why = T("자리가 다 참", "no seat left")
    metres = distance_m(wanted.board.point, wanted.alight.point)
    return Found(
        id=row.id,
        by=names.get(row.owner, str(NEIGHBOUR)) if row.owner else str(NEIGHBOUR),
        first=trip.stops[0].text,
        last=trip.stops[-1].text,
        departs=trip.departs,
        board_at=chance.board_at,
        alight_at=chance.alight_at,
        wait_min=round(chance.wait.total_seconds() / 60),
        detour=ride_fits.percent(chance.detour_ppm) if chance.detour_ppm >= 500 else "",
        free=max(free, 0),
        back=trip.back,
        share_won=share_won(metres, trip.won_per_km, trip.share_won_max),
        why_not=why,
    )


def share_of(view: TripView, board: Stop, alight: Stop) -> int:
    """The most that a rider pays for a way on this trip."""
    return share_won(distance_m(board.point, alight.point), view.won_per_km, view.share_won_max)


# --- one trip


def trip(asset_id: UUID, safety: Safety, actor: Actor) -> TripView | None:
    """A trip as `actor` may see it; one that does not suit is not there, save for who is in it."""
    rows = Asset.objects.within(actor).filter(kind=Asset.Kind.TRIP, parent=None)
    row: Asset | None = rows.filter(id=asset_id).first()
    found = trip_of(row.terms) if row is not None else None
    if row is None or found is None:
        return None
    cases = _as_rider(row, actor)
    is_mine = actor.behalf is not None and row.owner == actor.behalf
    keeps = Asset.rows.filter(Asset.mine_q(actor), id=row.id).exists() if actor.id else False
    proposed = _is_proposed(row, actor) and suits(safety.wants, found.says)
    if not (is_mine or cases or keeps or proposed or _suits(found, safety, actor)):
        return None
    accepted = is_mine or any(state in BOARDED for _, state in cases)
    names = names_for([row.owner], actor)
    taken = _taken(found.legs)
    return TripView(
        id=row.id,
        title=row.title,
        by=names.get(row.owner, str(NEIGHBOUR)) if row.owner else str(NEIGHBOUR),
        departs=found.departs,
        seats=row.lanes,
        halts=tuple(Halt(one.key, one.text, found.at(one)) for one in found.stops),
        legs=tuple(
            Leg(
                found.stops[n].text,
                found.stops[n + 1].text,
                found.at(found.stops[n]),
                found.at(found.stops[n + 1]),
                max(row.lanes - taken.get(leg, 0), 0),
            )
            for n, leg in enumerate(found.legs)
        ),
        back=found.back,
        won_per_km=found.won_per_km,
        share_won_max=found.share_won_max,
        detour=ride_fits.percent(found.detour_ppm),
        meet=found.meet if accepted else "",
        has_meet=bool(found.meet),
        is_mine=is_mine,
        is_over=found.until < clock.now(),
        is_retired=row.retired_at is not None,
        listing_id=UUID(found.listing) if found.listing else None,
        my_case=next((case for case, state in cases if state not in ENDED), None),
        is_proposed=proposed,
    )


def _is_proposed(row: Asset, actor: Actor) -> bool:
    """Whether the driver told the reader of the trip, because she looks for a ride."""
    if actor.behalf is None:
        return False
    told = Match.rows.filter(asset=row, request__person=actor.behalf)
    return told.filter(state=Match.State.PROPOSED).exists()


def _as_rider(row: Asset, actor: Actor) -> list[tuple[UUID, str]]:
    """The reader's own cases of a trip and their states, the newest first."""
    if actor.behalf is None:
        return []
    own = Party.rows.filter(person=actor.behalf, role="rider", agreement__asset=row)
    own = own.order_by("-agreement__opened_at")
    return list(own.values_list("agreement_id", "agreement__state"))


ENDED = ("declined", "cancelled", "expired", "voided", "settled", "no_show")


def cases(asset_id: UUID, actor: Actor) -> list[Agreement]:
    """The running cases of a trip that `actor` may see: the driver all, a rider her own."""
    rows = Agreement.objects.within(actor).filter(asset_id=asset_id, is_closed=False)
    return list(rows.select_related(*RELATED).order_by("starts", "id")[:SHOWN_MAX])


def halts_of(case: Agreement) -> tuple[T, T]:
    """Where a rider gets in and out."""
    trip = trip_of(case.asset.terms) if case.asset is not None else None
    named = {one.key: one for one in trip.stops} if trip is not None else {}
    board, alight = (named.get(key) or stop_at(key) for key in _keys(case))
    assert board is not None and alight is not None
    return board.text, alight.text


def _keys(case: Agreement) -> tuple[str, str]:
    return case.terms["board"], case.terms["alight"]
