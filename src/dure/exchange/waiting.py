"""Who waits for a thing: a request with an asset and a window is offered a lane that comes free.

Nouns: a *turn* is a match held for its request for as long as the rulebook says; then it lapses
and the next in line has one. A turn keeps what was wanted, no more, from others; the wall against
two bookings is the database's alone.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from dure.core import clock, notices, rulebook
from dure.core.actions import line
from dure.core.models.work import Notice
from dure.core.text import T
from dure.exchange.models import Asset, Commitment, Listing, Match
from dure.exchange.models.commitments import OPEN

LINE_MAX = 50
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


def offer_next(asset_id: UUID, slot: DateTimeTZRange, run: UUID | None = None) -> list[Match]:
    """Give turns to those who wait for this asset in this time, first come first, as long as a
    lane is free for what each wants; the rest of the time is left to all.

    run : of the turns that this goes on from; who had one in it has no second
    """
    now = clock.now()
    chain = run or uuid4()
    waiting = Listing.rows.filter(
        side=Listing.Side.REQUEST, asset_id=asset_id, state=Listing.State.OPEN, person__isnull=False
    )
    waiting = waiting.filter(window__overlap=slot, window__endswith__gt=now)
    here = Match.rows.filter(asset_id=asset_id, slot__overlap=slot)
    had = here.filter(Q(run=chain) | Q(state__in=(Match.State.HELD, Match.State.ACCEPTED)))
    waiting = waiting.exclude(pk__in=had.values("request_id")).order_by("created_at", "id")
    asset = Asset.rows.get(pk=asset_id)
    given = []
    for request in waiting[:LINE_MAX]:
        kept = _wanted(request, asset, slot)
        if kept is not None and _is_free(asset, kept):
            given.append(_turn(request, asset_id, kept, chain))
    return given


def _wanted(request: Listing, asset: Asset, freed: DateTimeTZRange) -> DateTimeTZRange | None:
    """What is kept for a request: its times with the buffer, where a lane is free in all of them;
    else the part of them that came free."""
    window, buffer = request.window, timedelta(minutes=asset.buffer_min)
    lower = window.lower - buffer if window.lower is not None else None
    upper = window.upper + buffer if window.upper is not None else None
    if lower is not None and upper is not None:
        whole = DateTimeTZRange(lower, upper, "[)")
        if _is_free(asset, whole):
            return whole
    begins = max((one for one in (lower, freed.lower) if one is not None), default=None)
    ends = min((one for one in (upper, freed.upper) if one is not None), default=None)
    if begins is not None and ends is not None and not begins < ends:
        return None
    return DateTimeTZRange(begins, ends, "[)")


def _turn(request: Listing, asset_id: UUID, kept: DateTimeTZRange, run: UUID) -> Match:
    now = clock.now()
    turn = rulebook.value(TURN_RULE)
    made = Match(
        request=request,
        asset_id=asset_id,
        run=run,
        rank=1,
        score=1_000_000,
        reasons=[{"code": "first_in_line"}],
        rule_version=turn.version_id,
        state=Match.State.HELD,
        held_until=now + timedelta(minutes=turn.integer),
        slot=kept,
        made_at=now,
        audit=line().id,
    )
    made.save(force_insert=True)
    assert request.person is not None, "only a person waits"
    notices.tell(request.person, FREE, places={"match": str(made.id)})
    return made


def _is_free(asset: Asset, slot: DateTimeTZRange) -> bool:
    """Whether a lane is free, those counted that others have a turn at."""
    taken = Commitment.rows.filter(asset=asset, state__in=OPEN, slot__overlap=slot)
    gone: int = taken.values("lane").distinct().count()
    return gone + held_for_others(asset.id, slot, None) < asset.lanes


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
        pass_turn(one)
    return len(lapsed)


def pass_turn(one: Match) -> None:
    """Offer what was kept for somebody who does not take it to those behind her."""
    if one.asset_id is not None and one.slot is not None:
        offer_next(one.asset_id, one.slot, one.run)
