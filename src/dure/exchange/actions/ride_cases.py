"""Seats asked for in a neighbour's car, and one's own car proposed to who looks for one."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from dure.core import clock, notices
from dure.core.actions import action, line, run, subject
from dure.core.actors import Actor
from dure.core.errors import CoreCode, Refusal
from dure.core.models.work import Notice
from dure.core.text import T
from dure.core.types import CodeText, Line, Note, UuidText
from dure.exchange import policies, rerouting, ride_fits, spots
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Asset, Listing, Match, Party
from dure.exchange.riding import Stop, Trip, stop_at, suits, trip_of

from .agreements import LABELS, NOTICES, PARTIES, WRITES, AgreementRef
from .matches import MatchRef
from .ride_words import check_words
from .rides import Wishes

ANSWERED = notices.template(
    "exchange.ride_proposed",
    subject=T("함께 탈 차가 있습니다", "There is a car for your way"),
    text=T(
        "찾던 길을 가는 이웃이 함께 타자고 합니다. 살펴보고 자리를 부탁해 주세요.",
        "A neighbour drives your way and would take you along. Please look and ask for a seat.",
    ),
    path="/exchange/rides/%(trip)s/",
    urgency=Notice.Urgency.DAY,
)


def trip_in_sight(body: Any, actor: Actor) -> Asset:  # Any: each action its own body
    """A trip that the actor may see and that has not left; legs are none."""
    rows = Asset.objects.within(actor).filter(kind=Asset.Kind.TRIP, parent=None, retired_at=None)
    found: Asset | None = rows.filter(id=body.trip_id).first()
    if found is None or trip_of(found.terms) is None:
        raise Refusal(CoreCode.NOT_FOUND, field="trip_id")
    return found


@action(
    "exchange.ride.ask",
    ko="함께 탈 자리를 부탁합니다.",
    en="Ask for a seat in a neighbour's car.",
    policy=policies.may_answer,
    letters=PARTIES,
    subject=trip_in_sight,
    idempotent=True,
    for_another=True,
    writes=WRITES,
    labels=LABELS,
    notices=NOTICES,
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.BAD_STOP,
        ExchangeCode.NOT_ON_THE_WAY,
        ExchangeCode.ASKED_ALREADY,
        ExchangeCode.RIDE_WORDS_FIRST,
        ExchangeCode.OWN_LISTING,
        ExchangeCode.BAD_SLOT,
    ),
)
def ask_ride(
    trip_id: UuidText,
    board: CodeText,
    alight: CodeText,
    note: Note | None = None,
    wants: Wishes = (),
    says: Wishes = (),
    stamp: Line | None = None,
    *,
    actor: Actor,
) -> AgreementRef:
    """Ask for a seat from one stop to another; a stop that the trip lacks is put in if it fits.

    wants, says : compared with the driver's and kept nowhere; a trip that does not suit is not
                  found, and neither side learns why
    stamp       : of `exchange.ride.declare` for these words; without words none is needed
    Effects: `exchange.agreement.open` of the carpool.
    """
    row = subject(Asset)
    trip = trip_of(row.terms)
    assert trip is not None
    check_words(actor, wants, says, stamp)
    mine = row.owner is not None and row.owner == actor.behalf
    if not mine and not (suits(trip.wants, says) and suits(wants, trip.says)):
        raise Refusal(CoreCode.NOT_FOUND, field="trip_id")
    begin, end = stop_at(board), stop_at(alight)
    if begin is None or end is None or begin.key == end.key:
        raise Refusal(ExchangeCode.BAD_STOP, field="board")
    running = Party.rows.filter(person=actor.behalf, role="rider", agreement__asset=row)
    if running.filter(agreement__is_closed=False).exists():
        raise Refusal(ExchangeCode.ASKED_ALREADY)
    starts, ends = _times(trip, begin, end)
    given = {"board": board, "alight": alight, **({"note": note} if note else {})}
    body = {
        "process": "carpool",
        "start": "ask",
        "asset_id": str(row.id),
        "starts": starts.isoformat(),
        "ends": ends.isoformat(),
        "terms": tuple({"name": name, "value": value} for name, value in given.items()),
    }
    opened: AgreementRef = run("exchange.agreement.open", body, actor).result
    return opened


def _times(trip: Trip, begin: Stop, end: Stop) -> tuple[datetime, datetime]:
    """When the trip is at both stops, with them put in where it lacks them."""
    found = ride_fits.chance(trip, begin, end)
    if found.why_not is not None:
        raise Refusal(ExchangeCode.NOT_ON_THE_WAY, why=found.why_not)
    if trip.span(begin.key, end.key) is not None:
        return found.board_at, found.alight_at
    planned = rerouting.way_with(trip, begin, end)
    span = planned.span(begin.key, end.key) if planned is not None else None
    if planned is None or span is None:
        why = T("다른 곳에 서면서 들르기에는 멉니다", "too far to go there between the other stops")
        raise Refusal(ExchangeCode.NOT_ON_THE_WAY, why=why)
    return planned.at(planned.stops[span.start]), planned.at(planned.stops[span.stop])


@action(
    "exchange.ride.propose",
    ko="찾는 이에게 내 차에 함께 타자고 합니다.",
    en="Propose one's own trip to somebody who looks for a ride.",
    policy=policies.may_answer,
    letters=PARTIES,
    subject=spots.listing,
    lock=spots.lock_listing,
    idempotent=True,
    for_another=True,
    writes=("exchange_match",),
    notices=(ANSWERED,),
    refusals=(
        CoreCode.NOT_FOUND,
        ExchangeCode.NOT_OFFERED,
        ExchangeCode.OWN_LISTING,
        ExchangeCode.NOT_ON_THE_WAY,
    ),
)
def propose_ride(listing_id: UuidText, trip_id: UuidText, *, actor: Actor) -> MatchRef:
    """Tell who looks for a ride of one's own trip; she then asks for a seat, or does not.

    Effects: Match, once a trip and wish.
    """
    wish = subject(Listing)
    rows = Asset.rows.filter(owner=actor.behalf, kind="trip", parent=None, retired_at=None)
    row = rows.filter(id=trip_id).first()
    trip = trip_of(row.terms) if row is not None else None
    if row is None or trip is None:
        raise Refusal(CoreCode.NOT_FOUND, field="trip_id")
    if wish.side != Listing.Side.REQUEST or "board" not in wish.terms or wish.state != "open":
        raise Refusal(ExchangeCode.NOT_OFFERED)
    if wish.person in {actor.id, actor.acting_for}:
        raise Refusal(ExchangeCode.OWN_LISTING)
    begin, end = Stop(**wish.terms["board"]), Stop(**wish.terms["alight"])
    found = ride_fits.chance(trip, begin, end, datetime.fromisoformat(wish.terms["wanted"]))
    if found.why_not is not None:
        raise Refusal(ExchangeCode.NOT_ON_THE_WAY, why=found.why_not)
    known: Match | None = Match.rows.filter(request=wish, asset=row).first()
    if known is not None:
        return MatchRef(str(known.id), known.state)
    made = Match(
        request=wish,
        asset=row,
        answered_by=actor.behalf,
        run=uuid4(),
        rank=1,
        score=max(0, 1_000_000 - found.detour_ppm),
        reasons=[{"code": "on_the_way", "detour_ppm": found.detour_ppm}],
        slot=DateTimeTZRange(found.board_at, found.alight_at, "[)"),
        made_at=clock.now(),
        audit=line().id,
    )
    made.save(force_insert=True)
    if wish.person is not None:
        notices.tell(wish.person, ANSWERED, places={"trip": str(row.id)})
    line().object("exchange.match", made.id)
    return MatchRef(str(made.id), made.state)
