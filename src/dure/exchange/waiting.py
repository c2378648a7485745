"""Who waits for a thing: a request with an asset and a window is offered a lane that comes free.

Nouns: a *turn* is a match held for its request for as long as the rulebook says; then it lapses
and the next in line has one. A turn keeps others from the lane; the wall against two bookings is
the database's alone.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from dure.core import clock, notices, rulebook
from dure.core.actions import line
from dure.core.models.work import Notice
from dure.core.text import T
from dure.exchange.models import Asset, Commitment, Listing, Match
from dure.exchange.models.commitments import OPEN

TURN_RULE = "exchange.waiting.turn_minutes"
FREE = notices.template(
    "exchange.lane_free",
    subject=T("기다리던 것이 비었습니다", "What you waited for is free"),
    text=T(
        "기다리던 자리가 비어 잠시 맡아 두었습니다. 시간 안에 예약해 주세요.",
        "A place you waited for is free and kept for you for a while. Please book it in time.",
    ),
    path="/exchange/matches/%(match)s/",
    urgency=Notice.Urgency.NOW,
)


def offer_next(asset_id: UUID, slot: DateTimeTZRange) -> Match | None:
    """Give the turn to the first who waits for this asset in this time and had none yet."""
    now = clock.now()
    waiting = Listing.rows.filter(
        side=Listing.Side.REQUEST, asset_id=asset_id, state=Listing.State.OPEN, person__isnull=False
    )
    waiting = waiting.filter(window__overlap=slot, window__endswith__gt=now)
    had = Match.rows.filter(asset_id=asset_id, slot=slot).values("request_id")
    first: Listing | None = waiting.exclude(pk__in=had).order_by("created_at", "id").first()
    if first is None or first.person is None or not _is_free(asset_id, slot):
        return None
    turn = rulebook.value(TURN_RULE)
    made = Match(
        request=first,
        asset_id=asset_id,
        run=uuid4(),
        rank=1,
        score=1_000_000,
        reasons=[{"code": "first_in_line"}],
        rule_version=turn.version_id,
        state=Match.State.HELD,
        held_until=now + timedelta(minutes=turn.integer),
        slot=slot,
        made_at=now,
        audit=line().id,
    )
    made.save(force_insert=True)
    notices.tell(first.person, FREE, places={"match": str(made.id)})
    return made


def _is_free(asset_id: UUID, slot: DateTimeTZRange) -> bool:
    """Whether a lane is free, those counted that others have a turn at."""
    taken = Commitment.rows.filter(asset_id=asset_id, state__in=OPEN, slot__overlap=slot)
    lanes: int = Asset.rows.get(pk=asset_id).lanes
    gone: int = taken.values("lane").distinct().count()
    return gone + held_for_others(asset_id, slot, None) < lanes


def take_turn(asset_id: UUID, slot: DateTimeTZRange, person: UUID | None) -> None:
    """Whoever books in the time that was kept for her has used her turn."""
    turns = Match.rows.filter(
        asset_id=asset_id, state=Match.State.HELD, slot__overlap=slot, request__person=person
    )
    turns.update(state=Match.State.ACCEPTED, audit=line().id)


def held_for_others(asset_id: UUID, slot: DateTimeTZRange, person: UUID | None) -> int:
    """How many lanes are kept in this time for people other than `person`."""
    rows = Match.rows.filter(
        asset_id=asset_id,
        state=Match.State.HELD,
        held_until__gt=clock.now(),
        slot__overlap=slot,
    )
    if person is not None:
        rows = rows.exclude(request__person=person)
    return rows.count()


def pass_on(limit: int = 100) -> int:
    """Let turns lapse that were not used in time, and give them to the next."""
    due = Match.rows.filter(state=Match.State.HELD, held_until__lte=clock.now())
    lapsed = list(due.select_for_update(skip_locked=True).order_by("held_until")[:limit])
    for one in lapsed:
        one.state = Match.State.LAPSED
        one.audit = line().id
        one.save(update_fields=["state", "audit"])
        if one.asset_id is not None:
            offer_next(one.asset_id, one.slot)
    return len(lapsed)
