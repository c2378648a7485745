"""Slots: lanes taken, handed out, given back, and held on when a thing is late.

Law: the database decides (`commitment_lane_is_taken_once`); a lane is tried by one statement.
Who books takes the asset's key lock, who holds on past the end takes the asset itself: so no
booking comes in between the look and the change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Q

from dure.core import clock, statements
from dure.core.actions import line
from dure.core.errors import CoreCode, Refusal
from dure.exchange import giving, waiting
from dure.exchange.declaration import Effect, Wanted
from dure.exchange.errors import ExchangeCode
from dure.exchange.models import Agreement, Commitment
from dure.exchange.models.commitments import OPEN

from .underway import Underway, effect


@dataclass(frozen=True, slots=True)
class Lanes:
    """What of an asset decides about its slots."""

    id: UUID
    lanes: int
    buffer: timedelta
    spec_id: int | None


def lanes_of(asset_ids: Sequence[UUID]) -> dict[UUID, Lanes]:
    """The assets, ids rising, under the lock that a booking takes."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, lanes, buffer_min, spec_id FROM exchange_asset WHERE id = ANY(%s)"
            " ORDER BY id FOR KEY SHARE",
            [list(asset_ids)],
        )
        return {
            asset: Lanes(asset, lanes, timedelta(minutes=buffer), spec)
            for asset, lanes, buffer, spec in cursor.fetchall()
        }


def widened(starts: datetime, ends: datetime | None, buffer: timedelta) -> DateTimeTZRange:
    """The slot that is blocked: wider than the one agreed by the buffer on both sides; one for
    good has no end."""
    return DateTimeTZRange(starts - buffer, ends + buffer if ends is not None else None, "[)")


@effect("hold_slot")
def hold_slot(step: Underway, what: Effect) -> None:
    """Take a lane of every asset wanted, all or none."""
    agreement, process = step.agreement, step.process
    wanted = process.wanted(step.seen()) if process.wanted else _own(agreement)
    giver, taker = _ends(agreement)
    begun = step.case.transition.source is not None and not process.for_good
    if begun and agreement.asset_id is not None:
        giving.check_kept(agreement.asset_id)  # a start was asked at its beginning
    for one in sorted(wanted, key=lambda w: (str(w.asset), w.starts)):
        made = Commitment(
            agreement=agreement,
            action=_deed(one),
            giver=giver,
            taker=taker,
            asset_id=one.asset,
            slot=DateTimeTZRange(one.starts, one.ends, "[)"),
            audit=line().id,
        )
        if one.asset is None:
            made.save(force_insert=True)
            continue
        kept = waiting.held_for_others(one.asset, made.slot, taker)
        if not take_lane(made, one.starts, one.ends, kept):
            _refuse(one.asset, one.starts, one.ends)
        waiting.take_turn(one.asset, made.slot, taker)


def _deed(one: Wanted) -> str:
    """What is done with a lane, in a word of the Valueflows vocabulary."""
    if one.asset is None:
        return "work"
    return "use" if one.ends is not None else "transfer"


def _own(agreement: Agreement) -> tuple[Wanted, ...]:
    if agreement.starts is None or agreement.ends is None:
        return ()
    return (Wanted(agreement.asset_id, agreement.starts, agreement.ends),)


def _ends(agreement: Agreement) -> tuple[UUID | None, UUID | None]:
    """Who gives and who takes: the asset's owner, or the other party, and who asked."""
    parties = list(agreement.parties.order_by("id").values_list("role", "person"))
    asset = agreement.asset
    owner = asset.owner if asset is not None else None
    by_role = {role: person for role, person in parties if person is not None}
    giver = by_role.get("fixer") or owner or by_role.get("provider") or by_role.get("driver")
    others = [p for r, p in parties if p is not None and p != giver]
    return giver, others[0] if others else None


_BOOK = """
INSERT INTO exchange_commitment (id, agreement_id, action, giver, taker, spec_id, asset_id, lane,
    qty, unit, slot, reciprocal, state, version, audit)
SELECT %s::uuid, %s::uuid, %s::text, %s::uuid, %s::uuid, a.spec_id, a.id, free.lane,
    %s::bigint, %s::text, a.slot, %s::boolean, %s::text, %s::int, %s::uuid
FROM (
    SELECT id, spec_id, lanes,
        tstzrange(%s::timestamptz - buffer_min * interval '1 minute',
            %s::timestamptz + buffer_min * interval '1 minute', '[)') AS slot
    FROM exchange_asset WHERE id = %s::uuid FOR KEY SHARE
) a
CROSS JOIN LATERAL (
    SELECT lane FROM generate_series(0, a.lanes - 1) lane
    WHERE a.lanes = 1 OR NOT EXISTS (
        SELECT FROM exchange_commitment c
        WHERE c.asset_id = a.id AND c.lane = lane.lane AND c.slot && a.slot
            AND c.state IN ('held', 'out')
    )
    ORDER BY lane OFFSET %s::int LIMIT 1
) free
ON CONFLICT DO NOTHING
RETURNING lane
"""


def take_lane(made: Commitment, starts: datetime, ends: datetime | None, kept: int = 0) -> bool:
    """Write a commitment into the lowest free lane, its slot widened by the buffer; one statement.

    kept : lanes set aside for others
    Returns whether there was one. An only lane is not looked at first: the constraint answers. The
    look at many goes lane by lane through the constraint's index; without the OR the planner joins
    all lanes with all commitments, four times the server's work. A lane that looked free and is
    taken meanwhile conflicts with the constraint: the statement waits for whoever was first,
    writes nothing, and is tried again.
    """
    places = (
        made.id, made.agreement_id, made.action, made.giver, made.taker, made.qty, made.unit,
        made.reciprocal, made.state, made.version, made.audit, starts, ends, made.asset_id, kept,
    )  # fmt: skip
    while statements.row(_BOOK, places) is None:
        assert made.asset_id is not None
        asset = lanes_of([made.asset_id])[made.asset_id]
        if len(free_lanes(asset, widened(starts, ends, asset.buffer))) <= kept:
            return False
    return True


def _refuse(asset_id: UUID, starts: datetime, ends: datetime | None) -> None:
    if ends is None:
        raise Refusal(ExchangeCode.IN_USE)
    asset = lanes_of([asset_id])[asset_id]
    length = ends - starts + 2 * asset.buffer
    shown = [
        f"{start.astimezone(clock.SEOUL):%m-%d %H:%M}" for start in next_free(asset, starts, length)
    ]
    raise Refusal(ExchangeCode.SLOT_TAKEN, field="starts", free=", ".join(shown) or "–")


def free_lanes(asset: Lanes, slot: DateTimeTZRange) -> list[int]:
    """The lanes that nobody holds in a slot, lowest first."""
    rows = Commitment.rows.filter(asset_id=asset.id, state__in=OPEN, slot__overlap=slot)
    taken = set(rows.values_list("lane", flat=True))
    return [lane for lane in range(asset.lanes) if lane not in taken]


def next_free(asset: Lanes, after: datetime, length: timedelta, count: int = 3) -> list[datetime]:
    """The next moments from which the asset is free for so long (buffers inside `length`)."""
    ahead = DateTimeTZRange(after - asset.buffer, None, "[)")
    rows = Commitment.rows.filter(asset_id=asset.id, state__in=OPEN, slot__overlap=ahead)
    busy: dict[int, list[DateTimeTZRange]] = {lane: [] for lane in range(asset.lanes)}
    for lane, slot in rows.order_by("slot").values_list("lane", "slot"):
        busy.setdefault(lane, []).append(slot)
    found: set[datetime] = set()
    for slots in busy.values():
        start: datetime | None = after - asset.buffer
        for slot in slots:
            if start is not None and slot.lower is not None and slot.lower - start >= length:
                found.add(start + asset.buffer)
            start = slot.upper if start is None or slot.upper is None else max(start, slot.upper)
            if slot.upper is None:
                start = None
                break
        if start is not None:
            found.add(start + asset.buffer)
    return sorted(found)[:count]


# --- out, and back


def open_of(agreement: Agreement) -> list[Commitment]:
    """What a case holds."""
    rows = Commitment.rows.filter(agreement=agreement, state__in=OPEN, slot__isnull=False)
    return list(rows.order_by("asset_id", "lane"))


@effect("hand_out")
def hand_out(step: Underway, what: Effect) -> None:
    """Say that the thing is with its borrower now; what goes out early is taken from now on.

    Where somebody else has the lane still, or wants it before, another one is taken: one lane is
    never out twice, so that whoever is late never meets what is out.
    """
    now = clock.now()
    for one in open_of(step.agreement):
        if one.state != "held":
            continue
        if one.asset_id is not None:
            early = DateTimeTZRange(min(one.slot.lower, now), one.slot.upper, "[)")
            _take_out(one, early, lock_asset(one.asset_id))
        one.state = "out"
        one.version += 1
        one.audit = line().id
        one.save(update_fields=["state", "lane", "slot", "version", "audit"])


def _take_out(one: Commitment, slot: DateTimeTZRange, asset: Lanes) -> None:
    """Give a commitment the slot in its own lane, else in another that nobody has or wants."""
    others = Commitment.rows.filter(asset_id=asset.id, state__in=OPEN).exclude(pk=one.pk)
    in_the_way = others.filter(Q(slot__overlap=slot) | Q(state="out"), lane__isnull=False)
    taken = set(in_the_way.values_list("lane", flat=True))
    free = [lane for lane in (one.lane, *range(asset.lanes)) if lane not in taken]
    if not free:
        _refuse(asset.id, clock.now(), slot.upper - asset.buffer)
    one.lane, one.slot = free[0], slot


@effect("release_slot")
def release_slot(step: Underway, what: Effect) -> None:
    """Give the lanes back; who waits for one of them is offered it."""
    for one in open_of(step.agreement):
        slot = one.slot
        one.state = "done" if one.state == "out" or one.asset_id is None else "released"
        one.version += 1
        one.audit = line().id
        one.save(update_fields=["state", "version", "audit"])
        if one.asset_id is not None and step.offers:
            waiting.offer_next(one.asset_id, slot)


@effect("extend_open")
def extend_open(step: Underway, what: Effect) -> None:
    """Hold the lanes on without an end; later bookings move aside or are displaced, now."""
    for one in open_of(step.agreement):
        assert one.asset_id is not None, "only a thing is held on"
        if one.slot.upper is None:
            continue
        late = DateTimeTZRange(one.slot.lower, None, "[)")
        lock_cases_after(one, late)
        asset = lock_asset(one.asset_id)
        for later in behind(one, late):
            if not moved_aside(later, asset):
                _displace(later, step)
        one.slot = late
        one.version += 1
        one.audit = line().id
        one.save(update_fields=["slot", "version", "audit"])


def behind(one: Commitment, slot: DateTimeTZRange) -> list[Commitment]:
    """Other bookings of its lane in a slot, soonest first."""
    rows = Commitment.rows.filter(
        asset_id=one.asset_id, lane=one.lane, state__in=OPEN, slot__overlap=slot
    ).exclude(pk=one.pk)
    return list(rows.select_related("agreement").order_by("slot"))


def lock_cases_after(one: Commitment, slot: DateTimeTZRange) -> None:
    """Lock the cases of later bookings first: agreements come before assets everywhere. One that
    somebody else has now is not waited for, as a run of time holds many cases.

    Raises  BUSY
    """
    ids = {later.agreement_id for later in behind(one, slot)}
    rows = Agreement.rows.filter(pk__in=ids).order_by("pk")
    free = rows.select_for_update(no_key=True, skip_locked=True).values_list("pk", flat=True)
    if len(free) < len(ids):
        raise Refusal(CoreCode.BUSY, seconds=60)


def lock_asset(asset_id: UUID) -> Lanes:
    """The asset, so that nobody books it meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, lanes, buffer_min, spec_id FROM exchange_asset WHERE id = %s FOR UPDATE",
            [asset_id],
        )
        asset, lanes, buffer, spec = cursor.fetchone()
    return Lanes(asset, lanes, timedelta(minutes=buffer), spec)


def moved_aside(later: Commitment, asset: Lanes) -> bool:
    """Give a booking another lane that is free; whether there was one."""
    if later.state != "held":
        return False
    for lane in free_lanes(asset, later.slot):
        later.lane = lane
        later.version += 1
        later.audit = line().id
        later.save(update_fields=["lane", "version", "audit"])
        return True
    return False


def _displace(later: Commitment, step: Underway) -> None:
    """Take the other case's own way out of its slot: `displace`, else a timer that gives it."""
    rows = Agreement.rows.select_related("pool", "spec", "asset", "listing")
    other = rows.select_for_update(of=("self",), no_key=True).get(pk=later.agreement_id)
    assert step.way_out is not None
    step.way_out(other, step)
    assert not Commitment.rows.filter(pk=later.pk, state__in=OPEN).exists(), later.agreement_id
